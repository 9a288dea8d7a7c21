"""`backup`, `restore` and `merge`: the ledger kept safe, brought back, and joined with another computer's."""

from pathlib import Path

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import number, print_json

_FILE = click.Path(path_type=Path, dir_okay=False)
_CODE = click.option("--recovery-code", metavar="CODE", help="Opens it where its own key cannot be had.")


@click.command(short_help="Write the ledger and what opens it to one file.")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def backup(desk: Desk, file: Path, *, as_json: bool) -> None:
    """Write the ledger, and what is needed to open it, to one FILE."""
    written = desk.back_up(file)
    if as_json:
        print_json({"file": str(written.file), "size_bytes": written.size_bytes, "opens_with": written.opens_with})
        return
    click.echo(f"Written: {written.file} ({number(written.size_bytes)} bytes). {written.opens_with}")


@click.command(short_help="Put a backup in the place of the ledger.")
@click.argument("file", type=_FILE)
@_CODE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def restore(desk: Desk, file: Path, recovery_code: str | None, *, as_json: bool) -> None:
    """Put the backup FILE in the place of the ledger, its keys and the settings. The old ones are kept beside it."""
    old = desk.restore(file, recovery_code)
    if as_json:
        print_json({"file": str(file), "replaced": str(old) if old else None, "runs": desk.queries.facts().runs})
        return
    click.echo(f"Restored: {number(desk.queries.facts().runs)} runs.")
    if old:
        click.echo(f"The ledger that was there before is kept: {old}")


@click.command(short_help="Take in the runs of another computer's profile.")
@click.argument("profile", type=click.Path(path_type=Path, file_okay=False))
@_CODE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def merge(desk: Desk, profile: Path, recovery_code: str | None, *, as_json: bool) -> None:
    """Take in the runs and judgements of another PROFILE folder. Nothing counts twice; reports stay where they are."""
    merged = desk.merge(profile, recovery_code)
    came = merged.absorbed
    if as_json:
        counts = {"runs": came.runs, "calls": came.calls, "duplicates": came.duplicates}
        print_json({**counts, "assessments": came.assessments, "copy": str(merged.copy)})
        return
    click.echo(
        f"New here: {number(came.runs)} runs, {number(came.calls)} calls and {number(came.assessments)} judgements;"
        f" {number(came.duplicates)} calls were here already."
    )
    click.echo(f"The ledger as it was before: {merged.copy}")
