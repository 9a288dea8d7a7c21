"""What a source reads from an agent's log: small immutable records, one per fact.

They are `NamedTuple`s and not dataclasses because an import makes millions of them and hands them on as plain tuples
(docs/decisions/0003). Every instant is milliseconds since 1970-01-01 UTC. Unknown is `None`; zero is a measurement.
No field ever holds message text, tool arguments or file contents; a title is at most `TITLE_LENGTH` characters.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import IntFlag, StrEnum
from typing import NamedTuple

TITLE_LENGTH = 120
"""Longest local title of a run, in characters."""


class GenerationFlag(IntFlag):
    """What is doubtful about a generation.

    When one call is seen twice, only the doubts that both sightings share remain.
    """

    OUTPUT_LOWER_BOUND = 1
    """The agent logged only the start of the stream: `output_tokens` is at least this."""
    ESTIMATED = 2
    """The counts were estimated from text, not reported by the provider."""
    COPIED = 4
    """Seen in a copy of another session's history.

    The session named here may only be the copy's origin by inference.
    """
    RELAYED = 8
    """Known only from another session's progress records (the call's own log is missing)."""
    RESIDUAL = 16
    """Booked from the growth of the agent's running total: the call itself left no record."""
    TELEMETRY = 32
    """Known only from telemetry that the agent sent: no log shows the call."""


class Generation(NamedTuple):
    """One billed model call.

    Token counters are disjoint, except that `reasoning_tokens` is a part of `output_tokens`.
    """

    key: bytes
    """Identity: 16 bytes, hashed from stable facts of the source (`sources.base.identity`)."""
    session: str
    """Native id of the agent's session (or sub-agent session) that made the call."""
    recorded_at: int | None
    provider: str | None
    model: str | None
    input_tokens: int | None
    """Uncached input, tool-use prompt tokens included."""
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    """All billed output, reasoning included."""
    reasoning_tokens: int | None
    web_search_requests: int | None
    reported_cost_micros: int | None
    """Cost that the agent itself wrote beside the call, in micro-USD."""
    service_tier: str | None
    """Only where it changes the price: `fast`, `priority`, `flex`, `batch`; else None."""
    flags: int


class ToolKind(StrEnum):
    """What a tool does, whatever the agent calls it."""

    READ = "read"
    EDIT = "edit"
    RUN = "run"
    SEARCH = "search"
    FETCH = "fetch"
    AGENT = "agent"
    MCP = "mcp"
    OTHER = "other"


class ToolStatus(StrEnum):
    """How a tool call ended. Absent (None) while no result was seen."""

    OK = "ok"
    ERROR = "error"
    DENIED = "denied"
    INTERRUPTED = "interrupted"


class ToolCall(NamedTuple):
    """One tool call; call and result may be read apart: the known halves are merged by key."""

    key: bytes
    session: str
    called_at: int | None
    finished_at: int | None
    name: str | None
    kind: str | None
    """A `ToolKind` value."""
    status: str | None
    """A `ToolStatus` value, or None if no result was seen."""


class Prompt(NamedTuple):
    """One thing that the person (not the agent, a hook or a parent agent) said."""

    key: bytes
    session: str
    prompted_at: int | None


class NoticeKind(StrEnum):
    """Something that happened in a session beside calls, tools and prompts."""

    API_ERROR = "api_error"
    """A request failed for good; detail: the HTTP status or the agent's short error code."""
    RETRIED = "retried"
    """A request failed and was tried again; detail as for API_ERROR."""
    INTERRUPTED = "interrupted"
    COMPACTED = "compacted"
    REFUSED = "refused"
    """The model refused and another took over; detail: the model that refused."""
    PERMISSION_MODE = "permission_mode"
    """What the agent may do without asking; detail: the agent's own word for it."""
    APPROVED = "approved"
    """The person (or a rule) allowed a tool call; detail: `person` or `rule`."""
    DENIED = "denied"
    """The person (or a rule) refused a tool call; detail: `person` or `rule`."""


class Notice(NamedTuple):
    """One `NoticeKind` with at most a short code as detail, never text."""

    key: bytes
    session: str
    noticed_at: int | None
    kind: str
    detail: str | None


class TitleRank(IntFlag):
    """Where a title came from; the higher wins, and among equals the later."""

    NONE = 0
    PROMPT = 1
    SUMMARY = 2
    GENERATED = 3
    CHOSEN = 4


class Relation(StrEnum):
    """How a session hangs on its parent."""

    SUBAGENT = "subagent"
    """Started by the parent's agent: folded into the parent's run."""
    FORK = "fork"
    """Started by the person from a copy of the parent: a run of its own."""
    RESUME = "resume"
    """The parent continued under another id: folded into the parent's run."""


class SessionFacts(NamedTuple):
    """What is known of a session so far.

    Merging keeps the earliest start, the latest end, known over unknown, the higher title rank.
    """

    session: str
    parent: str | None
    relation: str | None
    """A `Relation` value; None exactly where `parent` is None."""
    started_at: int | None
    ended_at: int | None
    cwd: str | None
    git_branch: str | None
    git_repository: str | None
    agent_version: str | None
    entrypoint: str | None
    """How the agent was started (`cli`, `sdk-cli`, `vscode`, …), in the agent's own word."""
    title: str | None
    title_rank: int


class SessionTotal(NamedTuple):
    """The agent's own running total of one model in one session, later replaces earlier.

    Laid beside the calls, never added to them.
    """

    session: str
    model: str
    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    cost_micros: int | None


class ParseIssue(NamedTuple):
    """A line that could not be read.

    Its number (from 1) and what is wrong, in words for a person, without the line's text.
    """

    line: int
    what: str


@dataclass(slots=True)
class Batch:
    """What one stretch of a log taught us. Lists keep the order of the log; keys are unique within a batch."""

    lines: int = 0
    sessions: list[SessionFacts] = field(default_factory=list)
    generations: list[Generation] = field(default_factory=list)
    tool_calls: list[ToolCall] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    totals: list[SessionTotal] = field(default_factory=list)
    issues: list[ParseIssue] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    """Record types that this version of the reader does not know, with how often each was seen."""
