"""Guesses about runs that a person makes for themselves, to learn how far their own sense can be trusted.

Private: nothing that leaves the machine may know of this module (pyproject.toml holds it).
"""

from dataclasses import dataclass
from enum import StrEnum

from goodmeasure.domain.evidence import CommitEvidence


class GuessName(StrEnum):
    """What is guessed."""

    EFFORT_BEFORE = "effort_before"
    """How long it would have taken without AI, asked before anything else about the run."""
    EFFORT_AFTER = "effort_after"
    """The same, asked when everything else was answered and the run's cost and length can be seen."""
    KEPT = "kept"
    """Whether it will still be there in two weeks."""


class Effort(StrEnum):
    """How long a task would have taken without AI, shortest first."""

    UNDER_5 = "under_5"
    FROM_5_TO_15 = "from_5_to_15"
    FROM_15_TO_30 = "from_15_to_30"
    FROM_30_TO_60 = "from_30_to_60"
    FROM_60_TO_120 = "from_60_to_120"
    FROM_120_TO_240 = "from_120_to_240"
    OVER_240 = "over_240"
    UNKNOWN = "unknown"


class Kept(StrEnum):
    """Whether the person expects the work to be there in two weeks."""

    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


@dataclass(frozen=True, slots=True)
class GuessedRun:
    """A run with its current guesses, and what is known of it by now."""

    run_id: int
    guesses: dict[GuessName, str]
    """Names taken back or never given are absent."""
    time_saved: str | None
    """The current answer to `time_saved`."""
    evidence: tuple[CommitEvidence, ...]
