"""llm: one behaviour at a time."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodmeasure.sources.base import Database
from goodmeasure.sources.llm.reader import read_logs
from goodmeasure.sources.llm.usage import Counters, counters
from tests.sources.conftest import Folded
from tests.sources.homes import lay_out
from tests.sources.readings import assert_sound, rows_read, source_of, texts_in

OLD = """
CREATE TABLE responses (id TEXT PRIMARY KEY, model TEXT, prompt TEXT, response_json TEXT, conversation_id TEXT,
    datetime_utc TEXT, input_tokens INTEGER, output_tokens INTEGER, token_details TEXT);
CREATE TABLE conversations (id TEXT PRIMARY KEY, name TEXT, model TEXT);
CREATE TABLE tool_calls (id INTEGER PRIMARY KEY, response_id TEXT, name TEXT, tool_call_id TEXT);
CREATE TABLE tool_results (id INTEGER PRIMARY KEY, response_id TEXT, tool_call_id TEXT, exception TEXT);
"""
NEW = """
CREATE TABLE threads (id TEXT PRIMARY KEY, name TEXT, tip_message_hash TEXT, forked_from TEXT);
CREATE TABLE turns (id TEXT PRIMARY KEY, thread_id TEXT, parent_message_hash TEXT, tip_message_hash TEXT, model TEXT,
    resolved_model TEXT, input_tokens INTEGER, output_tokens INTEGER, token_details TEXT, datetime_utc TEXT,
    response_json TEXT);
CREATE TABLE messages (hash TEXT PRIMARY KEY, parent_hash TEXT, role TEXT);
CREATE TABLE parts (id INTEGER PRIMARY KEY, message_hash TEXT, position INTEGER, type TEXT, tool_name TEXT, text TEXT,
    payload TEXT);
