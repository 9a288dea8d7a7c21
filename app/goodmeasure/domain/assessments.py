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


class Outcome(StrEnum):
    """What became of it."""

    USED = "used"
    INFORMED = "informed"
    PARTIAL = "partial"
    DISCARDED = "discarded"
    HARMFUL = "harmful"
    PENDING = "pending"
    """Too early: asked again after 7 days."""
    EXCLUDED = "excluded"
    """Not to be judged: out of the shares, its cost stays in totals."""
    UNKNOWN = "unknown"
    """Too early for the second time. Set by the app, never by a key."""


class Need(StrEnum):
    """What would have happened without AI."""

    ESSENTIAL = "essential"
    HELPFUL = "helpful"
    EXTRA = "extra"
    UNNECESSARY = "unnecessary"


class TimeSaved(StrEnum):
    """Bands of minutes for this same task, losses first; `value.taxonomy.TIME_BANDS` has the minutes."""

    LOST_30_PLUS = "lost_30_plus"
    LOST_5_30 = "lost_5_30"
    SAME = "same"
    SAVED_5_15 = "saved_5_15"
    SAVED_15_30 = "saved_15_30"
    SAVED_30_60 = "saved_30_60"
    SAVED_60_120 = "saved_60_120"
    SAVED_120_240 = "saved_120_240"
    SAVED_240_PLUS = "saved_240_plus"
    UNKNOWN = "unknown"


class Review(StrEnum):
    """Who checked it."""

    NONE = "none"
    ACCEPTED = "accepted"
    LIGHT_EDITS = "light_edits"
    HEAVY_EDITS = "heavy_edits"
    REJECTED = "rejected"


class SecondPerson(StrEnum):
    """Whether a second person reviewed too."""

    YES = "yes"


class Confidence(StrEnum):
    """How sure the person is of the time band."""

    SURE = "sure"
    FAIRLY = "fairly"
    GUESS = "guess"


class Stratum(StrEnum):
    """The two pots from which the app draws runs to ask about."""

    COSTLY = "costly"
    """At or above the person's own 90th percentile of cost when drawn."""
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Draw:
    """The app picked this run to be asked about, whether it was answered or not."""

    stratum: Stratum
    inclusion_probability: float
    """0 < p <= 1."""
