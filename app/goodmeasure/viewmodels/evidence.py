"""What backs a run up, in words. Evidence is context, never merit: no commit says nothing about a run's worth."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.domain.evidence import CommitEvidence, Grade, Link
from goodmeasure.domain.period import moment
from goodmeasure.value.evidence import grade_of
from goodmeasure.viewmodels.wording import ago, day, percent

if TYPE_CHECKING:
    from goodmeasure.domain.runs import RunDetail
    from goodmeasure.services.queries import Queries

SHORT_SHA = 10
"""Digits of a commit's id that are shown."""
_LINKS = {
    Link.EXACT: "made in this run, or names it",
    Link.CONTENT: "holds its lines",
    Link.PERSON: "you said that it belongs",
}
_GRADES = {
    Grade.VERIFIED: "Backed up: it landed, and at least half of it was there after 14 days.",
    Grade.LINKED: "Backed up by a commit.",
    Grade.SELF_REPORTED: "Your own word, which is how most work is known.",
    Grade.CONTRADICTED: "",
}
_CONTRADICTED = (
    "You called this used. Its commits have been reverted since, or little of them was left after 14 days. Both can be"
    " true; your answer stands unless you change it."
)
_NONE = "No commit hangs on this run. That says nothing about its worth."
_NOT_ASKED = "Nobody has looked for its commits yet."
_NOTHING_TO_ASK = "There is no repository to ask: its folder is gone, or was none. That says nothing about its worth."


@dataclass(frozen=True, slots=True)
class CommitLine:
    """One commit."""

    sha: str
    short: str
    """The beginning of its id."""
    about: str
    """How it hangs on the run, and what became of it."""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """What backs a run up."""

    sentence: str
    linked: tuple[CommitLine, ...]
    candidates: tuple[CommitLine, ...]
    """Commits of which only the person can say whether they belong."""
    contradiction: str
    """What speaks against the person's answer, gently; "" where nothing does."""
    can_look: bool
    asked: str
    """`Looked 3 h ago`; "" where nobody has."""


def evidence_of(queries: "Queries", detail: "RunDetail") -> EvidenceView:
    """Say what backs a run up."""
    linked = tuple(_line(queries, one) for one in detail.evidence if one.link is not Link.CANDIDATE)
    candidates = tuple(_line(queries, one) for one in detail.evidence if one.link is Link.CANDIDATE)
    grade = grade_of(detail.run.outcome, detail.evidence)
    asked = "" if detail.evidence_asked_at is None else f"Looked {ago(detail.evidence_asked_at, queries.now())}"
    return EvidenceView(
        sentence=_sentence(detail, grade, has_commits=bool(linked)),
        linked=linked,
        candidates=candidates,
        contradiction=_CONTRADICTED if grade is Grade.CONTRADICTED else "",
        can_look=detail.cwd is not None,
        asked=asked,
    )


def _sentence(detail: "RunDetail", grade: Grade | None, *, has_commits: bool) -> str:
    if has_commits:
        return _GRADES[grade] if grade else ""
    if detail.cwd is None or (detail.evidence_asked_at is not None and not detail.evidence_available):
        return _NOTHING_TO_ASK
    return _NOT_ASKED if detail.evidence_asked_at is None else "" if detail.evidence else _NONE


def _line(queries: "Queries", one: CommitEvidence) -> CommitLine:
    if one.link is Link.CANDIDATE:
        share = f"{percent(one.containment)} of the run's lines" if one.containment else "a file of the run"
        return CommitLine(one.sha, one.sha[:SHORT_SHA], f"may belong: it holds {share}")
    return CommitLine(one.sha, one.sha[:SHORT_SHA], f"{_LINKS[one.link]} · {_fate(queries, one)}")


def _fate(queries: "Queries", one: CommitEvidence) -> str:
    if one.reverted_at is not None:
        return f"landed, reverted {_day(queries, one.reverted_at)}"
    if one.landed_at is None:
        return "not on the default branch"
    said = f"landed {_day(queries, one.landed_at)}"
    for share, days in ((one.survival_30_days, 30), (one.survival_14_days, 14)):
        if share is not None:
            return f"{said} · {percent(share)} of it there after {days} days"
    return said


def _day(queries: "Queries", at: int) -> str:
    said = day(moment(at, queries.zone).date(), queries.today())
    return said[0].lower() + said[1:]
