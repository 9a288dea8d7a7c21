"""Derived rows that the screens read: one per run, and usage by quarter hour. Each can be made anew from the events."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlcipher3 import dbapi2

from goodmeasure.ledger.arranging import split_runs
from goodmeasure.ledger.codes import BUCKET_MS, PAUSE_MS, UNKNOWN_BUCKET
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.facts import fact_columns, settle
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.sessions import mark_buckets_of_run

_RUNS_AT_ONCE = 2_000
_BUCKETS_AT_ONCE = 4_000
SUMS = """count(*), sum(input_tokens), sum(cache_read_tokens), sum(cache_write_5m_tokens), sum(cache_write_1h_tokens),
 sum(output_tokens), sum(reasoning_tokens), sum(cost_micros), sum(cost_micros IS NULL),
 sum(flags >> 1 & 1), sum(flags & 1)"""
"""Over generations, in the order of `domain.usage.Counters`; flags 2 and 1 are ESTIMATED and OUTPUT_LOWER_BOUND."""

_PROJECTS = """SELECT r.id, coalesce(
 (SELECT p.id FROM run_fact f JOIN project p ON p.name = f.value
  WHERE f.run_id = r.id AND f.name = 'project' ORDER BY p.id LIMIT 1),
 (SELECT project_id FROM run_part WHERE run_id = r.id),
 (SELECT project_id FROM session WHERE id = r.root_session_id),
 (SELECT project_id FROM session WHERE run_id = r.id AND project_id IS NOT NULL ORDER BY native_id LIMIT 1)) AS found
 FROM chosen CROSS JOIN run r ON r.id = chosen.id WHERE r.project_id IS NOT found"""

# Each answers by run id, for the runs in `chosen`.
_RUNS = """SELECT r.id, r.source, p.name FROM chosen CROSS JOIN run r ON r.id = chosen.id
 LEFT JOIN project p ON p.id = r.project_id WHERE +r.merged_into_id IS NULL"""
_GENERATIONS = f"""SELECT run_id, min(recorded_at), max(recorded_at), {SUMS}
 FROM chosen CROSS JOIN generation ON run_id = chosen.id GROUP BY run_id"""  # noqa: S608 - constant parts
_MODELS = """SELECT run_id, m.name, count(*) AS n FROM chosen CROSS JOIN generation ON run_id = chosen.id
 JOIN model m ON m.id = model_id WHERE m.name <> '' GROUP BY run_id, m.name ORDER BY run_id, n DESC, m.name"""
_TOOL_CALLS = """SELECT run_id, min(called_at), max(coalesce(finished_at, called_at)), count(*), sum(status IS 2)
 FROM chosen CROSS JOIN tool_call ON run_id = chosen.id GROUP BY run_id"""
_PROMPTS = """SELECT run_id, min(prompted_at), max(prompted_at), count(*)
 FROM chosen CROSS JOIN prompt ON run_id = chosen.id GROUP BY run_id"""
_NOTICES = """SELECT run_id, min(noticed_at), max(noticed_at), count(*), sum(kind = 'api_error')
 FROM chosen CROSS JOIN notice ON run_id = chosen.id GROUP BY run_id"""
_SPANS = """SELECT run_id, min(started_at), max(ended_at)
 FROM chosen CROSS JOIN session ON run_id = chosen.id GROUP BY run_id"""
_TITLES = """SELECT run_id, title FROM chosen CROSS JOIN session ON run_id = chosen.id
 WHERE title IS NOT NULL AND relation IS NOT 'subagent' ORDER BY run_id, title_rank, started_at, native_id"""
_ROOT_TITLES = """SELECT r.id, s.title FROM chosen CROSS JOIN run r ON r.id = chosen.id
 JOIN session s ON s.id = r.root_session_id WHERE s.title IS NOT NULL"""
_LATER = """SELECT r.id, s.title || ' (later)' FROM chosen CROSS JOIN run_part ON run_part.run_id = chosen.id
 JOIN run r ON r.id = chosen.id JOIN session s ON s.id = r.root_session_id"""
_ANSWERS = """SELECT coalesce(r.merged_into_id, r.id), a.name, a.value, a.assessed_at
 FROM (SELECT id FROM chosen UNION SELECT run.id FROM chosen JOIN run ON run.merged_into_id = chosen.id) c
 CROSS JOIN run r ON r.id = c.id JOIN assessment a ON a.run_id = c.id
 WHERE a.source = 'HUMAN' AND a.name IN ('outcome', 'need') ORDER BY a.assessed_at, a.id"""
_COLUMNS = """run_id, source, started_at, ended_at, duration_ms, title, project, model, total_tokens,
 generations, input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens,
 reasoning_tokens, cost_micros, unpriced_generations, estimated_generations, output_lower_bound_generations,
 models, tool_calls, prompts, errors, outcome, outcome_at, need,
 cost_center, work_kind, data_class, autonomy"""
_INSERT = f"INSERT INTO run_summary({_COLUMNS}) VALUES ({','.join('?' * (_COLUMNS.count(',') + 1))})"  # noqa: S608 - constant parts
_PAUSED = """INSERT OR IGNORE INTO split_due SELECT run_id FROM run_summary
 WHERE run_id IN (SELECT value FROM json_each(?)) AND duration_ms > ? AND prompts > 1"""
_NO_SUMS = (0, None, None, None, None, None, None, None, 0, 0, 0)

_BUCKETS = f"""INSERT INTO usage_bucket
SELECT d.value, r.source, coalesce(r.project_id, 0), coalesce(g.model_id, 0), {SUMS}
FROM json_each(?) d CROSS JOIN generation g ON g.recorded_at >= d.value * {BUCKET_MS}
 AND g.recorded_at < (d.value + 1) * {BUCKET_MS}
