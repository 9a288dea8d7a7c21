"""Runs with an outcome, made by hand."""

from collections.abc import Callable

import pytest

from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected
from goodmeasure.domain.runs import RatedRun


@pytest.fixture(scope="session")
def run() -> Callable[[int | None, str | None], RatedRun]:
    """Make a run: `run(started_at, outcome)`."""

    def make(started_at: int | None, outcome: str | None) -> RatedRun:
        answer = Assessment(
            id=1,
            run_id=1,
            name=AssessmentName.OUTCOME,
            value=outcome,
            source=AssessmentSource.HUMAN,
            collected=Collected.SELF_SELECTED,
            inclusion_probability=None,
            assessed_at=0,
            answer_seconds=None,
            suggested=None,
            supersedes_id=None,
            taxonomy_version=1,
        )
        return RatedRun(1, "source", None, started_at, None, None, {} if outcome is None else {"outcome": answer})

    return make
