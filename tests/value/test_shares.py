"""Shares: counted by hand, estimated by hand, and right four times in five by simulation."""

from collections.abc import Callable, Sequence
from math import isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.assessments import AssessmentName, Collected, Draw, Need, Outcome, Stratum
from goodmeasure.domain.runs import RatedRun
from goodmeasure.domain.shares import may_show_share
from goodmeasure.value.shares import bounds, drawn_estimate, tally, wilson_interval

RunMaker = Callable[..., RatedRun]
OUTCOME = AssessmentName.OUTCOME
SAMPLED = Collected.SAMPLED


def test_a_tally_counts_and_never_imputes(run: RunMaker) -> None:
    runs = [
        *(run(outcome="used") for _ in range(3)),
        run(outcome="informed", collected=Collected.BATCH),
        run(outcome="harmful"),
        run(outcome="pending"),
        run(outcome="unknown"),
        run(),
        run(need="helpful"),
        run(outcome="excluded", need="helpful"),
    ]
    found = tally(runs, OUTCOME)
    assert found.counts == {"used": 3, "informed": 1, "partial": 0, "discarded": 0, "harmful": 1}
    assert (found.rated, found.not_rated, found.runs) == (5, 4, 9)
    assert found.collected == {
        Collected.SAMPLED: 0,
        Collected.SELF_SELECTED: 4,
        Collected.BATCH: 1,
        Collected.RULE_CONFIRMED: 0,
    }
    assert found.estimate is None
    assert tally(runs, AssessmentName.NEED).counts == {"essential": 0, "helpful": 1, "extra": 0, "unnecessary": 0}


def test_time_has_no_shares(run: RunMaker) -> None:
    with pytest.raises(KeyError):
        tally([run(time_saved="same")], AssessmentName.TIME_SAVED)


def test_small_numbers() -> None:
    assert [may_show_share(Outcome.USED, answers) for answers in (9, 10)] == [False, True]
    for delicate in (Outcome.HARMFUL, Need.UNNECESSARY):
        assert [may_show_share(delicate, answers) for answers in (10, 19, 20)] == [False, False, True]


def test_bounds_without_assumptions() -> None:
    assert bounds(3, 4, 10) == (0.3, 0.7)
    assert bounds(0, 0, 1) == (0, 0)
    for impossible in ((1, 0, 0), (3, 8, 10), (-1, 0, 5), (1, -1, 5)):
        with pytest.raises(ValueError, match="no share"):
            bounds(*impossible)


def _drawn(run: RunMaker, stratum: Stratum, chance: float, answers: Sequence[str | None]) -> list[RatedRun]:
    draw = Draw(stratum, chance)
    return [
        run(draw=draw, collected=SAMPLED) if answer is None else run(draw=draw, collected=SAMPLED, outcome=answer)
        for answer in answers
    ]


def test_a_post_stratified_estimate_by_hand(run: RunMaker) -> None:
    # Costly: 10 draws of chance 1 (stand for 10 runs), 8 answered, 2 used. Rest: 15 draws of chance 1/4 (stand for 60
    # runs), 12 answered, 6 used. W = 10/70, 60/70; p = 1/7 · 2/8 + 6/7 · 6/12 = 13/28.
    runs = [
        *_drawn(run, Stratum.COSTLY, 1, ["used"] * 2 + ["discarded"] * 6 + [None] * 2),
        *_drawn(run, Stratum.REST, 0.25, ["used"] * 6 + ["partial"] * 6 + [None] * 3),
        *(run(outcome="harmful") for _ in range(50)),
    ]
    found = drawn_estimate(runs, OUTCOME)
    assert found is not None
    assert (found.drawn, found.answered) == (25, 20)
    assert found.counts == {"used": 8, "informed": 0, "partial": 6, "discarded": 6, "harmful": 0}
    used = found.intervals["used"]
    assert isclose(used.share, 13 / 28)
    # Effective answers: 1 / ((1/7)² (1-8/10) / 8 + (6/7)² (1-12/60) / 12) = 20.206; Wilson at z = 1.28155 gives
    # 0.46697 ± 0.13676.
    assert isclose(used.low, 0.33021, abs_tol=1e-4)
    assert isclose(used.high, 0.60373, abs_tol=1e-4)
    assert isclose(sum(interval.share for interval in found.intervals.values()), 1)


