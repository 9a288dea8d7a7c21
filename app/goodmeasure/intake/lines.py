"""The complete lines of a log, read in blocks."""

from collections.abc import Iterator
from typing import IO, NamedTuple

import msgspec

from goodmeasure.intake.long_lines import LongLine

BLOCK_BYTES = 1 << 20
"""How much is read at once."""
LONG_LINE_BYTES = 8 << 20
"""A line longer than this is compacted while it streams by."""

_json = msgspec.json.Decoder(msgspec.Raw)


class Stretch(NamedTuple):
    """Some complete lines, in order."""

    lines: list[bytes]
    """Without line ends."""
    end: int
    """Offset (exclusive) up to which everything is now consumed."""
    too_long_bytes: int | None = None
    """Not None: the one line (empty here) was this long, and too large even without its texts."""


class Lines:
    """The complete lines of a stream from an offset on. Memory stays flat whatever the length of a line.

    A last line without line end counts as complete if it is a whole JSON object; a line end that follows it later is
    skipped (`after_open_line`). `until`: where to stop, None: at the end of the stream, which must stand at `start`.
    """

    def __init__(self, stream: IO[bytes], start: int, until: int | None, *, after_open_line: bool = False) -> None:
        self._stream = stream
        self._at = start
        self.read_to = start
        """How far the stream has been read."""
        self._until = until
        self._carry = b""
        self._after_open_line = after_open_line
        self.cut_off = False
        """Known at the end: the file ends inside a line."""
        self.early = False
        """Known at the end: the stream ended before `until`: somebody shortened it while it was read."""

    def stretches(self) -> Iterator[Stretch]:
        """Yield all complete lines in order."""
        more = True
        while more:
            block = self._block()
            more = bool(block)
            if b"\n" in self._carry:  # whole lines, read behind a long one
                block, self._carry = self._carry + block, b""
            # Split before what is carried over is put in front: every byte is copied once.
            lines = block.split(b"\n")
            if len(lines) == 1:
                data = self._carry + block
                if len(data) > LONG_LINE_BYTES:
                    yield from self._long(data)
                else:
                    self._carry = data
                continue
            carried, self._carry = self._carry, lines.pop()
            self._at += len(carried) + len(block) - len(self._carry)
            if carried:
                lines[0] = carried + lines[0]
            yield Stretch(_without_returns(lines) if b"\r" in block or b"\r" in carried else lines, self._at)
        if self._carry:
            yield from self._last(self._carry, len(self._carry))
        self.early = self._until is not None and self.read_to < self._until

    def _block(self) -> bytes:
        length = BLOCK_BYTES if self._until is None else min(BLOCK_BYTES, self._until - self.read_to)
        block = self._stream.read(length) if length > 0 else b""
        self.read_to += len(block)
        if self._after_open_line and block:
            self._after_open_line = False
            ends = 2 if block.startswith(b"\r\n") else int(block.startswith(b"\n"))
            self._at += ends
            return block[ends:] or self._block()
        return block

    def _long(self, data: bytes) -> Iterator[Stretch]:
        """Compact a line that is longer than we hold, up to its end."""
        line, length = LongLine(LONG_LINE_BYTES), 0
        self._carry = b""
        while data:
            end = data.find(b"\n")
            piece = data if end < 0 else data[:end]
            line.add(piece)
            length += len(piece)
            if end >= 0:
                self._at += length + 1
                self._carry = data[end + 1 :]
                yield _long_stretch(line, self._at, length)
                return
            data = self._block()
        if line.too_long:
            self.cut_off = True
        else:
            yield from self._last(line.line(), length)

    def _last(self, text: bytes, length: int) -> Iterator[Stretch]:
        """Judge what stands after the last line end, `length` bytes in the file."""
        if _whole(text):
            self._at += length
            yield Stretch([text.rstrip(b"\r")], self._at)
        else:
            self.cut_off = bool(text.strip())
        self._carry = b""


def _long_stretch(line: LongLine, end: int, length: int) -> Stretch:
    if line.too_long:
        return Stretch([b""], end, length)
    return Stretch([line.line()], end)


def _without_returns(lines: list[bytes]) -> list[bytes]:
    return [line[:-1] if line.endswith(b"\r") else line for line in lines]


def _whole(text: bytes) -> bool:
    """Return whether a line that has no line end yet is nevertheless a whole JSON object."""
    if text.lstrip()[:1] != b"{":
        return False
    try:
        _json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
