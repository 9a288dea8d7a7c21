"""`forget`: runs go for good."""

import sys
from datetime import date, timedelta

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import number, print_json
from goodmeasure.domain.period import days_span
from goodmeasure.services.forgetting import Reach


@click.command(short_help="Delete runs with all that is known of them.")
@click.option("--run", metavar="RUN", help="This run, with its sub-agents.")
@click.option("--project", metavar="P", help="Every run of this project.")
@click.option("--before", metavar="DAY", help="Every run that began before this day.")
@click.option("--all", "everything", is_flag=True, help="Everything, reports and names of files included.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def forget(
    desk: Desk, run: str | None, project: str | None, before: str | None, *, everything: bool, yes: bool, as_json: bool
) -> None:
    """Delete runs with all that is known of them. No import brings them back, and nothing undoes it."""
    if sum((run is not None, project is not None, before is not None, everything)) != 1:
        raise click.UsageError("Say what to forget: one of --run, --project, --before and --all.")
    reach = Reach(run, project, _first_instant(desk, before), everything)
    runs = desk.forgetting.runs_in(reach)
    # A single run is named by its own key; a whole stretch is asked about where somebody can answer.
    if not yes and run is None and sys.stdin.isatty():
        click.confirm(f"Forget {number(len(runs))} runs for good?", abort=True, err=True)
    gone = desk.forgetting.forget(reach)
    backups = desk.forgetting.backups()
    if as_json:
        document = {"runs": gone.runs, "calls": gone.calls, "backups": [str(file) for file in backups]}
        print_json(document)
        return
    click.echo(f"Forgotten: {number(gone.runs)} runs with {number(gone.calls)} calls. No import brings them back.")
    if not everything:
        click.echo("Reports that you signed stay in the ledger: they are the record of what others hold.")
    if backups:
        click.echo(f"{number(len(backups))} automatic copies of the ledger still hold them: {backups[0].parent}")


def _first_instant(desk: Desk, day: str | None) -> int | None:
    if day is None:
        return None
    try:
        first = date.fromisoformat(day)
    except ValueError as error:
        raise click.UsageError(f"{day!r} is no day: write it like 2026-11-23.") from error
    return days_span(first - timedelta(days=1), first - timedelta(days=1), desk.zone).until
