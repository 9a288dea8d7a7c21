"""Reads Copilot CLI's session store: the calls of sessions whose events tell less, or are gone."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from goodmeasure.domain.events import Batch, Generation, ParseIssue, Relation, SessionFacts, TitleRank
from goodmeasure.sources._formats.jsonl import Gathering, instant, title_of
from goodmeasure.sources._formats.rows import columns_of, rows_after
from goodmeasure.sources.copilot_cli.calls import KEY, call_key, counters
from goodmeasure.sources.copilot_cli.rows import Usage

_SESSIONS, _CALLS = "sessions", "assistant_usage_events"
_FACTS = ("id", "cwd", "repository", "branch", "summary", "created_at", "updated_at")
_USAGE = (
    "session_id", "agent_id", "model", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens",
    "reasoning_tokens", "created_at",
)  # fmt: skip
_NEEDED = frozenset({"session_id", "output_tokens"})
_CALLS_SINCE_SCHEMA = 8
"""The oldest schema that is known to hold calls; older ones may lack their table."""
_BATCH_ROWS = 2000
_MOST = 2**53


class Mark(msgspec.Struct, omit_defaults=True):
    """How far the store has been read."""

    call: int = 0
    """Row number of the last call."""
    updated: str = ""
    """Latest change of a session."""


_decode_mark = msgspec.json.Decoder(Mark)


def read_store(
    place: str,  # noqa: ARG001  there is one store, and its place tells nothing
    database: sqlite3.Connection,
    state: bytes | None,
) -> Iterator[tuple[Batch, bytes | None]]:
    """Read what is new; see `sources.base.DatabaseReader`. A line is a row."""
    mark = _decode_mark.decode(state) if state else Mark()
    gathering = Gathering(KEY)
    _read_sessions(database, mark, gathering)
    for row in _new_calls(database, mark, gathering):
        _read_call(row, gathering)
        if gathering.lines >= _BATCH_ROWS:
            yield gathering.batch(), msgspec.json.encode(mark)
            gathering = Gathering(KEY)
    yield gathering.batch(), msgspec.json.encode(mark)


def _read_sessions(database: sqlite3.Connection, mark: Mark, gathering: Gathering) -> None:
    columns = columns_of(database, _SESSIONS)
    if "id" not in columns:
        _tell(gathering, "The table of sessions is missing or has changed.")
        return
    latest = mark.updated
    for _, *cells in _rows(database, _SESSIONS, _FACTS, columns, gathering):
        session, cwd, repository, branch, summary, created, updated = (_text(cell) for cell in cells)
        if session is None or (updated or "") < mark.updated:
            continue
        gathering.lines += 1
        latest = max(latest, updated or "")
        title = title_of(summary)
        gathering.sessions[session] = SessionFacts(
            session, None, None, instant(created), instant(updated), cwd, branch, repository, None, None, title,
            TitleRank.PROMPT if title else TitleRank.NONE,
        )  # fmt: skip
    mark.updated = latest


def _new_calls(database: sqlite3.Connection, mark: Mark, gathering: Gathering) -> Iterator[tuple[bytes, list[Any]]]:
    """Yield key and cells of each new call. The old ones are counted too, for they are part of the keys."""
    columns = columns_of(database, _CALLS)
    if not columns >= _NEEDED:
        if columns or _schema(database) >= _CALLS_SINCE_SCHEMA:
            _tell(gathering, "The table of calls is missing or has changed.")
        return
    seen: dict[str, dict[int, int]] = {}
    for number, *cells in _rows(database, _CALLS, _USAGE, columns, gathering):
        session, agent, output = _text(cells[0]), _text(cells[1]), _count(cells[4])
        if session is None:
            continue
        key = call_key(seen, agent or session, output)
        if number > mark.call:
            mark.call = number
            yield key, cells


def _read_call(row: tuple[bytes, list[Any]], gathering: Gathering) -> None:
    key, (session, agent, model, *numbers, created) = row
    gathering.lines += 1
    at, agent = instant(_text(created)), _text(agent)
    whole, output, read, written, reasoning = (_count(number) for number in numbers)
    if any(number is not None and _count(number) is None for number in numbers):
        _tell(gathering, "A call holds something else than a number of tokens.")
    if agent is not None:
        gathering.sessions.setdefault(
            agent,
            SessionFacts(
                agent, session, Relation.SUBAGENT, at, None, None, None, None, None, None, None, TitleRank.NONE
            ),
        )  # fmt: skip
    figures = counters(Usage(whole, output, read, written, reasoning))
    gathering.add_generation(Generation(key, agent or session, at, None, _text(model), *figures, None, None, None, 0))


def _rows(
    database: sqlite3.Connection, table: str, wanted: tuple[str, ...], there: frozenset[str], gathering: Gathering
) -> Iterator[tuple[Any, ...]]:
    """Yield row number and the wanted cells of every row; a column that an older store lacks is unknown."""
    columns = [name if name in there else "NULL" for name in wanted]
    return rows_after(database, table, columns, 0, lambda what: _tell(gathering, what))


def _tell(gathering: Gathering, what: str) -> None:
    gathering.issues.append(ParseIssue(gathering.lines + 1, what))


def _schema(database: sqlite3.Connection) -> int:
    if "version" not in columns_of(database, "schema_version"):
        return 0
    (version,) = database.execute("SELECT max(version) FROM schema_version").fetchone()
    return version if isinstance(version, int) else 0


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) and cell else None


def _count(cell: object) -> int | None:
    return cell if isinstance(cell, int) and 0 <= cell <= _MOST else None
