"""A run as people see it, and the small records that screens and terminal read.

Instants are milliseconds since 1970 UTC, money is micro-USD.
"""

from dataclasses import dataclass
from enum import StrEnum

from goodmeasure.domain.assessments import Assessment, Draw
from goodmeasure.domain.costs import CostBasis
from goodmeasure.domain.evidence import CommitEvidence
from goodmeasure.domain.files import FileIssue
from goodmeasure.domain.usage import Counters


class RunOrder(StrEnum):
    """Columns that a list of runs can be sorted by."""

    STARTED = "started"
    TITLE = "title"
    PROJECT = "project"
    SOURCE = "source"
    MODEL = "model"
    DURATION = "duration"
    TOKENS = "tokens"
    COST = "cost"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs, in which order. Empty fields do not filter."""

    text: str = ""
    """Words (prefixes) that must all occur in title, project, model or source."""
    since: int | None = None
    """First start, inclusive."""
    until: int | None = None
    """Last start, exclusive."""
    source: str | None = None
    project: str | None = None
    cost_center: str | None = None
    work_kind: str | None = None
    outcome: str | None = None
    unrated: bool = False
    order: RunOrder = RunOrder.STARTED
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """One bounded piece of agent work, sub-agents folded in."""

    id: int
    key: str
    """Stable name outside this ledger: 16 hex digits hashed from source and root session."""
    source: str
    session: str
    """The agent's own id of the root session."""
    title: str | None
    project: str | None
    started_at: int | None
    ended_at: int | None
    models: tuple[str, ...]
    """Most used first."""
    counters: Counters
    tool_calls: int
    prompts: int
    errors: int
    """Failed requests and failed tool calls."""
    outcome: str | None
    """The current `outcome`, or None."""
    need: str | None
    cost_center: str | None = None
    work_kind: str | None = None
    """A `domain.facts.WorkKind` value; this and the next two are None until an import has looked."""
    data_class: str | None = None
    autonomy: str | None = None
    """A `domain.facts.Autonomy` value; None: the log does not tell."""

    @property
    def duration_seconds(self) -> float | None:
        """Seconds from first to last record; None where either is unknown."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at) / 1000


@dataclass(frozen=True, slots=True)
class GenerationRow:
    """One call in a run's timeline."""

    recorded_at: int | None
    model: str | None
    counters: Counters
    """Of this one call (`generations` is 1)."""
    cost_basis: CostBasis
    subagent: bool
    """Made by a sub-agent of the run."""


@dataclass(frozen=True, slots=True)
class ToolCallRow:
    """One tool call in a run's timeline."""

    called_at: int | None
    finished_at: int | None
    name: str | None
    kind: str | None
    status: str | None
    subagent: bool


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice in a run's timeline."""

    noticed_at: int | None
    kind: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class UnloggedUsage:
    """What the agent's own session totals show beyond its logged calls, per model. Shown apart, never added."""

    source: str
    model: str
    input_tokens: int
    cache_read_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class RunDetail:
    """One run with everything that is known of it, each list in order of time."""

    run: Run
    cwd: str | None
    git_branch: str | None
    agent_version: str | None
    entrypoint: str | None
    """How the agent was started, in its own word; of a run logged by hand what it was done with."""
    subagents: int
    permission_modes: tuple[str, ...]
    generations: tuple[GenerationRow, ...]
    tool_calls: tuple[ToolCallRow, ...]
    prompted_at: tuple[int | None, ...]
    notices: tuple[NoticeRow, ...]
    assessments: tuple[Assessment, ...]
    """Whole history, oldest first; superseded ones included."""
    unlogged: tuple[UnloggedUsage, ...]
    log_paths: tuple[str, ...]
    """The agent's own files that this run was read from."""
    evidence: tuple[CommitEvidence, ...] = ()
    """Commits that hang on it, dismissed ones left out."""
    evidence_asked_at: int | None = None
    """When its repository was last asked; None: never."""
    evidence_available: bool = False
    """Whether the repository could be asked then."""


@dataclass(frozen=True, slots=True)
class UsageRow:
    """Counters of one group of generations."""

    group: dict[str, str | None]
    """Grouping names (`source`, `model`, `project`, `cost_center`, `work_kind`, `day`, `week`, `month`, `session`) and
    their values.

    None: unknown.
    """
    counters: Counters


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What became of one source's files, over all imports."""

    source: str
    files: int
    lines: int
    generations: int
    duplicates: int
    unreadable: int
    unknown: int
    unknown_types: dict[str, int]
    issues: tuple["FileIssue", ...]
    """At most the 100 newest."""
    last_event_at: int | None
    estimated_generations: int
    output_lower_bound_generations: int
    runs: int
    tool_calls: int
    prompts: int
    feed: "Feed | None" = None
    """What the source sent as telemetry; None: nothing."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What one source sent to the receiver. Instants are milliseconds since 1970 UTC, by the receiver's clock."""

    requests: int
    records: int
    """Events and spans."""
    metrics: int
    calls: int
    """Billed calls among the records, each once; those that a log shows, too, included."""
    first_at: int
    last_at: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Requests that the receiver refused for one reason."""

    reason: str
    count: int
    last_at: int


@dataclass(frozen=True, slots=True)
class RatedRun:
    """The facts that aggregation needs of one run: no title, no place, no person."""

    run_id: int
    source: str
    project: str | None
    started_at: int | None
    ended_at: int | None
    list_cost_micros: int | None
    answers: dict[str, Assessment]
    """Current assessments by name; names taken back or never given are absent."""
    draw: Draw | None = None
    """How the app drew this run to be asked about; None: it did not, or draws were not recorded."""
    evidence: tuple[CommitEvidence, ...] = ()
    cost_center: str | None = None
    work_kind: str | None = None
    """A `domain.facts.WorkKind` value."""
