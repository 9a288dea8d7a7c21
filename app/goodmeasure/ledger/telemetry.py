"""Telemetry in the ledger: written before it is acknowledged, and counted once beside the logs. Raw driver only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlcipher3 import dbapi2

from goodmeasure.domain.events import Generation, GenerationFlag
from goodmeasure.ledger.codes import bucket_of
from goodmeasure.ledger.files import BatchLike
from goodmeasure.ledger.matching import WINDOW_MS, Call, agree, nearest, united
from goodmeasure.ledger.merging import Sighting

TELEMETRY = int(GenerationFlag.TELEMETRY)
_LOWER_BOUND = int(GenerationFlag.OUTPUT_LOWER_BOUND)
_EVENT_TABLES = ("tool_call", "prompt", "notice")
_CALL = (
    "SELECT g.id, g.run_id, m.name, g.recorded_at, g.input_tokens, g.cache_read_tokens, g.cache_write_5m_tokens,"
    " g.cache_write_1h_tokens, g.output_tokens, g.reasoning_tokens, g.flags"
    " FROM generation g JOIN session s ON s.id = g.session_id LEFT JOIN model m ON m.id = g.model_id"
)
_SIGHTING = ", ".join(Sighting._fields)
_MATCHED = "EXISTS (SELECT 1 FROM telemetry_call t WHERE t.generation_id = g.id)"
_EVENTS_OF_LOGGED = (
    "SELECT e.key, s.run_id FROM session s JOIN telemetry_event e ON e.session_id = s.id"
    " WHERE s.source = ? AND s.native_id = ? AND EXISTS (SELECT 1 FROM session_file f WHERE f.session_id = e.session_id"
    " AND f.source_file_id NOT IN (SELECT source_file_id FROM telemetry_feed))"
)


class Outdated(NamedTuple):
    """What a change makes out of date: runs and quarter hours, to be added to."""

    runs: set[int]
    buckets: set[int]


def feeds_exist(connection: dbapi2.Connection) -> bool:
    """Tell whether telemetry was ever received; without it an import pays nothing for it."""
    return connection.execute("SELECT 1 FROM telemetry_feed LIMIT 1").fetchone() is not None


def unite(connection: dbapi2.Connection, written: Iterable[tuple[str, BatchLike]], outdated: Outdated) -> None:
    """Make one of what a log and telemetry both told, after these batches (with their sources) were written.

    Works in either order: a batch of telemetry looks for its calls among the logged ones, a batch of a log for its
    calls among those that only telemetry told. Tool calls, prompts and notices of telemetry go away where their
    session has a log.
    """
    if not feeds_exist(connection):
        return
    for source, batch in written:
        _forget_events(connection, source, batch, outdated)
        told = [event for event in batch.generations if event[-1] & TELEMETRY]
        logged = [event for event in batch.generations if not event[-1] & TELEMETRY]
        if told:
            _find_logged(connection, source, told, outdated)
        if logged:
            _find_told(connection, source, logged, outdated)


def note_events(connection: dbapi2.Connection, written: Iterable[tuple[str, BatchLike]]) -> None:
    """Remember which tool calls, prompts and notices came by telemetry, once they are written."""
    connection.executemany(
        "INSERT OR IGNORE INTO telemetry_event(key, session_id)"
        " SELECT ?1, id FROM session WHERE source = ?2 AND native_id = ?3",
        [
            (bytes(event[0]), source, event[1])
            for source, batch in written
            for events in (batch.tool_calls, batch.prompts, batch.notices)
            for event in events
        ],
    )


def unmatched(connection: dbapi2.Connection, generations: Sequence[Generation]) -> list[Generation]:
    """Leave out the calls that were told before and are known to stand in a log."""
    known = {
        row[0]
        for event in generations
        for row in connection.execute("SELECT key FROM telemetry_call WHERE key = ?", (event.key,))
    }
    return [event for event in generations if event.key not in known]


def _forget_events(connection: dbapi2.Connection, source: str, batch: BatchLike, outdated: Outdated) -> None:
    execute = connection.execute
    for native_id in {facts[0] for facts in batch.sessions}:
        keys = execute(_EVENTS_OF_LOGGED, (source, native_id)).fetchall()
        for key, run_id in keys:
            for table in _EVENT_TABLES:
                execute(f"DELETE FROM {table} WHERE key = ?", (key,))  # noqa: S608 - constant names
            execute("DELETE FROM telemetry_event WHERE key = ?", (key,))
            outdated.runs.add(run_id)


def _find_logged(connection: dbapi2.Connection, source: str, told: Sequence[Sequence[Any]], outdated: Outdated) -> None:
    for event in told:
        row = connection.execute(f"{_CALL} WHERE g.key = ? AND g.flags & 32", (bytes(event[0]),)).fetchone()
        if row is None:
            continue
        call = Call(*row)
        candidates = connection.execute(
            f"{_CALL} WHERE g.recorded_at BETWEEN ?1 - ?2 AND ?1 + ?2 AND NOT g.flags & 32 AND s.source = ?3"
            f" AND (g.output_tokens = ?4 OR g.flags & {_LOWER_BOUND}) AND NOT {_MATCHED}",
            (call.recorded_at, WINDOW_MS, source, call.output_tokens),
        )
        found = nearest(call, (other for other in map(Call._make, candidates) if agree(other, call)))
        if found is not None:
            _unite_pair(connection, found.id, call.id, outdated)


def _find_told(connection: dbapi2.Connection, source: str, logged: Sequence[Sequence[Any]], outdated: Outdated) -> None:
    instants = [event[2] for event in logged if event[2] is not None]
    if not instants:
        return
    told = connection.execute(
        f"{_CALL} WHERE g.recorded_at BETWEEN ? AND ? AND g.flags & 32 AND s.source = ?",
        (min(instants) - WINDOW_MS, max(instants) + WINDOW_MS, source),
    )
    waiting: dict[int, Call] = {call.id: call for call in map(Call._make, told)}
    by_output: dict[int | None, list[Call]] = defaultdict(list)
    for call in waiting.values():
        by_output[call.output_tokens].append(call)
    for event in logged:
        seen = _seen(event)
        near = waiting.values() if seen.flags & _LOWER_BOUND else by_output.get(seen.output_tokens, ())
        if not any(agree(seen, call) for call in near):
            continue
        row = connection.execute(f"{_CALL} WHERE g.key = ? AND NOT {_MATCHED}", (bytes(event[0]),)).fetchone()
        if row is None:
            continue
        found = nearest(Call(*row), [call for call in near if call.id in waiting and agree(Call(*row), call)])
        if found is not None:
            _unite_pair(connection, row[0], found.id, outdated)
            del waiting[found.id]


def _seen(event: Sequence[Any]) -> Call:
    """Return an event (in the order of `domain.events.Generation`) as a call that has no place yet."""
    return Call._make((0, 0, event[4], event[2], *event[5:11], event[-1]))


def _unite_pair(connection: dbapi2.Connection, logged_id: int, told_id: int, outdated: Outdated) -> None:
    execute = connection.execute
    one = f"SELECT {_SIGHTING}, key FROM generation WHERE id = ?"  # noqa: S608 - constant names
    *log, _ = execute(one, (logged_id,)).fetchone()
    *tale, key = execute(one, (told_id,)).fetchone()
    logged, told = Sighting(*log), Sighting(*tale)
    now = united(logged, told)
    if now != logged:
        marks = ",".join("?" * len(Sighting._fields))
        execute(f"UPDATE generation SET ({_SIGHTING}) = ({marks}) WHERE id = ?", (*now, logged_id))  # noqa: S608 - constant names
    execute("DELETE FROM generation WHERE id = ?", (told_id,))
    execute("INSERT INTO telemetry_call(key, generation_id) VALUES (?, ?)", (key, logged_id))
    outdated.runs.update((logged.run_id, told.run_id))
    outdated.buckets.update((bucket_of(logged.recorded_at), bucket_of(told.recorded_at)))
