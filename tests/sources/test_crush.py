"""Crush: cost per session, tokens unknown."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.intake.find import find_files
from goodmeasure.sources.base import Database
from goodmeasure.sources.crush.reader import project_folders
from tests.sources.conftest import Folded
from tests.sources.homes import HERE, import_into, lay_out, scratch_ledger
from tests.sources.readings import database_of, reading_of, rows_read, source_of

CRUSH = reading_of("crush", Database)
SCHEMA = "\n".join(
    (HERE / "crush" / "2026" / "subagent" / "project" / ".crush" / "crush.db.sql").read_text().splitlines()[:2]
)
AT = 1791187200


def insert(database: sqlite3.Connection, table: str, **row: Any) -> None:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    database.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608  our own names


def session(database: sqlite3.Connection, **row: Any) -> None:
    insert(database, "sessions", **{"id": "s1", "title": "x", "cost": 0.5, "updated_at": AT, "created_at": AT, **row})


def message(database: sqlite3.Connection, *parts: Any, **row: Any) -> None:
    cells = {"id": "m1", "session_id": "s1", "role": "assistant", "created_at": AT, "updated_at": AT, **row}
    insert(database, "messages", parts=json.dumps(list(parts)), **cells)


def read(database: sqlite3.Connection, place: str = "/home/person/project/.crush/crush.db") -> Folded:
    return rows_read(CRUSH, place, database)[0]


def test_cost_is_reported_and_context_sizes_are_not_taken_for_tokens() -> None:
    with database_of(SCHEMA) as database:
        session(database, prompt_tokens=9000, completion_tokens=200)
        message(database, model="gpt-5.4", provider="openai")
        (entry,) = read(database).generations.values()
    assert entry[5:11] == (None,) * 6
    assert (entry.reported_cost_micros, entry.model, entry.provider, entry.recorded_at) == (
        500000,
        "gpt-5.4",
        "openai",
        AT * 1000,
    )


def test_growing_cost_replaces_itself_and_subagents_are_not_added(tmp_path: Path) -> None:
    home = lay_out(source_of("crush"), "2026/subagent", tmp_path / "home")
    with scratch_ledger(tmp_path) as ledger:
        import_into(ledger, source_of("crush"), home)
        changed = sqlite3.connect(home / "project" / ".crush" / "crush.db")
        changed.execute("UPDATE sessions SET cost = cost + 1, updated_at = ?", (AT + 100,))
        changed.commit()
        changed.close()
        imported = import_into(ledger, source_of("crush"), home)
        costs = ledger.raw().execute("SELECT reported_cost_micros FROM generation ORDER BY 1").fetchall()
        folders = ledger.raw().execute("SELECT DISTINCT cwd FROM session WHERE cwd IS NOT NULL").fetchall()
    assert imported.totals["generations"] == 2
    assert costs == [(1000000,), (1250000,)]
    assert folders == [("/home/person/project",)]


@pytest.mark.parametrize("cost", [0, 0.0, -1, None, "x", 1e300])
def test_cost_that_is_none_is_unknown(cost: Any) -> None:
    with database_of(SCHEMA) as database:
        session(database, cost=cost)
        message(database, model="qwen3:8b")
        assert [entry.reported_cost_micros for entry in read(database).generations.values()] == [None]


def test_session_without_an_answer_is_no_entry() -> None:
    with database_of(SCHEMA) as database:
        session(database, cost=0)
        assert read(database).generations == {}


def test_only_what_changed_is_read_again() -> None:
    with database_of(SCHEMA) as database:
        for number in range(4):
            session(database, id=f"s{number}", updated_at=AT + number)
            message(database, id=f"m{number}", session_id=f"s{number}", role="user", updated_at=AT + number)
        first, state = rows_read(CRUSH, "x", database)
        session(database, id="s0", updated_at=AT + 50)
        again, _ = rows_read(CRUSH, "x", database, state)
    assert (first.lines, again.lines) == (8, 3)  # the last second of each table is read again
    assert set(again.sessions) == {"s0", "s3"}


def test_damaged_instant_does_not_hide_later_changes() -> None:
    with database_of(SCHEMA) as database:
        session(database, updated_at=2**62)
        _, state = rows_read(CRUSH, "x", database)
        session(database, id="s2")
        assert "s2" in rows_read(CRUSH, "x", database, state)[0].sessions


def test_client_words_in_the_persons_name_are_no_prompts() -> None:
    with database_of(SCHEMA) as database:
        session(database)
        message(database, {"type": "text", "data": {"text": "x", "hidden": True}}, id="a", role="user")
        message(database, {"type": "shell_command", "data": {"command": "x"}}, id="b", role="user")
        message(database, {"type": "binary", "data": {"Path": "x"}}, id="c", role="user")
        assert len(read(database).prompts) == 1


def test_damaged_message_is_told_and_its_neighbours_are_read() -> None:
    with database_of(SCHEMA) as database:
        session(database)
        insert(database, "messages", id="a", session_id="s1", role="user", parts="[{", updated_at=AT)
        message(database, {"type": "text", "data": {"text": "x"}}, id="b", role="user")
        seen = read(database)
    assert (len(seen.issues), len(seen.prompts)) == (1, 1)


@pytest.mark.parametrize(
    ("place", "project"),
    [
        ("/home/person/project/.crush/crush.db", "/home/person/project"),
        ("C:/work/project/.crush/crush.db", "C:\\work\\project"),
        ("/elsewhere/data/crush.db", None),
        ("crush.db", None),
    ],
)
def test_project_is_the_folder_above_the_data_folder(place: str, project: str | None) -> None:
    with database_of(SCHEMA) as database:
        session(database)
        assert read(database, place).sessions["s1"].cwd == project


def test_listed_data_folders() -> None:
    projects = [
        {"path": "/a", "data_dir": "/a/.crush"},
        {"path": "/b", "data_dir": "sub"},
        {"path": "C:\\c", "data_dir": "C:\\d\\data"},
        {"path": "/e"},
    ]
    named = project_folders(json.dumps({"projects": projects}).encode())
    assert named == ["/a/.crush", "/b/sub", "C:\\d\\data", "/e/.crush"]


@pytest.mark.parametrize("data", [b"", b"[]", b'{"projects":7}', b'{"projects":[7]}', b"\xff"])
def test_damaged_register_lists_nothing(data: bytes) -> None:
    assert project_folders(data) == []


def test_copied_home_is_not_left(tmp_path: Path) -> None:
    outside = tmp_path / "outside" / ".crush"
    outside.mkdir(parents=True)
    (outside / "crush.db").write_bytes(b"x")
    register = tmp_path / "home" / ".local" / "share" / "crush" / "projects.json"
    register.parent.mkdir(parents=True)
    paths = [str(outside.parent), "/nowhere/at/all", "../outside"]
    register.write_text(json.dumps({"projects": [{"path": path, "data_dir": f"{path}/.crush"} for path in paths]}))
    assert find_files([source_of("crush")], tmp_path / "home").files == []
    own = find_files([source_of("crush")], None, {"CRUSH_GLOBAL_DATA": str(register.parent)})
    assert [file.path for file in own.files] == [str(outside / "crush.db")]
