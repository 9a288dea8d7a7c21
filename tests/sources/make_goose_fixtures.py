"""Makes the golden homes of goose: one from a recording, one with the ledger of later versions after its source.

python tests/sources/make_goose_fixtures.py RECORDINGS
"""

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.sources.invented import FOLDER, TEXT, Words, invented, tool_calls_of, write_truth

HERE = Path(__file__).parent / "goose"
CLIENT = "goose-0.20.1"
PLACE = ".local/share/goose/sessions/sessions.db"
KEPT = {
    "sessions": (
        "id", "user_set_name", "session_type", "created_at", "updated_at", "total_tokens", "input_tokens",
        "output_tokens", "accumulated_total_tokens", "accumulated_input_tokens", "accumulated_output_tokens",
        "accumulated_cost", "provider_name", "goose_mode",
    ),
    "messages": ("id", "message_id", "session_id", "role", "created_timestamp", "timestamp", "metadata_json"),
}  # fmt: skip
"""Columns whose values stay."""
WORDS = Words(
    kept=frozenset({"type", "id", "status", "name", "model_name"}),
    dropped=frozenset({"structuredContent", "annotations", "_meta", "signature"}),
    replaced={"arguments": {"invented": True}},
)
OTHERS: dict[str, Any] = {"name": TEXT, "working_dir": FOLDER}
LEDGER = """
ALTER TABLE sessions ADD COLUMN accumulated_cache_read_tokens INTEGER;
ALTER TABLE sessions ADD COLUMN accumulated_cache_write_tokens INTEGER;
ALTER TABLE sessions ADD COLUMN parent_session_id TEXT;
CREATE TABLE usage_ledger (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, created_timestamp INTEGER,
 model TEXT, input_tokens INTEGER, output_tokens INTEGER, total_tokens INTEGER, cache_read_tokens INTEGER,
 cache_write_tokens INTEGER, cost REAL, cost_source TEXT, is_compaction BOOLEAN DEFAULT FALSE);
INSERT INTO sessions (id, name, session_type, working_dir, created_at, updated_at, accumulated_input_tokens,
 accumulated_output_tokens, accumulated_cache_read_tokens, accumulated_cache_write_tokens, provider_name,
 model_config_json, parent_session_id) VALUES
 ('20260601_1', 'CLI Session', 'user', '/home/person/project', '2026-06-01 10:00:00', '2026-06-01 10:05:00', 300, 30,
 200, 20, 'anthropic', '{"model_name":"m"}', NULL),
 ('20260601_2', 'Invented text.', 'sub_agent', '/home/person/project', '2026-06-01 10:01:00', '2026-06-01 10:02:00',
 100, 10, 60, 0, 'anthropic', '{"model_name":"m"}', '20260601_1');
INSERT INTO usage_ledger (session_id, created_timestamp, model, input_tokens, output_tokens, cache_read_tokens,
 cache_write_tokens, cost, cost_source, is_compaction) VALUES
 ('20260601_1', 1780308001, 'm', 100, 10, 80, 10, 0.5, 'estimated', 0),
 ('20260601_1', 1780308002, 'm-small', 50, 5, 40, 0, NULL, NULL, 1),
 ('20260601_2', 1780308003, 'm', 100, 10, 60, 0, 0.25, 'provider_reported', 0);
INSERT INTO messages (message_id, session_id, role, content_json, created_timestamp, metadata_json) VALUES
 ('u1', '20260601_1', 'user', '[{"type":"text","text":"Invented text."}]', 1780308000, '{"userVisible":true}'),
 ('u2', '20260601_1', 'user', '[{"type":"text","text":"Invented text."}]', 1780308004, '{"userVisible":false}');
"""
NAMES = (
    "generations", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens",
    "output_tokens", "reasoning_tokens",
)  # fmt: skip


def cell(table: str, column: str, value: Any) -> Any:
    """Return a cell with invented text."""
    if column in KEPT[table] or value is None:
        return value
    if column in {"content_json", "model_config_json"}:
        return json.dumps(invented(json.loads(value), WORDS), separators=(",", ":"))
    return OTHERS.get(column, "" if isinstance(value, str) else value)


def script(place: Path, *, rows: bool) -> str:
    """Return the tables of a database as SQL text."""
    lines = []
    with closing(sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True)) as database:
        for table in KEPT:
            (created,) = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            lines.append(f"{' '.join(created.split())};")
            found = database.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608  names of our own
            names = [column[0] for column in found.description]
            for row in found if rows else ():
                cells = [cell(table, name, value) for name, value in zip(names, row, strict=True)]
                values = ", ".join(database.execute("SELECT quote(?)", (one,)).fetchone()[0] for one in cells)
                lines.append(f"INSERT INTO {table} VALUES ({values});")  # noqa: S608  as above
    return "\n".join(lines) + "\n"


def sums(*rows: tuple[int, ...]) -> dict[str, int]:
    """Return the sums of rows of counters."""
    return dict(zip(NAMES, map(sum, zip(*rows, strict=True)), strict=True))


def recorded(recording: Path) -> dict[str, Any]:
    """Return what the recording must give: one entry per session, without the calls that name sessions."""
    served = [json.loads(line) for line in (recording / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [row for row in served if row.get("completed") and row.get("tools_offered")]
    session_of = {"resume": "plain"}
    sessions: dict[tuple[str, str], list[int]] = {}
    for row in told:
        counts = row["counts"]
        entry = sessions.setdefault((session_of.get(row["scenario"], row["scenario"]), row["model"]), [0, 0])
        entry[0] += sum(counts[name] for name in ("input_uncached", "cache_read", "cache_write_5m", "cache_write_1h"))
        entry[1] += counts["output"]
    models: dict[str, list[tuple[int, ...]]] = {}
    for (_, model), (whole, output) in sessions.items():
        models.setdefault(model, []).append((1, whole, 0, 0, 0, output, 0))
    scenarios = (recording / "scenarios.jsonl").read_text(encoding="utf-8").splitlines()
    return {
        "totals": sums(*(row for rows in models.values() for row in rows)),
        "models": {model: sums(*rows) for model, rows in models.items()},
        "flags": {"residual": len(sessions)},
        "runs": len(sessions),
        "prompts": len(scenarios),
        "tool_calls": tool_calls_of(recording, told),
    }


def main(recordings: Path) -> None:
    """Write the golden homes anew."""
    recording = recordings / CLIENT
    shutil.rmtree(HERE, ignore_errors=True)
    database = recording / "home" / PLACE
    texts = {
        "1.34.0/recorded": script(database, rows=True),
        "ledger-after-its-source/basic": script(database, rows=False) + LEDGER,
    }
    for name, text in texts.items():
        target = HERE / name / f"{PLACE}.sql"
        target.parent.mkdir(parents=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    big, small = [(1, 10, 80, 10, 0, 10, 0), (1, 40, 60, 0, 0, 10, 0)], [(1, 10, 40, 0, 0, 5, 0)]
    rest = (1, 60, 80, 10, 0, 15, 0)
    ledger = {
        "totals": sums(*big, *small, rest),
        "models": {"m": sums(*big, rest), "m-small": sums(*small)},
        "flags": {"residual": 1},
        "runs": 1,
        "prompts": 1,
        "tool_calls": 0,
    }
    write_truth(HERE, {"1.34.0/recorded": recorded(recording), "ledger-after-its-source/basic": ledger})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
