"""`calibration`: guesses for oneself, and what they say. Never part of anything that is shared."""

from dataclasses import asdict

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import print_json
from goodmeasure.domain.calibration import Effort, GuessName, Kept
from goodmeasure.viewmodels.calibration import calibration_view

_EFFORTS = click.Choice([value.value for value in Effort])


@click.command(short_help="Guess about a run; see what your guesses say.")
@click.argument("run", required=False)
@click.option("--before", type=_EFFORTS, help="Without AI it would have taken so long: said before all else.")
@click.option("--after", type=_EFFORTS, help="The same, said when you see what it took.")
@click.option("--kept", type=click.Choice([value.value for value in Kept]), help="Will it still be there in two weeks?")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def calibration(
    desk: Desk, *, run: str | None, before: str | None, after: str | None, kept: str | None, as_json: bool
) -> None:
    """Guess about RUN, or see what your guesses say about your own sense of time. Private: no report knows of it."""
    given = {GuessName.EFFORT_BEFORE: before, GuessName.EFFORT_AFTER: after, GuessName.KEPT: kept}
    said = {name: value for name, value in given.items() if value is not None}
    if run is None:
        if said:
            raise click.UsageError("Say which RUN the guess is about.")
        _summary(desk, as_json=as_json)
        return
    detail = desk.queries.run_named(run).run
    for name, value in said.items():
        desk.guessing.guess(detail.id, name, value)
    held = {name.value: value for name, value in desk.guessing.guesses_of(detail.id).items()}
    if as_json:
        print_json({"run": detail.key, "guesses": held})
        return
    for question, value in held.items():
        click.echo(f"{question:<14}{value}")
    if not held:
        click.echo("Nothing was guessed about this run.")


def _summary(desk: Desk, *, as_json: bool) -> None:
    found = desk.guessing.summary()
    if as_json:
        print_json(asdict(found))
        return
    view = calibration_view(found)
    click.echo(view.about)
    for line in view.lines:
        click.echo(f"{line.title}\n  {line.sentence}")
