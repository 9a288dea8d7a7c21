"""What became of the work, week by week."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from goodmeasure.domain.assessments import AssessmentName, Outcome
from goodmeasure.domain.period import Period, moment, week_of
from goodmeasure.domain.runs import RatedRun

STACK = (Outcome.USED, Outcome.INFORMED, Outcome.PARTIAL, Outcome.DISCARDED, Outcome.HARMFUL)
"""Order of the parts of a bar; the grey `not_rated` comes last."""


@dataclass(frozen=True, slots=True)
class WeekOutcomes:
    """The runs that started in one ISO week, by what became of them."""

    week: Period
    counts: dict[Outcome, int]
    """Every outcome of `STACK`, in that order, zeros included."""
    not_rated: int
    """Runs without an outcome, or for which it was too early or unknown. Excluded runs are nowhere."""


def outcomes_per_week(runs: Iterable[RatedRun], weeks: int, today: date, zone: tzinfo) -> tuple[WeekOutcomes, ...]:
    """Count runs by outcome for the `weeks` ISO weeks that end with the week of `today`, oldest first.

    Weeks without runs are there with zeros. A run belongs to the day of `zone` on which it started; runs of unknown
    start and runs outside the weeks are left out. Raises ValueError for less than one week.
    """
    if weeks < 1:
        raise ValueError(f"{weeks} weeks cannot be drawn")
    found: dict[date, Counter[str | None]] = defaultdict(Counter)
    for run in runs:
        if run.started_at is not None:
            given = run.answers.get(AssessmentName.OUTCOME)
            found[week_of(moment(run.started_at, zone).date()).first_on][None if given is None else given.value] += 1
    last = week_of(today).first_on
    firsts = (last - timedelta(weeks=back) for back in reversed(range(weeks)))
    return tuple(_week_outcomes(week_of(first), found[first]) for first in firsts)


def _week_outcomes(week: Period, given: Counter[str | None]) -> WeekOutcomes:
    counts = {outcome: given[outcome] for outcome in STACK}
    not_rated = given.total() - sum(counts.values()) - given[Outcome.EXCLUDED]
    return WeekOutcomes(week, counts, not_rated)
