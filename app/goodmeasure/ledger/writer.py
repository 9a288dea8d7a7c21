"""The import side of the ledger: events in, merged by identity, one transaction at a time. Raw driver only."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlcipher3 import dbapi2

from goodmeasure.ledger.codes import COST_BASIS, TOOL_STATUS, bucket_of
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.files import BatchLike, FileReading, KnownFile, Written
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.merging import GENERATION_COLUMNS, Sighting, merged, merged_call
from goodmeasure.ledger.sessions import ProjectOf, Sessions
from goodmeasure.ledger.summaries import refresh

CostOf = Callable[[Sequence[Any]], tuple[int | None, str]]
"""A generation (plain tuple in the order of `domain.events.Generation`) → cost in micro-USD and `CostBasis` value."""

ISSUES_KEPT = 100
"""Most issues that are kept of one file; all are counted."""
_CHUNK = 500
_JOURNAL_PAGES = 8_000
_UNSIGNED = 1 << 64
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


def _insert(table: str, columns: Sequence[str]) -> str:
    marks = ",".join("?" * len(columns))
    return f"INSERT INTO {table}({', '.join(columns)}) VALUES ({marks}) ON CONFLICT(key) DO NOTHING"  # noqa: S608 - constant names


_INSERT_GENERATION = _insert("generation", GENERATION_COLUMNS)
_INSERT_TOOL_CALL = _insert(
    "tool_call", ("key", "session_id", "run_id", "called_at", "finished_at", "tool_id", "status")
)
_INSERT_PROMPT = _insert("prompt", ("key", "session_id", "run_id", "prompted_at"))
_INSERT_NOTICE = _insert("notice", ("key", "session_id", "run_id", "noticed_at", "kind", "detail"))
_UPDATE_GENERATION = (
    f"UPDATE generation SET ({', '.join(Sighting._fields)}) = ({','.join('?' * len(Sighting._fields))}) WHERE id = ?"  # noqa: S608 - constant names; `_fields` is NamedTuple's public name
)
_SELECT_FILE = "SELECT id, offset_bytes, lines, unreadable, unknown FROM source_file WHERE path = ?"
_KEPT_TOTAL = (
    "input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens,"
    " cost_micros"
)


def known_files(ledger: Ledger) -> dict[str, KnownFile]:
    """Return every log file that the ledger knows, by path. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(
            "SELECT id, path, source, device, inode, size_bytes, mtime_ns, offset_bytes, head_hash, lines"
            " FROM source_file"
        )
        return {
            path: KnownFile(id_, path, source, device % _UNSIGNED, inode % _UNSIGNED, *rest)  # stored as signed
            for id_, path, source, device, inode, *rest in rows
        }


def reader_state(ledger: Ledger, path: str) -> bytes | None:
    """Return what the reader of this file asked to be remembered; None for an unknown file or where it was nothing."""
    with told(ledger.path):
        row = ledger.raw().execute("SELECT reader_state FROM source_file WHERE path = ?", (path,)).fetchone()
    return row[0] if row else None


class ImportWriter:
    """Writes what was read. One writer at a time writes; a second process waits, then skips what the first has read."""

    def __init__(self, ledger: Ledger, cost_of: CostOf, project_of: ProjectOf) -> None:
        # An import dirties many pages per commit: copying them home less often halves the writing.
        ledger.raw().execute(f"PRAGMA wal_autocheckpoint={_JOURNAL_PAGES}")
        self._ledger = ledger
        self._cost_of = cost_of
        self._project_of = project_of

    def write(self, reading: FileReading, batch: BatchLike) -> Written:
        """Write one reading in one transaction. Raises LedgerError; then nothing of it was written."""
        return self.write_many([(reading, batch)])[0]

    def write_many(self, readings: Iterable[tuple[FileReading, BatchLike]]) -> list[Written]:
        """Write several readings in one transaction, in order: many small files share the cost of one commit.

        Raises LedgerError; then none of them was written.
        """
        with self._ledger.writing() as connection:
            transaction = _Transaction(connection, self._cost_of, self._project_of)
            written = [transaction.write(reading, batch) for reading, batch in readings]
            transaction.mark_dirty()
        return written

    def finish(self) -> int:
        """Refresh what the screens read (run summaries, usage sums) and return how many runs changed.

        Cheap where nothing changed. Completes what an import that was killed left undone. Raises LedgerError.
        """
        return refresh(self._ledger)


