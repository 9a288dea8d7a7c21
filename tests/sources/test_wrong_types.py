"""Logs whose fields hold anything at all, or that are cut off anywhere: told as issues, never raised."""

import json
import sqlite3
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.intake.find import find_files
from goodmeasure.sources.base import Database, Reading
from goodmeasure.sources.registry import all_sources
from tests.sources.homes import HERE
from tests.sources.readings import assert_sound, database_of, rows_read, source_of, taught, texts_in

OWN_TESTS = frozenset({"claude-code", "codex"})
"""Sources that `test_damage.py` tries line by line."""
CANARY = "canary in a coal mine"
WRONG: tuple[Any, ...] = (None, True, -1, 1.5, 2**60, "", "x y", [], {}, [[]], {"a": {"b": 1}}, [None], "\ud800")


def logs_of(key: str) -> list[tuple[Reading, str, bytes]]:
    source = source_of(key)
    if not source.roots:
        return []
    names = json.loads((HERE / key / "expected.json").read_text(encoding="utf-8"))
    return [
        (source.roots[file.root].reading, file.place, Path(file.path).read_bytes())
        for name in names
        for file in find_files([source], HERE / key / name).files
        if not isinstance(source.roots[file.root].reading, Database)
    ]


LOGS = {source.key: logs for source in all_sources() if source.key not in OWN_TESTS and (logs := logs_of(source.key))}
every_key = pytest.mark.parametrize("key", LOGS)


def databases_of(key: str) -> list[tuple[Database, str]]:
    """Return the databases of a source's golden homes, as SQL."""
    readings = [root.reading for root in source_of(key).roots if isinstance(root.reading, Database)]
    return [(readings[0], path.read_text()) for path in sorted((HERE / key).rglob("*.sql"))] if readings else []


DATABASES = {source.key: found for source in all_sources() if (found := databases_of(source.key))}
TOLD_BY_THE_IMPORT = frozenset({"kilo", "opencode"})
"""Sources that leave some missing columns to the import, which tells that the database could not be read."""
every_database = pytest.mark.parametrize("key", DATABASES)


def places_in(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the place of every value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for name, item in inner for found in places_in(item, (*place, name)))]


def with_value(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = with_value(value[place[0]], place[1:], new)
    return copy


@every_key
@given(data=st.data())
def test_any_value_anywhere_never_raises(key: str, data: st.DataObject) -> None:
    reading, place, log = data.draw(st.sampled_from(LOGS[key]))
    whole = log.startswith((b"{\n", b"["))
    rows = [json.loads(log)] if whole else [json.loads(line) for line in log.splitlines()]
    for number in data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=3)):
        where = data.draw(st.sampled_from(places_in(rows[number])))
        rows[number] = with_value(rows[number], where, data.draw(st.sampled_from(WRONG)))
    assert_sound(taught(reading, place, "\n".join(json.dumps(row) for row in rows).encode()))


@every_key
@given(data=st.data())
def test_log_cut_off_or_overwritten_anywhere_never_raises(key: str, data: st.DataObject) -> None:
    reading, place, log = data.draw(st.sampled_from(LOGS[key]))
    at = data.draw(st.integers(0, len(log) - 1))
    assert_sound(taught(reading, place, log[:at]))
    assert_sound(taught(reading, place, log[:at] + data.draw(st.binary(min_size=1, max_size=4)) + log[at + 1 :]))


@every_key
def test_no_text_gets_into_the_events(key: str) -> None:
    for reading, place, log in LOGS[key]:
        folded = taught(reading, place, log.replace(b"Invented text.", CANARY.encode()))
        assert CANARY not in texts_in(folded)
        assert CANARY.encode() in log.replace(b"Invented text.", CANARY.encode()) or folded.lines


@every_key
def test_log_read_twice_teaches_the_same_as_once(key: str) -> None:
    for reading, place, log in LOGS[key]:
        once, twice = taught(reading, place, log), taught(reading, place, log)
        assert twice.events() == once.events()


def tables_of(database: sqlite3.Connection) -> list[str]:
    """Return the names of a database's tables, without those that SQLite keeps for itself."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    return [name for (name,) in database.execute(query)]


@every_database
@given(data=st.data())
def test_any_value_in_any_cell_never_raises(key: str, data: st.DataObject) -> None:
    reading, script = data.draw(st.sampled_from(DATABASES[key]))
    with database_of(script) as database:
        tables = tables_of(database)
        table = data.draw(st.sampled_from(tables))
        column = data.draw(st.sampled_from([row[1] for row in database.execute(f"PRAGMA table_info({table})")]))
        cells = database.execute(f"SELECT rowid, {column} FROM {table}").fetchall()  # noqa: S608  names of the fixture
        for number, cell in data.draw(st.lists(st.sampled_from(cells), max_size=2)) if cells else []:
            value = data.draw(st.sampled_from([*CELLS, *changed_json(cell, data)]))
            with suppress(sqlite3.IntegrityError):  # a row number holds numbers only
                database.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE rowid = ?", (value, number))  # noqa: S608  as above
        folded, state = rows_read(reading, "crush.db", database)
        assert_sound(folded)
        assert_sound(rows_read(reading, "crush.db", database, state)[0])


CELLS = (None, -1, 1.5, 2**62, "", "x y", b"\xff\x00", "[7]", "{}", "null", "\x00")


def changed_json(cell: Any, data: st.DataObject) -> list[str]:
    """Return a cell's JSON with one value changed."""
    try:
        document = json.loads(cell) if isinstance(cell, str) else None
    except ValueError:
        return []
    if not isinstance(document, dict | list):
        return []
    where = data.draw(st.sampled_from(places_in(document)))
    return [json.dumps(with_value(document, where, data.draw(st.sampled_from(WRONG))))]


@every_database
def test_missing_tables_and_columns_are_told(key: str) -> None:
    for reading, script in DATABASES[key]:
        with database_of(script) as database:
            whole, _ = rows_read(reading, "x.db", database)
            tables = tables_of(database)
            columns = [(table, row[1]) for table in tables for row in database.execute(f"PRAGMA table_info({table})")]
        assert whole.issues == []
        for table, column in columns:
            told = suppress(sqlite3.Error) if key in TOLD_BY_THE_IMPORT else nullcontext()
            with database_of(script) as database, told:
                database.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO renamed")
                assert_sound(rows_read(reading, "x.db", database)[0])
        with database_of("CREATE TABLE other (id)") as database:
            empty, _ = rows_read(reading, "x.db", database)
            assert (empty.generations, bool(empty.issues)) == ({}, True)


@every_database
def test_reading_on_from_the_state_teaches_nothing_new(key: str) -> None:
    for reading, script in DATABASES[key]:
        with database_of(script) as database:
            first, state = rows_read(reading, "x.db", database)
            again, _ = rows_read(reading, "x.db", database, state)
        assert set(again.generations) <= set(first.generations)
        assert set(again.prompts) <= set(first.prompts)


@every_database
def test_no_text_of_a_database_gets_into_the_events(key: str) -> None:
    for reading, script in DATABASES[key]:
        with database_of(script.replace("Invented text.", CANARY)) as database:
            assert CANARY not in texts_in(rows_read(reading, "x.db", database)[0])
