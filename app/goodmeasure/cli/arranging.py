"""`runs merge`, `runs split` and `runs undo`: what belongs together is one run, what does not is two."""

from datetime import datetime

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import iso, print_json

_MILLISECONDS = 1000


@click.command()
@click.argument("run")
@click.argument("other")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def merge(desk: Desk, run: str, other: str, *, as_json: bool) -> None:
    """Make RUN and OTHER one run, under RUN's name."""
    kept, taken = (desk.queries.run_named(name).run for name in (run, other))
    desk.arranging.merge(taken.id, kept.id)
    if as_json:
        print_json({"run": kept.key, "merged": taken.key})
    else:
        click.echo(f"{taken.key[:8]} is a part of {kept.key[:8]} now. `goodmeasure runs undo` undoes it.")


@click.command()
@click.argument("run")
@click.option("--at", required=True, metavar="TIME", help="From here on it is another run: 2026-11-23T14:05.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def split(desk: Desk, run: str, at: str, *, as_json: bool) -> None:
    """Make what RUN did from TIME on a run of its own."""
    try:
        instant = datetime.fromisoformat(at)
    except ValueError as error:
        raise click.UsageError(f"{at!r} is no instant: write it like 2026-11-23T14:05.") from error
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=desk.zone)
    first = desk.queries.run_named(run).run
    later = desk.queries.run(desk.arranging.split(first.id, round(instant.timestamp() * _MILLISECONDS))).run
    if as_json:
        print_json({"run": first.key, "later": later.key, "at": iso(later.started_at, desk.zone)})
    else:
        click.echo(f"What {first.key[:8]} did later is {later.key[:8]} now. `goodmeasure runs undo` undoes it.")


@click.command()
@click.argument("run", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def undo(desk: Desk, run: str | None, *, as_json: bool) -> None:
    """Undo the latest merge or split (of RUN and its parts)."""
    edit = desk.arranging.undo(None if run is None else desk.queries.run_named(run).run.id)
    if as_json:
        print_json({"undone": edit.kind})
    else:
        click.echo(f"The {edit.kind} is undone.")
