"""`assessments`: one's own judgements as files of other programs, out and in."""

from dataclasses import asdict
from pathlib import Path

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import number, print_json, printable
from goodmeasure.domain.errors import Refusal
from goodmeasure.services.interchange import LARGEST_BYTES, Format, Taken

_SHOWN = 10


@click.command(short_help="Write your judgements to a file, or take some in.")
@click.argument("action", type=click.Choice(["export", "import"]))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "wanted", type=click.Choice([one.value for one in Format]), required=True, help="Whose file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def assessments(desk: Desk, *, action: str, file: Path, wanted: str, as_json: bool) -> None:
    """Write your judgements to FILE, or take in those that it holds. Labels only, never a number."""
    if action == "export":
        written = desk.interchange.export(Format(wanted))
        try:
            file.touch(mode=0o600, exist_ok=False)
            file.write_bytes(written.data)
        except FileExistsError as error:
            raise Refusal(f"{file} is there already: name a file that is not.") from error
        except OSError as error:
            raise Refusal(f"{file} cannot be written ({error.strerror}): check its folder.") from error
        if as_json:
            print_json({"file": str(file), "format": wanted, "judgements": written.judgements})
        else:
            click.echo(f"{number(written.judgements)} judgements are in {file}.")
        return
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise Refusal(f"{file} cannot be read ({error.strerror}): check its name.") from error
    taken = desk.interchange.take(data, Format(wanted))
    if as_json:
        print_json(asdict(taken))
    else:
        _tell(taken)


def _tell(taken: Taken) -> None:
    click.echo(
        f"{number(taken.added)} judgements are new, {number(taken.known)} were here,"
        f" {number(taken.older)} are older than yours."
    )
    for run in taken.unknown_runs[:_SHOWN]:
        click.echo(f"  no such run: {printable(run)}")
    if len(taken.unknown_runs) > _SHOWN:
        click.echo(f"  and {number(len(taken.unknown_runs) - _SHOWN)} more runs that are not here (--json lists them)")
    for reason, count in taken.left_aside.items():
        click.echo(f"  {number(count)} left aside: {reason}")
