"""The exact numbers of one period, before anybody decides what of them may be shown. They never leave as they are."""

from dataclasses import dataclass

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.evidence import Grade
from goodmeasure.domain.facts import Autonomy, DataClass, ExternalAction
from goodmeasure.domain.shares import Tally
from goodmeasure.domain.usage import Counters


@dataclass(frozen=True, slots=True)
class RunTraits:
    """What the appendices need of one run, beside its answers."""

    autonomy: str | None
    """A `domain.facts.Autonomy` value; None: the log does not tell."""
    data_class: str | None
    actions: frozenset[ExternalAction]
    """What it is known to have done outside the machine."""
    usage: tuple[tuple[str | None, Counters], ...]
    """Per model (None: unknown) what its calls used."""


NO_TRAITS = RunTraits(None, None, frozenset(), ())
"""Of a run of which nothing more is known."""


@dataclass(frozen=True, slots=True)
class ExactTime:
    """Minutes saved by some runs together, from the sum of low ends to the sum of high ends; negative: lost."""

    low_minutes: int
    high_minutes: int
    runs: int
    losing_runs: int
    """Runs whose whole band is a loss."""


@dataclass(frozen=True, slots=True)
class Checks:
    """Of the runs that acted outside the machine: whether a human checked them."""

    checked: int
    unchecked: int
    not_rated: int


@dataclass(frozen=True, slots=True)
class ExactNumbers:
    """Everything that levels L1 and L2 are made of, over the runs that may be judged (`excluded` ones are nowhere)."""

    runs: int
    tallies: dict[AssessmentName, Tally]
    """`outcome`, `need` and `review`."""
    times: dict[Grade, ExactTime]
    """By grade of evidence: `verified`, `linked`, `self_reported`; a grade without a time answer is absent."""
    autonomy: dict[Autonomy, int]
    """Runs by what the agent could do without asking, zeros included; the rest of `runs` is not known."""
    data_class: dict[DataClass, int]
    actions: dict[ExternalAction, int]
    """Runs that are known to have done each, zeros included."""
    checks: Checks
    usage: tuple[tuple[int, str | None, Counters], ...]
    """(run, model, what its calls used); the run's number only tells runs apart."""
