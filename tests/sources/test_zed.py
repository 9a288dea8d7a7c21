"""Zed: a thread's running total is one entry."""

import json
import sqlite3
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.sources.base import Database
from tests.sources.conftest import Folded
from tests.sources.homes import HERE
from tests.sources.readings import assert_sound, database_of, reading_of, rows_read
from tests.sources.test_wrong_types import WRONG, places_in, with_value

ZED = reading_of("zed", Database)
SCRIPT = HERE / "zed" / "0.3.0" / "threads" / ".local" / "share" / "zed" / "threads" / "threads.db.sql"
SCHEMA = SCRIPT.read_text().splitlines()[0]
TOTAL = {"input_tokens": 1, "output_tokens": 2, "cache_creation_input_tokens": 3, "cache_read_input_tokens": 4}
USER = {"User": {"id": "u1", "content": [{"Text": "Ask this\nand that"}]}}
AGENT = {"Agent": {"content": [{"Text": "x"}], "tool_results": {}}}


def insert(database: sqlite3.Connection, document: Any, **row: Any) -> None:
    data = (
        document if isinstance(document, bytes) else zstandard.ZstdCompressor().compress(json.dumps(document).encode())
    )
    cells = {
        "id": "t1",
        "summary": "",
        "updated_at": "2026-10-05T08:30:00+00:00",
        "data_type": "zstd",
        "data": data,
        "created_at": "2026-10-05T08:00:00+00:00",
        **row,
    }
    names, marks = ", ".join(cells), ", ".join("?" * len(cells))
    database.execute(f"INSERT OR REPLACE INTO threads ({names}) VALUES ({marks})", list(cells.values()))  # noqa: S608  our own names


def thread(document: Any, **row: Any) -> Folded:
    with database_of(SCHEMA) as database:
        insert(database, document, **row)
        return rows_read(ZED, "threads/threads.db", database)[0]


def test_total_is_one_entry_and_the_last_requests_are_not_added() -> None:
    seen = thread({"messages": [USER, AGENT], "cumulative_token_usage": TOTAL, "request_token_usage": {"u1": TOTAL}})
    (entry,) = seen.generations.values()
    assert entry[5:11] == (1, 4, 3, None, 2, None)
    assert entry.recorded_at == 1791187200000


def test_grown_thread_replaces_its_entry() -> None:
    with database_of(SCHEMA) as database:
        insert(database, {"messages": [USER, AGENT], "cumulative_token_usage": TOTAL})
        first, state = rows_read(ZED, "x", database)
        insert(
            database,
            {"messages": [USER, AGENT, USER, AGENT], "cumulative_token_usage": {**TOTAL, "output_tokens": 90}},
            updated_at="2026-10-06T08:30:00.5+00:00",
        )
        after, _ = rows_read(ZED, "x", database, state)
    assert set(first.generations) == set(after.generations)
    assert [entry.output_tokens for entry in after.generations.values()] == [90]
    assert [entry.recorded_at for entry in after.generations.values()] == [1791187200000]
    assert set(first.prompts) < set(after.prompts)


def test_only_changed_threads_are_read_again() -> None:
    with database_of(SCHEMA) as database:
        for number in range(3):
            insert(database, {}, id=f"t{number}", updated_at=f"2026-10-0{number + 1}T08:30:00+00:00")
        _, state = rows_read(ZED, "x", database)
        insert(database, {}, id="t0", updated_at="2026-10-09T08:30:00+00:00")
        assert set(rows_read(ZED, "x", database, state)[0].sessions) == {"t0", "t2"}


@pytest.mark.parametrize(
    ("document", "counted"),
    [
        ({"messages": [USER, AGENT]}, [(None,) * 5]),
        ({"messages": [USER]}, []),
        ({"messages": [USER, AGENT], "imported": True}, []),
        ({"messages": [USER, AGENT], "cumulative_token_usage": {"output_tokens": 5}}, [(0, 0, 0, None, 5)]),
    ],
)
def test_silence_is_unknown_and_missing_counters_beside_others_are_zero(document: Any, counted: Any) -> None:
    assert [entry[5:10] for entry in thread(document).generations.values()] == counted


def test_subagent_hangs_on_its_thread_and_its_task_is_no_prompt() -> None:
    seen = thread({"messages": [USER, AGENT]}, parent_id="t0")
    assert (seen.sessions["t1"].parent, seen.sessions["t1"].relation, seen.prompts) == ("t0", "subagent", {})


def test_thread_without_summary_is_named_after_its_first_prompt() -> None:
    assert thread({"messages": [USER]}).sessions["t1"].title == "Ask this"
    assert thread({"messages": [USER]}, summary="Made up").sessions["t1"].title == "Made up"


def test_tool_calls_are_joined_to_their_results() -> None:
    uses = [{"ToolUse": {"id": name, "name": name}} for name in ("terminal", "linear_search", "update_plan")]
    agent = {"Agent": {"content": uses, "tool_results": {"terminal": {"tool_use_id": "terminal", "is_error": True}}}}
    seen = thread({"messages": [agent]})
    assert [(call.kind, call.status) for call in seen.tool_calls.values()] == [
        ("run", "error"),
        ("mcp", None),
        ("other", None),
    ]


@pytest.mark.parametrize(
    ("document", "row"),
    [
        (b"not packed", {}),
        (b"{}x", {"data_type": "json"}),
        (b"", {"data_type": "json"}),
        ([], {}),
        ({"messages": 7}, {}),
        ({"cumulative_token_usage": {"input_tokens": -1}}, {}),
    ],
)
def test_damaged_thread_is_told_and_its_neighbours_are_read(document: Any, row: dict[str, Any]) -> None:
    with database_of(SCHEMA) as database:
        insert(database, document, **row)
        insert(database, {"messages": [USER, AGENT], "cumulative_token_usage": TOTAL}, id="t2")
        seen, _ = rows_read(ZED, "x", database)
    assert (len(seen.generations), bool(seen.issues)) == (1, True)


def test_damaged_message_is_told_and_the_total_is_read() -> None:
    seen = thread({"messages": [{"User": 7}, USER, {"New": {}}, "Pause"], "cumulative_token_usage": TOTAL})
    assert (len(seen.issues), len(seen.prompts), len(seen.generations)) == (1, 1, 1)
    assert seen.unknown == {"(no type)": 1, "Pause": 1}


@given(data=st.data())
def test_any_value_anywhere_in_the_document_never_raises(data: st.DataObject) -> None:
    uses = [{"ToolUse": {"id": "a", "name": "terminal"}}]
    document = {
        "messages": [USER, {"Agent": {"content": uses, "tool_results": {"a": {"is_error": False}}}}, "Resume"],
        "cumulative_token_usage": TOTAL,
        "model": {"provider": "a", "model": "b"},
        "initial_project_snapshot": {"worktree_snapshots": [{"worktree_path": "/a", "git_state": {"remote_url": "b"}}]},
    }
    for _ in range(2):
        where = data.draw(st.sampled_from(places_in(document)[1:]))
        document = with_value(document, where, data.draw(st.sampled_from(WRONG)))
    assert_sound(thread(document))
