"""From one log file to what the ledger writes: open, decide where to begin, and let the source's reader read."""

import os
from collections.abc import Iterator
from itertools import chain
from typing import IO, NamedTuple

from goodmeasure.domain.events import Batch, ParseIssue
from goodmeasure.intake.tail import (
    UNFINISHED,
    Known,
    Lines,
    Start,
    ends_inside_line,
    fingerprint,
    open_log,
    start_of,
)
from goodmeasure.ledger.files import FileReading
from goodmeasure.sources.base import ReaderFactory

BATCH_BYTES = 8 << 20
"""How much log goes into one batch: what an interrupted import may have to read again."""

Arrived = tuple[FileReading, Batch]
"""A reading and its events; the lists of a batch from another process hold plain lists in the records' field order."""

CUT_OFF = "cut off in the middle"


class Task(NamedTuple):
    """One file to read, with what is known of it. Plain values: it is sent to another process."""

    source: str
    path: str
    """Opens the file."""
    name: str
    """What the ledger calls it."""
    place: str
    """What the reader is told: relative to the root."""
    size_bytes: int
    known: Known | None
    state: bytes | None
    """What the reader of this file had asked to be remembered."""


class _Now(NamedTuple):
    """How a file looked when it was opened."""

    device: int
    inode: int
    size_bytes: int
    mtime_ns: int


def readings(task: Task, reader: ReaderFactory) -> Iterator[tuple[FileReading, Batch]]:
    """Read what is new in a file, batch by batch; a file that cannot be read yields one reading that says why.

    A file that has vanished since it was found yields none: agents tidy up. All readings but the last carry
    `UNFINISHED` as time of change, so that an import which ends between them is gone on with.
    """
    try:
        with open_log(task.path) as stream:
            yield from _FileRun(task, reader, stream).batches()
    except FileNotFoundError:
        return
    except OSError as error:
        yield _unreadable(task, f"This file could not be read: {_reason(error)}."), Batch()


def guarded_readings(task: Task, reader: ReaderFactory) -> Iterator[Arrived]:
    """Yield a file's readings as `readings` does; a reader that fails costs this file's rest, not the import."""
    try:
        yield from readings(task, reader)
    except Exception as error:  # noqa: BLE001  whatever a reader does wrong, the other files are read
        yield crashed(task, f"the reader failed ({type(error).__name__})"), Batch()


def log_lines(stream: IO[bytes], *, packed: bool) -> Iterator[bytes]:
    """Yield the lines of an open log from its beginning; `packed`: it is compressed."""
    source = unpacked(stream) if packed else stream
    for stretch in Lines(source, 0, None).stretches():
        yield from stretch.lines


def unpacked(stream: IO[bytes]) -> IO[bytes]:
    """Return a compressed stream's contents as a stream. Reading it may raise zstandard's error."""
    import zstandard  # noqa: PLC0415  few homes have compressed logs

    opened: IO[bytes] = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
        stream, read_across_frames=True
    )
    return opened


def _reason(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()


def _unreadable(task: Task, problem: str) -> FileReading:
    """Return a reading of nothing. Its time of change is none, so that every import tries again."""
    known = task.known or Known(0, 0, 0, UNFINISHED, 0, None, 0)
    return FileReading(
        task.name,
        task.source,
        known.device,
        known.inode,
        known.size_bytes,
        UNFINISHED,
        known.offset_bytes,
        known.offset_bytes,
        known.fingerprint,
        task.state,
        problem=problem,
    )


def crashed(task: Task, what: str) -> FileReading:
    """Return the reading that says that a file could not be read because its reader failed."""
    return _unreadable(task, f"This file could not be read: {what}. Please report it.")


class _FileRun:
    """One pass over one open file."""

    def __init__(self, task: Task, reader: ReaderFactory, stream: IO[bytes]) -> None:
        self._task = task
        self._stream = stream
        self._now = _facts(stream)
        self._packed = task.path.endswith(".zst")
        start = self._start()
        self._moved = start is Start.MOVED
        go_on = start is not Start.AGAIN
        known = task.known if go_on else None
        self._offset = known.offset_bytes if known else 0
        self._line = known.lines if known else 0
        self._restart = task.known is not None and not go_on
        self._reader = reader(task.place, task.state if known else None)
        self._lines = self._open_lines()
        self._stretches = self._lines.stretches()
        self._done = False
        self._problem: str | None = None
        self._long: list[ParseIssue] = []

    def _start(self) -> Start:
        known = self._task.known
        if known is None or self._packed:
            return Start.AGAIN
        return start_of(self._stream, self._now, known)

    def _open_lines(self) -> Lines:
        if self._packed:
            self._stream.seek(0)
            return Lines(unpacked(self._stream), 0, None)
        open_line = ends_inside_line(self._stream, self._offset)
        self._stream.seek(self._offset)
        return Lines(self._stream, self._offset, self._now.size_bytes, after_open_line=open_line)

    def batches(self) -> Iterator[tuple[FileReading, Batch]]:
        """Yield one reading after the other until the file is read."""
        while not self._ended():
            start, first_line = self._offset, self._line + 1
            batch = self._reader.feed(chain.from_iterable(self._some_lines()), first_line)
            batch.issues.extend(self._long)
            if self._ended() and self._lines.cut_off:
                batch.issues.append(ParseIssue(self._line + 1, CUT_OFF))
            yield self._reading(start), batch
            self._long = []
            self._restart = False

    def _ended(self) -> bool:
        return self._done

    def _some_lines(self) -> Iterator[list[bytes]]:
        """Yield lists of lines up to `BATCH_BYTES`; sets `_done` where the file ends."""
        start = self._offset
        try:
            for stretch in self._stretches:
                self._offset = stretch.end
                self._line += len(stretch.lines)
                if stretch.too_long_bytes is not None:
                    size = f"{stretch.too_long_bytes / 1e6:,.0f} MB"
                    self._long.append(ParseIssue(self._line, f"too long to be read ({size})"))
                yield stretch.lines
                if self._offset - start >= BATCH_BYTES:
                    return
        except OSError as error:
            self._problem = f"This file could not be read to its end: {_reason(error)}."
        except Exception as error:
            if not self._packed:
                raise
            self._problem = f"This compressed file is damaged after line {self._line}: {error}."
        self._done = True

    def _reading(self, start: int) -> FileReading:
        now = self._now
        mark = None
        # A file that was shortened while it was read has no mark: the next import reads it from its beginning.
        if not self._packed and not self._lines.early:
            mark = fingerprint(self._stream, self._offset)
            self._stream.seek(self._lines.read_to)
        return FileReading(
            self._task.name,
            self._task.source,
            now.device,
            now.inode,
            now.size_bytes,
            now.mtime_ns if self._done and not self._lines.early else UNFINISHED,
            start,
            self._offset,
            mark,
            self._reader.state(),
            restart=self._restart,
            problem=self._problem,
        )


def _facts(stream: IO[bytes]) -> _Now:
    facts = os.fstat(stream.fileno())
    return _Now(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)
