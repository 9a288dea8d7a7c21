"""Nothing private has any influence: whatever is changed in the ledger, no file of any level changes by a byte.

All columns are changed but those listed here, so that a new table or column is private until somebody says otherwise.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.disclosure.levels import LEVELS, Level, Report
from goodmeasure.reports.files import report_files
from goodmeasure.reports.outputs import Formats, outputs
from goodmeasure.services.report_requests import ImprovedLine, PickedRun
from tests.services.sharing_world import World

WEEK = date(2026, 11, 25)
REPORTED: dict[str, set[str]] = {
    # What a report is about, rounded: answers, and the facts and sums of the appendices.
    "assessment": {"name", "value", "source", "collected", "assessed_at", "taxonomy_version"},
    "run_summary": {"started_at", "data_class", "autonomy", "work_kind"},
    "generation": {
        *("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens"),
        *("cost_micros", "flags"),
    },
    "model": {"name"},
    "tool": {"name", "kind"},
    "tool_call": {"status"},
    "evidence": {"link", "landed_at", "reverted_at", "survival_14_days", "kind", "dismissed_at"},
    "draw_run": {"drawn", "stratum", "inclusion_probability"},
    # What was shared and sealed before, and the audit log that the next report goes on from.
    "meta": {"key", "value"},
    "alembic_version": {"version_num"},
    "receipt": {"week", "root", "filling"},
    "receipt_leaf": {"place", "leaf"},
    "receipt_run": {"place", "salt", "record"},
    "audit_week": {"week", "salt", "up_to", "link", "head"},
}
TEXTS = ("/home/canary-7f3a/very-secret", "Canary Project", "canary@host.example", "canary-branch", "[]", "x" * 300)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "ledger.sqlite")
    made.runs(WEEK, 40)
    made.runs(WEEK, 15, {"outcome": "informed", "need": "extra", "review": "none", "time_saved": "lost_5_30"}, model=2)
    made.runs(WEEK, 7, {"outcome": "excluded"})
    made.ledger.raw().execute(
        "INSERT INTO evidence(run_id, kind, reference, repository, link, found_at, landed_at, survival_14_days)"
        " SELECT id, 'commit', 'abc' || id, '/repo', 'exact', 1, 1, 0.9 FROM run WHERE id % 3 = 0"
    )
    made.seal()
    yield made
    made.close()


def _report(world: World, level: Level) -> Report:
    wanted: dict[str, Any] = {}
    if level != "L0":
        wanted["improved"] = (ImprovedLine("The export works again.", (3, 6)), "The notes write themselves.")
    if level == "L2":
        wanted |= {"cost": True, "oversight": True, "noise_tenths": 10}
    if level == "L3":
        wanted["runs"] = (PickedRun(3, (("ticket", "ABC-123"),)), PickedRun(41))
    return world.draft("2026-W48", level, **wanted).report


def _files(world: World, level: Level) -> dict[str, bytes]:
    files = report_files(_report(world, level), Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    return dict(outputs(files, Formats(cost_table=level == "L2")).files)


def _change_everything_private(world: World, chance: Random) -> list[str]:
    """Give every private column of every row another value; return the columns that were changed."""
    raw = world.ledger.raw()
    raw.execute("BEGIN")
    raw.execute("INSERT OR IGNORE INTO meta VALUES ('forgetting', '1')")
    changed = []
    tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        if table.startswith(("run_text", "sqlite_")):
            continue
        linked = {row[3] for row in raw.execute(f"PRAGMA foreign_key_list({table})")}
        columns = [(row[1], row[2], row[5]) for row in raw.execute(f"PRAGMA table_info({table})")]
        keys = [column for column, _, key in columns if key]
        found = raw.execute(f"SELECT {', '.join(keys)} FROM {table}").fetchall() if keys else []  # noqa: S608 - the schema's names
        where = " AND ".join(f"{key} = ?" for key in keys)
        for column, kind, key in columns:
            if key or column in linked | REPORTED.get(table, set()) or (table, column) == ("run", "root_session_id"):
                continue
            rows = [(_other(kind, column, number, chance), *row) for number, row in enumerate(found)]
            raw.executemany(f"UPDATE {table} SET {column} = ? WHERE {where}", rows)  # noqa: S608 - the schema's names
            changed += [f"{table}.{column}"] if rows else []
    raw.execute("DELETE FROM meta WHERE key = 'forgetting'")
    raw.execute("COMMIT")
    return changed


def _other(kind: str, column: str, row: int, chance: Random) -> object:
    if column == "models":
        return json.dumps([chance.choice(TEXTS)])
    if kind == "TEXT":
        return f"{chance.choice(TEXTS)}{row}"
    if kind == "BLOB":
        return chance.randbytes(16)
    return chance.randrange(1, 2**40) if kind == "INTEGER" else chance.random()


@pytest.mark.parametrize("level", LEVELS)
def test_changing_everything_private_changes_no_byte_of_any_file(world: World, level: Level) -> None:
    before = _files(world, level)
    for seed in range(2):
        changed = _change_everything_private(world, Random(seed))  # noqa: S311 - no secret
        assert {
            "session.title",
            "session.cwd",
            "run_summary.project",
            "source_file.path",
            "generation.recorded_at",
        } <= {*changed}
        after = _files(world, level)
        assert after.keys() == before.keys()
        assert [name for name, data in after.items() if data != before[name]] == []


@pytest.mark.parametrize(
    ("change", "levels"),
    [
        ("UPDATE assessment SET value = 'discarded' WHERE name = 'outcome' AND run_id % 2", {"L1", "L2"}),
        ("UPDATE generation SET cost_micros = cost_micros * 3", {"L2"}),
        ("UPDATE run_summary SET autonomy = 'unattended'", {"L2"}),
        ("UPDATE evidence SET reverted_at = 5", {"L1", "L2", "L3"}),
        ("UPDATE receipt SET root = zeroblob(32)", {"L0"}),
    ],
)
def test_it_does_depend_on_what_it_is_about(world: World, change: str, levels: set[Level]) -> None:
    """The test above could pass on constants."""
    before = {level: _report(world, level) for level in LEVELS}
    raw = world.ledger.raw()
    raw.execute("INSERT INTO meta VALUES ('forgetting', '1')")
    raw.execute(change)
    after = {level: _report(world, level) for level in LEVELS}
    assert {level for level in LEVELS if after[level] != before[level]} == levels
