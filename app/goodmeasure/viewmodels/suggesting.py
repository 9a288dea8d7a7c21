"""Suggestions for "What did AI improve?": shown, never sent as they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from goodmeasure.domain.evidence import Grade
from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries

_KINDS: Final = {
    "build": "New things built",
    "fix": "Fixes",
    "refactor": "Clean-ups",
    "test": "Tests",
    "review": "Reviews",
    "operate": "Operations",
    "research": "Research",
    "analyse": "Analyses",
    "write": "Texts",
    "plan": "Plans",
    "admin": "Office work",
    "learn": "Learning",
}
_GRADES: Final = {
    Grade.VERIFIED: ("Verified", "that landed and stayed"),
    Grade.LINKED: ("Linked", "with a commit"),
}


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """One suggestion."""

    shown: str
    """What it is about, for the person alone: it holds a number of runs."""
    grade: str
    start: str
    """How a line about it may begin. It holds nothing of the data but the kind of work."""
    run_ids: tuple[int, ...]


def suggested(queries: "Queries", period: str) -> tuple[SuggestionView, ...]:
    """Say what could be written about a period. Raises Refusal where there is no such period."""
    from goodmeasure.services.suggesting import suggestions  # noqa: PLC0415 - only the Share page asks

    return tuple(
        SuggestionView(
            shown=f"{_kind(one.work_kind)} {_GRADES[one.grade][1]}: {counted(len(one.run_ids), 'run')}",
            grade=_GRADES[one.grade][0],
            start=f"{_kind(one.work_kind)} {_GRADES[one.grade][1]}: ",
            run_ids=one.run_ids,
        )
        for one in suggestions(queries, period)
    )


def _kind(work_kind: str | None) -> str:
    return _KINDS.get(work_kind or "", "Work")
