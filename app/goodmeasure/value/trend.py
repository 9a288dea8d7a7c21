"""How the answers moved from week to week: a person beside nobody but their own earlier weeks.

Intervals are those of `value.shares`; of a difference, Newcombe's (1998, method 10, from two Wilson intervals).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from math import hypot
from typing import Final

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.period import moment, week_of
from goodmeasure.domain.runs import RatedRun
from goodmeasure.domain.shares import MIN_ANSWERS, Interval, may_show_share
from goodmeasure.value.coverage import judged_runs, sampled_answer
from goodmeasure.value.shares import estimate
from goodmeasure.value.taxonomy import SHARED_ANSWERS

WEEKS: Final = 26
"""How far back a trend looks."""
MIN_WEEKS: Final = 8
"""There is no trend of fewer weeks that can be shown."""
LATEST_WEEKS: Final = 4
"""The latest weeks that are laid beside all earlier ones."""


@dataclass(frozen=True, slots=True)
class TrendWeek:
    """One ISO week."""

    first_on: date
    answered: int
    """Answered draws."""
    interval: Interval | None
    """Share of the answer over all runs of the week, with its 80 % interval; None: too little to say."""
    run_ids: tuple[int, ...] = ()
    """Every run that may be judged and started in the week."""


@dataclass(frozen=True, slots=True)
class Change:
    """The latest four weeks beside all earlier ones: shares, and their difference with an 80 % interval."""

    earlier: Interval
    latest: Interval
    low: float
    """Low end of latest − earlier, from −1 to 1."""
    high: float

    @property
    def is_clear(self) -> bool:
        """Say whether the interval leaves out "no change"."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Trend:
    """One answer's share, week by week. Private."""

    name: AssessmentName
    answer: str
    weeks: tuple[TrendWeek, ...]
    """Whole weeks, oldest first; weeks without runs, or with too few answers, are gaps among them."""
    change: Change | None
    """None where either side has too little to say."""

    @property
    def shown_weeks(self) -> int:
        """Return how many weeks have a share."""
        return sum(week.interval is not None for week in self.weeks)

    @property
    def is_enough(self) -> bool:
        """Say whether there is a trend at all: from 8 weeks with a share."""
        return self.shown_weeks >= MIN_WEEKS


def trend(
    runs: Sequence[RatedRun], name: AssessmentName, answer: str, today: date, zone: tzinfo, weeks: int = WEEKS
) -> Trend:
    """Return how the share of one answer moved over the `weeks` whole ISO weeks before the week of `today`.

    A week's share is `value.shares.estimate` over the runs that started in it: answered draws only, because people who
    pick the runs themselves pick those that went well. It is a gap below 10 answered draws (20 for `harmful` and
    `unnecessary`), below 60 % response, and where draws were not recorded. Weeks before the first run are left out. The
    running week is not in it: it would always seem to fall.

    Change: d = p₂ − p₁ of the last four weeks (2) against all earlier ones (1), each estimated over its runs together
    under the same rules; from d − √((p₂ − l₂)² + (u₁ − p₁)²) to d + √((u₂ − p₂)² + (p₁ − l₁)²), l and u the ends of the
    80 % intervals. Only there where the trend is.

    To see one project or kind of work, give only its runs. Raises KeyError for a question without shares, and
    ValueError for an answer without one.
    """
    if answer not in SHARED_ANSWERS[name]:
        raise ValueError(f"{answer!r} has no share in {name.value}")
    by_week: dict[date, list[RatedRun]] = defaultdict(list)
    for run in judged_runs(runs):
        if run.started_at is not None:
            by_week[week_of(moment(run.started_at, zone).date()).first_on].append(run)
    this_week = week_of(today).first_on
    firsts = [this_week - timedelta(weeks=back) for back in range(weeks, 0, -1)]
    begun = [first for first in firsts if any(week <= first for week in by_week)]
    marks = tuple(_week(first, by_week.get(first, ()), name, answer) for first in begun)
    found = Trend(name, answer, marks, None)
    if not found.is_enough:
        return found
    earlier, latest = (
        [run for first in part for run in by_week.get(first, ())]
        for part in (begun[:-LATEST_WEEKS], begun[-LATEST_WEEKS:])
    )
    return Trend(name, answer, marks, _change(_share(earlier, name, answer), _share(latest, name, answer)))


def _week(first_on: date, runs: Sequence[RatedRun], name: AssessmentName, answer: str) -> TrendWeek:
    answered = sum(run.draw is not None and sampled_answer(run, name) is not None for run in runs)
    return TrendWeek(first_on, answered, _share(runs, name, answer), tuple(run.run_id for run in runs))


def _share(runs: Sequence[RatedRun], name: AssessmentName, answer: str) -> Interval | None:
    found = estimate(runs, name, min_answers=MIN_ANSWERS)
    if found is None or not may_show_share(answer, found.answered):
        return None
    return found.intervals[answer]


def _change(earlier: Interval | None, latest: Interval | None) -> Change | None:
    if earlier is None or latest is None:
        return None
    moved = latest.share - earlier.share
    return Change(
        earlier,
        latest,
        moved - hypot(latest.share - latest.low, earlier.high - earlier.share),
        moved + hypot(latest.high - latest.share, earlier.share - earlier.low),
    )
