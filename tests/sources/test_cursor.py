"""Cursor: chats without counts, and zeros that are none."""

import json
import sqlite3
from typing import Any

import pytest

from goodmeasure.sources.base import Database
from tests.sources.conftest import Folded
from tests.sources.make_unrecorded_fixtures import CURSOR_SCHEMA
from tests.sources.readings import database_of, reading_of, rows_read

CURSOR = reading_of("cursor", Database)
SCHEMA = "\n".join(CURSOR_SCHEMA)
HEADERS = [{"bubbleId": "b1", "type": 1}]


def put(database: sqlite3.Connection, key: str, value: Any) -> None:
    data = value if isinstance(value, bytes) else json.dumps(value)
    database.execute("INSERT INTO cursorDiskKV (key, value) VALUES (?, ?)", (key, data))


def bubble(kind: int = 2, prompt: int = 0, output: int = 0, **fields: Any) -> dict[str, Any]:
    tokens = {"inputTokens": prompt, "outputTokens": output}
    return {"type": kind, "text": "Ask\nmore", "createdAt": "2026-10-05T08:00:00.000Z", "tokenCount": tokens, **fields}


def chat(**fields: Any) -> dict[str, Any]:
    return {"fullConversationHeadersOnly": HEADERS, "modelConfig": {"modelName": "gpt-5.4"}, **fields}


def read(database: sqlite3.Connection, state: bytes | None = None) -> tuple[Folded, bytes | None]:
    return rows_read(CURSOR, "state.vscdb", database, state)


def test_zeros_are_unknown_and_never_zero() -> None:
    with database_of(SCHEMA) as database:
        put(database, "composerData:c", chat())
        put(database, "bubbleId:c:b1", bubble())
        put(database, "bubbleId:c:b2", bubble())
        (entry,) = read(database)[0].generations.values()
    assert entry[5:11] == (None,) * 6
    assert (entry.model, entry.session) == ("gpt-5.4", "c")


def test_counts_of_old_builds_are_shown_and_their_chat_is_not_unknown() -> None:
    with database_of(SCHEMA) as database:
        put(database, "composerData:c", chat())
        put(database, "bubbleId:c:b1", bubble())
        put(database, "bubbleId:c:b2", bubble(prompt=500, output=20, modelInfo={"modelName": "claude-4-sonnet"}))
        put(database, "bubbleId:c:b3", bubble(output=7))
        calls = read(database)[0].generations.values()
    assert [(call.input_tokens, call.output_tokens, call.model) for call in calls] == [
        (500, 20, "claude-4-sonnet"),
        (None, 7, "gpt-5.4"),
    ]


def test_answer_counted_earlier_keeps_a_later_import_from_adding_an_unknown_call() -> None:
    with database_of(SCHEMA) as database:
        put(database, "bubbleId:c:b1", bubble(prompt=500, output=20))
        first, state = read(database)
        put(database, "bubbleId:c:b2", bubble())
        later, _ = read(database, state)
    assert (len(first.generations), later.generations) == (1, {})


def test_only_what_is_new_or_changed_is_read() -> None:
    with database_of(SCHEMA) as database:
        put(database, "bubbleId:c:b1", bubble())
        put(database, "bubbleId:c:b2", bubble(1))
        first, state = read(database)
        again, state = read(database, state)
        put(database, "bubbleId:c:b1", bubble(prompt=9, output=9))
        changed, _ = read(database, state)
    assert (first.lines, again.lines, changed.lines) == (2, 0, 1)
    assert [call.output_tokens for call in changed.generations.values()] == [9]


@pytest.mark.parametrize("name", ["default", "auto", None])
def test_model_that_cursor_chose_is_unknown(name: str | None) -> None:
    with database_of(SCHEMA) as database:
        put(database, "composerData:c", chat(modelConfig={"modelName": name}))
        put(database, "bubbleId:c:b1", bubble())
        assert [entry.model for entry in read(database)[0].generations.values()] == [None]


def test_unused_chat_is_no_session() -> None:
    with database_of(SCHEMA) as database:
        put(database, "composerData:c", {"name": "x", "fullConversationHeadersOnly": []})
        assert read(database)[0].sessions == {}


def test_chat_knows_its_folder_title_and_first_prompt() -> None:
    with database_of(SCHEMA) as database:
        put(database, "bubbleId:c:b1", bubble(1))
        assert read(database)[0].sessions["c"].title == "Ask"
        uri = {"uri": {"external": "file:///home/person/project"}}
        put(database, "composerData:c", chat(name="Made up", createdAt=1791187000000, workspaceIdentifier=uri))
        facts = read(database)[0].sessions["c"]
    assert (facts.title, facts.cwd, facts.started_at) == ("Made up", "/home/person/project", 1791187000000)


@pytest.mark.parametrize(
    ("status", "decision", "ours", "notices"),
    [
        ("completed", "accepted", "ok", ["approved"]),
        ("error", None, "error", []),
        ("cancelled", None, "interrupted", []),
        ("completed", "rejected", "denied", ["denied"]),
        ("loading", None, None, []),
    ],
)
def test_tool_calls_say_how_they_ended(status: str, decision: str | None, ours: str | None, notices: list[str]) -> None:
    tool = {"name": "edit_file_v2", "toolCallId": "t1", "status": status, "userDecision": decision}
    with database_of(SCHEMA) as database:
        put(database, "bubbleId:c:b1", bubble(toolFormerData=tool))
        seen, _ = read(database)
    assert [(call.kind, call.status) for call in seen.tool_calls.values()] == [("edit", ours)]
    assert [notice.kind for notice in seen.notices.values()] == notices


def test_accounts_and_other_values_are_never_read() -> None:
    with database_of(SCHEMA) as database:
        database.execute("INSERT INTO ItemTable VALUES ('cursorAuth/accessToken', 'x')")
        put(database, "agentKv:blob:1", b"\xff")
        asked: list[str] = []
        database.set_trace_callback(asked.append)
        seen, _ = read(database)
    assert (seen.lines, seen.issues) == (0, [])
    assert not [query for query in asked if "ItemTable" in query]


@pytest.mark.parametrize(
    "value", [b"\xff\xfe", b'{"type":"x"}', b"[]", b'{"type":1', b'{"tokenCount":{"inputTokens":-1}}']
)
def test_damaged_value_is_told_and_its_neighbours_are_read(value: bytes) -> None:
    with database_of(SCHEMA) as database:
        put(database, "bubbleId:c:b1", value)
        put(database, "bubbleId:c:b2", bubble(1))
        seen, _ = read(database)
    assert (len(seen.issues), len(seen.prompts)) == (1, 1)
