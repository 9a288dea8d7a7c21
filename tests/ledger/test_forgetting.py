"""Forgetting leaves nothing, in no table, whichever tables there are."""

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from goodmeasure.domain.events import Batch, Generation, Notice, Prompt, Relation, SessionFacts, SessionTotal, ToolCall
from goodmeasure.ledger.audit import audit_entries, verify_audit
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.files import FileReading
from goodmeasure.ledger.forgetting import forget_everything, forget_runs
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.ledger.reads import find_run
from goodmeasure.ledger.writer import ImportWriter
from goodmeasure.sources.base import identity

KEPT = {"meta", "alembic_version", "audit_entry"}


def facts(name: str, parent: str | None = None, relation: Relation | None = None, folder: str = "/tea") -> SessionFacts:
    return SessionFacts(name, parent, relation, 1, 9, folder, None, None, None, None, f"Title of {name}", 1)


def taught(*sessions: SessionFacts) -> Batch:
    """Every kind of event, in each of these sessions."""
    batch = Batch(lines=1, sessions=list(sessions))
    for name in (told.session for told in sessions):
        counts = (1, 2, 3, 4, 5)
        key = identity("s", "call", name)
        batch.generations.append(Generation(key, name, 5, "p", "m", *counts, None, None, None, None, 0))
        batch.tool_calls.append(ToolCall(identity("s", "tool", name), name, 2, 3, "Bash", "run", "ok"))
        batch.prompts.append(Prompt(identity("s", "prompt", name), name, 2))
        batch.notices.append(Notice(identity("s", "notice", name), name, 2, "interrupted", None))
        batch.totals.append(SessionTotal(name, "m", *counts, None, 9))
    return batch


def read(ledger: Ledger, path: str, batch: Batch) -> None:
    writer = ImportWriter(ledger, lambda _call: (7, "list_price"), lambda cwd: (cwd, cwd.rsplit("/", 1)[-1]))
    known = ledger.raw().execute("SELECT 1 FROM source_file WHERE path = ?", (path,)).fetchone()
    writer.write(FileReading(path, "s", 1, 1, 9, 9, 0, 9, None, None, restart=bool(known)), batch)
    writer.finish()


