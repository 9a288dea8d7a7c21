"""The parts of Claude Code's rows that are read; everything else in a line is skipped unread."""

import msgspec

from goodmeasure.sources._formats.jsonl import ABSENT, Count


class Creation(msgspec.Struct, gc=False):
    """`usage.cache_creation`."""

    ephemeral_5m_input_tokens: Count | None = None
    ephemeral_1h_input_tokens: Count | None = None


class OutputDetails(msgspec.Struct, gc=False):
    """`usage.output_tokens_details` (from 2.1.252 on)."""

    thinking_tokens: Count | None = None


class ServerTools(msgspec.Struct, gc=False):
    """`usage.server_tool_use`."""

    web_search_requests: Count | None = None


class Iteration(msgspec.Struct, gc=False):
    """One entry of `usage.iterations` (from 2.1.38 on): one attempt, by one model."""

    model: str | None = None
    input_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_creation: Creation | None = None


class Usage(msgspec.Struct, gc=False):
    """`message.usage`: input, cache read and cache creation are disjoint; output includes thinking."""

    input_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_creation: Creation | None = None
    output_tokens_details: OutputDetails | None = None
    server_tool_use: ServerTools | None = None
    service_tier: str | None = None
    speed: str | None = None
    iterations: list[Iteration] | None = None


class Block(msgspec.Struct, gc=False):
    """One content block. Texts stay raw: they are decoded only where a title or a fixed sentence is looked for."""

    type: str | None = None
    id: str | None = None
    name: str | None = None
    text: msgspec.Raw = ABSENT
    tool_use_id: str | None = None
    is_error: bool | None = None
    content: msgspec.Raw = ABSENT


class Message(msgspec.Struct, gc=False):
    """`message` of user and assistant rows."""

    id: str | None = None
    model: str | None = None
    content: str | list[Block] | None = None
    stop_reason: str | None = None
    usage: Usage | None = None


class Origin(msgspec.Struct, gc=False):
    """`origin` of a user row: `human`, `task-notification` and others."""

    kind: str | None = None


class Decision(msgspec.Struct, gc=False):
    """`permissionDecision` of a tool result (from 2.1.330 on)."""

    decision: str | None = None
    source: str | None = None


class Attachment(msgspec.Struct, gc=False, rename="camel"):
    """`attachment`; only `queued_command` is read."""

    type: str | None = None
    command_mode: str | None = None
    prompt: msgspec.Raw = ABSENT


class Progress(msgspec.Struct, gc=False, rename="camel"):
    """`data` of a progress row; `agent_progress` relays a sub-agent's whole row."""

    type: str | None = None
    agent_id: str | None = None
    message: msgspec.Raw = ABSENT


class ModelTotal(msgspec.Struct, gc=False, rename="camel"):
    """One model's entry in the `modelUsage` of a cost-state row."""

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    thinking_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None
    cache_creation_ephemeral_5m_input_tokens: Count | None = msgspec.field(
        default=None, name="cacheCreationEphemeral5mInputTokens"
    )
    cache_creation_ephemeral_1h_input_tokens: Count | None = msgspec.field(
        default=None, name="cacheCreationEphemeral1hInputTokens"
    )
    cost_usd: float | None = msgspec.field(default=None, name="costUSD")


class Connection(msgspec.Struct, gc=False):
    """`error.connection` or `cause` of an api_error row."""

    code: str | None = None


class ApiError(msgspec.Struct, gc=False):
    """`error` of an api_error row."""

    status: int | None = None
    connection: Connection | None = None
    cause: Connection | None = None
    code: str | None = None


class Row(msgspec.Struct, gc=False, rename="camel"):
    """One line. Any type of row may lack any field."""

    type: str | None = None
    subtype: str | None = None
    uuid: str | None = None
    session_id: str | None = None
    agent_id: str | None = None
    timestamp: str | None = None
    cwd: str | None = None
    git_branch: str | None = None
    version: str | None = None
    entrypoint: str | None = None
    is_sidechain: bool | None = None
    is_meta: bool | None = None
    is_compact_summary: bool | None = None
    is_visible_in_transcript_only: bool | None = None
    is_api_error_message: bool | None = None
    api_error_status: int | None = None
    cost_usd: float | None = msgspec.field(default=None, name="costUSD")
    error: msgspec.Raw = ABSENT
    cause: msgspec.Raw = ABSENT
    message: Message | None = None
    attachment: Attachment | None = None
    data: msgspec.Raw = ABSENT
    permission_mode: str | None = None
    prompt_source: str | None = None
    origin: Origin | None = None
    tool_denial_kind: str | None = None
    permission_decision: Decision | None = None
    original_model: str | None = None
    summary: str | None = None
    leaf_uuid: str | None = None
    custom_title: str | None = None
    ai_title: str | None = None
    model_usage: dict[str, ModelTotal] | None = None


class SessionNote(msgspec.Struct, omit_defaults=True):
    """What a reader remembers of one session. Instants are milliseconds since 1970 UTC."""

    parent: str | None = None
    relation: str | None = None
    first: int | None = None
    last: int | None = None
    cwd: str | None = None
    branch: str | None = None
    version: str | None = None
    entrypoint: str | None = None
    title: str | None = None
    rank: int = 0
    mode: str | None = None
    conversation: str | None = None
    """Id of the conversation that old clients continued in several files; empty once it is known that there is none."""


class Memory(msgspec.Struct, omit_defaults=True):
    """A reader's state between two readings of one file: ids, instants and titles, never message text."""

    began: int | None = None
    """Instant of the file's first row that has one, and the session that row names."""
    own: str | None = None
    last_uuid: str | None = None
    last_session: str | None = None
    sessions: dict[str, SessionNote] = {}
    open_calls: dict[str, bytes] = {}
    """Tool calls without a result so far: the agent's id and our key."""