"""
ULID = "01m83p8bc24thjv7se2qrs06k"
AT = "2026-11-23T07:52:15.490637+00:00"


def put(place: Path, *statements: str, **tables: list[dict[str, Any]]) -> Path:
    with closing(sqlite3.connect(place)) as database, database:
        for statement in statements:
            database.executescript(statement)
        for table, rows in tables.items():
            for row in rows:
                marks = ", ".join("?" * len(row))
                database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 - own names
    return place


def turn(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{ULID}{number}",
        "thread_id": "t1",
        "model": "m",
        "input_tokens": 10,
        "output_tokens": 2,
        "datetime_utc": AT,
        **more,
    }


def response(number: int = 1, **more: Any) -> dict[str, Any]:
    row = turn(number, conversation_id="c1", prompt="Invented text.") | more
    del row["thread_id"]
    return row


def read(place: Path, state: bytes | None = None) -> tuple[Folded, bytes | None]:
    with closing(sqlite3.connect(place)) as database:
        database.text_factory = lambda data: data.decode("utf-8", "replace")
        return rows_read(Database(read_logs), "logs.db", database, state)


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (None, Counters(100, None, None, None, 9, None)),
        ({"prompt_tokens_details": {"cached_tokens": 40}}, Counters(60, 40, None, None, 9, None)),
        ({"input_tokens_details": {"cached_tokens": 40}}, Counters(60, 40, None, None, 9, None)),
        ({"completion_tokens_details": {"reasoning_tokens": 4}}, Counters(100, None, None, None, 9, 4)),
        ({"cachedContentTokenCount": 40, "thoughtsTokenCount": 4}, Counters(60, 40, None, None, 9, 4)),
        ({"cache_read_input_tokens": 40}, Counters(100, 40, None, None, 9, None)),
        (
            {"cache_read_input_tokens": 40, "cache_creation_input_tokens": 7, "service_tier": "standard"},
            Counters(100, 40, 7, 0, 9, None),
        ),
        ({"prompt_tokens_details": {"cached_tokens": 400}}, Counters(0, 400, None, None, 9, None)),
    ],
)
def test_each_provider_counts_cached_tokens_in_its_own_way(details: Any, expected: Counters) -> None:
    assert counters(100, 9, None if details is None else json.dumps(details)) == expected


def test_calls_without_counts_are_unknown_and_not_zero(tmp_path: Path) -> None:
    place = put(tmp_path / "logs.db", NEW, turns=[turn(input_tokens=None, output_tokens=None)])
    (call,) = read(place)[0].generations.values()
    assert call[5:13] == (None,) * 8


def test_an_answer_that_an_upgrade_copied_counts_once(tmp_path: Path) -> None:
    place = put(tmp_path / "logs.db", OLD, NEW, responses=[response()], turns=[turn(thread_id="c1")])
    folded, _ = read(place)
    assert len(folded.generations) == 1
    assert len(folded.runs) == 1


def test_only_new_rows_are_read_again(tmp_path: Path) -> None:
    place = put(tmp_path / "logs.db", OLD, NEW, responses=[response(1)], turns=[turn(2)])
    first, state = read(place)
    put(place, responses=[response(3)], turns=[turn(4)])
    second, state = read(place, state)
    third, _ = read(place, state)
    assert (first.lines, second.lines, third.lines) == (2, 2, 0)
    assert len(first.generations | second.generations) == 4


def test_ids_that_count_from_one_are_told_apart_by_their_time(tmp_path: Path) -> None:
    one = put(tmp_path / "one.db", OLD, responses=[response(id="1")])
    other = put(tmp_path / "two.db", OLD, responses=[response(id="1", datetime_utc="2023-04-01T00:00:00")])
    assert read(one)[0].generations.keys().isdisjoint(read(other)[0].generations)


def test_conversations_are_runs_and_an_answer_alone_is_one(tmp_path: Path) -> None:
    rows = [response(1), response(2), response(3, conversation_id=None)]
    place = put(tmp_path / "logs.db", OLD, responses=rows, conversations=[{"id": "c1", "name": "Invented\ntext."}])
    folded, _ = read(place)
    assert folded.runs == {"c1", f"{ULID}3"}
    assert folded.sessions["c1"].title == "Invented"


def test_a_fork_names_its_parent(tmp_path: Path) -> None:
    threads = [{"id": "t1", "name": "Invented text.", "forked_from": "t0"}]
    folded, _ = read(put(tmp_path / "logs.db", NEW, turns=[turn()], threads=threads))
    assert (folded.sessions["t1"].parent, folded.sessions["t1"].relation) == ("t0", "fork")


def test_model_is_what_answered(tmp_path: Path) -> None:
    rows = [
        turn(1),
        turn(2, response_json='{"model": "m-2026", "x": 1}'),
        turn(3, response_json='{"model": "m-2026"}', resolved_model="m-resolved"),
        turn(4, response_json='{"model": 5}'),
    ]
    folded, _ = read(put(tmp_path / "logs.db", NEW, turns=rows))
    assert [call.model for call in folded.generations.values()] == ["m", "m-2026", "m-resolved", "m"]


def test_tool_calls_of_turns_meet_their_results(tmp_path: Path) -> None:
    called = {"message_hash": "h2", "type": "tool_call", "tool_name": "t"}
    result = {"message_hash": "h3", "type": "tool_result"}
    place = put(
        tmp_path / "logs.db",
        NEW,
        turns=[turn(1, parent_message_hash="h1", tip_message_hash="h2"), turn(2, parent_message_hash="h3")],
        messages=[
            {"hash": "h1", "role": "user"},
            {"hash": "h2", "parent_hash": "h1", "role": "assistant"},
            {"hash": "h3", "parent_hash": "h2", "role": "tool"},
        ],
        parts=[
            {"message_hash": "h1", "position": 0, "type": "text", "text": "Invented text."},
            *({**called, "position": number, "payload": f'{{"tool_call_id":"{number}"}}'} for number in range(3)),
            {**result, "position": 0, "payload": '{"tool_call_id":"0"}'},
            {**result, "position": 1, "payload": '{"tool_call_id":"1","exception":"E"}'},
        ],
    )
    folded, _ = read(place)
    assert [(call.name, call.status) for call in folded.tool_calls.values()] == [
        ("t", "ok"),
        ("t", "error"),
        ("t", None),
    ]
    assert len(folded.prompts) == 1


def test_tool_calls_of_responses_meet_their_results(tmp_path: Path) -> None:
    place = put(
        tmp_path / "logs.db",
        OLD,
        responses=[response(1), response(2, prompt="")],
        tool_calls=[{"response_id": f"{ULID}1", "name": "t", "tool_call_id": key} for key in ("a", "b", "c", "c")],
        tool_results=[
            {"response_id": f"{ULID}2", "tool_call_id": key, "exception": error}
            for key, error in (("a", None), ("b", "E"), ("c", None), ("c", "E"))
        ],
    )
    folded, _ = read(place)
    assert [call.status for call in folded.tool_calls.values()] == ["ok", "error", None, None]
    assert len(folded.prompts) == 1


def test_older_tables_lack_columns(tmp_path: Path) -> None:
    schema = "CREATE TABLE responses (id TEXT PRIMARY KEY, model TEXT, prompt TEXT, conversation_id TEXT)"
    row = {"id": f"{ULID}1", "model": "m", "prompt": "Invented text.", "conversation_id": "c1"}
    folded, _ = read(put(tmp_path / "logs.db", schema, responses=[row]))
    assert [call.output_tokens for call in folded.generations.values()] == [None]
    assert (len(folded.prompts), folded.issues) == (1, [])


def test_a_strange_database_is_an_issue(tmp_path: Path) -> None:
    folded, state = read(put(tmp_path / "logs.db", "CREATE TABLE turns (id TEXT, other TEXT)"))
    assert (len(folded.issues), state) == (1, None)


def test_changed_tables_of_messages_cost_only_prompts(tmp_path: Path) -> None:
    place = put(tmp_path / "logs.db", NEW, "ALTER TABLE parts RENAME TO pieces", turns=[turn()])
    folded, _ = read(place)
    assert (len(folded.generations), len(folded.prompts), len(folded.issues)) == (1, 0, 1)


@pytest.mark.parametrize("number", [-1, 1.5, "many", b"\xff", 2**60])
def test_impossible_counts_cost_their_row_only(tmp_path: Path, number: object) -> None:
    folded, _ = read(put(tmp_path / "logs.db", NEW, turns=[turn(1), turn(2, input_tokens=number), turn(3)]))
    assert (len(folded.generations), len(folded.issues)) == (2, 1)


CELLS = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=9)
    | st.binary(max_size=9)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({}, optional=dict.fromkeys([*turn(), "token_details", "response_json"], CELLS)))
def test_wrong_types_anywhere_never_raise(tmp_path: Path, cells: dict[str, Any]) -> None:
    place = tmp_path / "logs.db"
    place.unlink(missing_ok=True)
    text = {name: cell for name, cell in cells.items() if not isinstance(cell, str) or cell.isprintable()}
    put(place, NEW, turns=[turn(1), turn(2) | text, turn(3)])
    folded, _ = read(place)
    assert_sound(folded)
    assert len(folded.generations) >= 2
    assert folded.lines == 3


def test_no_text_gets_into_the_events(tmp_path: Path) -> None:
    home = lay_out(source_of("llm"), "0.36/recorded", tmp_path / "home")
    place = home / ".config/io.datasette.llm/logs.db"
    canary = "UPDATE parts SET text = 'Zinnober Kumquat.'; UPDATE threads SET name = 'Zinnober Kumquat.'"
    put(place, canary, "UPDATE turns SET response_json = replace(response_json, 'Invented text.', 'Zinnober Kumquat.')")
    folded, state = read(place)
    assert folded.generations
    assert "Zinnober" not in texts_in(folded)
    assert b"Zinnober" not in (state or b"")


def test_a_foreign_state_is_refused_with_a_value_error(tmp_path: Path) -> None:
    place = put(tmp_path / "logs.db", NEW)
    with pytest.raises(ValueError, match="JSON"):
        read(place, b"\x00")
