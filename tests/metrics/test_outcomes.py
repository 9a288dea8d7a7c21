"""Outcomes per week: zero-filled, in the person's zone, grey for what was not rated."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.assessments import Outcome
from goodmeasure.domain.period import instant
from goodmeasure.domain.runs import RatedRun
from goodmeasure.metrics.outcomes import STACK, outcomes_per_week

RunMaker = Callable[[int | None, str | None], RatedRun]
BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 25)


def _at(day: int, hour: int = 12, month: int = 11) -> int:
    return instant(datetime(2026, month, day, hour, tzinfo=UTC))


def test_weeks_are_counted_by_hand(run: RunMaker) -> None:
    runs = [
        run(_at(23), "used"),
        run(_at(24), "used"),
        run(_at(25), "pending"),
        run(_at(25), None),
        run(_at(25), "unknown"),
        run(_at(25), "excluded"),
        run(_at(9), "harmful"),
        run(_at(1), "used"),
        run(None, "used"),
    ]
    older, between, newest = outcomes_per_week(runs, 3, TODAY, BERLIN)
    assert [week.week.name for week in (older, between, newest)] == ["2026-W46", "2026-W47", "2026-W48"]
    assert older.counts == {"used": 0, "informed": 0, "partial": 0, "discarded": 0, "harmful": 1}
    assert (sum(between.counts.values()), between.not_rated) == (0, 0)
    assert (newest.counts[Outcome.USED], newest.not_rated) == (2, 3)


def test_a_run_belongs_to_the_week_of_the_persons_clock(run: RunMaker) -> None:
    # Sunday 23:30 UTC is Monday in Berlin.
    sunday_night = instant(datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    for zone, week in ((UTC, 0), (BERLIN, 1)):
        assert outcomes_per_week([run(sunday_night, "used")], 2, TODAY, zone)[week].counts[Outcome.USED] == 1


def test_weeks_go_on_over_a_new_year() -> None:
    found = outcomes_per_week([], 3, date(2027, 1, 4), BERLIN)
    assert [week.week.name for week in found] == ["2026-W52", "2026-W53", "2027-W01"]


def test_less_than_a_week_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="0 weeks"):
        outcomes_per_week([], 0, TODAY, BERLIN)


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(_at(1, month=9), _at(28))),
            st.one_of(st.none(), st.sampled_from(list(Outcome))),
        )
    ),
    st.integers(1, 12),
)
def test_every_run_of_the_weeks_is_counted_once(
    run: RunMaker, given_runs: list[tuple[int | None, str | None]], weeks: int
) -> None:
    found = outcomes_per_week([run(*one) for one in given_runs], weeks, TODAY, BERLIN)
    assert len(found) == weeks
    assert all(list(week.counts) == list(STACK) for week in found)
    first, last = (found[0].week.span(BERLIN).since, found[-1].week.span(BERLIN).until)
    assert first is not None
    assert last is not None
    inside = [outcome for at, outcome in given_runs if at is not None and first <= at < last and outcome != "excluded"]
    assert sum(sum(week.counts.values()) + week.not_rated for week in found) == len(inside)
