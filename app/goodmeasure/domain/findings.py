"""What the detectors of private findings are given, and what they find. Never leaves this machine.

Instants are milliseconds since 1970 UTC, money is micro-USD; unknown is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from goodmeasure.domain.work import Act


class Detector(StrEnum):
    """The fourteen patterns that are looked for."""

    TOOL_LOOP = "tool_loop"
    NO_PROGRESS = "no_progress"
    REPEAT_PROMPT = "repeat_prompt"
    RETRY_HEAVY = "retry_heavy"
    LOW_YIELD = "low_yield"
    CONTEXT_HEAVY = "context_heavy"
    COST_OUTLIER = "cost_outlier"
    COLD_CACHE = "cold_cache"
    REREADS = "rereads"
    TOOL_OVERHEAD = "tool_overhead"
    IDLE_RUN = "idle_run"
    OVERSIZED_MODEL = "oversized_model"
    UNACCOUNTED_COST = "unaccounted_cost"
    LOW_NEED = "low_need"


class ModelCall(NamedTuple):
    """One billed call of a run. Token counters are disjoint."""

    session: int
    """Number of the session that made it."""
    at: int | None
    model: str | None
    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    cost_micros: int | None


class ToolUse(NamedTuple):
    """One tool call of a run, as the ledger knows it."""

    at: int | None
    name: str | None
    kind: str | None
    """A `domain.events.ToolKind` value."""
    status: str | None
    """A `domain.events.ToolStatus` value."""


@dataclass(frozen=True, slots=True)
class LookedAtRun:
    """One run as the detectors see it: numbers, instants, names of tools; no title, no text."""

    run_id: int
    source: str
    project_id: int | None
    project: str | None
    started_at: int | None
    ended_at: int | None
    unattended: bool
    """Started by a program: nobody was there to be asked."""
    outcome: str | None
    need: str | None
    linked: bool
    """A commit that counts hangs on it."""
    cost_micros: int | None
    """Its list cost; None where any part of it is unknown."""
    work_kind: str | None = None
    """A `domain.facts.WorkKind` value."""
    calls: tuple[ModelCall, ...] = ()
    tools: tuple[ToolUse, ...] = ()
    prompted_at: tuple[int | None, ...] = ()
    acts: tuple[Act, ...] | None = None
    """What its logs tell, in their order; None where they cannot be asked (any more)."""


class Saving(NamedTuple):
    """What the runs of a finding might have cost less, in micro-USD: a range, never a sum over findings."""

    low_micros: int
    high_micros: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A pattern that was seen: a question to the person, not a judgement."""

    detector: Detector
    project_id: int | None
    project: str | None
    """Name of the project; None: unknown, or the finding is about all of them."""
    run_ids: tuple[int, ...]
    """The runs that it is about, the plainest case first."""
    seen: Mapping[str, int | float | str] = field(default_factory=dict)
    """What was seen, by the names that `docs/findings.md` explains."""
    saving: Saving | None = None
    """None: cannot be said."""


@dataclass(frozen=True, slots=True)
class Dismissals:
    """What the person said about one detector in one project."""

    count: int
    latest_at: int
