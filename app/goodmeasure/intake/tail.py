"""What is new in one log file: compare it with what is known of it, and read its complete lines in blocks.

Files are only ever opened for reading, without waiting on anything that is not a regular file, and where the system
allows it without touching their time of last access.
"""

import os
import stat
from collections.abc import Iterator
from enum import Enum
from hashlib import blake2b
from typing import IO, NamedTuple, Protocol

import msgspec

from goodmeasure.intake.long_lines import LongLine

BLOCK_BYTES = 1 << 20
"""How much is read at once."""
LONG_LINE_BYTES = 8 << 20
"""A line longer than this is compacted while it streams by."""
UNFINISHED = 0
"""Stored as a file's time of change while only a part of it has been read, so that the next import goes on."""

_HEAD_BYTES = 4096
_ANCHOR_BYTES = 256
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_ATIME: int = getattr(os, "O_NOATIME", 0)
_json = msgspec.json.Decoder(msgspec.Raw)


class Known(NamedTuple):
    """How a file stood when it was last read, as the ledger remembers it."""

    device: int
    inode: int
    size_bytes: int
    mtime_ns: int
    offset_bytes: int
    fingerprint: bytes | None
    lines: int


class Seen(Protocol):
    """How a file looks now."""

    @property
    def device(self) -> int:
        """Device number."""

    @property
    def inode(self) -> int:
        """Inode number."""

    @property
    def size_bytes(self) -> int:
        """Length in bytes."""

    @property
    def mtime_ns(self) -> int:
        """Last change, in nanoseconds since 1970."""


def unchanged(seen: Seen, known: Known | None) -> bool:
    """Return whether nothing can be new in a file, judged by its directory entry alone."""
    return known is not None and (seen.size_bytes, seen.mtime_ns, seen.inode, seen.device) == (
        known.size_bytes,
        known.mtime_ns,
        known.inode,
        known.device,
    )


class Start(Enum):
    """Where reading a changed file begins."""

    GO_ON = "go on"
    """At the stored offset: the file has grown, or was read only in part."""
    AGAIN = "again"
    """At its beginning: rewritten, truncated or replaced."""
    MOVED = "moved"
    """Nowhere: another device or inode number, but the same file."""


class NotAFile(OSError):  # noqa: N818  the sentence is what a person reads
    """The path is no regular file (any more)."""


def open_log(path: str) -> IO[bytes]:
    """Open a log for reading, unbuffered. Raises OSError; NotAFile for anything but a regular file."""
    try:
        handle = os.open(path, _FLAGS | _NO_ATIME)
    except PermissionError:
        # Only the owner of a file may ask for its access time to stay.
        handle = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotAFile("it is not a regular file")
    return open(handle, "rb", buffering=0)  # noqa: PTH123  a handle, not a path


def fingerprint(stream: IO[bytes], offset: int) -> bytes:
    """Return a mark of the file's first bytes (up to 4 KB) and of the last bytes before `offset`.

    Two bytes of length, eight of the head's hash, eight of the hash before the offset.
    """
    length = min(_HEAD_BYTES, offset)
    return length.to_bytes(2, "big") + _mark(stream, length, offset)


def start_of(stream: IO[bytes], seen: Seen, known: Known) -> Start:
    """Decide where to begin in a file that is not `unchanged`."""
    if known.fingerprint is None or seen.size_bytes < known.offset_bytes:
        return Start.AGAIN
    length = int.from_bytes(known.fingerprint[:2], "big")
    if _mark(stream, length, known.offset_bytes) != known.fingerprint[2:]:
        return Start.AGAIN
    if known.mtime_ns == UNFINISHED or seen.size_bytes > known.size_bytes:
        return Start.GO_ON
    if (seen.size_bytes, seen.mtime_ns) == (known.size_bytes, known.mtime_ns):
        return Start.MOVED
    # Same length, another time: touched, or rewritten in the middle. Reading again costs time and counts nothing twice.
    return Start.AGAIN


def ends_inside_line(stream: IO[bytes], offset: int) -> bool:
    """Return whether the byte before `offset` is no line feed: a last line was read before it had its line end."""
    stream.seek(max(0, offset - 1))
    return offset > 0 and stream.read(1) != b"\n"


def _mark(stream: IO[bytes], length: int, offset: int) -> bytes:
    stream.seek(0)
    head = _read_up_to(stream, length)
    start = max(0, offset - _ANCHOR_BYTES)
    stream.seek(start)
    anchor = _read_up_to(stream, offset - start)
    return blake2b(head, digest_size=8).digest() + blake2b(anchor, digest_size=8).digest()


def _read_up_to(stream: IO[bytes], length: int) -> bytes:
    parts = []
    while length > 0 and (part := stream.read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


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
