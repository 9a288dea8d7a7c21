"""Tallies and headers, made by hand."""

from collections.abc import Callable
from datetime import date

import pytest

from goodmeasure.disclosure.writing import Header, TypedWords
from goodmeasure.domain.assessments import AssessmentName, Collected, Need, Outcome, Review
from goodmeasure.domain.shares import DrawnEstimate, Tally

ANSWERS: dict[AssessmentName, list[str]] = {
    AssessmentName.OUTCOME: [Outcome.USED, Outcome.INFORMED, Outcome.PARTIAL, Outcome.DISCARDED, Outcome.HARMFUL],
    AssessmentName.NEED: list(Need),
    AssessmentName.REVIEW: list(Review),
}


@pytest.fixture(scope="session")
def tally() -> Callable[..., Tally]:
    """Make a tally: `tally([40, 12, 6, 5, 1], not_rated=30, name=..., sampled=20, estimate=...)`."""

    def make(
        counts: list[int],
        not_rated: int = 0,
        *,
        name: AssessmentName = AssessmentName.OUTCOME,
        sampled: int = 0,
        estimate: DrawnEstimate | None = None,
    ) -> Tally:
        collected = dict.fromkeys(Collected, 0)
        collected[Collected.SAMPLED] = sampled
        collected[Collected.SELF_SELECTED] = sum(counts) - sampled
        return Tally(
            name,
            dict(zip((str(answer) for answer in ANSWERS[name]), counts, strict=True)),
            not_rated,
            collected,
            estimate,
        )

    return make


@pytest.fixture
def tallies(tally: Callable[..., Tally]) -> dict[AssessmentName, Tally]:
    return {
        AssessmentName.OUTCOME: tally([40, 12, 6, 5, 1], 36, sampled=16),
        AssessmentName.NEED: tally([10, 30, 14, 6], 40, name=AssessmentName.NEED),
        AssessmentName.REVIEW: tally([2, 3, 4, 0, 0], 91, name=AssessmentName.REVIEW),
    }


@pytest.fixture
def header() -> Header:
    return Header("Ada Example", "Platform leads", "Plan the next quarter", date(2026, 11, 28))


@pytest.fixture
def words() -> TypedWords:
    return TypedWords(
        improved=["The release notes write themselves now.", " ", "Found  the cause\tof the slow export."],
        did_not_work=["Long runs lose their place."],
        needed=["Access to the staging logs."],
    )
