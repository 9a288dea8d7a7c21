"""Rounding and suppression: by hand, and against everything that Hypothesis thinks of."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.disclosure.cells import bucket, estimate_cells, outward, share_cells
from goodmeasure.domain.shares import DrawnEstimate, Interval, Tally

TallyMaker = Callable[..., Tally]
COUNTS = st.lists(st.one_of(st.integers(0, 6), st.integers(0, 300)), min_size=5, max_size=5)


@pytest.mark.parametrize(
    ("count", "total", "code"),
    [(0, 7, "0-10"), (1, 10, "10-20"), (9, 100, "0-10"), (29, 100, "20-30"), (3, 10, "30-40"), (10, 10, "90-100")],
)
def test_buckets_take_their_low_end_in(count: int, total: int, code: str) -> None:
    assert bucket(count, total) == code


@pytest.mark.parametrize(("count", "total"), [(1, 0), (-1, 4), (5, 4), (0, 0)])
def test_no_bucket_of_nonsense(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        bucket(count, total)


def test_cells_by_hand(tally: TallyMaker) -> None:
    # 64 answers of 100 runs; one harmful run is too rare, alone it cannot be "other": it goes grey.
    assert share_cells(tally([40, 12, 6, 5, 1], 36)) == {
        "used": "40-50",
        "informed": "10-20",
        "partial": "0-10",
        "discarded": "0-10",
        "harmful": None,
        "other": None,
        "not_rated": "30-40",
    }


def test_two_rare_answers_of_five_runs_are_other(tally: TallyMaker) -> None:
    assert share_cells(tally([40, 0, 4, 2, 0], 4)) == {
        "used": "80-90",
        "informed": None,
        "partial": None,
        "discarded": None,
        "harmful": None,
        "other": "10-20",
        "not_rated": "0-10",
    }


def test_four_runs_are_too_few_for_other(tally: TallyMaker) -> None:
    found = share_cells(tally([40, 0, 2, 2, 0], 6))
    assert found is not None
    assert (found["other"], found["not_rated"]) == (None, "20-30")


@pytest.mark.parametrize(("answers", "shown"), [(9, False), (10, True)])
def test_no_share_of_fewer_than_ten(tally: TallyMaker, answers: int, shown: bool) -> None:
    assert (share_cells(tally([answers, 0, 0, 0, 0], 1000)) is not None) is shown


@pytest.mark.parametrize(("used", "code"), [(14, None), (15, "20-30")])
def test_harm_is_not_shown_among_fewer_than_twenty(tally: TallyMaker, used: int, code: str | None) -> None:
    found = share_cells(tally([used, 0, 0, 0, 5]))
    assert found is not None
    assert found["harmful"] == code
    assert found["other"] is None, "one kind of answer would only be renamed"


@given(counts=COUNTS, not_rated=st.integers(0, 300))
def test_no_cell_stands_for_fewer_than_five(tally: TallyMaker, counts: list[int], not_rated: int) -> None:
    one = tally(counts, not_rated)
    found = share_cells(one)
    assert (found is None) == (one.rated < 10)
    if found is None:
        return
    alone = [answer for answer in one.counts if found[answer] is not None]
    assert all(one.counts[answer] >= 5 for answer in alone)
    rare = [count for answer, count in one.counts.items() if count and answer not in alone]
    if found["other"] is not None:
        assert sum(rare) >= 5
        assert len(rare) >= 2
    # Everything that is published is a part of the published whole.
    lows = [int(code.split("-")[0]) for code in found.values() if code]
    highs = [int(code.split("-")[1]) for code in found.values() if code]
    assert sum(lows) <= 100 <= sum(highs)


@given(counts=COUNTS, not_rated=st.integers(0, 300))
def test_never_given_and_too_rare_look_the_same(tally: TallyMaker, counts: list[int], not_rated: int) -> None:
    # Moving the runs of hidden answers to the unrated ones changes nothing that is seen, while enough answers remain.
    one = tally(counts, not_rated)
    found = share_cells(one)
    if found is None or found["other"] is not None:
        return
    hidden = {answer: count for answer, count in one.counts.items() if found[answer] is None}
    moved = tally(
        [0 if answer in hidden else count for answer, count in one.counts.items()], not_rated + sum(hidden.values())
    )
    if moved.rated >= 20:
        assert share_cells(moved) == found


@pytest.mark.parametrize(
    ("low", "high", "code"),
    [
        (0.41, 0.58, "40-60"),
        (0.4, 0.6, "40-60"),
        (0.0, 0.01, "0-10"),
        (0.5, 0.5, "50-60"),
        (0.97, 1.0, "90-100"),
        (1.0, 1.0, "90-100"),
    ],
)
def test_ranges_are_rounded_outward(low: float, high: float, code: str) -> None:
    assert outward(Interval(low, low, high)) == code


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_rounded_range_holds_the_range(one: float, other: float) -> None:
    low, high = sorted((one, other))
    shown_low, shown_high = (int(end) for end in outward(Interval(low, low, high)).split("-"))
    assert 0 <= shown_low < shown_high <= 100
    assert shown_low <= 100 * low + 1e-9
    assert 100 * high - 1e-9 <= shown_high


def test_an_estimate_shows_only_what_the_bar_shows(tally: TallyMaker) -> None:
    answers = ["used", "informed", "partial", "discarded", "harmful"]
    interval = Interval(0.1, 0.2, 0.35)
    estimate = DrawnEstimate(
        40, 30, dict(zip(answers, [12, 5, 4, 8, 1], strict=True)), dict.fromkeys(answers, interval)
    )
    found = estimate_cells(tally([40, 12, 6, 4, 9], 36, estimate=estimate))
    assert found == {
        "response": "70-80",
        "used": "10-40",
        "informed": "10-40",
        "partial": None,
        "discarded": None,
        "harmful": None,
    }
    assert estimate_cells(tally([40, 12, 6, 4, 9], 36)) is None
