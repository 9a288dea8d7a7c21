"""goose: one behaviour at a time."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.events import GenerationFlag, TitleRank
from goodmeasure.sources.base import Database
from goodmeasure.sources.goose.messages import parts_in, said_by_person, tool_kind
from goodmeasure.sources.goose.reader import Counts, counts_of, read_sessions
from tests.sources.conftest import Folded
from tests.sources.homes import HERE, import_into, lay_out, scratch_ledger
from tests.sources.readings import rows_read, source_of

OLD = HERE / "goose/1.34.0/recorded/.local/share/goose/sessions/sessions.db.sql"
NEW = HERE / "goose/ledger-after-its-source/basic/.local/share/goose/sessions/sessions.db.sql"
FIRST, SECOND = "20260601_1/2026-06-01 10:00:00", "20260601_2/2026-06-01 10:01:00"


def database(place: Path, script: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(place)) as made:
        made.executescript(script.read_text(encoding="utf-8"))
    return change(place, *statements)


def change(place: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(place)) as made, made:
        for statement in statements:
            made.execute(statement)
    return place


def read(place: Path, state: bytes | None = None) -> tuple[Folded, bytes | None]:
    with closing(sqlite3.connect(place)) as opened:
        return rows_read(Database(read_sessions), "sessions.db", opened, state)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([100, None, None, 5], Counts(100, None, None, 5)),
        ([100, 60, 10, 5], Counts(30, 60, 10, 5)),
        ([100, 160, 0, 5], Counts(0, 160, 0, 5)),
        ([None, None, None, None], Counts(None, None, None, None)),
        ([None, 5, None, 0], Counts(None, 5, None, 0)),
    ],
)
def test_input_holds_what_was_cached(cells: list[Any], expected: Counts) -> None:
    assert counts_of(cells) == expected


@pytest.mark.parametrize("number", [-1, 1.5, "many", b"\xff", 2**60])
def test_impossible_numbers_are_refused(number: object) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        counts_of([number, None, None, 1])


def test_a_session_without_a_ledger_is_one_entry(tmp_path: Path) -> None:
    folded, _ = read(database(tmp_path / "a.db", OLD))
    assert len(folded.generations) == len(folded.runs) == 10
    assert {call.flags for call in folded.generations.values()} == {GenerationFlag.RESIDUAL}
    first = next(iter(folded.generations.values()))
    assert (first.provider, first.model, first.reported_cost_micros) == ("openai", "gpt-4.1", 93120)
    assert (first.cache_read_tokens, first.cache_write_5m_tokens, first.cache_write_1h_tokens) == (None, None, None)


def test_a_total_that_grows_stays_one_entry(tmp_path: Path) -> None:
    place = database(tmp_path / "a.db", OLD)
    first, state = read(place)
    change(
        place,
        "UPDATE sessions SET accumulated_input_tokens = 50000, accumulated_output_tokens = 900,"
        " updated_at = '2026-11-23 09:00:00' WHERE id = '20261123_1'",
    )
    second, state = read(place, state)
    grown = [call for call in second.generations.values() if call.output_tokens == 900]
    assert [call.key in first.generations for call in grown] == [True]
    assert second.lines == 2  # this one, and the one that had changed last before
    third, _ = read(place, state)
    assert (third.lines, len(third.generations)) == (1, 1)


def test_calls_of_the_ledger_count_and_the_rest_of_the_total_is_one_more(tmp_path: Path) -> None:
    folded, _ = read(database(tmp_path / "a.db", NEW))
    calls = list(folded.generations.values())
    assert [(call.model, call.flags, call.session) for call in calls] == [
        ("m", 0, FIRST),
        ("m-small", 0, FIRST),
        ("m", 0, SECOND),
        ("m", GenerationFlag.RESIDUAL, FIRST),
    ]
    assert [call.reported_cost_micros for call in calls] == [500_000, None, 250_000, None]
    assert [notice.kind for notice in folded.notices.values()].count("compacted") == 1


def test_new_calls_leave_the_rest_as_it_was(tmp_path: Path) -> None:
    place = database(tmp_path / "a.db", NEW)
    first, state = read(place)
    change(
        place,
        "INSERT INTO usage_ledger (session_id, created_timestamp, model, input_tokens, output_tokens,"
        " cache_read_tokens, cache_write_tokens) VALUES ('20260601_1', 1780308009, 'm', 70, 7, 60, 5)",
        "UPDATE sessions SET accumulated_input_tokens = 370, accumulated_output_tokens = 37,"
        " accumulated_cache_read_tokens = 260, accumulated_cache_write_tokens = 25,"
        " updated_at = '2026-06-01 10:09:00' WHERE id = '20260601_1'",
    )
    second, _ = read(place, state)
    rest = [call for call in second.generations.values() if call.flags]
    assert rest == [call for call in first.generations.values() if call.flags]
    assert len(second.generations) == 2


def test_a_deleted_sessions_id_may_come_again(tmp_path: Path) -> None:
    place = database(tmp_path / "a.db", OLD)
    first, state = read(place)
    change(place, "UPDATE sessions SET created_at = '2026-11-24 01:00:00', updated_at = '2026-11-24 01:00:00'")
    second, _ = read(place, state)
    assert first.generations.keys().isdisjoint(second.generations)


def test_messages_written_anew_are_no_new_prompts(tmp_path: Path) -> None:
    place = database(tmp_path / "a.db", OLD)
    first, state = read(place)
    change(
        place,
        "INSERT INTO messages (message_id, session_id, role, content_json, created_timestamp, metadata_json)"
        " SELECT 'new-' || id, session_id, role, content_json, created_timestamp, metadata_json FROM messages",
        "DELETE FROM messages WHERE message_id NOT LIKE 'new-%'",
    )
    second, _ = read(place, state)
    assert second.lines > len(first.prompts)
    assert set(second.prompts) == set(first.prompts)
    assert set(second.tool_calls) == set(first.tool_calls)


def test_helpers_hang_on_their_parent(tmp_path: Path) -> None:
    folded, _ = read(database(tmp_path / "a.db", NEW))
    assert (folded.sessions[SECOND].parent, folded.sessions[SECOND].relation) == (FIRST, "subagent")
    assert folded.runs == {FIRST}


def test_titles_are_given_or_made_and_placeholders_are_none(tmp_path: Path) -> None:
    folded, _ = read(
        database(tmp_path / "a.db", OLD, "UPDATE sessions SET name = 'CLI Session' WHERE id = '20261123_2'")
    )
    told = [(facts.title, facts.title_rank) for facts in folded.sessions.values()][:3]
    assert told == [
        ("Invented text.", TitleRank.CHOSEN),
        (None, TitleRank.NONE),
        ("Invented text.", TitleRank.GENERATED),
    ]


@pytest.mark.parametrize(
    ("role", "content", "metadata", "said"),
    [
        ("user", [{"type": "text", "text": "Invented text."}], None, True),
        ("user", [{"type": "text", "text": "Invented text."}], '{"userVisible":true}', True),
        ("user", [{"type": "text", "text": "Invented text."}], '{"userVisible":false}', False),
        ("user", [{"type": "text", "text": "Invented text."}], "damaged", True),
        ("user", [{"type": "toolResponse", "id": "c"}], None, False),
        ("assistant", [{"type": "text", "text": "Invented text."}], None, False),
    ],
)
def test_prompts_are_what_the_person_said(role: str, content: Any, metadata: str | None, said: bool) -> None:
    assert said_by_person(role, parts_in(json.dumps(content)), metadata) is said


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("shell", "run"),
        ("developer__shell", "run"),
        ("developer__text_editor", "edit"),
        ("github__create_issue", "mcp"),
        ("delegate", "agent"),
        ("todo", "other"),
    ],
)
def test_tools_have_kinds(name: str, kind: str) -> None:
    assert tool_kind(name) == kind


@pytest.mark.parametrize("content", ["'{'", "NULL", "x'ff'", "5", "'[{\"type\":5}]'"])
def test_a_damaged_message_costs_only_itself(tmp_path: Path, content: str) -> None:
    place = database(tmp_path / "a.db", OLD, "DROP TABLE IF EXISTS none")
    whole, _ = read(place)
    with closing(sqlite3.connect(place)) as made, made:
        made.executescript(
            "CREATE TABLE copy AS SELECT * FROM messages; DROP TABLE messages; ALTER TABLE copy RENAME TO messages;"
        )
    change(place, f"UPDATE messages SET content_json = {content} WHERE id = 1")  # noqa: S608 - constant parts
    folded, _ = read(place)
    assert [issue.line for issue in folded.issues] == [1]
    assert len(folded.prompts) == len(whole.prompts) - 1


def test_growing_between_imports_is_exact(tmp_path: Path) -> None:
    source = source_of("goose")
    home = lay_out(source, "1.34.0/recorded", tmp_path / "home")
    place = home / ".local/share/goose/sessions/sessions.db"
    with scratch_ledger(tmp_path) as ledger:
        first = import_into(ledger, source, home)
        change(
            place,
            "UPDATE sessions SET accumulated_input_tokens = accumulated_input_tokens + 1000,"
            " accumulated_output_tokens = accumulated_output_tokens + 10, updated_at = '2026-11-23 09:00:00'",
        )
        second = import_into(ledger, source, home)
    assert second.totals["generations"] == first.totals["generations"]
    assert second.totals["input_tokens"] == first.totals["input_tokens"] + 10 * 1000
    assert second.totals["output_tokens"] == first.totals["output_tokens"] + 10 * 10
