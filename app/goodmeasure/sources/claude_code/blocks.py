"""The blocks of a message as tool calls are read from them: what each says in full stays undecoded."""

import msgspec


class Block(msgspec.Struct):
    """One block of a message: a text, a call of a tool, or its result."""

    type: str | None = None
    id: str | None = None
    name: str | None = None
    input: msgspec.Raw = msgspec.Raw(b"null")
    tool_use_id: str | None = None
    is_error: bool | None = None
    content: msgspec.Raw = msgspec.Raw(b"null")


class Message(msgspec.Struct):
    """A message; its content is a text or a list of blocks."""

    content: msgspec.Raw = msgspec.Raw(b"null")


decode_blocks = msgspec.json.Decoder(list[Block]).decode
