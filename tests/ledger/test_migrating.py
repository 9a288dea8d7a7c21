"""The schema has one truth told three times (migrations, schema.sql, models), and old ledgers come along."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from goodmeasure.ledger import migrating
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.migrating import KEPT_BACKUPS, SCRIPTS, run_migrations, scripts, upgrade
from goodmeasure.ledger.models import metadata
from goodmeasure.ledger.opening import HEAD, Ledger, open_ledger

EVERYTHING = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic%' ORDER BY type, name"
SINCE_0008 = (
    "run_part",
    *("team_file", "team_roster"),
    *("released_run", "frozen_period", "receipt_run", "receipt_leaf", "receipt", "audit_week"),
)
NEXT = """
from alembic import op
revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("ALTER TABLE project ADD COLUMN colour TEXT")
    {more}
"""


@pytest.fixture
def future(tmp_path: Path) -> Path:
    """The migrations of a next version, which knows one more."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for file in (SCRIPTS / "versions").iterdir():
        if file.is_file():
            (folder / "versions" / file.name).write_bytes(file.read_bytes())
    (folder / "versions" / "v9999_colour.py").write_text(NEXT.format(head=HEAD, more="pass"), encoding="utf-8")
    return folder


def test_the_migrations_make_what_a_fresh_ledger_is_made_of(tmp_path: Path, key: bytes, ledger: Ledger) -> None:
    (tmp_path / "empty.sqlite").touch()
    migrated = Ledger(tmp_path / "empty.sqlite", key)
    run_migrations(migrated, scripts())
    assert migrated.revision == HEAD == scripts().get_current_head()
    assert migrated.raw().execute(EVERYTHING).fetchall() == ledger.raw().execute(EVERYTHING).fetchall()
    migrated.close()


def test_the_models_say_what_the_ledger_is(ledger: Ledger) -> None:
    def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return not (kind == "table" and str(name).startswith("run_text"))

    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_every_column_says_its_unit_and_every_table_is_strict(ledger: Ledger) -> None:
    assert [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if not column.comment
    ] == []
    strict = dict(ledger.raw().execute("SELECT name, strict FROM pragma_table_list").fetchall())
    assert {name for name in metadata.tables if not strict[name]} == set()


def test_an_older_ledger_comes_along_with_all_it_holds(teller: Any, future: Path, tmp_path: Path, key: bytes) -> None:
    teller.write(teller.session(), teller.call("c1"))
    upgrade(teller.ledger, HEAD, tmp_path / "backups", future)
    assert teller.ledger.revision == "9999"
    assert teller.rows("SELECT name, colour FROM project") == [("shop", None)]
    assert teller.rows("SELECT output_tokens FROM generation") == [(20,)]
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.stat().st_mode & 0o777 == 0o600
    kept = open_ledger(backup, key)
    assert kept.revision == HEAD
    assert kept.raw().execute("SELECT output_tokens FROM generation").fetchall() == [(20,)]
    kept.close()


def test_a_migration_that_fails_leaves_everything_as_it_was(teller: Any, future: Path, tmp_path: Path) -> None:
    teller.write(teller.session(), teller.call("c1"))
    (future / "versions" / "v9999_colour.py").write_text(
        NEXT.format(head=HEAD, more='op.execute("DROP TABLE no_such_table")'), encoding="utf-8"
    )
    before = teller.rows(EVERYTHING)
    with pytest.raises(LedgerError, match="nothing was changed"):
        upgrade(teller.ledger, HEAD, tmp_path / "backups", future)
    assert teller.rows(EVERYTHING) == before
    assert teller.ledger.revision == HEAD
    assert teller.write(teller.call("c2")).generations_added == 1


def test_only_the_newest_backups_stay(teller: Any, future: Path, tmp_path: Path) -> None:
    for round_ in range(KEPT_BACKUPS + 2):
        (tmp_path / "backups").mkdir(exist_ok=True)
        (tmp_path / "backups" / f"ledger-2020010{round_}T000000Z-before-0003.sqlite").touch()
    (tmp_path / "backups" / "my own copy.sqlite").touch()
    upgrade(teller.ledger, HEAD, tmp_path / "backups", future)
    names = sorted(file.name for file in (tmp_path / "backups").iterdir())
    assert len(names) == KEPT_BACKUPS + 1
    assert "my own copy.sqlite" in names
    assert any(f"before-9999-from-{HEAD}" in name for name in names)


def test_opening_an_older_ledger_migrates_it(
    path: Path, key: bytes, ledger: Ledger, future: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.close()
    monkeypatch.setattr("goodmeasure.ledger.opening.HEAD", "9999")
    monkeypatch.setattr(migrating.upgrade, "__defaults__", (future,))
    opened = open_ledger(path, key)
    assert opened.revision == "9999"
    opened.close()
    assert len(list((path.parent / "backups").iterdir())) == 1


def test_facts_come_to_a_ledger_that_had_none(teller: Any, tmp_path: Path) -> None:
    teller.write(teller.session(title="Fix the till", title_rank=1), teller.call("c1"), teller.tool("t1", kind="edit"))
    raw = teller.ledger.raw()
    after = teller.rows("SELECT * FROM run_summary")
    for table in (
        "run_edit",
        "run_fact",
        "rule",
        "finding_dismissal",
        "split_due",
        "guess",
        "run_work_salt",
        "roll_up",
        *SINCE_0008,
    ):
        raw.execute(f"DROP TABLE {table}")
    for column in ("cost_center", "work_kind", "data_class", "autonomy"):
        raw.execute(f"ALTER TABLE run_summary DROP COLUMN {column}")
    raw.execute("UPDATE alembic_version SET version_num = '0003'")
    upgrade(teller.ledger, "0003", tmp_path / "backups")
    assert teller.ledger.revision == HEAD
    assert teller.rows("SELECT output_tokens, work_kind FROM run_summary") == [(20, None)]
    teller.writer.finish()
    assert teller.rows("SELECT * FROM run_summary") == after


def test_merges_and_splits_stay_the_persons_own(teller: Any, tmp_path: Path) -> None:
    teller.write(teller.session(), teller.call("c1"))
    raw = teller.ledger.raw()
    for table in ("split_due", "guess", "run_work_salt", "roll_up", *SINCE_0008):
        raw.execute(f"DROP TABLE {table}")
    raw.execute("ALTER TABLE run_edit DROP COLUMN by_app")
    raw.execute("INSERT INTO run_edit VALUES (1, 'merge', 1, 1, NULL, NULL, 5), (2, 'undo', 1, 1, NULL, 1, 6)")
    raw.execute("UPDATE alembic_version SET version_num = '0005'")
    upgrade(teller.ledger, "0005", tmp_path / "backups")
    assert teller.rows("SELECT * FROM run_edit") == [
        (1, "merge", 1, 1, None, None, 5, 0),
        (2, "undo", 1, 1, None, 1, 6, 0),
    ]
    assert teller.rows("SELECT * FROM split_due") == [(1,)]
