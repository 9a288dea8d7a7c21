"""What was answered over many runs, before anybody decides what of it may be shown."""

from dataclasses import dataclass
from typing import Final

from goodmeasure.domain.assessments import AssessmentName, Collected, Need, Outcome

MIN_ANSWERS: Final = 10
"""No share is shown of fewer answers than this …"""
MIN_ANSWERS_DELICATE: Final = 20
"""… nor the share of a delicate answer of fewer than this."""
DELICATE: Final[frozenset[str]] = frozenset({Outcome.HARMFUL, Need.UNNECESSARY})


def may_show_share(answer: str, answers: int) -> bool:
    """Say whether the share of `answer` may be shown where the question has this many answers."""
    return answers >= (MIN_ANSWERS_DELICATE if answer in DELICATE else MIN_ANSWERS)


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 80 % interval, each from 0 to 1; low <= share <= high."""

    low: float
    share: float
    high: float


@dataclass(frozen=True, slots=True)
class DrawnEstimate:
    """Shares over all runs, estimated from the runs that the app drew. Exists only where there is enough to say."""

    drawn: int
    answered: int
    counts: dict[str, int]
    """Answered draws by answer, every answer of the question, in the taxonomy's order."""
    intervals: dict[str, Interval]
    """Same answers, same order."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers to one question over all runs that may be judged (`excluded` ones are out)."""

    name: AssessmentName
    counts: dict[str, int]
    """Runs by answer, every answer that stands in shares, zeros included, in the taxonomy's order."""
    not_rated: int
    """Runs without an answer, or with one that says "too early" or "unknown"."""
    collected: dict[Collected, int]
    """The counted answers by how they came to be given, every way, zeros included."""
    estimate: DrawnEstimate | None
    """None: not enough to say."""

    @property
    def rated(self) -> int:
        """Return how many runs have an answer."""
        return sum(self.counts.values())

    @property
    def runs(self) -> int:
        """Return how many runs there are, rated or not."""
        return self.rated + self.not_rated
