"""The trend: by hand, with gaps, and never from too little."""

from collections.abc import Callable
from datetime import UTC, date, timedelta
from math import isclose, sqrt

import pytest

from goodmeasure.domain.assessments import AssessmentName, Collected, Draw, Stratum
from goodmeasure.domain.period import days_span
from goodmeasure.domain.runs import RatedRun
from goodmeasure.value.shares import wilson_interval
from goodmeasure.value.trend import trend

RunMaker = Callable[..., RatedRun]
TODAY = date(2026, 11, 23)
"""A Monday."""
OUTCOME = AssessmentName.OUTCOME


def week(run: RunMaker, back: int, used: int, other: int, unanswered: int = 0, answer: str = "used") -> list[RatedRun]:
    """Return drawn runs of the week `back` weeks before today's; each draw stands for two runs."""
    first = TODAY - timedelta(weeks=back)
    start = days_span(first, first, UTC).since
    known = {"at": (start, start), "draw": Draw(Stratum.REST, 0.5), "collected": Collected.SAMPLED}
    return [
        *(run(**known, outcome=answer) for _ in range(used)),
        *(run(**known, outcome="discarded") for _ in range(other)),
        *(run(**known) for _ in range(unanswered)),
    ]


def test_a_trend_by_hand(run: RunMaker) -> None:
    runs = [one for back in range(5, 10) for one in week(run, back, 5, 5)]
    runs += [one for back in range(1, 5) for one in week(run, back, 9, 1)]
    found = trend(runs, OUTCOME, "used", TODAY, UTC)
    assert [(point.first_on, point.answered) for point in found.weeks] == [
        (TODAY - timedelta(weeks=back), 10) for back in range(9, 0, -1)
    ]
    # Each draw of a chance of 1/2 was answered: half of the runs are known, so that ten answers say as much as twenty.
    assert found.weeks[0].interval == wilson_interval(0.5, 20)
    assert found.is_enough
    assert found.change is not None
    earlier, latest = wilson_interval(0.5, 100), wilson_interval(0.9, 80)
    low = 0.4 - sqrt((0.9 - latest.low) ** 2 + (earlier.high - 0.5) ** 2)
    high = 0.4 + sqrt((latest.high - 0.9) ** 2 + (0.5 - earlier.low) ** 2)
    assert isclose(found.change.low, low)
    assert isclose(found.change.high, high)
    assert found.change.is_clear
    level = trend([one for back in range(1, 10) for one in week(run, back, 5, 5)], OUTCOME, "used", TODAY, UTC)
    assert level.change is not None
    assert not level.change.is_clear


def test_weeks_with_too_little_are_gaps(run: RunMaker) -> None:
    runs = [
        *week(run, 6, 9, 0),
        *week(run, 5, 6, 4),
        *week(run, 3, 6, 4, unanswered=7),
        *(run(at=(days_span(TODAY - timedelta(weeks=2), TODAY, UTC).since, None), outcome="used") for _ in range(40)),
        *week(run, 0, 20, 0),
    ]
    found = trend(runs, OUTCOME, "used", TODAY, UTC)
    assert [(point.answered, point.interval is None) for point in found.weeks] == [
        (9, True),  # fewer than ten answers
        (10, False),
        (0, True),  # no runs
        (10, True),  # a response of 10 of 17
        (0, True),  # nobody drew these
        (0, True),
    ]
    assert (found.shown_weeks, found.is_enough, found.change) == (1, False, None)


@pytest.mark.parametrize(("weeks", "enough"), [(7, False), (8, True)])
def test_no_trend_under_eight_weeks(run: RunMaker, weeks: int, enough: bool) -> None:
    runs = [one for back in range(1, weeks + 1) for one in week(run, back, 5, 5)]
    found = trend(runs, OUTCOME, "used", TODAY, UTC)
    assert (found.is_enough, found.change is not None) == (enough, enough)


def test_delicate_answers_need_twenty(run: RunMaker) -> None:
    runs = [*week(run, 2, 4, 15, answer="harmful"), *week(run, 1, 4, 16, answer="harmful")]
    found = trend(runs, OUTCOME, "harmful", TODAY, UTC)
    assert [point.interval is None for point in found.weeks] == [True, False]
    assert trend([], OUTCOME, "used", TODAY, UTC).weeks == ()
    with pytest.raises(KeyError):
        trend(runs, AssessmentName.TIME_SAVED, "same", TODAY, UTC)
