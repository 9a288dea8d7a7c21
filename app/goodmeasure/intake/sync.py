"""Bring the ledger up to date with the agents' logs: find, compare, parse, write, tell."""

import gc
import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from goodmeasure.domain.files import FileIssue
from goodmeasure.intake.find import Found, FoundFile, find_files, readable_name
from goodmeasure.intake.home import found_in_home
from goodmeasure.intake.report import MAX_ISSUES, ImportReport, Progress, SourceImport
from goodmeasure.intake.tail import UNFINISHED, Known, unchanged
from goodmeasure.intake.task import GARBAGE_THRESHOLD, Arrived, Task
from goodmeasure.ledger.behind import summaries_behind
from goodmeasure.ledger.files import FileReading, KnownFile, Written, known_files, reader_state
from goodmeasure.ledger.opening import Ledger
from goodmeasure.sources.base import Database, Document, Reading, Source

if TYPE_CHECKING:
    from goodmeasure.ledger.events_in import CostOf
    from goodmeasure.ledger.sessions import ProjectOf
    from goodmeasure.ledger.writer import ImportWriter

WORKER_BYTES = 24 << 20
"""With less than this to read, starting processes costs more than it saves."""
CHUNK_BYTES = 6 << 20
"""Small files are handed to a worker together, up to about this many bytes."""
_CHUNK_FILES = 64
_STATE_WEIGHT = 100
_TRANSACTION_BYTES = 32 << 20
"""Log bytes whose events share one commit: pages that many events touch are then encrypted and written once."""
_TRANSACTION_FILES = 512
_PROGRESS_SECONDS = 0.1
_FEW_FILES = 50
"""Up to this many files are asked for by name instead of asking for all."""
_USUAL_NEWS_BYTES = 1 << 16
"""What a known database is taken to hold that is new: only reading it would tell."""

Show = Callable[[Progress], None]
Readings = Mapping[tuple[str, int], Reading]
"""How to read a file, by its source's key and the number of its root."""


def never() -> bool:
    """Return False: an import that nobody can cancel."""
    return False


def import_home(
    ledger: Ledger,
    sources: Sequence[Source],
    home: Path | None,
    *,
    cost_of: "CostOf",
    project_of: "ProjectOf",
    keep_titles: bool = True,
    progress: Show | None = None,
    cancelled: Callable[[], bool] = never,
    is_heap: bool = True,
) -> ImportReport:
    """Read what is new in every log of `sources` under `home` (None: the user's own, environment overrides included).

    A named home that holds no agent's folder is read as a heap of logs, unless it is known to be none (`is_heap`).

    `progress` is called at most ten times a second. When `cancelled` returns True the import ends at the next batch and
    keeps what is written; the next import goes on from there. `keep_titles`: whether runs keep a title.

    Raises LedgerError; unreadable logs are in the report.
    """
    found = found_in_home(sources, home) if is_heap else find_files(sources, home)
    writer = _writer(ledger, cost_of, project_of, keep_titles=keep_titles)
    return _Import(ledger, sources, writer, progress, cancelled).run(found)


def import_paths(
    ledger: Ledger,
    sources: Sequence[Source],
    paths: Sequence[Path],
    *,
    cost_of: "CostOf",
    project_of: "ProjectOf",
    keep_titles: bool = True,
    progress: Show | None = None,
    cancelled: Callable[[], bool] = never,
) -> ImportReport:
    """Read the files and folders that a person named; whose logs they are is found out by reading their first lines.

    Otherwise as `import_home`. Raises Refusal where a path is missing or holds no log that any source can read.
    """
    from goodmeasure.intake.guess import found_at  # noqa: PLC0415  only who names files loads what guesses

    found = found_at(paths, sources)
    writer = _writer(ledger, cost_of, project_of, keep_titles=keep_titles)
    return _Import(ledger, sources, writer, progress, cancelled).run(found)


def import_found(
    ledger: Ledger,
    sources: Sequence[Source],
    found: Found,
    *,
    cost_of: "CostOf",
    project_of: "ProjectOf",
    keep_titles: bool = True,
) -> ImportReport:
    """Read what is new in files that are known to have changed. Raises LedgerError."""
    writer = _writer(ledger, cost_of, project_of, keep_titles=keep_titles)
    return _Import(ledger, sources, writer, None, never).run(found)


