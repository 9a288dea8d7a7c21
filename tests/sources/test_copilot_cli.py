"""GitHub Copilot CLI: what each kind of event teaches, and the session store beside them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodmeasure.domain.events import Batch, GenerationFlag, NoticeKind, TitleRank, ToolStatus
from goodmeasure.ledger.reads import unlogged
from goodmeasure.sources.base import Database
from goodmeasure.sources.copilot_cli.reader import CopilotReader
from goodmeasure.sources.copilot_cli.store import read_store
from tests.sources.conftest import Folded, lines_of
from tests.sources.homes import import_into, lay_out, scratch_ledger
from tests.sources.readings import assert_sound, rows_read, source_of

PLACE = "session-state/s1/events.jsonl"
STORE = Database(read_store)
numbers = iter(range(10**6))


def event(kind: str, data: Any, **more: Any) -> dict[str, Any]:
    own = {"id": f"e{next(numbers)}", "timestamp": "2026-11-20T10:00:00.000Z"}
    return {"type": kind, "data": data} | own | more


def start(**more: Any) -> dict[str, Any]:
    context = {"cwd": "/home/person/project", "branch": "main", "repository": "person/project"}
    begun = {
        "sessionId": "s1",
        "copilotVersion": "1.0.102",
        "startTime": "2026-11-20T09:59:00.000Z",
        "context": context,
    }
    return event("session.start", begun | more)


def figures(**more: Any) -> dict[str, Any]:
    told = {"inputTokens": 100, "cacheReadTokens": 60, "cacheWriteTokens": 10, "outputTokens": 20, "reasoningTokens": 7}
    return told | more


def record(agent: str | None = None, origin: str = "s1", **more: Any) -> dict[str, Any]:
    own = {"model": "gpt-5.4", "modelProvider": "openai", "accounting": {"sourceSessionId": origin}}
    outer = {"agentId": agent} if agent else {}
    return event("session.usage_record", {"usage": figures() | own | more}, **outer)


def answer(output: int, model: str = "gpt-5.4") -> dict[str, Any]:
    return event("assistant.message", {"model": model, "outputTokens": output, "content": "Invented text."})


def shutdown(count: int, model: str = "gpt-5.4", **more: Any) -> dict[str, Any]:
    return event(
        "session.shutdown", {"modelMetrics": {model: {"requests": {"count": count}, "usage": figures(**more)}}}
    )


def fed(*rows: Any, place: str = PLACE) -> Batch:
    return CopilotReader(place, None).feed([json.dumps(row).encode() for row in rows], 1)


def kinds(batch: Batch) -> list[tuple[str, str | None]]:
    return [(notice.kind, notice.detail) for notice in batch.notices]


def stored(path: Path, *calls: tuple[Any, ...], schema: int = 8) -> Path:
    """Write a store with calls of (session, agent, input, output, cache read)."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE schema_version (version INTEGER);"
            "CREATE TABLE sessions (id TEXT PRIMARY KEY, cwd TEXT, repository TEXT, branch TEXT, summary TEXT,"
            " created_at TEXT, updated_at TEXT);"
            "CREATE TABLE assistant_usage_events (id INTEGER PRIMARY KEY, session_id TEXT, agent_id TEXT, model TEXT,"
            " input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, created_at TEXT);"
            "INSERT INTO sessions VALUES ('s1', '/home/person/project', 'person/project', 'main', 'Do it.',"
            " '2026-11-20T09:59:00.000Z', '2026-11-20T10:00:00.000Z');"
        )
        database.execute("INSERT INTO schema_version VALUES (?)", (schema,))
        add(database, *calls)
    return path


def add(database: sqlite3.Connection, *calls: tuple[Any, ...]) -> None:
    for session, agent, whole, output, read in calls:
        database.execute(
            "INSERT INTO assistant_usage_events (session_id, agent_id, model, input_tokens, output_tokens,"
            " cache_read_tokens, cache_write_tokens, created_at)"
            " VALUES (?, ?, 'gpt-5.4', ?, ?, ?, 0, '2026-11-20T10:00:00.000Z')",
            (session, agent, whole, output, read),
        )
    database.commit()


