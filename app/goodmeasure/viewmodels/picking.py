"""Single runs to be shown, in words: what would leave of each, and what a correction changes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.value.taxonomy import choice
from goodmeasure.viewmodels.wording import title

if TYPE_CHECKING:
    from goodmeasure.services.sharing import SealedChoice, Sharing

_QUESTIONS: Final = (
    ("What became of it", AssessmentName.OUTCOME),
    ("Without AI", AssessmentName.NEED),
    ("Human check", AssessmentName.REVIEW),
    ("Time", AssessmentName.TIME_SAVED),
)


@dataclass(frozen=True, slots=True)
class RunToShow:
    """One run that can be picked."""

    run_id: int
    title: str
    """For the person alone."""
    outcome: str
    told: tuple[tuple[str, str], ...]
    """Everything that would be shown of it: label and value."""
    commits: tuple[str, ...]
    """Names of commits that may be shown if each is confirmed."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One figure that a restatement changes."""

    what: str
    before: str
    after: str


def runs_to_show(sharing: "Sharing", period: str) -> tuple[RunToShow, ...]:
    """Say which runs of a period can be picked, the newest first. Raises Refusal where there is no such period."""
    return tuple(_run(one) for one in reversed(sharing.sealed(period)))


def corrections(sharing: "Sharing", period: str) -> tuple[Correction, ...]:
    """Say what a restatement of a period would change. Raises Refusal where nothing was shared of it."""
    return tuple(
        Correction(_path(one.path), one.before or "not shown", one.after or "not shown")
        for one in sharing.restatement(period)
    )


def _run(one: "SealedChoice") -> RunToShow:
    record = one.record
    answers = {name: getattr(record, name.value) for _, name in _QUESTIONS}
    said = [
        (label, "Not rated" if answers[name] is None else choice(name, answers[name]).label.removeprefix("…"))
        for label, name in _QUESTIONS
    ]
    week = "Unknown" if record.run_week is None else record.run_week
    kind = "Unknown" if record.work_kind is None else record.work_kind.value.capitalize()
    evidence = "None" if record.evidence is None else record.evidence.value.replace("_", "-").capitalize()
    told = (("Week", week), ("Kind of work", kind), *said, ("Evidence", evidence), ("Sealed in", one.sealed_in))
    return RunToShow(one.run_id, title(one.title), said[0][1], told, one.commits)


def _path(path: str) -> str:
    return " · ".join(part.replace("_", " ") for part in path.split("."))
