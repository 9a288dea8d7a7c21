"""Time: added end to end, losses always, gains only where they would not have been had anyway."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.period import instant
from goodmeasure.domain.runs import RatedRun
from goodmeasure.value.taxonomy import TIME_BANDS
from goodmeasure.value.time_range import overlapping_run_ids, time_range

RunMaker = Callable[..., RatedRun]
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = 60_000


def _days(number: int) -> tuple[int, int]:
    start = instant(datetime(2026, 11, 2, 9, tzinfo=UTC) + timedelta(days=number))
    return start, start + MINUTE


def _saved(run: RunMaker, day: int, band: str, **answers: str) -> RatedRun:
    return run(at=_days(day), **{"time_saved": band, "outcome": "used", "need": "helpful", **answers})


def test_the_ends_are_summed_by_hand(run: RunMaker) -> None:
    runs = [
        _saved(run, 0, "saved_15_30"),
        _saved(run, 1, "saved_60_120", need="essential", outcome="partial"),
        _saved(run, 2, "same", outcome="informed"),
        _saved(run, 3, "lost_5_30", outcome="harmful", need="unnecessary"),
        _saved(run, 4, "saved_240_plus", need="extra"),
        _saved(run, 5, "saved_5_15", outcome="discarded"),
        _saved(run, 6, "same", need="unnecessary"),
        run(at=_days(7), outcome="used", need="helpful"),
        _saved(run, 8, "unknown"),
        _saved(run, 9, "saved_120_240", outcome="excluded"),
    ]
    found = time_range(runs, BERLIN)
    assert found is not None
    # 15+60−5−30+0+0−5 and 30+120+5−5+0+0+0.
    assert (found.low_minutes, found.high_minutes) == (35, 150)
    assert (found.runs, found.losing_runs, found.uncounted_runs, found.top_coded_runs) == (7, 1, 3, 1)
    assert (found.overlapping_runs, found.capped_days) == (0, 0)


@pytest.mark.parametrize(("number", "shown"), [(4, False), (5, True)])
def test_no_range_of_fewer_than_five(run: RunMaker, number: int, shown: bool) -> None:
    assert (time_range([_saved(run, day, "same") for day in range(number)], BERLIN) is not None) is shown


def test_a_guess_widens_by_a_neighbour_on_each_side(run: RunMaker) -> None:
    sure = [_saved(run, day, "same", confidence="sure") for day in range(4)]
    ends = {
        "saved_15_30": (5, 60),
        "lost_30_plus": (-120, -5),
        "saved_240_plus": (120, 480),
        "same": (-30, 15),
    }
    for band, (low, high) in ends.items():
        found = time_range([*sure, _saved(run, 9, band, confidence="guess")], BERLIN)
        assert found is not None
        assert (found.low_minutes + 20, found.high_minutes - 20) == (low, high)


def test_a_day_saves_no_more_than_eight_hours(run: RunMaker) -> None:
    # Both ends of the first day are over the cap: 3 · 240 and 3 · 480.
    runs = [_saved(run, 0, "saved_240_plus") for _ in range(3)]
    runs += [_saved(run, 1, "saved_30_60"), _saved(run, 1, "lost_30_plus")]
    found = time_range(runs, BERLIN)
    assert found is not None
    assert (found.low_minutes, found.high_minutes, found.capped_days) == (480 - 90, 480 + 30, 1)


def test_the_day_is_the_persons_own(run: RunMaker) -> None:
    # 22:30 and 23:30 UTC are one day in UTC, two in Berlin.
    late = [instant(datetime(2026, 11, 2, hour, 30, tzinfo=UTC)) for hour in (22, 23)]
    runs = [run(at=(at, at), time_saved="saved_240_plus", outcome="used", need="helpful") for at in late]
    runs += [_saved(run, day, "same") for day in (10, 11, 12)]
    ranges = [time_range(runs, zone) for zone in (UTC, BERLIN)]
    assert [found.high_minutes for found in ranges if found] == [480 + 15, 960 + 15]


def test_runs_of_unknown_start_share_one_day(run: RunMaker) -> None:
    runs = [run(at=(None, None), time_saved="saved_240_plus", outcome="used", need="helpful") for _ in range(5)]
    found = time_range(runs, BERLIN)
    assert found is not None
    assert found.high_minutes == 480


def test_overlaps_are_flagged_even_with_runs_that_have_no_time(run: RunMaker) -> None:
    timed = [_saved(run, day, "same") for day in range(5)]
    start, end = _days(2)
    assert time_range([*timed, run(at=(start - MINUTE, end - 1))], BERLIN).overlapping_runs == 1  # type: ignore[union-attr]  # five runs have a range
    assert time_range([*timed, run(at=(end, end + MINUTE))], BERLIN).overlapping_runs == 0  # type: ignore[union-attr]  # five runs have a range


_INSTANTS = st.one_of(st.none(), st.integers(0, 12))


@given(st.lists(st.tuples(_INSTANTS, _INSTANTS)))
def test_overlaps_are_what_the_definition_says(spans: list[tuple[int | None, int | None]]) -> None:
    ordered = [(a, b) if a is None or b is None else (min(a, b), max(a, b)) for a, b in spans]
    runs = [RatedRun(number, "", None, start, end, None, {}) for number, (start, end) in enumerate(ordered)]
    known = [(run.run_id, run.started_at, run.ended_at) for run in runs if None not in (run.started_at, run.ended_at)]
    expected = {
        one
        for one, start, end in known
        for other, other_start, other_end in known
        if one != other and start < other_end and other_start < end  # type: ignore[operator]  # None was left out above
    }
    assert overlapping_run_ids(runs) == expected


_ANSWERS = st.tuples(
    st.integers(0, 3),
    st.sampled_from([*TIME_BANDS]),
    st.sampled_from(["used", "informed", "partial", "discarded", "harmful", "pending"]),
    st.sampled_from(["essential", "helpful", "extra", "unnecessary"]),
    st.sampled_from(["sure", "guess"]),
)


@given(answers=st.lists(_ANSWERS, min_size=5, max_size=30))
def test_a_range_is_ordered_and_never_above_the_cap(
    run: RunMaker, answers: list[tuple[int, str, str, str, str]]
) -> None:
    runs = [
        _saved(run, day, band, outcome=outcome, need=need, confidence=confidence)
        for day, band, outcome, need, confidence in answers
    ]
    found = time_range(runs, BERLIN)
    assert found is not None
    assert found.low_minutes <= found.high_minutes <= 480 * len({day for day, *_ in answers})


@given(answers=st.lists(_ANSWERS, min_size=5, max_size=30))
def test_needless_work_only_ever_loses(run: RunMaker, answers: list[tuple[int, str, str, str, str]]) -> None:
    found = time_range(
        [_saved(run, day, band, outcome=outcome, need="extra") for day, band, outcome, _, _ in answers], BERLIN
    )
    assert found is not None
    assert found.high_minutes <= 0