CROSS JOIN run r ON r.id = g.run_id WHERE d.value >= 0 GROUP BY 1, 2, 3, 4"""  # noqa: S608 - constant parts

_UNKNOWN_BUCKET = f"""INSERT INTO usage_bucket
SELECT {UNKNOWN_BUCKET}, r.source, coalesce(r.project_id, 0), coalesce(g.model_id, 0), {SUMS}
FROM (SELECT * FROM generation WHERE recorded_at IS NULL UNION ALL SELECT * FROM generation WHERE recorded_at < 0) g
JOIN run r ON r.id = g.run_id GROUP BY 1, 2, 3, 4"""  # noqa: S608 - constant parts


def refresh(ledger: Ledger) -> int:
    """Bring every out-of-date summary up to date; return how many runs that were. Raises LedgerError."""
    runs = 0
    while ids := _dirty(ledger, "run_id", "dirty_run", _RUNS_AT_ONCE):
        with ledger.writing() as connection:
            refresh_runs(connection, ids)
            connection.execute(_PAUSED, (json.dumps(ids), PAUSE_MS))
            connection.execute(
                "DELETE FROM dirty_run WHERE run_id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
            )
        runs += len(ids)
    while ids := _dirty(ledger, "bucket", "dirty_bucket", _BUCKETS_AT_ONCE):
        with ledger.writing() as connection:
            _refresh_buckets(connection, ids)
    return runs


def rebuild(ledger: Ledger) -> int:
    """Make every summary anew from the events; return the number of runs looked at. Raises LedgerError."""
    with ledger.writing() as connection:
        for table in ("run_summary", "usage_bucket"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - constant names
        connection.execute("INSERT OR IGNORE INTO dirty_run SELECT id FROM run")
        connection.execute(
            "INSERT OR IGNORE INTO dirty_bucket"
            " SELECT DISTINCT iif(recorded_at >= 0, recorded_at / ?, ?) FROM generation",
            (BUCKET_MS, UNKNOWN_BUCKET),
        )
    return refresh(ledger)


def refresh_runs(connection: dbapi2.Connection, run_ids: Sequence[int]) -> None:
    """Make the summaries of these runs anew, within the caller's transaction."""
    execute = connection.execute
    execute("CREATE TEMP TABLE IF NOT EXISTS chosen(id INTEGER PRIMARY KEY)")
    execute("DELETE FROM temp.chosen")
    connection.executemany("INSERT INTO temp.chosen VALUES (?)", [(run_id,) for run_id in run_ids])
    settle(connection, run_ids)
    for run_id, project_id in execute(_PROJECTS).fetchall():
        execute("UPDATE run SET project_id = ? WHERE id = ?", (project_id, run_id))
        mark_buckets_of_run(connection, run_id)
    execute("DELETE FROM run_summary WHERE run_id IN (SELECT id FROM chosen)")
    connection.executemany(_INSERT, _summaries(connection, run_ids))
    execute("DELETE FROM run_text WHERE rowid IN (SELECT id FROM chosen)")
    execute(
        "INSERT INTO run_text(rowid, title, project, model, source)"
        " SELECT run_id, coalesce(title, ''), coalesce(project, ''), models, source"
        " FROM chosen CROSS JOIN run_summary ON run_id = chosen.id"
    )


