from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.assessments import AssessmentName, Collected
from goodmeasure.domain.shares import DrawnEstimate, Interval, Tally
from goodmeasure.viewmodels.share_bars import NOT_RATED, share_bar

VALUES = ("used", "informed", "partial", "discarded", "harmful")


def tally(counts: list[int], not_rated: int, estimate: DrawnEstimate | None = None) -> Tally:
    return Tally(
        AssessmentName.OUTCOME, dict(zip(VALUES, counts, strict=True)), not_rated, dict.fromkeys(Collected, 0), estimate
    )


@given(st.lists(st.integers(0, 50), min_size=5, max_size=5), st.integers(0, 50))
def test_the_bar_is_whole_and_shows_what_was_not_rated(counts: list[int], not_rated: int) -> None:
    bar = share_bar(tally(counts, not_rated), "What became of it?")
    if sum(counts) + not_rated == 0:
        assert bar.parts == ()
        return
    assert abs(sum(part.fraction for part in bar.parts) - 1) < 1e-9
    assert bar.parts[-1].value == NOT_RATED
    assert bar.parts[-1].count == str(not_rated)


def test_few_answers_have_counts_and_no_percentage() -> None:
    bar = share_bar(tally([5, 2, 1, 1, 0], 21), "What became of it?")
    assert [part.percent for part in bar.parts] == ["", "", "", "", "", "70 %"]
    assert [part.count for part in bar.parts] == ["5", "2", "1", "1", "0", "21"]
    assert not bar.enough
    assert "Not enough to say yet" in bar.sentence


def test_the_share_of_harm_needs_more_answers() -> None:
    assert [part.percent for part in share_bar(tally([9, 0, 0, 0, 1], 0), "").parts][4] == ""
    assert [part.percent for part in share_bar(tally([19, 0, 0, 0, 1], 0), "").parts][4] == "5 %"


def test_an_estimate_is_a_range_and_has_its_response_beside_it() -> None:
    intervals = {value: Interval(0.0, 0.1, 0.2) for value in VALUES} | {"used": Interval(0.41, 0.5, 0.58)}
    estimate = DrawnEstimate(30, 24, dict.fromkeys(VALUES, 1), intervals)
    bar = share_bar(tally([20, 3, 2, 4, 1], 60, estimate), "")
    assert bar.enough
    assert bar.sentence == "Of all runs, 41 to 58 % most likely were: used."
    assert bar.beside == "30 of 90 runs rated (33 %) · 24 of 30 drawn runs answered (80 %)"
