"""Reading a file of JSON lines: decide where to begin, and let the source's reader read what is new."""

from collections.abc import Iterator
from itertools import chain
from typing import IO

from goodmeasure.domain.events import ParseIssue
from goodmeasure.intake.lines import Lines
from goodmeasure.intake.tail import UNFINISHED, Start, ends_inside_line, fingerprint, start_of
from goodmeasure.intake.task import Arrived, Task, facts_of, reason
from goodmeasure.ledger.files import FileReading
from goodmeasure.sources.base import ReaderFactory

BATCH_BYTES = 8 << 20
"""How much log goes into one batch: what an interrupted import may have to read again."""

CUT_OFF = "cut off in the middle"


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


class LineFile:
    """One pass over one open file."""

    def __init__(self, task: Task, reader: ReaderFactory, stream: IO[bytes]) -> None:
        self._task = task
        self._stream = stream
        self._now = facts_of(stream)
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

    def batches(self) -> Iterator[Arrived]:
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
            self._problem = f"This file could not be read to its end: {reason(error)}."
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
