"""Colleagues whose true answers are known, and what they share of them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from goodmeasure.disclosure.adding_up import Contribution
from goodmeasure.disclosure.cells import share_cells
from goodmeasure.disclosure.levels import Level, Numbers, Report, Story
from goodmeasure.domain.assessments import AssessmentName, Collected, Need, Outcome, Review
from goodmeasure.domain.shares import Tally
from tests.disclosure.samples import LEVELS_FILLED

ANSWERS: dict[str, list[str]] = {
    "outcome": [Outcome.USED, Outcome.INFORMED, Outcome.PARTIAL, Outcome.DISCARDED, Outcome.HARMFUL],
    "need": list(Need),
    "review": list(Review),
}
NOT_TOLD = {"shares": None, "app_drawn": None, "estimate": None}


def told(question: str, counts: Sequence[int], not_rated: int = 0) -> dict[str, Any]:
    """Return the section that a report makes of true counts."""
    tally = Tally(
        AssessmentName(question),
        dict(zip(map(str, ANSWERS[question]), counts, strict=True)),
        not_rated,
        dict.fromkeys(Collected, 0),
        None,
    )
    shares = share_cells(tally)
    return {"shares": shares, "app_drawn": None if shares is None else "0-10", "estimate": None}


def colleague(
    mark: str,
    outcome: Sequence[int] = (20, 10, 10, 10, 0),
    *,
    level: Level = "L1",
    not_rated: int = 10,
    **changed: Any,
) -> Contribution:
    """Return one person's contribution; `changed` replaces fields of the report."""
    base = dict.fromkeys(("need", "review"), NOT_TOLD)
    fields = {**LEVELS_FILLED[level], **base, "outcome": told("outcome", outcome, not_rated), **changed}
    report: Report = msgspec.convert(fields, Report, strict=True)
    assert isinstance(report, Story | Numbers)
    return Contribution(mark, report)


def team(size: int, **changed: Any) -> list[Contribution]:
    """Return so many people who share alike."""
    return [colleague(f"person {number}", **changed) for number in range(size)]
