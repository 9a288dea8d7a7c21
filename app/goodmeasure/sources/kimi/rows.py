"""The parts of Kimi's wire files that are read; everything else in a line is skipped unread."""

import msgspec

from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, Count, text_of


class Usage(msgspec.Struct, gc=False):
    """`usage` of a record of Kimi Code: all four are disjoint, output includes reasoning."""

    input_other: Count | None = msgspec.field(default=None, name="inputOther")
    output: Count | None = None
    input_cache_read: Count | None = msgspec.field(default=None, name="inputCacheRead")
    input_cache_creation: Count | None = msgspec.field(default=None, name="inputCacheCreation")


class OldUsage(msgspec.Struct, gc=False):
    """`token_usage` of Kimi CLI, with the same meaning."""

    input_other: Count | None = None
    output: Count | None = None
    input_cache_read: Count | None = None
    input_cache_creation: Count | None = None


class Result(msgspec.Struct, gc=False):
    """`result` of a tool."""

    is_error: bool | None = msgspec.field(default=None, name="isError")


class Event(msgspec.Struct, gc=False):
    """`event` of a `context.append_loop_event`."""

    type: str | None = None
    uuid: str | None = None
    parent: str | None = msgspec.field(default=None, name="parentUuid")
    name: str | None = None
    result: Result | None = None


class Origin(msgspec.Struct, gc=False):
    """`origin` of a prompt."""

    kind: str | None = None


class Failure(msgspec.Struct, gc=False):
    """`error` of a turn that failed."""

    code: str | None = None
    details: msgspec.Raw = ABSENT


class Status(msgspec.Struct, gc=False):
    """`details` of a failure."""

    status_code: int | None = msgspec.field(default=None, name="statusCode")


class Payload(msgspec.Struct, gc=False):
    """`message.payload` of Kimi CLI. What differs in type from record to record stays raw."""

    user_input: msgspec.Raw = ABSENT
    token_usage: OldUsage | None = None
    message_id: str | None = None
    id: msgspec.Raw = ABSENT
    function: msgspec.Raw = ABSENT
    tool_call_id: str | None = None
    return_value: msgspec.Raw = ABSENT
    request_id: str | None = None
    response: msgspec.Raw = ABSENT
    status_code: int | None = None
    error_type: str | None = None


class OldMessage(msgspec.Struct, gc=False):
    """`message` of Kimi CLI."""

    type: str | None = None
    payload: msgspec.Raw = ABSENT


class Row(msgspec.Struct, gc=False):
    """One line: a record of Kimi Code, or with `timestamp` one of Kimi CLI."""

    type: str | None = None
    time: float | None = None
    created_at: float | None = None
    timestamp: float | None = None
    message: msgspec.Raw = ABSENT
    # Kimi Code
    model: str | None = None
    model_alias: str | None = msgspec.field(default=None, name="modelAlias")
    provider: str | None = None
    usage: Usage | None = None
    event: Event | None = None
    input: msgspec.Raw = ABSENT
    origin: Origin | None = None
    prompt_id: str | None = msgspec.field(default=None, name="promptId")
    mode: str | None = None
    reason: str | None = None
    error: Failure | None = None
    error_name: str | None = msgspec.field(default=None, name="errorName")
    status_code: int | None = msgspec.field(default=None, name="statusCode")
    tool_call_id: str | None = msgspec.field(default=None, name="toolCallId")
    result: msgspec.Raw = ABSENT
    disclosure: msgspec.Raw = msgspec.field(default=ABSENT, name="environmentDisclosure")


class Decision(msgspec.Struct, gc=False):
    """`result` of an approval."""

    decision: str | None = None


class Disclosure(msgspec.Struct, gc=False):
    """`environmentDisclosure`: what the client tells the model of its surroundings."""

    cwd: str | None = None


class Part(msgspec.Struct, gc=False):
    """One part of what a person entered."""

    text: msgspec.Raw = ABSENT


class Named(msgspec.Struct, gc=False):
    """`function` of a tool call of Kimi CLI."""

    name: str | None = None


class Returned(msgspec.Struct, gc=False):
    """`return_value` of a tool of Kimi CLI."""

    is_error: bool | None = None


class SessionState(msgspec.Struct, gc=False):
    """`state.json` of a session of Kimi Code."""

    id: str | None = None
    cwd: str | None = None
    title: str | None = None
    is_custom_title: bool | None = msgspec.field(default=None, name="isCustomTitle")
    created_at: msgspec.Raw = msgspec.field(default=ABSENT, name="createdAt")
    forked_from: str | None = msgspec.field(default=None, name="forkedFrom")


class Memory(msgspec.Struct):
    """What must be remembered of the lines before."""

    first_at: int | None = None
    last_at: int | None = None
    cwd: str | None = None
    title: str | None = None
    mode: str | None = None
    provider: str | None = None
    models: dict[str, str] = {}
    """The provider's name of a model, by the person's alias for it."""
    open_calls: dict[str, bytes] = {}
    """Keys of Kimi CLI's tool calls that wait for their result."""


_decode_parts = msgspec.json.Decoder(list[Part])


def first_text(entered: msgspec.Raw) -> str | None:
    """Return the first text of what a person entered: one text, or a list of parts."""
    whole = text_of(entered)
    if whole is not None or entered is ABSENT:
        return whole
    try:
        parts = _decode_parts.decode(entered)
    except FAULTS:
        return None
    return next((text for text in (text_of(part.text) for part in parts) if text), None)