FAMILY = (facts("one"), facts("helper", "one", Relation.SUBAGENT), facts("later", "one", Relation.RESUME))
FORK = facts("fork", "one", Relation.FORK)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Four runs' worth of sessions in three files; the fork's file holds a copy of the first."""
    made = open_ledger(tmp_path / "ledger.sqlite", b"k" * 32)
    read(made, "a", taught(*FAMILY))
    read(made, "b", taught(facts("one"), FORK))
    read(made, "c", taught(facts("two", folder="/coffee")))
    run = find_run(made, "one")
    connection = made.raw()
    connection.execute("INSERT INTO receipt VALUES (1, '2026-W47', x'00', x'00', 1)")
    for table, columns, values in (
        (
            "assessment",
            "run_id, name, source, collected, assessed_at, taxonomy_version",
            "'outcome', 'HUMAN', 'x', 1, 1",
        ),
        ("evidence", "run_id, kind, reference, link, found_at", "'commit', 'abc', 'session', 1"),
        ("evidence_check", "run_id, checked_at, state", "1, ''"),
        ("run_work", "run_id, path, line_hashes, commits", "'tea.py', x'00', ''"),
        ("run_fact", "run_id, name, value, decided_at", "'project', 'tea', 1"),
        ("run_work_salt", "run_id, salt", "x'00'"),
        ("run_edit", "run_id, kind, edited_at, by_app", "'merge', 1, 0"),
        ("guess", "run_id, question, value, said_at", "'kept', 'yes', 1"),
        ("released_run", "run_id, period", "'2026-W47'"),
        ("receipt_run", "run_id, receipt_id, place, salt, record", "1, 7, x'00', x'00'"),
    ):
        connection.execute(f"INSERT INTO {table}({columns}) VALUES ({run}, {values})")  # noqa: S608 - constant parts
    connection.execute("INSERT INTO receipt_leaf VALUES (1, 7, x'00')")
    connection.execute("INSERT INTO frozen_period(period, cells, frozen_at) VALUES ('2026-W47', x'00', 1)")
    connection.execute("INSERT OR IGNORE INTO split_due VALUES (?)", (run,))
    connection.execute("INSERT INTO run_part(run_id) VALUES (?)", (run,))
    connection.execute("INSERT INTO draw(id, drawn_on, drawn_at, seed) VALUES (1, '2026-11-23', 1, x'00')")
    connection.execute(f"INSERT INTO draw_run VALUES ({run}, 1, 'rest', 0.5, 1)")  # noqa: S608 - a number
    call, session = connection.execute("SELECT id, session_id FROM generation WHERE run_id = ?", (run,)).fetchone()
    connection.execute("INSERT INTO telemetry_call VALUES (x'01', ?)", (call,))
    connection.execute("INSERT INTO telemetry_event VALUES (x'01', ?)", (session,))
    connection.execute("INSERT INTO telemetry_feed VALUES ('s', 1, 1, 1, 1, 1, 1)")
    connection.execute("INSERT INTO team_roster VALUES (1, x'01', x'01', 1)")
    connection.execute("INSERT INTO team_file VALUES (1, 'closing', 1, '2026-11', x'01', 1)")
    return made


def tables(connection: dbapi2.Connection) -> dict[str, int]:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'run_text_%'"
    ).fetchall()
    return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in names}  # noqa: S608 - the schema's names


def holding(connection: dbapi2.Connection, column: str, ids: list[int]) -> list[str]:
    """Return the tables in which a column of this name holds one of these ids."""
    found = []
    for name in tables(connection):
        columns = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
        marks = ",".join("?" * len(ids))
        asked = f"SELECT 1 FROM {name} WHERE {column} IN ({marks})"  # noqa: S608 - from the schema
        if column in columns and connection.execute(asked, ids).fetchone():
            found.append(name)
    return found


def test_every_table_that_knows_runs_is_tried_here(ledger: Ledger) -> None:
    run = find_run(ledger, "one")
    knowing = [
        name
        for name in tables(ledger.raw())
        if "run_id" in {row[1] for row in ledger.raw().execute(f"PRAGMA table_info({name})")}
    ]
    assert set(holding(ledger.raw(), "run_id", [run])) == set(knowing) - {"dirty_run"}


def test_a_run_goes_with_all_that_hangs_on_it_and_its_fork_stays(ledger: Ledger) -> None:
    connection = ledger.raw()
    run = find_run(ledger, "one")
    runs = [row[0] for row in connection.execute("SELECT id FROM run WHERE id = ?1 OR merged_into_id = ?1", (run,))]
    sessions = [row[0] for row in connection.execute("SELECT id FROM session WHERE run_id = ?", (run,))]
    assert (len(runs), len(sessions)) == (3, 3)
    gone = forget_runs(ledger, [run, 4711], 50)
    assert (gone.runs, gone.calls) == (1, 3)
    assert holding(connection, "run_id", runs) == holding(connection, "session_id", sessions) == []
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("SELECT parent_id FROM session WHERE native_id = 'fork'").fetchone() == (None,)
    assert connection.execute("SELECT sum(generations) FROM usage_bucket").fetchone() == (2,)
    assert connection.execute("SELECT count(*) FROM run_text WHERE run_text MATCH 'title'").fetchone() == (2,)
    assert [entry.kind for entry in audit_entries(ledger)] == ["forgotten"]


def test_reading_again_brings_nothing_back_not_even_what_is_new_in_it(ledger: Ledger) -> None:
    forget_runs(ledger, [find_run(ledger, "one"), find_run(ledger, "two")], 50)
    before = tables(ledger.raw())
    read(ledger, "a", taught(*FAMILY))
    read(ledger, "d", taught(*FAMILY, facts("new helper", "helper", Relation.SUBAGENT), facts("two")))
    after = tables(ledger.raw())
    assert {name for name in after if after[name] != before[name]} == {"source_file", "meta"}
    with pytest.raises(LedgerError):
        find_run(ledger, "two")


def test_everything_goes_but_the_marks_and_a_note(ledger: Ledger) -> None:
    gone = forget_everything(ledger, 50)
    assert (gone.runs, gone.calls) == (3, 5)
    left = {name: count for name, count in tables(ledger.raw()).items() if count}
    assert set(left) == KEPT
    assert left["audit_entry"] == 1
    assert verify_audit(ledger) is None
    read(ledger, "a", taught(*FAMILY, FORK))
    assert tables(ledger.raw())["generation"] == 0


def test_nothing_of_it_can_be_read_from_the_file(tmp_path: Path) -> None:
    """As whoever has the key could: the pages and the journal are searched, decrypted."""
    ledger = open_ledger(tmp_path / "ledger.sqlite", b"k" * 32)
    read(ledger, "a", taught(facts("Zinnober")))
    forget_runs(ledger, [find_run(ledger, "Zinnober")], 50)
    assert (tmp_path / "ledger.sqlite-wal").stat().st_size == 0
    ledger.raw().execute(f"ATTACH DATABASE '{tmp_path / 'plain.sqlite'}' AS plain KEY ''")
    ledger.raw().execute("SELECT sqlcipher_export('plain')")
    ledger.close()
    assert b"Zinnober" not in (tmp_path / "plain.sqlite").read_bytes()
