"""The import side of the ledger: events in, merged by identity, one transaction at a time. Raw driver only."""

import time
from collections.abc import Iterable

from sqlcipher3 import dbapi2

from goodmeasure.ledger.arranging import rearrange
from goodmeasure.ledger.events_in import CostOf, EventsIn, Placed
from goodmeasure.ledger.files import UNSIGNED, BatchLike, FileReading, Written
from goodmeasure.ledger.forgetting import Marks
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.sessions import ProjectOf, Sessions
from goodmeasure.ledger.summaries import refresh
from goodmeasure.ledger.telemetry import Outdated, note_events, unite
from goodmeasure.ledger.untitled import untitled

ISSUES_KEPT = 100
"""Most issues that are kept of one file; all are counted."""
_JOURNAL_PAGES = 8_000
_CACHE_KIB = 16_000
"""An import is as fast with less page cache than the screens have, and stays small."""
_NOTHING = Written(
    skipped=True,
    lines=0,
    generations_added=0,
    generations_changed=0,
    duplicates=0,
    tool_calls_added=0,
    prompts_added=0,
    unreadable=0,
    unknown=0,
)


_SELECT_FILE = "SELECT id, offset_bytes, lines, unreadable, unknown FROM source_file WHERE path = ?"


class ImportWriter:
    """Writes what was read. One writer at a time writes; a second process waits, then skips what the first has read."""

    def __init__(self, ledger: Ledger, cost_of: CostOf, project_of: ProjectOf, *, keep_titles: bool = True) -> None:
        # An import dirties many pages per commit: copying them home less often halves the writing.
        ledger.raw().execute(f"PRAGMA wal_autocheckpoint={_JOURNAL_PAGES}")
        ledger.raw().execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        self._ledger = ledger
        self._cost_of = cost_of
        self._project_of = project_of
        self._keep_titles = keep_titles

    def write(self, reading: FileReading, batch: BatchLike) -> Written:
        """Write one reading in one transaction. Raises LedgerError; then nothing of it was written."""
        return self.write_many([(reading, batch)])[0]

    def write_many(self, readings: Iterable[tuple[FileReading, BatchLike]]) -> list[Written]:
        """Write several readings in one transaction, in order: many small files share the cost of one commit.

        Raises LedgerError; then none of them was written.
        """
        with self._ledger.writing() as connection:
            transaction = Transaction(connection, self._cost_of, self._project_of)
            kept = readings if self._keep_titles else (untitled(*arrived) for arrived in readings)
            return transaction.write(kept)

    def finish(self) -> int:
        """Refresh what the screens read (run summaries, usage sums) and return how many runs changed.

        Cheap where nothing changed. Completes what an import that was killed left undone. Raises LedgerError.
        """
        return refresh(self._ledger)


