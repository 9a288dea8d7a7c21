"""Runs with answers, made by hand."""

from collections.abc import Callable
from itertools import count

import pytest

from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected, Draw
from goodmeasure.domain.runs import RatedRun

RunMaker = Callable[..., RatedRun]


@pytest.fixture(scope="session")
def run() -> RunMaker:
    """Make a run: `run(outcome="used", cost=5, draw=Draw(...), at=(start, end))`, answers by name."""
    numbers = count(1)

    def make(
        *,
        cost: int | None = None,
        at: tuple[int | None, int | None] = (0, 0),
        draw: Draw | None = None,
        collected: Collected = Collected.SELF_SELECTED,
        **answers: str,
    ) -> RatedRun:
        number = next(numbers)
        given: dict[str, Assessment] = {
            AssessmentName(name): Assessment(
                id=number,
                run_id=number,
                name=AssessmentName(name),
                value=value,
                source=AssessmentSource.HUMAN,
                collected=collected,
                inclusion_probability=None if draw is None else draw.inclusion_probability,
                assessed_at=0,
                answer_seconds=None,
                suggested=None,
                supersedes_id=None,
                taxonomy_version=1,
            )
            for name, value in answers.items()
        }
        return RatedRun(number, "source", None, at[0], at[1], cost, given, draw)

    return make