def _summaries(connection: dbapi2.Connection, run_ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Yield a row of `run_summary` for each chosen run of which anything but its existence is known."""

    def by_run(question: str) -> dict[int, tuple[Any, ...]]:
        return {row[0]: row[1:] for row in connection.execute(question)}

    generations, tools, prompts = by_run(_GENERATIONS), by_run(_TOOL_CALLS), by_run(_PROMPTS)
    notices, spans, titles = by_run(_NOTICES), by_run(_SPANS), by_run(_ROOT_TITLES) | by_run(_TITLES)
    split = split_runs(connection)
    later = dict(connection.execute(_LATER).fetchall())
    models: dict[int, list[str]] = defaultdict(list)
    for run_id, name, _ in connection.execute(_MODELS):
        models[run_id].append(name)
    answers: dict[int, dict[str, tuple[str | None, int]]] = defaultdict(dict)
    for run_id, name, value, at in connection.execute(_ANSWERS):
        answers[run_id][name] = (value, at)
    # The session's title tells what was first, not what came after something else had begun.
    facts = fact_columns(connection, run_ids, {key: row for key, row in titles.items() if key not in later}, prompts)
    for run_id, source, project in connection.execute(_RUNS).fetchall():
        seen = [rows[run_id] for rows in (generations, tools, prompts, notices) if run_id in rows]
        if not seen and run_id not in answers:
            continue
        started, ended = _span((None, None) if run_id in split else spans[run_id], seen)
        sums = generations[run_id][2:] if run_id in generations else _NO_SUMS
        outcome, outcome_at = answers[run_id].get("outcome", (None, None)) if run_id in answers else (None, None)
        yield (
            run_id,
            source,
            started,
            ended,
            None if started is None or ended is None else ended - started,
            later.get(run_id) or titles.get(run_id, (None,))[0],
            project,
            models[run_id][0] if run_id in models else None,
            sum(tokens or 0 for tokens in sums[1:6]),
            *sums,
            json.dumps(models.get(run_id, []), ensure_ascii=False),
            tools[run_id][2] if run_id in tools else 0,
            prompts[run_id][2] if run_id in prompts else 0,
            (tools[run_id][3] if run_id in tools else 0) + (notices[run_id][3] if run_id in notices else 0),
            outcome,
            None if outcome is None else outcome_at,
            answers[run_id].get("need", (None, None))[0] if run_id in answers else None,
            *facts[run_id],
        )


def _span(told_by_sessions: Sequence[int | None], seen: Sequence[Sequence[Any]]) -> tuple[int | None, int | None]:
    """Return a run's start and end: as its sessions say, else from its first and last events."""
    started, ended = told_by_sessions
    if started is None:
        started = min((row[0] for row in seen if row[0] is not None), default=None)
    if ended is None:
        ended = max((row[1] for row in seen if row[1] is not None), default=None)
    return started, ended


def _refresh_buckets(connection: dbapi2.Connection, buckets: Sequence[int]) -> None:
    ids = json.dumps(list(buckets))
    connection.execute("DELETE FROM usage_bucket WHERE bucket IN (SELECT value FROM json_each(?))", (ids,))
    connection.execute(_BUCKETS, (ids,))
    if UNKNOWN_BUCKET in buckets:
        connection.execute(_UNKNOWN_BUCKET)
    connection.execute("DELETE FROM dirty_bucket WHERE bucket IN (SELECT value FROM json_each(?))", (ids,))


def _dirty(ledger: Ledger, column: str, table: str, at_most: int) -> list[int]:
    with told(ledger.path):
        rows = ledger.raw().execute(f"SELECT {column} FROM {table} LIMIT ?", (at_most,))  # noqa: S608 - constant names
        return [row[0] for row in rows]
