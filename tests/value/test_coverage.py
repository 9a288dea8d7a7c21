"""How much was judged at all."""

from collections.abc import Callable

import pytest

from goodmeasure.domain.assessments import AssessmentName, Collected, Draw, Stratum
from goodmeasure.domain.runs import RatedRun
from goodmeasure.value.coverage import Coverage, Response, coverage, judged_runs, response

RunMaker = Callable[..., RatedRun]
DRAW = Draw(Stratum.REST, 0.25)


def test_coverage_by_runs_and_by_cost(run: RunMaker) -> None:
    runs = [
        run(outcome="used", cost=600),
        run(outcome="discarded", cost=None),
        run(outcome="pending", cost=300),
        run(cost=100),
        run(outcome="excluded", cost=5000),
    ]
    found = coverage(runs)
    assert found == Coverage(rated=2, runs=4, rated_cost_micros=600, cost_micros=1000, unpriced_runs=1)
    assert found.by_runs == 0.5
    assert found.by_cost == 0.6


def test_nothing_to_cover_is_not_zero(run: RunMaker) -> None:
    assert coverage([]).by_runs is None
    assert coverage([]).by_cost is None
    assert coverage([run(outcome="used", cost=0)]).by_cost is None
    assert coverage([run(outcome="used", cost=0)]).by_runs == 1


def test_excluded_runs_are_out(run: RunMaker) -> None:
    kept, out = run(outcome="used"), run(outcome="excluded")
    assert judged_runs([out, kept, out]) == [kept]


def test_response_counts_draws_not_answers(run: RunMaker) -> None:
    runs = [
        run(draw=DRAW, collected=Collected.SAMPLED, outcome="used"),
        run(draw=DRAW, collected=Collected.SAMPLED, outcome="pending"),
        run(draw=DRAW),
        run(draw=DRAW, collected=Collected.BATCH, outcome="used"),
        run(draw=DRAW, collected=Collected.SAMPLED, outcome="excluded"),
        run(outcome="used"),
    ]
    found = response(runs, AssessmentName.OUTCOME)
    assert found == Response(drawn=4, answered=1)
    assert found.rate == 0.25


def test_response_is_unknown_where_draws_were_not_recorded(run: RunMaker) -> None:
    runs = [run(draw=DRAW), run(collected=Collected.SAMPLED, outcome="used")]
    assert response(runs, AssessmentName.OUTCOME) is None


@pytest.mark.parametrize("runs", [0, 3])
def test_no_draws_no_rate(run: RunMaker, runs: int) -> None:
    found = response([run(outcome="used") for _ in range(runs)], AssessmentName.OUTCOME)
    assert found == Response(0, 0)
    assert found.rate is None