def store_read(path: Path, state: bytes | None = None) -> tuple[Folded, bytes | None]:
    with closing(sqlite3.connect(path)) as database:
        return rows_read(STORE, "session-store.db", database, state)


# ---- events


def test_cached_and_written_tokens_are_taken_out_of_input() -> None:
    (told,) = fed(start(), record()).generations
    assert told[5:11] == (30, 60, 10, None, 20, 7)
    assert (told.provider, told.model, told.session) == ("openai", "gpt-5.4", "s1")
    (unwritten,) = fed(record(cacheWriteTokens=0, modelProvider="other")).generations
    assert (unwritten.provider, *unwritten[5:9]) == (None, 40, 60, 0, None)


def test_equal_calls_are_two_and_reading_again_adds_none() -> None:
    rows = [json.dumps(row).encode() for row in (start(), record(), record(), record(outputTokens=5))]
    first = CopilotReader(PLACE, None)
    folded = Folded()
    folded.add(first.feed(rows[:2], 1))
    folded.add(CopilotReader(PLACE, first.state()).feed(rows[2:], 3))
    folded.add(CopilotReader(PLACE, None).feed(rows, 1))
    assert folded.sums()["generations"] == 3


def test_the_state_of_a_long_session_stays_small() -> None:
    reader = CopilotReader(PLACE, None)
    reader.feed([json.dumps(record(outputTokens=number)).encode() for number in range(2000)], 1)
    assert len(reader.state()) < 20_000


def test_subagents_are_sessions_under_the_one_that_started_them() -> None:
    own = {"agentId": "a1"}
    asked = event("user.message", {"content": "Help.", "source": "agent-s1"}, **own)
    batch = fed(start(), asked, record("a1", origin="another"), event("subagent.completed", {}, **own))
    assert [(told.session, told.flags) for told in batch.generations] == [("a1", 0)]
    facts = {told.session: told for told in batch.sessions}
    assert (facts["a1"].parent, facts["a1"].relation) == ("s1", "subagent")
    assert batch.prompts == []


def test_a_fork_repeats_its_source_and_makes_it_its_parent() -> None:
    source = [start(), record(), record(outputTokens=5)]
    fork = [start(sessionId="s2"), *source[1:], record(origin="s2", outputTokens=9)]
    alone, both = Folded(), Folded()
    alone.add(fed(*fork, place="session-state/s2/events.jsonl"))
    for batch in (fed(*fork, place="session-state/s2/events.jsonl"), fed(*source)):
        both.add(batch)
    assert both.sums()["generations"] == 3
    assert (alone.flagged(GenerationFlag.COPIED), both.flagged(GenerationFlag.COPIED)) == (2, 0)
    assert (alone.sessions["s2"].parent, alone.sessions["s2"].relation) == ("s1", "fork")


def test_old_clients_tell_only_outputs() -> None:
    batch = fed(start(), answer(20), answer(20), event("assistant.message", {"content": "Without."}))
    assert [told[5:11] for told in batch.generations] == [(None, None, None, None, 20, None)] * 2


def test_the_sums_of_a_single_call_are_its_usage() -> None:
    (told,) = fed(start(), answer(20), shutdown(1)).generations
    assert told[5:11] == (30, 60, 10, None, 20, 7)
    resumed = fed(answer(20), shutdown(1), answer(5), shutdown(2, inputTokens=180, cacheReadTokens=90, outputTokens=25))
    assert [told[5:10] for told in resumed.generations] == [(30, 60, 10, None, 20), (50, 30, 0, None, 5)]


@pytest.mark.parametrize(
    "rows",
    [
        (answer(12), answer(8), shutdown(2)),
        (answer(20), shutdown(2)),
        (answer(12), shutdown(1)),
        (answer(20, model="other"), shutdown(1)),
    ],
    ids=["two calls", "a hidden call", "another output", "another model"],
)
def test_the_sums_of_several_calls_stand_beside_them(rows: tuple[Any, ...]) -> None:
    batch = fed(start(), *rows)
    assert {told.input_tokens for told in batch.generations} == {None}
    assert [total[1:8] for total in batch.totals] == [("gpt-5.4", 30, 60, 10, None, 20, 7)]


