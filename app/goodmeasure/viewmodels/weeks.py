"""What became of the work, week by week: a person compared with nobody but their own earlier weeks."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.period import days_span, moment, week_of
from goodmeasure.services.queries import Queries
from goodmeasure.value.coverage import judged_runs, shared_answer
from goodmeasure.value.taxonomy import SHARED_ANSWERS, choice
from goodmeasure.viewmodels.share_bars import NOT_RATED
from goodmeasure.viewmodels.wording import counted

WEEKS = 12


@dataclass(frozen=True, slots=True)
class WeekColumn:
    """One ISO week."""

    name: str
    """`2026-W46`."""
    label: str
    """The week's Monday, `9 Nov`."""
    counts: tuple[int, ...]
    """Runs by answer, in the order of `WeeksView.answers`."""


@dataclass(frozen=True, slots=True)
class WeeksView:
    """The last 12 weeks, oldest first; weeks without runs are there with zeros."""

    answers: tuple[tuple[str, str], ...]
    """Value and label, in the order of the columns' counts; not rated last."""
    columns: tuple[WeekColumn, ...]
    description: str


def weeks(queries: Queries, last: date) -> WeeksView:
    """Count runs by outcome for the 12 ISO weeks that end with the week of `last`, in the reporting zone."""
    mondays = [week_of(last).first_on - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    runs = queries.rated_runs(days_span(mondays[0], mondays[-1] + timedelta(days=6), queries.zone))
    counts: dict[date, Counter[str]] = {monday: Counter() for monday in mondays}
    for run in judged_runs(runs):
        if run.started_at is not None:
            monday = week_of(moment(run.started_at, queries.zone).date()).first_on
            counts[monday][shared_answer(run, AssessmentName.OUTCOME) or NOT_RATED] += 1
    answers = _answers()
    columns = tuple(
        WeekColumn(
            week_of(monday).name, f"{monday.day} {monday:%b}", tuple(counts[monday][value] for value, _ in answers)
        )
        for monday in mondays
    )
    return WeeksView(answers, columns, _description(columns))


def _answers() -> tuple[tuple[str, str], ...]:
    outcomes = SHARED_ANSWERS[AssessmentName.OUTCOME]
    labels = [(value.value, choice(AssessmentName.OUTCOME, value).label) for value in outcomes]
    return (*labels, (NOT_RATED, "Not rated"))


def _description(columns: tuple[WeekColumn, ...]) -> str:
    total = sum(sum(column.counts) for column in columns)
    rated = sum(sum(column.counts[:-1]) for column in columns)
    return f"{counted(total, 'run')} in {len(columns)} weeks from {columns[0].label}, {rated:,} of them rated."
