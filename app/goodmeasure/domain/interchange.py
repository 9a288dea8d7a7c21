"""A judgement as it goes to another program of the person's own, and comes back."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from goodmeasure.domain.assessments import AssessmentSource, Collected


class Format(StrEnum):
    """Whose files are written and read."""

    OTEL = "otel"
    """OpenTelemetry's `gen_ai.evaluation.result` events, as OTLP JSON logs."""
    LANGFUSE = "langfuse"
    """What Langfuse's ingestion interface takes."""
    MLFLOW = "mlflow"
    """MLflow's feedback, as its own `to_dictionary` writes it."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One current judgement, with the names under which others know its run. Labels only: nothing here is a measure."""

    run: str | None
    """The run's key; None in a file that another program wrote."""
    session: str | None
    """The agent's own id of the run's root session."""
    agent: str | None
    """Key of the source."""
    name: str
    value: str
    source: AssessmentSource
    collected: Collected
    inclusion_probability: float | None
    assessed_at: int
    """Milliseconds since 1970 UTC."""
    answer_seconds: float | None
    suggested: str | None
    taxonomy_version: int


@dataclass(slots=True)
class ReadFile:
    """What a file holds."""

    judgements: list[Exchanged] = field(default_factory=list)
    left_aside: Counter[str] = field(default_factory=Counter)
    """What was no judgement that this taxonomy knows: why, and how many."""
