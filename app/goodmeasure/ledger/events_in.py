"""Events into their tables: all events of a kind at once for a whole transaction, each identity once. Raw driver only.

One statement for many files costs a fraction of many statements for one file each; the rules are those of a strict
order all the same: every sighting of an event is merged after those that stood before it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlcipher3 import dbapi2

from goodmeasure.ledger.codes import COST_BASIS, TOOL_STATUS, bucket_of
from goodmeasure.ledger.files import BatchLike
from goodmeasure.ledger.merging import GENERATION_COLUMNS, Sighting, merged, merged_call
from goodmeasure.ledger.sessions import Sessions

CostOf = Callable[[Sequence[Any]], tuple[int | None, str]]
"""A generation (plain tuple in the order of `domain.events.Generation`) → cost in micro-USD and `CostBasis` value."""

_CHUNK = 500
_MOST_ID = 2**63 - 1
_Row = tuple[Any, ...]
"""What is inserted into a table; its first column is the key."""


@dataclass(slots=True)
class Placed:
    """The events of one reading, where they belong, and what became of them."""

    source: str
    file_id: int
    batch: BatchLike
    generations_added: int = 0
    generations_changed: int = 0
    duplicates: int = 0
    tool_calls_added: int = 0
    prompts_added: int = 0


def _insert(table: str, columns: Sequence[str]) -> str:
    marks = ",".join("?" * len(columns))
    return f"INSERT INTO {table}({', '.join(columns)}) VALUES ({marks}) ON CONFLICT(key) DO NOTHING"  # noqa: S608 - constant names


_CALL_COLUMNS = ("called_at", "finished_at", "tool_id", "status")
_INSERT_GENERATION = _insert("generation", GENERATION_COLUMNS)
_INSERT_TOOL_CALL = _insert("tool_call", ("key", "session_id", "run_id", *_CALL_COLUMNS))
_INSERT_PROMPT = _insert("prompt", ("key", "session_id", "run_id", "prompted_at"))
_INSERT_NOTICE = _insert("notice", ("key", "session_id", "run_id", "noticed_at", "kind", "detail"))
_UPDATE_GENERATION = (
    f"UPDATE generation SET ({', '.join(Sighting._fields)}) = ({','.join('?' * len(Sighting._fields))}) WHERE id = ?"  # noqa: S608 - constant names; `_fields` is NamedTuple's public name
)
_UPDATE_TOOL_CALL = f"UPDATE tool_call SET ({', '.join(_CALL_COLUMNS)}) = (?,?,?,?) WHERE id = ?"  # noqa: S608 - constant names
_KEPT_TOTAL = (
    "input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens,"
    " cost_micros"
)
# Within a file the later total stands; a copy elsewhere may be older, and running totals only grow.
_PUT_TOTAL = (
    f"INSERT INTO session_total(session_id, model, source_file_id, {_KEPT_TOTAL})"  # noqa: S608 - constant names
    " VALUES (?,?,?,?,?,?,?,?,?,?)"
    f" ON CONFLICT DO UPDATE SET (source_file_id, {_KEPT_TOTAL}) = (excluded.source_file_id,"
    f" {', '.join(f'excluded.{name}' for name in _KEPT_TOTAL.split(', '))})"
    " WHERE source_file_id = excluded.source_file_id OR"
    " coalesce(excluded.output_tokens, 0) > coalesce(output_tokens, 0)"
)


class _Inserted(NamedTuple):
    """What became of the rows that were to be inserted."""

    fresh: list[int]
    """For each list of rows, how many were new."""
    again: list[tuple[int, _Row]]
    """Every other row, in order, and the number of its list: what it identifies was there before it."""


@dataclass(slots=True)
class _Call:
    """A generation that was seen again."""

    id: int
    before: Sighting
    now: Sighting
    losers: list[int] = field(default_factory=list)
    """Files that hold it without owning it."""


class EventsIn:
    """Writes the events of one transaction. All sessions must be learned before: that moves them between runs."""

    def __init__(self, connection: dbapi2.Connection, sessions: Sessions, cost_of: CostOf) -> None:
        self._connection = connection
        self._sessions = sessions
        self._cost_of = cost_of
        self._models: dict[tuple[str | None, str | None], int | None] = {(None, None): None}
        self._tools: dict[tuple[str | None, str | None], int] = {}
        self.buckets: set[int] = set()
        """Quarter hours whose usage sums are out of date."""

    def put(self, placed: Sequence[Placed]) -> None:
        """Write the events of these readings, in order, and count in each what became of them."""
        generations = self._insert("generation", _INSERT_GENERATION, [self._generation_rows(one) for one in placed])
        tool_calls = self._insert("tool_call", _INSERT_TOOL_CALL, [self._tool_call_rows(one) for one in placed])
        prompts = self._insert("prompt", _INSERT_PROMPT, [self._prompt_rows(one) for one in placed])
        self._insert("notice", _INSERT_NOTICE, [self._notice_rows(one) for one in placed])
        for number, one in enumerate(placed):
            one.generations_added = generations.fresh[number]
            one.tool_calls_added = tool_calls.fresh[number]
            one.prompts_added = prompts.fresh[number]
        if generations.again:
            self._merge_generations(placed, generations.again)
        if tool_calls.again:
            self._merge_tool_calls([row for _, row in tool_calls.again])
        self._put_totals(placed)

    def _insert(self, table: str, statement: str, lists: Sequence[list[_Row]]) -> _Inserted:
        first: dict[bytes, _Row] = {}
        for rows in lists:
            for row in rows:
                first.setdefault(row[0], row)
        sizes = [len(rows) for rows in lists]
        if not first:
            return _Inserted(sizes, [])
        newest = self._connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]  # noqa: S608 - constant names
        added = self._connection.executemany(statement, list(first.values())).rowcount
        if added == sum(sizes):
            return _Inserted(sizes, [])
        known = {row[0] for row in self._rows_of(table, "key", first, newest)} if added < len(first) else set()
        again = [
            (number, row)
            for number, rows in enumerate(lists)
            for row in rows
            if first[row[0]] is not row or row[0] in known
        ]
        for number, _ in again:
            sizes[number] -= 1
        return _Inserted(sizes, again)

    def _rows_of(
        self, table: str, columns: str, keys: Iterable[bytes], newest: int | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of these keys; with `newest` only those whose id is not beyond it."""
        wanted = list(keys)
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            yield from self._connection.execute(
                f"SELECT {columns} FROM {table} WHERE key IN ({marks}) AND id <= ?",  # noqa: S608 - constant names
                (*chunk, _MOST_ID if newest is None else newest),
            )

    # ---- calls

    def _generation_rows(self, place: Placed) -> list[_Row]:
        cost_of, models, buckets = self._cost_of, self._models, self.buckets
        rows: list[_Row] = []
        session, session_id, run_id = None, 0, 0
        for event in place.batch.generations:
            if event[1] != session:
                session = event[1]
                session_id, run_id = self._sessions.touched(place.source, session)
            at = event[2]
            model_id = models.get((event[3], event[4]))
            if model_id is None:
                model_id = self._model(event[3], event[4])
            buckets.add(bucket_of(at))
            cost, basis = cost_of(event)
            rows.append(
                (bytes(event[0]), session_id, run_id, place.file_id, model_id, at, *event[5:], cost, COST_BASIS[basis])
            )
        return rows

    def _merge_generations(self, placed: Sequence[Placed], again: Sequence[tuple[int, _Row]]) -> None:
        """Merge sightings of known calls, each into what those before it made of it."""
        calls: dict[bytes, _Call] = {}
        keys = dict.fromkeys(row[0] for _, row in again)
        for id_, key, *fields in self._rows_of("generation", f"id, key, {', '.join(Sighting._fields)}", keys):
            there = Sighting(*fields)
            calls[key] = _Call(id_, there, there)
        for number, row in again:
            place, call = placed[number], calls[row[0]]
            before, call.now = call.now, merged(call.now, Sighting(*row[1:]))
            if before.source_file_id != place.file_id:
                place.duplicates += 1
                took_over = call.now.source_file_id == place.file_id
                call.losers.append(before.source_file_id if took_over else place.file_id)
            elif call.now != before:
                place.generations_changed += 1
        self._keep(calls.values())

    def _keep(self, calls: Iterable[_Call]) -> None:
        changed = [call for call in calls if call.now != call.before]
        copied = [call for call in calls if call.losers]
        for call in changed:
            self._sessions.dirty.update((call.before.run_id, call.now.run_id))
            self.buckets.add(bucket_of(call.before.recorded_at))
        insert = self._connection.executemany
        insert(_UPDATE_GENERATION, [(*call.now, call.id) for call in changed])
        insert(
            "INSERT OR IGNORE INTO generation_copy VALUES (?, ?)",
            [(loser, call.id) for call in copied for loser in call.losers],
        )
        insert(
            "DELETE FROM generation_copy WHERE source_file_id = ? AND generation_id = ?",
            [(call.now.source_file_id, call.id) for call in copied],
        )

    # ---- other events

    def _tool_call_rows(self, place: Placed) -> list[_Row]:
        tools = self._tools
        rows: list[_Row] = []
        session, session_id, run_id = None, 0, 0
        for key, native_id, called_at, finished_at, name, kind, status in place.batch.tool_calls:
            if native_id != session:
                session = native_id
                session_id, run_id = self._sessions.touched(place.source, session)
            tool_id = tools.get((name, kind))
            if tool_id is None:
                tool_id = self._tool(name, kind)
            code = None if status is None else TOOL_STATUS[status]
            rows.append((bytes(key), session_id, run_id, called_at, finished_at, tool_id, code))
        return rows

    def _merge_tool_calls(self, rows: Iterable[_Row]) -> None:
        unknown_tool = self._tool(None, None)
        known = {
            key: (id_, run_id, tuple(old))
            for id_, key, run_id, *old in self._rows_of(
                "tool_call", f"id, key, run_id, {', '.join(_CALL_COLUMNS)}", dict.fromkeys(row[0] for row in rows)
            )
        }
        updates: dict[int, _Row] = {}
        for row in rows:
            id_, run_id, old = known[row[0]]
            now = merged_call(old, row[3:], unknown_tool)
            if now != old:
                known[row[0]] = (id_, run_id, now)
                updates[id_] = (*now, id_)
                self._sessions.dirty.add(run_id)
        self._connection.executemany(_UPDATE_TOOL_CALL, list(updates.values()))

    def _prompt_rows(self, place: Placed) -> list[_Row]:
        touched = self._sessions.touched
        return [(bytes(key), *touched(place.source, session), at) for key, session, at in place.batch.prompts]

    def _notice_rows(self, place: Placed) -> list[_Row]:
        touched = self._sessions.touched
        return [
            (bytes(key), *touched(place.source, session), at, kind, detail)
            for key, session, at, kind, detail in place.batch.notices
        ]

    def _put_totals(self, placed: Sequence[Placed]) -> None:
        rows = [
            (self._sessions.touched(place.source, session)[0], model, place.file_id, *counters)
            for place in placed
            for session, model, *counters in place.batch.totals
        ]
        if rows:
            self._connection.executemany(_PUT_TOTAL, rows)

    # ---- names

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