def _writer(
    ledger: Ledger, cost_of: "CostOf", project_of: "ProjectOf", *, keep_titles: bool
) -> "Callable[[], ImportWriter]":
    def opened() -> "ImportWriter":
        from goodmeasure.ledger.writer import ImportWriter  # noqa: PLC0415  finding nothing new loads no writer

        return ImportWriter(ledger, cost_of, project_of, keep_titles=keep_titles)

    return opened


@dataclass(slots=True)
class _Counts:
    files: int = 0
    read: set[str] = field(default_factory=set)
    lines: int = 0
    generations_added: int = 0
    duplicates: int = 0
    unreadable: int = 0
    unknown: int = 0
    issues: list[FileIssue] = field(default_factory=list)


class _Import:
    """One import from beginning to end."""

    def __init__(
        self,
        ledger: Ledger,
        sources: Sequence[Source],
        writer: "Callable[[], ImportWriter]",
        progress: Show | None,
        cancelled: Callable[[], bool],
    ) -> None:
        self._ledger = ledger
        self._readings: Readings = {
            (source.key, number): root.reading for source in sources for number, root in enumerate(source.roots)
        }
        self._cancelled = cancelled
        self._counts: dict[str, _Counts] = {source.key: _Counts() for source in sources}
        self._open_writer = writer
        self._meter = _Meter(progress)

    @cached_property
    def _writer(self) -> "ImportWriter":
        return self._open_writer()

    def run(self, found: Found) -> ImportReport:
        with _little_garbage():
            return self._run(found)

    def _run(self, found: Found) -> ImportReport:
        tasks = self._tasks(found)
        self._meter.begin(tasks)
        stopped = False
        arriving = self._arrivals(tasks)
        try:
            for group in _grouped(arriving):
                self._write(group)
                if self._cancelled():
                    stopped = True
                    break
        finally:
            arriving.close()
        if tasks or summaries_behind(self._ledger):
            self._writer.finish()
        self._meter.end()
        return ImportReport(
            tuple(_closed(source, counts) for source, counts in self._counts.items() if counts.files or counts.issues),
            stopped,
        )

    def _tasks(self, found: Found) -> list[Task]:
        """Compare what was found with what is known; oldest change first, so that copies meet their originals."""
        few = len(found.files) <= _FEW_FILES
        known = known_files(self._ledger, [readable_name(file.path) for file in found.files] if few else None)
        changed: list[tuple[FoundFile, str, Known | None]] = []
        for file in found.files:
            self._counts[file.source].files += 1
            name = readable_name(file.path)
            before = _known(known.get(name), file.source)
            if not unchanged(file, before):
                changed.append((file, name, before))
        for obstacle in found.obstacles:
            self._issue(obstacle.source, FileIssue(obstacle.path, None, obstacle.what))
        changed.sort(key=lambda item: (item[0].mtime_ns, item[1]))
        return [
            Task(
                file.source,
                file.path,
                name,
                file.place,
                file.root,
                file.size_bytes,
                _new_bytes(file, before, self._readings[file.source, file.root]),
                before,
                reader_state(self._ledger, name) if before else None,
            )
            for file, name, before in changed
        ]

    def _arrivals(self, tasks: Sequence[Task]) -> Generator[list[Arrived], None, None]:
        chunks = _chunks(tasks)
        count = min(_cores(), len(chunks))
        if count > 1 and sum(task.new_bytes for task in tasks) >= WORKER_BYTES:
            from goodmeasure.intake.workers import parsed_elsewhere  # noqa: PLC0415  small imports start no process

            return parsed_elsewhere(chunks, self._readings, count, self._cancelled)
        return _parsed_here(tasks, self._readings)

    def _write(self, group: list[Arrived]) -> None:
        for (reading, batch), written in zip(group, self._writer.write_many(group), strict=True):
            self._count(reading, written)
            if not written.skipped:
                for line, what in batch.issues:
                    self._issue(reading.source, FileIssue(reading.path, line, what))
            if reading.problem:
                self._issue(reading.source, FileIssue(reading.path, None, reading.problem))
            self._meter.advance(reading)

    def _count(self, reading: FileReading, written: Written) -> None:
        counts = self._counts[reading.source]
        if written.lines:
            counts.read.add(reading.path)
        counts.lines += written.lines
        counts.generations_added += written.generations_added
        counts.duplicates += written.duplicates
        counts.unreadable += written.unreadable
        counts.unknown += written.unknown

    def _issue(self, source: str, issue: FileIssue) -> None:
        issues = self._counts[source].issues
        if len(issues) < MAX_ISSUES:
            issues.append(issue)


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Search seldom for cycles of objects."""
    usual = gc.get_threshold()
    gc.set_threshold(GARBAGE_THRESHOLD, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _parsed_here(tasks: Sequence[Task], readings: Readings) -> Generator[list[Arrived], None, None]:
    if not tasks:
        return
    from goodmeasure.intake.parse import guarded_readings  # noqa: PLC0415  finding nothing new loads no parser

    for task in tasks:
        for arrived in guarded_readings(task, readings[task.source, task.root]):
            yield [arrived]


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Meter:
    """Tells how far the import has come, at most ten times a second."""

    def __init__(self, show: Show | None) -> None:
        self._show = show
        self._sizes: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._files_done = 0
        self._bytes_done = 0
        self._bytes_total = 0
        self._last = 0.0
        self._source: str | None = None

    def begin(self, tasks: Sequence[Task]) -> None:
        self._sizes = {task.name: task.new_bytes for task in tasks}
        self._bytes_total = sum(self._sizes.values())
        self._tell(always=True)

    def advance(self, reading: FileReading) -> None:
        whole = self._sizes.get(reading.path, 0)
        before = self._done.get(reading.path, 0)
        now = min(whole, before + reading.offset_bytes - reading.start_offset)
        if reading.mtime_ns or reading.problem:
            now = whole
            self._files_done += 1
        self._done[reading.path] = now
        self._bytes_done += now - before
        self._source = reading.source
        self._tell()

    def end(self) -> None:
        self._source = None
        self._tell(always=True)

    def _tell(self, *, always: bool = False) -> None:
        if self._show is None:
            return
        now = time.monotonic()
        if always or now - self._last >= _PROGRESS_SECONDS:
            self._last = now
            self._show(Progress(self._files_done, len(self._sizes), self._bytes_done, self._bytes_total, self._source))


def _known(file: KnownFile | None, source: str) -> Known | None:
    if file is None:
        return None
    if file.source != source:
        # Taken for another agent's log before: nothing that is remembered of it holds, so it is read again.
        return Known(0, 0, 0, UNFINISHED, 0, None, 0)
    return Known(file.device, file.inode, file.size_bytes, file.mtime_ns, file.offset_bytes, file.head_hash, file.lines)


def _new_bytes(file: FoundFile, known: Known | None, reading: Reading) -> int:
    if known is None or isinstance(reading, Document):
        return file.size_bytes
    if isinstance(reading, Database):
        return min(file.size_bytes, _USUAL_NEWS_BYTES)
    return file.size_bytes - known.offset_bytes if file.size_bytes >= known.offset_bytes else file.size_bytes


def _chunks(tasks: Sequence[Task]) -> list[list[Task]]:
    chunks: list[list[Task]] = []
    size = 0
    for task in tasks:
        # Two chunks with their readers' states must fit into a pipe that nobody empties at that moment.
        new = task.new_bytes + _STATE_WEIGHT * len(task.state or b"")
        if not chunks or size + new > CHUNK_BYTES or len(chunks[-1]) >= _CHUNK_FILES:
            chunks.append([])
            size = 0
        chunks[-1].append(task)
        size += new
    return chunks


def _grouped(arriving: Iterable[list[Arrived]]) -> Iterator[list[Arrived]]:
    """Gather readings until their logs are large enough for one commit."""
    group: list[Arrived] = []
    size = 0
    for arrived in arriving:
        group += arrived
        size += sum(reading.offset_bytes - reading.start_offset for reading, _ in arrived)
        if size >= _TRANSACTION_BYTES or len(group) >= _TRANSACTION_FILES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _closed(source: str, counts: _Counts) -> SourceImport:
    return SourceImport(
        source,
        counts.files,
        len(counts.read),
        counts.lines,
        counts.generations_added,
        counts.duplicates,
        counts.unreadable,
        counts.unknown,
        tuple(counts.issues),
    )
