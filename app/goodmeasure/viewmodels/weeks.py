"""What became of the work, week by week: a person compared with nobody but their own earlier weeks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.period import days_span, week_of
from goodmeasure.metrics.outcomes import STACK, outcomes_per_week
from goodmeasure.value.taxonomy import choice
from goodmeasure.viewmodels.share_bars import NOT_RATED
from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries

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


def weeks(queries: "Queries", last: date) -> WeeksView:
    """Count runs by outcome for the 12 ISO weeks that end with the week of `last`, in the reporting zone."""
    monday = week_of(last).first_on
    span = days_span(monday - timedelta(weeks=WEEKS - 1), monday + timedelta(days=6), queries.zone)
    columns = tuple(
        WeekColumn(
            found.week.name,
            f"{found.week.first_on.day} {found.week.first_on:%b}",
            (*(found.counts[outcome] for outcome in STACK), found.not_rated),
        )
        for found in outcomes_per_week(queries.rated_runs(span), WEEKS, last, queries.zone)
    )
    return WeeksView(_answers(), columns, _description(columns))


def _answers() -> tuple[tuple[str, str], ...]:
    labels = [(value.value, choice(AssessmentName.OUTCOME, value).label) for value in STACK]
    return (*labels, (NOT_RATED, "Not rated"))


def _description(columns: tuple[WeekColumn, ...]) -> str:
    total = sum(sum(column.counts) for column in columns)
    rated = sum(sum(column.counts[:-1]) for column in columns)
    return f"{counted(total, 'run')} in {len(columns)} weeks from {columns[0].label}, {rated:,} of them rated."