class Transaction:
    """The readings of one transaction, and what they make out of date."""

    def __init__(self, connection: dbapi2.Connection, cost_of: CostOf, project_of: ProjectOf) -> None:
        self._connection = connection
        self._marks = Marks(connection)
        self._sessions = Sessions(connection, project_of)
        self._events = EventsIn(connection, self._sessions, cost_of)

    def write(self, readings: Iterable[tuple[FileReading, BatchLike]], *, told: bool = False) -> list[Written]:
        """Write files and sessions first, all events after them: by then every session is in its run.

        `told`: by telemetry, not read from logs. What both tell becomes one.
        """
        results = [self._place(reading, batch) for reading, batch in readings]
        self._sessions.flush()
        placed = [one for one in results if one is not None]
        self._events.put(placed)
        batches = [(one.source, one.batch) for one in placed]
        if told:
            note_events(self._connection, batches)
        unite(self._connection, batches, Outdated(self._sessions.dirty, self._events.buckets))
        # What a person merged and split stays so, whatever the log adds.
        self._sessions.dirty |= rearrange(self._connection, self._sessions.dirty)
        self._mark_dirty()
        return [_NOTHING if placed is None else _written(placed) for placed in results]

    def _place(self, reading: FileReading, batch: BatchLike) -> Placed | None:
        """Note how far the file is read, and its sessions; None where another import has read further."""
        known = self._connection.execute(_SELECT_FILE, (reading.path,)).fetchone()
        if not reading.restart and reading.start_offset != (known[1] if known else 0):
            return None
        file_id = self._put_file(reading, batch, known)
        batch = self._marks.without(reading.source, batch)
        for facts in batch.sessions:
            self._sessions.learn(reading.source, facts, file_id)
        return Placed(reading.source, file_id, batch)

    def _mark_dirty(self) -> None:
        """Say which summaries are out of date, in the same transaction: a killed import's successor finds them."""
        insert = self._connection.executemany
        insert("INSERT OR IGNORE INTO dirty_run VALUES (?)", [(run_id,) for run_id in self._sessions.dirty])
        insert("INSERT OR IGNORE INTO dirty_bucket VALUES (?)", [(bucket,) for bucket in self._events.buckets])

    def _put_file(self, reading: FileReading, batch: BatchLike, known: tuple[int, ...] | None) -> int:
        execute = self._connection.execute
        lines, unreadable, unknown = (known[2], known[3], known[4]) if known and not reading.restart else (0, 0, 0)
        lines += batch.lines
        unreadable += sum(1 for line, _ in batch.issues if line <= lines)
        unknown += sum(batch.unknown.values())
        row = (
            reading.path,
            reading.source,
            _signed(reading.device),
            _signed(reading.inode),
            reading.size_bytes,
            reading.mtime_ns,
            reading.offset_bytes,
            reading.head_hash,
            reading.reader_state,
            lines,
            unreadable,
            unknown,
            time.time_ns() // 1_000_000,
        )
        columns = (
            "path, source, device, inode, size_bytes, mtime_ns, offset_bytes, head_hash, reader_state,"
            " lines, unreadable, unknown, read_at"
        )
        if known:
            execute(
                f"UPDATE source_file SET ({columns}) = (?,?,?,?,?,?,?,?,?,?,?,?,?) WHERE id = ?",  # noqa: S608 - constant names
                (*row, known[0]),
            )
            file_id = known[0]
            self._drop_stale(file_id, reading, lines - batch.lines)
        else:
            file_id = execute(f"INSERT INTO source_file({columns}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", row).lastrowid  # noqa: S608 - constant names
        self._put_issues(file_id, reading, batch)
        return file_id

    def _drop_stale(self, file_id: int, reading: FileReading, lines_before: int) -> None:
        # A cut-off tail was reported under the number of a line that is read now; a rewritten file tells all anew.
        execute = self._connection.execute
        execute(
            "DELETE FROM file_issue WHERE source_file_id = ? AND (line IS NULL OR line > ? OR ?)",
            (file_id, lines_before, reading.restart),
        )
        if reading.restart:
            execute("DELETE FROM unknown_record WHERE source_file_id = ?", (file_id,))
            execute("DELETE FROM generation_copy WHERE source_file_id = ?", (file_id,))

    def _put_issues(self, file_id: int, reading: FileReading, batch: BatchLike) -> None:
        execute = self._connection.execute
        issues: list[tuple[int | None, str]] = [(line, what) for line, what in batch.issues]
        if reading.problem is not None:
            issues.append((None, reading.problem))
        if issues:
            self._connection.executemany(
                "INSERT INTO file_issue(source_file_id, line, what) VALUES (?, ?, ?)",
                [(file_id, line, what) for line, what in issues[-ISSUES_KEPT:]],
            )
            execute(
                "DELETE FROM file_issue WHERE source_file_id = ?1 AND id NOT IN"
                " (SELECT id FROM file_issue WHERE source_file_id = ?1 ORDER BY id DESC LIMIT ?2)",
                (file_id, ISSUES_KEPT),
            )
        if batch.unknown:
            self._connection.executemany(
                "INSERT INTO unknown_record(source_file_id, type, count) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET count = count + excluded.count",
                [(file_id, name, count) for name, count in batch.unknown.items()],
            )


def _written(placed: Placed) -> Written:
    batch = placed.batch
    return Written(
        skipped=False,
        lines=batch.lines,
        generations_added=placed.generations_added,
        generations_changed=placed.generations_changed,
        duplicates=placed.duplicates,
        tool_calls_added=placed.tool_calls_added,
        prompts_added=placed.prompts_added,
        unreadable=len(batch.issues),
        unknown=sum(batch.unknown.values()),
    )


def _signed(number: int) -> int:
    """Return a file system's number (unsigned, 64 bits kept) as the signed one that the database can hold."""
    number %= UNSIGNED
    return number - UNSIGNED if number >= UNSIGNED // 2 else number
