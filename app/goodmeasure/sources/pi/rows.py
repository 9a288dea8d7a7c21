"""The parts of pi's session lines that are read; everything else in a line is skipped unread."""

import msgspec

from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, Count


class Usage(msgspec.Struct, gc=False):
    """`usage` of a reply: input, cache reads and cache writes are disjoint; output includes reasoning."""

    input: Count | None = None
    output: Count | None = None
    cache_read: Count | None = msgspec.field(default=None, name="cacheRead")
    cache_write: Count | None = msgspec.field(default=None, name="cacheWrite")
    cache_write_1h: Count | None = msgspec.field(default=None, name="cacheWrite1h")
    """The part of `cache_write` that lives one hour; only where the provider told it, and not in every version."""
    reasoning: Count | None = None
    cost: msgspec.Raw = ABSENT


class Cost(msgspec.Struct, gc=False):
    """`usage.cost`, in US dollars."""

    total: float | None = None


class Part(msgspec.Struct, gc=False):
    """One part of a message's content."""

    type: str | None = None
    id: str | None = None
    name: str | None = None
    text: msgspec.Raw = ABSENT


class Message(msgspec.Struct, gc=False):
    """`message` of a message entry."""

    role: str | None = None
    content: msgspec.Raw = ABSENT
    timestamp: msgspec.Raw = ABSENT
    provider: str | None = None
    model: str | None = None
    response_id: str | None = msgspec.field(default=None, name="responseId")
    usage: Usage | None = None
    stop_reason: str | None = msgspec.field(default=None, name="stopReason")
    error_message: msgspec.Raw = msgspec.field(default=ABSENT, name="errorMessage")
    tool_call_id: str | None = msgspec.field(default=None, name="toolCallId")
    is_error: bool | None = msgspec.field(default=None, name="isError")


class Entry(msgspec.Struct, gc=False):
    """One line: the session's header, or an entry of its tree."""

    type: str | None = None
    id: str | None = None
    timestamp: str | None = None
    message: Message | None = None
    cwd: msgspec.Raw = ABSENT
    parent_session: msgspec.Raw = msgspec.field(default=ABSENT, name="parentSession")
    branched_from: msgspec.Raw = msgspec.field(default=ABSENT, name="branchedFrom")
    """What the first version of the format calls `parentSession`."""
    name: msgspec.Raw = ABSENT


class Memory(msgspec.Struct):
    """What must be remembered of the lines before."""

    session: str | None = None
    parent: str | None = None
    began: int | None = None
    first_at: int | None = None
    last_at: int | None = None
    cwd: str | None = None
    title: str | None = None
    title_rank: int = 0
    open_calls: dict[str, bytes] = {}
    """Keys of tool calls that wait for their result, by the call's id."""


_decode_cost = msgspec.json.Decoder(Cost)
_decode_parts = msgspec.json.Decoder(list[Part])
_decode_number = msgspec.json.Decoder(int)


def cost_in(usage: Usage) -> float | None:
    """Return the dollars beside a call; None where there are none. Zero stands for a model without a known price."""
    try:
        return None if usage.cost is ABSENT else _decode_cost.decode(usage.cost).total or None
    except FAULTS:
        return None


def parts_of(content: msgspec.Raw) -> list[Part]:
    """Return the parts of a message's content; none where it is one text or something else."""
    try:
        return [] if content is ABSENT else _decode_parts.decode(content)
    except FAULTS:
        return []


def number_of(raw: msgspec.Raw) -> int | None:
    """Return a whole number; None for anything else."""
    try:
        return None if raw is ABSENT else _decode_number.decode(raw)
    except FAULTS:
        return None
