"""`findings`: private hints, put as questions. Never part of anything that is shared."""

import sys
from typing import Any

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import print_json, printable
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.findings import Detector, Finding
from goodmeasure.viewmodels.findings import FindingCard, cards

_SHOWN_RUNS = 3


@click.command(short_help="Ask about patterns that may be waste.")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="Look at runs this far back.")
@click.option(
    "--dismiss",
    metavar="DETECTOR",
    type=click.Choice([one.value for one in Detector]),
    help="This is no waste: 30 days quiet.",
)
@click.option("--project", help="With --dismiss: only in this project.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def findings(desk: Desk, *, days: int, dismiss: str | None, project: str | None, as_json: bool) -> None:
    """Ask about patterns that may be waste. Private: no report knows them."""
    if project and not dismiss:
        raise click.UsageError("--project goes with --dismiss.")
    found = desk.findings.look(days=days, progress=_tell if sys.stderr.isatty() and not as_json else None) or []
    if dismiss:
        found = _dismiss(desk, found, Detector(dismiss), project)
    shown = [(card, _run_names(desk, card.finding)) for card in cards(found)]
    if as_json:
        print_json({"days": days, "findings": [_json(card, runs) for card, runs in shown]})
        return
    for card, runs in shown:
        _print(card, runs)
    if not shown:
        click.echo("Nothing to ask about.")


def _dismiss(desk: Desk, found: list[Finding], detector: Detector, project: str | None) -> list[Finding]:
    """Dismiss what is meant and return the rest."""
    meant = [one for one in found if one.detector is detector and (project is None or one.project == project)]
    if not meant:
        raise Refusal(f"Nothing of {detector.value} is asked{f' in {project}' if project else ''}: findings lists all.")
    for one in meant:
        desk.findings.dismiss(one)
    return [one for one in found if one not in meant]


def _run_names(desk: Desk, finding: Finding) -> list[str]:
    return [run.key for run in desk.queries.runs(finding.run_ids)]


def _json(card: FindingCard, runs: list[str]) -> dict[str, Any]:
    finding = card.finding
    return {
        "detector": finding.detector.value,
        "project": finding.project,
        "question": card.question,
        "seen": dict(finding.seen),
        "seen_in_words": card.seen,
        "may_be_fine": card.may_be_fine,
        "to_try": card.to_try,
        "saving": finding.saving and finding.saving._asdict(),
        "runs": runs,
    }


def _print(card: FindingCard, runs: list[str]) -> None:
    more = f" and {len(runs) - _SHOWN_RUNS} more" if len(runs) > _SHOWN_RUNS else ""
    click.echo(f"{card.question}  {printable(card.place)} · {card.finding.detector.value}")
    click.echo(f"  seen         {printable(card.seen)}")
    click.echo(f"  may be fine  {card.may_be_fine}")
    click.echo(f"  to try       {card.to_try}")
    if card.saving:
        click.echo(f"  would save   {card.saving}")
    click.echo(f"  runs         {', '.join(run[:8] for run in runs[:_SHOWN_RUNS])}{more}")


def _tell(done: int, runs: int) -> None:
    sys.stderr.write(f"\r{done} of {runs} runs" + ("\n" if done == runs else ""))