def test_sums_add_nothing_where_calls_have_records() -> None:
    batch = fed(start(), record(), shutdown(1), shutdown(2))
    assert len(batch.generations) == 1
    assert len(batch.totals) == 1


def test_only_what_the_person_typed_is_a_prompt() -> None:
    batch = fed(
        start(),
        event("user.message", {"content": "Do it.\nNow.", "delivery": "idle"}),
        event("user.message", {"content": "Made.", "source": "skill"}),
        event("user.message", {"content": "<system_notification>x"}),
    )
    assert len(batch.prompts) == 1
    (facts,) = batch.sessions
    assert (facts.title, facts.title_rank) == ("Do it.", TitleRank.PROMPT)
    assert facts[5:9] == ("/home/person/project", "main", "person/project", "1.0.102")
    assert facts.started_at == 1795168740000
    titled = fed(start(), event("user.message", {"content": "x"}), event("session.title_changed", {"title": "Made"}))
    assert titled.sessions[0].title == "Made"


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ({"success": True}, ToolStatus.OK),
        ({"result": {"result_type": "success"}}, ToolStatus.OK),
        ({"success": True, "shellExecution": {"exitCode": 1}}, ToolStatus.ERROR),
        ({"success": False, "error": {"code": "failure"}}, ToolStatus.ERROR),
        ({"success": False, "error": "words"}, ToolStatus.ERROR),
        ({"success": False, "error": {"code": "denied"}}, ToolStatus.DENIED),
    ],
)
def test_tool_calls_end_as_told(end: dict[str, Any], status: ToolStatus) -> None:
    begun = event("tool.execution_start", {"toolCallId": "c1", "toolName": "bash"})
    (told,) = fed(start(), begun, event("tool.execution_complete", {"toolCallId": "c1"} | end)).tool_calls
    assert (told.name, told.kind, told.status) == ("bash", "run", status)


def test_tools_of_servers_are_known_as_such() -> None:
    begun = {"toolCallId": "c1", "toolName": "github-search", "mcpServerName": "github"}
    assert [told.kind for told in fed(event("tool.execution_start", begun)).tool_calls] == ["mcp"]


def test_decisions_modes_errors_and_compactions_are_noted() -> None:
    def decided(kind: str) -> dict[str, Any]:
        return event("permission.completed", {"requestId": "x", "result": {"kind": kind}})

    batch = fed(
        decided("approved"),
        decided("approved-by-rule"),
        decided("denied-interactively-by-user"),
        decided("denied-by-rules"),
        decided("denied-no-approval-rule-and-could-not-request-from-user"),
        event("session.permissions_changed", {"allowAllPermissions": True}),
        event("session.permissions_changed", {"allowAllPermissions": True}),
        event("session.mode_changed", {"previousMode": "interactive", "newMode": "plan"}),
        event("session.error", {"errorType": "query", "statusCode": 400, "message": "words"}),
        event("model.call_failure", {"statusCode": 429}),
        event("abort", {"reason": "user_abort"}),
        event("session.compaction_complete", {"success": True}),
        event("session.compaction_complete", {"success": False}),
    )
    assert kinds(batch) == [
        (NoticeKind.APPROVED, "person"),
        (NoticeKind.APPROVED, "rule"),
        (NoticeKind.DENIED, "person"),
        (NoticeKind.DENIED, "rule"),
        (NoticeKind.DENIED, "rule"),
        (NoticeKind.PERMISSION_MODE, "allow-all"),
        (NoticeKind.PERMISSION_MODE, "plan"),
        (NoticeKind.API_ERROR, "400"),
        (NoticeKind.RETRIED, "429"),
        (NoticeKind.INTERRUPTED, None),
        (NoticeKind.COMPACTED, None),
    ]


def test_damaged_events_are_issues_and_new_kinds_are_counted() -> None:
    batch = fed(start(), record(outputTokens="many"), event("novelty", {}), {"type": "session.usage_record"}, record())
    assert len(batch.generations) == 1
    assert [issue.line for issue in batch.issues] == [2]
    assert batch.unknown == {"novelty": 1}


def test_a_flat_log_of_old_clients_is_named_by_its_file() -> None:
    assert [told.session for told in fed(answer(3), place="session-state/s7.jsonl").generations] == ["s7"]