class _Transaction:
    """The readings of one transaction, and what they make out of date."""

    def __init__(self, connection: dbapi2.Connection, cost_of: CostOf, project_of: ProjectOf) -> None:
        self._connection = connection
        self._cost_of = cost_of
        self._sessions = Sessions(connection, project_of)
        self._models: dict[tuple[str | None, str | None], int | None] = {(None, None): None}
        self._tools: dict[tuple[str | None, str | None], int] = {}
        self._buckets: set[int] = set()

    def write(self, reading: FileReading, batch: BatchLike) -> Written:
        known = self._connection.execute(_SELECT_FILE, (reading.path,)).fetchone()
        if not reading.restart and reading.start_offset != (known[1] if known else 0):
            return _NOTHING
        file_id = self._put_file(reading, batch, known)
        named = [self._sessions.learn(reading.source, facts)[0] for facts in batch.sessions]
        self._sessions.of_file(file_id, dict.fromkeys(named))
        added, changed, duplicates = self._put_generations(reading.source, file_id, batch.generations)
        tool_calls = self._put_tool_calls(reading.source, batch.tool_calls)
        prompts = self._put_prompts(reading.source, batch.prompts)
        self._put_notices(reading.source, batch.notices)
        self._put_totals(reading.source, file_id, batch.totals)
        return Written(
            skipped=False,
            lines=batch.lines,
            generations_added=added,
            generations_changed=changed,
            duplicates=duplicates,
            tool_calls_added=tool_calls,
            prompts_added=prompts,
            unreadable=len(batch.issues),
            unknown=sum(batch.unknown.values()),
        )

    def mark_dirty(self) -> None:
        """Say which summaries are out of date, in the same transaction: a killed import's successor finds them."""
        insert = self._connection.executemany
        insert("INSERT OR IGNORE INTO dirty_run VALUES (?)", [(run_id,) for run_id in self._sessions.dirty])
        insert("INSERT OR IGNORE INTO dirty_bucket VALUES (?)", [(bucket,) for bucket in self._buckets])

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

    def _put_generations(self, source: str, file_id: int, events: Sequence[Sequence[Any]]) -> tuple[int, int, int]:
        """Insert or merge; return how many were added, changed, and known already from another file."""
        if not events:
            return 0, 0, 0
        rows = [self._generation_row(source, file_id, event) for event in events]
        newest = self._connection.execute("SELECT coalesce(max(id), 0) FROM generation").fetchone()[0]
        added = self._connection.executemany(_INSERT_GENERATION, rows).rowcount
        if added == len(rows):
            return added, 0, 0
        changed, duplicates = self._merge_generations(file_id, {row[0]: row for row in rows}, newest)
        return added, changed, duplicates

    def _generation_row(self, source: str, file_id: int, event: Sequence[Any]) -> tuple[Any, ...]:
        key, session, at, provider, model, *counters, reported, tier, flags = event
        session_id, run_id = self._sessions.ids(source, session)
        self._sessions.dirty.add(run_id)
        self._buckets.add(bucket_of(at))
        cost, basis = self._cost_of(event)
        model_id = self._models.get((provider, model))
        if model_id is None:
            model_id = self._model(provider, model)
        return (
            bytes(key), session_id, run_id, file_id, model_id, at,
            *counters, reported, tier, flags, cost, COST_BASIS[basis],
        )  # fmt: skip

    def _merge_generations(self, file_id: int, rows: dict[bytes, tuple[Any, ...]], newest: int) -> tuple[int, int]:
        changed = duplicates = 0
        columns = ", ".join(Sighting._fields)
        for generation_id, key, *fields in self._known("generation", columns, list(rows), newest):
            old, seen = Sighting(*fields), Sighting(*rows[key][1:])
            now = merged(old, seen)
            if now != old:
                self._connection.execute(_UPDATE_GENERATION, (*now, generation_id))
                self._sessions.dirty.update((old.run_id, now.run_id))
                self._buckets.add(bucket_of(old.recorded_at))
            if old.source_file_id != file_id:
                duplicates += 1
                loser = old.source_file_id if now.source_file_id == file_id else file_id
                self._connection.execute("INSERT OR IGNORE INTO generation_copy VALUES (?, ?)", (loser, generation_id))
                self._connection.execute(
                    "DELETE FROM generation_copy WHERE source_file_id = ? AND generation_id = ?",
                    (now.source_file_id, generation_id),
                )
            elif now != old:
                changed += 1
        return changed, duplicates

    def _known(self, table: str, columns: str, keys: list[bytes], newest: int) -> list[tuple[Any, ...]]:
        """Return (id, key, columns…) of those keys that were there before this reading, by id."""
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            found += self._connection.execute(
                f"SELECT id, key, {columns} FROM {table} WHERE key IN ({marks}) AND id <= ?",  # noqa: S608 - constant names
                (*chunk, newest),
            ).fetchall()
        return sorted(found)

    def _put_tool_calls(self, source: str, events: Sequence[Sequence[Any]]) -> int:
        if not events:
            return 0
        rows = []
        for key, session, called_at, finished_at, name, kind, status in events:
            session_id, run_id = self._sessions.ids(source, session)
            self._sessions.dirty.add(run_id)
            code = None if status is None else TOOL_STATUS[status]
            rows.append((bytes(key), session_id, run_id, called_at, finished_at, self._tool(name, kind), code))
        newest = self._connection.execute("SELECT coalesce(max(id), 0) FROM tool_call").fetchone()[0]
        added: int = self._connection.executemany(_INSERT_TOOL_CALL, rows).rowcount
        if added < len(rows):
            by_key = {row[0]: row for row in rows}
            columns = "called_at, finished_at, tool_id, status, run_id"
            for call_id, key, *old in self._known("tool_call", columns, list(by_key), newest):
                now = merged_call(old, by_key[key][3:], self._tool(None, None))
                if now != tuple(old[:4]):
                    self._connection.execute(
                        "UPDATE tool_call SET (called_at, finished_at, tool_id, status) = (?,?,?,?) WHERE id = ?",
                        (*now, call_id),
                    )
                    self._sessions.dirty.add(old[4])
        return added

    def _put_prompts(self, source: str, events: Sequence[Sequence[Any]]) -> int:
        if not events:
            return 0
        rows = [(bytes(key), *self._touched(source, session), at) for key, session, at in events]
        return int(self._connection.executemany(_INSERT_PROMPT, rows).rowcount)

    def _put_notices(self, source: str, events: Sequence[Sequence[Any]]) -> None:
        if events:
            rows = [
                (bytes(key), *self._touched(source, session), at, kind, detail)
                for key, session, at, kind, detail in events
            ]
            self._connection.executemany(_INSERT_NOTICE, rows)

    def _touched(self, source: str, session: str) -> tuple[int, int]:
        ids = self._sessions.ids(source, session)
        self._sessions.dirty.add(ids[1])
        return ids

    def _put_totals(self, source: str, file_id: int, totals: Sequence[Sequence[Any]]) -> None:
        for session, model, *counters in totals:
            session_id, _ = self._touched(source, session)
            # Within a file the later total stands; a copy elsewhere may be older, and running totals only grow.
            self._connection.execute(
                f"INSERT INTO session_total(session_id, model, source_file_id, {_KEPT_TOTAL})"  # noqa: S608 - constant names
                " VALUES (?,?,?,?,?,?,?,?,?,?)"
                f" ON CONFLICT DO UPDATE SET (source_file_id, {_KEPT_TOTAL}) = (excluded.source_file_id,"
                f" {', '.join(f'excluded.{name}' for name in _KEPT_TOTAL.split(', '))})"
                " WHERE source_file_id = excluded.source_file_id OR"
                " coalesce(excluded.output_tokens, 0) > coalesce(output_tokens, 0)",
                (session_id, model, file_id, *counters),
            )

    def _model(self, provider: str | None, name: str | None) -> int | None:
        if provider is None and name is None:
            return None
        found = self._named("model", ("provider", "name"), (provider or "", name or ""))
        self._models[provider, name] = found
        return found

    def _tool(self, name: str | None, kind: str | None) -> int:
        found = self._tools.get((name, kind))
        if found is None:
            found = self._tools[name, kind] = self._named("tool", ("name", "kind"), (name or "", kind or ""))
        return found

    def _named(self, table: str, columns: tuple[str, str], values: tuple[str, str]) -> int:
        first, second = columns
        self._connection.execute(f"INSERT OR IGNORE INTO {table}({first}, {second}) VALUES (?, ?)", values)  # noqa: S608 - constant names
        row = self._connection.execute(f"SELECT id FROM {table} WHERE {first} = ? AND {second} = ?", values).fetchone()  # noqa: S608 - constant names
        return int(row[0])


def _signed(number: int) -> int:
    """Return a file system's number (unsigned, 64 bits kept) as the signed one that the database can hold."""
    number %= _UNSIGNED
    return number - _UNSIGNED if number >= _UNSIGNED // 2 else number
