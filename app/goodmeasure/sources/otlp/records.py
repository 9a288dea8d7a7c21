"""What an agent sent, after decoding: groups of events and spans with the few attributes that are read."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from goodmeasure.sources.otlp.attributes import Attributes, code


class Signal(StrEnum):
    """The three kinds of telemetry."""

    LOGS = "logs"
    TRACES = "traces"
    METRICS = "metrics"


class Event(NamedTuple):
    """One log record."""

    name: str | None
    recorded_at: int | None
    """Milliseconds since 1970 UTC, as the sender's clock said."""
    trace: str
    """Trace id in hexadecimal; empty: none."""
    span: str
    attributes: Attributes


class Span(NamedTuple):
    """One span. Instants are milliseconds since 1970 UTC."""

    name: str
    trace: str
    span: str
    parent: str
    started_at: int | None
    ended_at: int | None
    failed: bool
    attributes: Attributes


@dataclass(slots=True)
class Group:
    """What one part of one program sent in one request."""

    resource: Attributes
    scope: str
    """Name of the part of the program (instrumentation scope)."""
    events: list[Event] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    metrics: int = 0
    """Number of metrics; they repeat what events and spans say and are not read."""

    @property
    def service(self) -> str:
        """Name of the program as it calls itself; empty where it does not."""
        return code(self.resource, "service.name") or ""

    @property
    def version(self) -> str | None:
        """Version of the program."""
        return code(self.resource, "service.version")
