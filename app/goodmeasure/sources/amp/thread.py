"""The parts of an Amp thread that are read; everything else in the document is skipped unread."""

import msgspec

from goodmeasure.sources._formats.jsonl import ABSENT, Count

KEY = "amp"


class Thread(msgspec.Struct, gc=False):
    """The document. Messages stay raw, so that one damaged message costs no other."""

    id: str | None = None
    created: int | None = None
    title: str | None = None
    messages: list[msgspec.Raw] = []
    env: msgspec.Raw = ABSENT
    usage_ledger: msgspec.Raw = msgspec.field(name="usageLedger", default=ABSENT)


class Usage(msgspec.Struct, gc=False, rename="camel"):
    """`usage` of an answer."""

    model: str | None = None
    timestamp: str | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None


class ToolRun(msgspec.Struct, gc=False):
    """`run` of a tool's result."""

    status: str | None = None


class Block(msgspec.Struct, gc=False):
    """One content block. Texts stay raw: only a first prompt's text is decoded."""

    type: str | None = None
    id: str | None = None
    name: str | None = None
    text: msgspec.Raw = ABSENT
    tool_use_id: str | None = msgspec.field(name="toolUseID", default=None)
    run: ToolRun | None = None


class MessageState(msgspec.Struct, gc=False):
    """`state` of an answer."""

    type: str | None = None


class MessageMeta(msgspec.Struct, gc=False):
    """`meta` of a message of the person."""

    sent_at: int | None = msgspec.field(name="sentAt", default=None)


class Message(msgspec.Struct, gc=False):
    """One entry of `messages`."""

    role: str | None = None
    message_id: int | str | None = msgspec.field(name="messageId", default=None)
    content: str | list[Block] | None = None
    state: MessageState | None = None
    usage: Usage | None = None
    meta: MessageMeta | None = None


class Repository(msgspec.Struct, gc=False):
    """`repository` of a tree."""

    url: str | None = None
    ref: str | None = None


class Tree(msgspec.Struct, gc=False):
    """One folder that the thread works in."""

    uri: str | None = None
    repository: Repository | None = None


class Platform(msgspec.Struct, gc=False):
    """`env.initial.platform`."""

    client_version: str | None = msgspec.field(name="clientVersion", default=None)
    client_type: str | None = msgspec.field(name="clientType", default=None)


class Initial(msgspec.Struct, gc=False):
    """`env.initial`."""

    trees: list[Tree] = []
    platform: Platform | None = None


class Env(msgspec.Struct, gc=False):
    """`env`."""

    initial: Initial | None = None


class LedgerTokens(msgspec.Struct, gc=False):
    """`tokens` of an event of the ledger: no cache counts."""

    input: Count | None = None
    output: Count | None = None


class LedgerEvent(msgspec.Struct, gc=False, rename="camel"):
    """One event of `usageLedger` (older threads)."""

    id: str | None = None
    timestamp: str | None = None
    model: str | None = None
    tokens: LedgerTokens | None = None
    to_message_id: int | str | None = None


class Ledger(msgspec.Struct, gc=False):
    """`usageLedger`."""

    events: list[msgspec.Raw] = []