# ---- the session store


def test_store_and_events_of_a_home_are_the_same_calls(tmp_path: Path) -> None:
    home = lay_out(source_of("copilot-cli"), "1.0.102/recorded", tmp_path / "home") / ".copilot"
    logs = [(path.relative_to(home).as_posix(), path.read_bytes()) for path in home.rglob("events.jsonl")]
    events, both = Folded(), Folded()
    for place, data in logs:
        events.add(CopilotReader(place, None).feed(lines_of(data), 1))
        both.add(CopilotReader(place, None).feed(lines_of(data), 1))
    rows, _ = store_read(home / "session-store.db")
    for key, call in rows.generations.items():
        assert events.generations[key][4:11] == call[4:11]
        assert events.generations[key].session == call.session
    assert rows.generations.keys() == events.generations.keys()
    assert {facts.parent for facts in rows.sessions.values()} >= {None}


def test_store_is_read_on_from_where_it_was_left(tmp_path: Path) -> None:
    path = stored(tmp_path / "a.db", ("s1", None, 100, 20, 60), ("s1", "a1", 50, 20, 0))
    first, state = store_read(path)
    with closing(sqlite3.connect(path)) as database:
        add(database, ("s1", None, 70, 20, 0))
    second, _ = store_read(path, state)
    whole, _ = store_read(path)
    assert (first.sums()["generations"], second.sums()["generations"]) == (2, 1)
    assert {**first.generations, **second.generations} == whole.generations
    assert {told.session for told in whole.generations.values()} == {"s1", "a1"}
    assert (whole.sessions["a1"].parent, whole.sessions["a1"].relation) == ("s1", "subagent")
    facts = whole.sessions["s1"]
    assert (facts.cwd, facts.git_branch, facts.title) == ("/home/person/project", "main", "Do it.")


def test_old_events_and_the_store_are_the_same_calls(tmp_path: Path) -> None:
    rows, _ = store_read(stored(tmp_path / "a.db", ("s1", None, 100, 20, 60), ("s1", None, 90, 20, 0)))
    both = Folded()
    both.add(fed(start(), answer(20), answer(20)))
    assert both.generations.keys() == rows.generations.keys()


def test_the_sums_of_a_home_show_nothing_beyond_its_calls(tmp_path: Path) -> None:
    home = lay_out(source_of("copilot-cli"), "1.0.102/recorded", tmp_path / "home")
    with scratch_ledger(tmp_path) as ledger:
        import_into(ledger, source_of("copilot-cli"), home)
        assert unlogged(ledger) == []


@pytest.mark.parametrize(("schema", "issues"), [(8, 1), (3, 0)])
def test_a_store_without_calls_is_an_issue_unless_it_is_old(tmp_path: Path, schema: int, issues: int) -> None:
    path = stored(tmp_path / "a.db", schema=schema)
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE assistant_usage_events")
    rows, _ = store_read(path)
    assert len(rows.issues) == issues
    assert "s1" in rows.sessions


def test_missing_tables_and_columns_are_told(tmp_path: Path) -> None:
    path = stored(tmp_path / "a.db", ("s1", None, 100, 20, 60))
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE sessions")
        database.execute("ALTER TABLE assistant_usage_events DROP COLUMN reasoning_tokens")
    rows, _ = store_read(path)
    assert [told[5:11] for told in rows.generations.values()] == [(40, 60, 0, None, 20, None)]
    assert len(rows.issues) == 1
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE assistant_usage_events DROP COLUMN output_tokens")
    rows, _ = store_read(path)
    assert (len(rows.generations), len(rows.issues)) == (0, 2)


CELLS = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text() | st.binary()


@settings(max_examples=60, deadline=None)
@given(calls=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=4))
def test_any_cell_never_raises_and_spares_its_neighbours(
    tmp_path_factory: pytest.TempPathFactory, calls: list[tuple[Any, ...]]
) -> None:
    path = stored(tmp_path_factory.mktemp("store") / "a.db", *calls, ("s-last", None, 100, 20, 60))
    rows, _ = store_read(path)
    assert_sound(rows)
    assert [told[5:10] for told in rows.generations.values() if told.session == "s-last"] == [(40, 60, 0, None, 20)]
