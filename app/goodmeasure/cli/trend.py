"""`trend`: how one's own answers moved from week to week. Private: only beside one's own earlier weeks."""

from dataclasses import asdict

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import print_json
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.facts import WorkKind
from goodmeasure.domain.shares import Interval
from goodmeasure.value.taxonomy import SHARED_ANSWERS
from goodmeasure.viewmodels.trend import TrendFilter, trend_of, trend_view


@click.command(short_help="Lay an answer's share beside your own earlier weeks.")
@click.option(
    "--question", type=click.Choice([name.value for name in SHARED_ANSWERS]), default="outcome", show_default=True
)
@click.option("--answer", default="used", show_default=True, help="The answer whose share is followed.")
@click.option("--project", help="Only runs of this project.")
@click.option("--work-kind", type=click.Choice([kind.value for kind in WorkKind]), help="Only this kind of work.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def trend(desk: Desk, *, question: str, answer: str, project: str | None, work_kind: str | None, as_json: bool) -> None:
    """Follow the share of one answer over your last 26 weeks. Weeks with too few answers are gaps."""
    name = AssessmentName(question)
    known = [value.value for value in SHARED_ANSWERS[name]]
    if answer not in known:
        raise click.UsageError(f"{answer!r} has no share in {question}: use one of {', '.join(known)}.")
    found = trend_of(desk.queries, TrendFilter(name, answer, project, work_kind))
    if as_json:
        weeks = [
            {
                "week_of": week.first_on.isoformat(),
                "answered": week.answered,
                **_ends(week.interval),
            }
            for week in found.weeks
        ]
        change = found.change and {**asdict(found.change), "clear": found.change.is_clear}
        print_json(
            {"question": question, "answer": answer, "enough": found.is_enough, "weeks": weeks, "change": change}
        )
        return
    view = trend_view(found)
    for week in view.weeks:
        click.echo(f"{week.label:>7}  {week.about}")
    click.echo(view.sentence)


def _ends(interval: Interval | None) -> dict[str, float | None]:
    return asdict(interval) if interval else dict.fromkeys(("low", "share", "high"))
