"""Reads Gemini CLI's chats: lines that only grow, and the whole documents of older clients."""

from collections.abc import Iterable, Iterator
from typing import IO

import msgspec

from goodmeasure.domain.events import Batch, ParseIssue
from goodmeasure.sources._formats.document import decoded_document
from goodmeasure.sources._formats.jsonl import ABSENT, Gathering, UnreadableLineError, text_of
from goodmeasure.sources._formats.line_rows import rows_of
from goodmeasure.sources.gemini_cli.chat import KEY, Chat
from goodmeasure.sources.gemini_cli.rows import Memory, Message, Row, Whole

_decode_row = msgspec.json.Decoder(Row)
_decode_whole = msgspec.json.Decoder(Whole)
_decode_message = msgspec.json.Decoder(Message)
_decode_memory = msgspec.json.Decoder(Memory)


class GeminiReader:
    """A `Reader` of one `chats/**/*.jsonl` file. Raises ValueError for a state that is not its own."""

    def __init__(self, path: str, state: bytes | None) -> None:
        self._memory = _decode_memory.decode(state) if state else Memory()
        self._chat = Chat(path, self._memory, Gathering(KEY))

    def state(self) -> bytes:
        """Return ids, instants and the title needed to go on."""
        return msgspec.json.encode(self._memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = self._chat.gathering = Gathering(KEY)
        for _, row in rows_of(_decode_row, lines, first_line, gathering):
            self._read(row)
        gathering.sessions = self._chat.facts()
        return gathering.batch()

    def _read(self, row: Row) -> None:
        if row.patch is not None:
            self._chat.patch(row.patch)
        elif row.rewind_to is not ABSENT:
            self._chat.rewind(text_of(row.rewind_to))
        elif row.type is None and row.session_id is not None:
            self._chat.begin(row)
        else:
            self._chat.read(row)


def read_chat(place: str, stream: IO[bytes]) -> Iterator[Batch]:
    """Read a whole chat; see `sources.base.DocumentReader`. A record is a message."""
    gathering = Gathering(KEY)
    chat = Chat(place, Memory(), gathering)
    try:
        whole = decoded_document(_decode_whole, stream)
    except UnreadableLineError as refusal:
        gathering.issues.append(ParseIssue(1, str(refusal)))
    else:
        chat.begin(whole)
        # Each message by itself, so that a damaged one costs no other.
        for _, message in rows_of(_decode_message, map(bytes, whole.messages or ()), 1, gathering):
            chat.read(message)
    gathering.sessions = chat.facts()
    yield gathering.batch()