def test_unequal_chances_within_a_pot(run: RunMaker) -> None:
    # One day had few runs (chance 1/2), another many (1/10): an answer of the second stands for five of the first.
    runs = [
        *_drawn(run, Stratum.REST, 0.5, ["used"] * 10),
        *_drawn(run, Stratum.REST, 0.1, ["discarded"] * 10),
    ]
    found = drawn_estimate(runs, OUTCOME)
    assert found is not None
    assert isclose(found.intervals["used"].share, 20 / 120)


def test_a_pot_without_an_answer_is_joined(run: RunMaker) -> None:
    runs = [
        *_drawn(run, Stratum.COSTLY, 1, [None] * 3),
        *_drawn(run, Stratum.REST, 0.5, ["used"] * 15 + ["partial"] * 5),
    ]
    found = drawn_estimate(runs, OUTCOME)
    assert found is not None
    assert isclose(found.intervals["used"].share, 0.75)


@pytest.mark.parametrize(
    ("answered", "silent", "enough"),
    [(19, 0, False), (20, 0, True), (20, 13, True), (20, 14, False), (24, 16, True), (60, 41, False)],
)
def test_not_enough_to_say(run: RunMaker, answered: int, silent: int, enough: bool) -> None:
    runs = _drawn(run, Stratum.REST, 0.5, ["used"] * answered + [None] * silent)
    assert (drawn_estimate(runs, OUTCOME) is not None) is enough


def test_batches_are_never_pooled_with_draws(run: RunMaker) -> None:
    draw = Draw(Stratum.REST, 0.5)
    runs = _drawn(run, Stratum.REST, 0.5, ["used"] * 20)
    runs += [run(draw=draw, collected=Collected.BATCH, outcome="harmful") for _ in range(5)]
    found = drawn_estimate(runs, OUTCOME)
    assert found is not None
    assert (found.drawn, found.answered, found.counts["harmful"]) == (25, 20, 0)


def test_the_interval_holds_the_truth_four_times_in_five(run: RunMaker) -> None:
    chance = Random(20261123)  # noqa: S311 - a simulation, not a secret
    truth = [("used" if chance.random() < 0.3 else "partial", Stratum.COSTLY) for _ in range(60)]
    truth += [("used" if chance.random() < 0.55 else "partial", Stratum.REST) for _ in range(540)]
    share = sum(answer == "used" for answer, _ in truth) / len(truth)
    chances = {Stratum.COSTLY: 0.4, Stratum.REST: 0.12}
    held = trials = 0
    for _ in range(600):
        drawn = [one for one in truth if chance.random() < chances[one[1]]]
        runs = [
            run(
                draw=Draw(pot, chances[pot]),
                collected=SAMPLED,
                **({"outcome": answer} if chance.random() < 0.8 else {}),
            )
            for answer, pot in drawn
        ]
        found = drawn_estimate(runs, OUTCOME)
        if found is not None:
            trials += 1
            held += found.intervals["used"].low <= share <= found.intervals["used"].high
    assert trials > 500
    assert 0.76 <= held / trials <= 0.92


@given(st.floats(0, 1), st.floats(1, 1e6))
def test_an_interval_is_ordered_and_within_its_bounds(share: float, answers: float) -> None:
    found = wilson_interval(share, answers)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert found.high > found.low


def test_wilson_by_hand() -> None:
    # n = 10, p = 0.5, z = 1.96: 0.2366 to 0.7634 in every textbook.
    found = wilson_interval(0.5, 10, 1.959964)
    assert isclose(found.low, 0.2366, abs_tol=1e-4)
    assert isclose(found.high, 0.7634, abs_tol=1e-4)
