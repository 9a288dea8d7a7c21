"""What is new in one log file: compare it with what is known of it.

Files are only ever opened for reading, without waiting on anything that is not a regular file, and where the system
allows it without touching their time of last access.
"""

import os
import stat
from enum import Enum
from hashlib import blake2b
from typing import IO, NamedTuple, Protocol

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
