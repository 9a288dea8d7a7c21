"""The parts of Gemini CLI's chats that are read; everything else is skipped unread."""

import msgspec

from goodmeasure.sources._formats.jsonl import ABSENT, Count


class Tokens(msgspec.Struct, gc=False):
    """Usage of one answer: `input` includes `cached`; `output` leaves out `thoughts` and `tool`."""

    input: Count | None = None
    output: Count | None = None
    cached: Count | None = None
    thoughts: Count | None = None
    tool: Count | None = None


class Call(msgspec.Struct, gc=False):
    """One tool call of an answer, with its end."""

    id: str | None = None
    name: str | None = None
    status: str | None = None
    timestamp: str | None = None
    result: msgspec.Raw = ABSENT


class Message(msgspec.Struct, gc=False, rename="camel"):
    """One message: what the person said, an answer, or a notice of the client."""

    id: str | None = None
    timestamp: str | None = None
    type: str | None = None
    content: msgspec.Raw = ABSENT
    tokens: Tokens | None = None
    model: str | None = None
    tool_calls: list[Call] | None = None


class Patch(msgspec.Struct, gc=False, rename="camel"):
    """`$set`: changed facts of the session, or its history told anew."""

    messages: list[Message] | None = None
    last_updated: str | None = None
    summary: msgspec.Raw = ABSENT
    directories: msgspec.Raw = ABSENT


class Row(Message, gc=False, rename="camel"):
    """One line: a message, the session's facts, or a patch."""

    session_id: str | None = None
    start_time: str | None = None
    last_updated: str | None = None
    kind: str | None = None
    directories: msgspec.Raw = ABSENT
    summary: msgspec.Raw = ABSENT
    patch: Patch | None = msgspec.field(default=None, name="$set")
    rewind_to: msgspec.Raw = msgspec.field(default=ABSENT, name="$rewindTo")


class Whole(msgspec.Struct, gc=False, rename="camel"):
    """A chat of the clients up to about 0.39: one document. Messages stay raw, so that one cannot spoil the others."""

    session_id: str | None = None
    start_time: str | None = None
    last_updated: str | None = None
    kind: str | None = None
    directories: msgspec.Raw = ABSENT
    summary: msgspec.Raw = ABSENT
    messages: list[msgspec.Raw] | None = None


class Memory(msgspec.Struct, omit_defaults=True):
    """What is remembered of a chat: ids, instants and the title, never message text."""

    session: str | None = None
    subagent: bool = False
    first_at: int | None = None
    last_at: int | None = None
    cwd: str | None = None
    title: str | None = None
    title_rank: int = 0
    oldest_prompt: str | None = None
    """Id of the oldest prompt that the model still sees word by word."""
