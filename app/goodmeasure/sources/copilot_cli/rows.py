"""The parts of Copilot CLI's events that are read; everything else in a line is skipped unread."""

import msgspec

from goodmeasure.sources._formats.jsonl import ABSENT, Count


class Row(msgspec.Struct, gc=False, rename="camel"):
    """One line: the envelope of every event. `data` is read as its type says."""

    type: str | None = None
    id: str | None = None
    timestamp: str | None = None
    agent_id: str | None = None
    data: msgspec.Raw = ABSENT


class Context(msgspec.Struct, gc=False, rename="camel"):
    """Where a session works."""

    cwd: str | None = None
    branch: str | None = None
    repository: str | None = None


class Begun(msgspec.Struct, gc=False, rename="camel"):
    """`session.start` and `session.resume`."""

    session_id: str | None = None
    copilot_version: str | None = None
    start_time: str | None = None
    context: Context | None = None


class Accounting(msgspec.Struct, gc=False, rename="camel"):
    """`usage.accounting`: in a fork the source is the session that made the call."""

    source_session_id: str | None = None


class Usage(msgspec.Struct, gc=False, rename="camel"):
    """Usage of one call, or of many: input includes cache reads and writes, output includes reasoning."""

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_read_tokens: Count | None = None
    cache_write_tokens: Count | None = None
    reasoning_tokens: Count | None = None


class CallUsage(Usage, gc=False, rename="camel"):
    """`usage` of a `session.usage_record`: one call."""

    model: str | None = None
    model_provider: str | None = None
    accounting: Accounting | None = None


class Recorded(msgspec.Struct, gc=False):
    """`session.usage_record`."""

    usage: CallUsage | None = None


class Requests(msgspec.Struct, gc=False):
    """How many calls a sum stands for."""

    count: Count | None = None


class ModelMetrics(msgspec.Struct, gc=False):
    """One model's sum over a session."""

    requests: Requests | None = None
    usage: Usage | None = None


class Shutdown(msgspec.Struct, gc=False, rename="camel"):
    """`session.shutdown`: sums over the session, resumed parts included."""

    model_metrics: dict[str, ModelMetrics] | None = None


class Said(msgspec.Struct, gc=False, rename="camel"):
    """`user.message`: `source` is set where nobody typed it."""

    content: msgspec.Raw = ABSENT
    source: str | None = None


class Answer(msgspec.Struct, gc=False, rename="camel"):
    """`assistant.message`: clients up to about 1.0.64 write the answer's output tokens here, and no other usage."""

    model: str | None = None
    output_tokens: Count | None = None


class Shell(msgspec.Struct, gc=False, rename="camel"):
    """How a shell command ended."""

    exit_code: int | None = None


class Failure(msgspec.Struct, gc=False):
    """`error` of a tool call."""

    code: str | None = None


class Tool(msgspec.Struct, gc=False, rename="camel"):
    """`tool.execution_start` and `tool.execution_complete`."""

    tool_call_id: str | None = None
    tool_name: str | None = None
    mcp_server_name: str | None = None
    success: bool | None = None
    error: Failure | str | None = None
    shell_execution: Shell | None = None


class Decision(msgspec.Struct, gc=False):
    """`result` of a permission request."""

    kind: str | None = None


class Permission(msgspec.Struct, gc=False, rename="camel"):
    """`permission.completed`."""

    result: Decision | None = None


class Mode(msgspec.Struct, gc=False, rename="camel"):
    """`session.mode_changed` and `session.permissions_changed`."""

    new_mode: str | None = None
    allow_all_permissions: bool | None = None


class Trouble(msgspec.Struct, gc=False, rename="camel"):
    """`session.error` and `model.call_failure`."""

    error_type: str | None = None
    status_code: int | None = None


class Titled(msgspec.Struct, gc=False):
    """`session.title_changed`."""

    title: msgspec.Raw = ABSENT


class Compaction(msgspec.Struct, gc=False):
    """`session.compaction_complete`."""

    success: bool | None = None


class Pending(msgspec.Struct):
    """The last answer of a model whose input is not known yet, and how many there are since the last sum."""

    key: bytes
    session: str
    at: int | None
    output: int
    count: int = 1


class Memory(msgspec.Struct, omit_defaults=True):
    """A reader's state between two readings of one file: ids, instants, counters and the title, never message text."""

    session: str | None = None
    parent: str | None = None
    first_at: int | None = None
    last_at: int | None = None
    cwd: str | None = None
    branch: str | None = None
    repository: str | None = None
    version: str | None = None
    title: str | None = None
    title_rank: int = 0
    mode: str | None = None
    recorded: bool = False
    """Calls have records of their own, so the sums at the end repeat them."""
    seen: dict[str, dict[int, int]] = {}
    """Per owner and output, how many calls there were so far."""
    pending: dict[str, Pending] = {}
    sums: dict[str, tuple[int, int, int, int, int, int]] = {}
    """Per model the last sum: calls, input, cache reads, cache writes, output, reasoning."""
