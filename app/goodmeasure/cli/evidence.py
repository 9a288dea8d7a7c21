"""`evidence`: look for commits that back up what was said about runs."""

import sys

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import number, print_json
from goodmeasure.cli.runs import evidence_json
from goodmeasure.value.evidence import grade_of


@click.command(short_help="Look for the commits that back up runs.")
@click.argument("run", required=False)
@click.option("--confirm", metavar="COMMIT", help="This candidate does belong to RUN.")
@click.option("--dismiss", metavar="COMMIT", help="This commit does not belong to RUN.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def evidence(desk: Desk, *, run: str | None, confirm: str | None, dismiss: str | None, as_json: bool) -> None:
    """Look again for the commits of RUN, or of all recent runs. Repositories are only read."""
    if run is None:
        if confirm or dismiss:
            raise click.UsageError("Say which RUN the commit does or does not belong to.")
        looked = desk.evidence.look(progress=_tell if sys.stderr.isatty() and not as_json else None)
        if as_json:
            print_json(
                {
                    "runs": looked.runs,
                    "linked": looked.linked,
                    "candidates": looked.candidates,
                    "unavailable": looked.unavailable,
                }
            )
            return
        click.echo(
            f"{number(looked.runs)} runs looked at: {number(looked.linked)} with commits, {number(looked.candidates)}"
            f" with candidates to decide on, {number(looked.unavailable)} without a repository that can be asked."
        )
        return
    run_id = desk.queries.run_named(run).run.id
    for commit, belongs in ((confirm, True), (dismiss, False)):
        if commit:
            desk.evidence.decide(run_id, commit, belongs=belongs)
    desk.evidence.look([run_id])
    detail = desk.queries.run(run_id)
    if as_json:
        found = [evidence_json(one, desk.zone) for one in detail.evidence]
        print_json({"run": detail.run.key, "grade": grade_of(detail.run.outcome, detail.evidence), "evidence": found})
        return
    for one in detail.evidence:
        click.echo(f"{one.sha[:12]}  {one.link.value:<10}{_fate(one.landed_at, one.reverted_at, one.survival_14_days)}")
    if not detail.evidence:
        click.echo("No commit hangs on this run. That says nothing about its worth.")


def _fate(landed_at: int | None, reverted_at: int | None, survival: float | None) -> str:
    if reverted_at is not None:
        return "landed, reverted later"
    if landed_at is None:
        return "not landed"
    return "landed" if survival is None else f"landed, {survival:.0%} there after 14 days"


def _tell(done: int, runs: int) -> None:
    sys.stderr.write(f"\r{done} of {runs} runs" + ("\n" if done == runs else ""))
