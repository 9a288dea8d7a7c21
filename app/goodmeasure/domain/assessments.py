"""A judgement on a run, in MLflow's shape: who said what, how it came to be asked, and what it replaces."""

from dataclasses import dataclass
from enum import StrEnum


class AssessmentName(StrEnum):
    """What is judged."""

    OUTCOME = "outcome"
    NEED = "need"
    TIME_SAVED = "time_saved"
    REVIEW = "review"
    SECOND_PERSON = "second_person"
    CONFIDENCE = "confidence"


class AssessmentSource(StrEnum):
    """Who judged."""

    HUMAN = "HUMAN"
    CODE = "CODE"
    LLM_JUDGE = "LLM_JUDGE"


class Collected(StrEnum):
    """How the judgement came to be made."""

    SAMPLED = "sampled"
    SELF_SELECTED = "self_selected"
    BATCH = "batch"
    RULE_CONFIRMED = "rule_confirmed"


@dataclass(frozen=True, slots=True)
class Assessment:
    """One judgement.

    Never changed once written: a later one supersedes it, and an undo is a later one whose value is None.
    """

    id: int | None
    """The ledger's number; None until written."""
    run_id: int
    name: AssessmentName
    value: str | None
    """A value of the taxonomy (`value.taxonomy`), or None: taken back."""
    source: AssessmentSource
    collected: Collected
    inclusion_probability: float | None
    """Chance with which the app drew the run, 0 < p <= 1; None where it was not drawn."""
    assessed_at: int
    """Milliseconds since 1970 UTC."""
    answer_seconds: float | None
    """How long the answer took, in seconds."""
    suggested: str | None
    """The value that the app had suggested, if any."""
    supersedes_id: int | None
    taxonomy_version: int
