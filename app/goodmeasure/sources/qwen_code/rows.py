"""The parts of Qwen Code's rows that are read; everything else in a line is skipped unread."""

import msgspec

from goodmeasure.sources._formats.jsonl import ABSENT, Count


class Usage(msgspec.Struct, gc=False, rename="camel"):
    """`usageMetadata` of an answer: the prompt includes cached tokens, the candidates include thoughts."""

    prompt_token_count: Count | None = None
    cached_content_token_count: Count | None = None
    candidates_token_count: Count | None = None
    thoughts_token_count: Count | None = None


class Message(msgspec.Struct, gc=False):
    """`message`: its parts stay raw until they are needed."""

    parts: msgspec.Raw = ABSENT


class ToolResult(msgspec.Struct, gc=False, rename="camel"):
    """`toolCallResult`."""

    call_id: str | None = None
    status: str | None = None


class Origin(msgspec.Struct, gc=False, rename="camel"):
    """`forkedFrom`: the session that a copied row was taken from."""

    session_id: str | None = None


class Row(msgspec.Struct, gc=False, rename="camel"):
    """One line. Any type of row may lack any field."""

    uuid: str | None = None
    session_id: str | None = None
    timestamp: str | None = None
    type: str | None = None
    subtype: str | None = None
    provenance: str | None = None
    cwd: str | None = None
    version: str | None = None
    git_branch: str | None = None
    agent_id: str | None = None
    model: str | None = None
    message: Message | None = None
    usage_metadata: Usage | None = None
    tool_call_result: ToolResult | None = None
    system_payload: msgspec.Raw = ABSENT
    forked_from: Origin | None = None


class UiEvent(msgspec.Struct, gc=False):
    """`systemPayload.uiEvent` of a telemetry row."""

    name: str | None = msgspec.field(default=None, name="event.name")
    timestamp: str | None = msgspec.field(default=None, name="event.timestamp")
    response_id: str | None = None
    prompt_id: str | None = None
    model: str | None = None
    subagent_id: str | None = None
    input_token_count: Count | None = None
    cached_content_token_count: Count | None = None
    output_token_count: Count | None = None
    thoughts_token_count: Count | None = None
    status_code: int | str | None = None
    error_type: str | None = None
    call_id: str | None = None
    function_name: str | None = None
    duration_ms: float | None = None
    status: str | None = None
    decision: str | None = None


class Compression(msgspec.Struct, gc=False, rename="camel"):
    """`systemPayload.info` of a compression; only status 1 changed the history."""

    compression_status: int | None = None


class Payload(msgspec.Struct, gc=False, rename="camel"):
    """`systemPayload`, as far as any subtype needs it."""

    ui_event: UiEvent | None = None
    info: Compression | None = None
    custom_title: str | None = None
    title_source: str | None = None
    mode: str | None = None
    parent_session_id: str | None = None


class FunctionCall(msgspec.Struct, gc=False):
    """A tool call that an answer asks for."""

    id: str | None = None
    name: str | None = None


class ModelTotal(msgspec.Struct, gc=False, rename="camel"):
    """One model's running total in `usage_record.jsonl`: input includes cached tokens, output includes thoughts."""

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cached_tokens: Count | None = None
    thoughts_tokens: Count | None = None


class UsageRecord(msgspec.Struct, gc=False, rename="camel"):
    """One line of `usage_record.jsonl`: a session as it stood when its process ended. Instants are milliseconds."""

    session_id: str | None = None
    timestamp: int | None = None
    start_time: int | None = None
    project: str | None = None
    models: dict[str, ModelTotal] | None = None


class Memory(msgspec.Struct, omit_defaults=True):
    """A reader's state between two readings of one file: ids, instants and the title, never message text."""

    session: str | None = None
    parent: str | None = None
    relation: str | None = None
    first_at: int | None = None
    last_at: int | None = None
    cwd: str | None = None
    branch: str | None = None
    version: str | None = None
    title: str | None = None
    title_rank: int = 0
    mode: str | None = None
    telemetry: bool = False
    """Answers stand in telemetry rows, so the usage beside a message repeats them."""
    answered: bool = False
    """The last answer's telemetry was seen, and its message not yet."""
