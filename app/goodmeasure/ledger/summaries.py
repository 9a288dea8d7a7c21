"""Derived rows that the screens read: one per run, and usage by quarter hour. Each can be made anew from the events."""

import json
from collections.abc import Sequence

from sqlcipher3 import dbapi2

from goodmeasure.ledger.codes import BUCKET_MS, UNKNOWN_BUCKET
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.sessions import mark_buckets_of_run

_RUNS_AT_ONCE = 2_000
_BUCKETS_AT_ONCE = 4_000
SUMS = """count(*), sum(input_tokens), sum(cache_read_tokens), sum(cache_write_5m_tokens), sum(cache_write_1h_tokens),
 sum(output_tokens), sum(reasoning_tokens), sum(cost_micros), sum(cost_micros IS NULL), sum(flags >> 1 & 1), sum(flags & 1)"""
"""Over generations, in the order of `domain.usage.Counters`; flags 2 and 1 are ESTIMATED and OUTPUT_LOWER_BOUND."""

_PROJECTS = """SELECT r.id, r.project_id, coalesce(
 (SELECT project_id FROM session WHERE id = r.root_session_id),
 (SELECT project_id FROM session WHERE run_id = r.id AND project_id IS NOT NULL ORDER BY native_id LIMIT 1)) AS found
 FROM run r WHERE r.id IN (SELECT value FROM json_each(?)) AND r.project_id IS NOT found"""

_RUNS = f"""WITH
d(id) AS (SELECT value FROM json_each(?)),
g(run_id, first_at, last_at, n, inp, cr, w5, w1, outp, reas, cost, unpriced, estimated, lower) AS (
 SELECT run_id, min(recorded_at), max(recorded_at), {SUMS} FROM generation WHERE run_id IN d GROUP BY run_id),
m(run_id, names) AS (
 SELECT run_id, json_group_array(name ORDER BY n DESC, name) FROM (
  SELECT run_id, name, count(*) AS n FROM generation JOIN model ON model.id = model_id
  WHERE run_id IN d AND name <> '' GROUP BY run_id, name) GROUP BY run_id),
t(run_id, first_at, last_at, n, failed) AS (
 SELECT run_id, min(called_at), max(coalesce(finished_at, called_at)), count(*), sum(coalesce(status = 2, 0))
 FROM tool_call WHERE run_id IN d GROUP BY run_id),
p(run_id, first_at, last_at, n) AS (
 SELECT run_id, min(prompted_at), max(prompted_at), count(*) FROM prompt WHERE run_id IN d GROUP BY run_id),
f(run_id, n, failed) AS (
 SELECT run_id, count(*), sum(kind = 'api_error') FROM notice WHERE run_id IN d GROUP BY run_id),
s(run_id, started_at, ended_at) AS (
 SELECT run_id, min(started_at), max(ended_at) FROM session WHERE run_id IN d GROUP BY run_id),
titled(run_id, title) AS (
 SELECT d.id, (SELECT title FROM session WHERE run_id = d.id AND title IS NOT NULL AND relation IS NOT 'subagent'
  ORDER BY title_rank DESC, started_at DESC, native_id LIMIT 1) FROM d),
a(run_id, outcome_id, need_id) AS (
 SELECT coalesce(run.merged_into_id, run.id),
  max(iif(assessment.name = 'outcome', assessment.id, NULL)), max(iif(assessment.name = 'need', assessment.id, NULL))
 FROM assessment JOIN run ON run.id = assessment.run_id
 WHERE assessment.source = 'HUMAN' AND assessment.run_id IN (SELECT id FROM d UNION SELECT run.id FROM run WHERE merged_into_id IN d)
 GROUP BY 1),
facts(run_id, started_at, ended_at) AS (
 SELECT d.id, coalesce(s.started_at, min(coalesce(g.first_at, t.first_at, p.first_at), coalesce(t.first_at, p.first_at, g.first_at),
   coalesce(p.first_at, g.first_at, t.first_at))),
  coalesce(s.ended_at, max(coalesce(g.last_at, t.last_at, p.last_at), coalesce(t.last_at, p.last_at, g.last_at),
   coalesce(p.last_at, g.last_at, t.last_at)))
 FROM d LEFT JOIN s ON s.run_id = d.id LEFT JOIN g ON g.run_id = d.id LEFT JOIN t ON t.run_id = d.id LEFT JOIN p ON p.run_id = d.id)
INSERT INTO run_summary(run_id, source, started_at, ended_at, duration_ms, title, project, model, total_tokens,
 generations, input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens,
 cost_micros, unpriced_generations, estimated_generations, output_lower_bound_generations,
 models, tool_calls, prompts, errors, outcome, outcome_at, need)
SELECT r.id, r.source, facts.started_at, facts.ended_at, facts.ended_at - facts.started_at, titled.title, project.name,
 m.names ->> 0,
 coalesce(g.inp, 0) + coalesce(g.cr, 0) + coalesce(g.w5, 0) + coalesce(g.w1, 0) + coalesce(g.outp, 0),
 coalesce(g.n, 0), g.inp, g.cr, g.w5, g.w1, g.outp, g.reas,
 g.cost, coalesce(g.unpriced, 0), coalesce(g.estimated, 0), coalesce(g.lower, 0),
 coalesce(m.names, '[]'), coalesce(t.n, 0), coalesce(p.n, 0), coalesce(t.failed, 0) + coalesce(f.failed, 0),
 outcome.value, iif(outcome.value IS NULL, NULL, outcome.assessed_at), need.value
FROM d JOIN run r ON r.id = d.id AND r.merged_into_id IS NULL
 LEFT JOIN g ON g.run_id = d.id LEFT JOIN m ON m.run_id = d.id LEFT JOIN t ON t.run_id = d.id
 LEFT JOIN p ON p.run_id = d.id LEFT JOIN f ON f.run_id = d.id LEFT JOIN a ON a.run_id = d.id
 LEFT JOIN assessment outcome ON outcome.id = a.outcome_id LEFT JOIN assessment need ON need.id = a.need_id
 LEFT JOIN project ON project.id = r.project_id
 JOIN facts ON facts.run_id = d.id JOIN titled ON titled.run_id = d.id
WHERE g.n > 0 OR t.n > 0 OR p.n > 0 OR f.n > 0 OR a.run_id IS NOT NULL"""  # noqa: S608 - constant parts

_BUCKETS = f"""INSERT INTO usage_bucket
SELECT d.value, r.source, coalesce(r.project_id, 0), coalesce(g.model_id, 0), {SUMS}
FROM json_each(?) d CROSS JOIN generation g ON g.recorded_at >= d.value * {BUCKET_MS} AND g.recorded_at < (d.value + 1) * {BUCKET_MS}
JOIN run r ON r.id = g.run_id WHERE d.value >= 0 GROUP BY 1, 2, 3, 4"""  # noqa: S608 - constant parts

_UNKNOWN_BUCKET = f"""INSERT INTO usage_bucket
SELECT {UNKNOWN_BUCKET}, r.source, coalesce(r.project_id, 0), coalesce(g.model_id, 0), {SUMS}
FROM (SELECT * FROM generation WHERE recorded_at IS NULL UNION ALL SELECT * FROM generation WHERE recorded_at < 0) g
JOIN run r ON r.id = g.run_id GROUP BY 1, 2, 3, 4"""  # noqa: S608 - constant parts


def refresh(ledger: Ledger) -> int:
    """Bring every out-of-date summary up to date, some thousand a transaction; return how many runs that were. Raises LedgerError."""
    runs = 0
    while ids := _dirty(ledger, "run_id", "dirty_run", _RUNS_AT_ONCE):
        with ledger.writing() as connection:
            refresh_runs(connection, ids)
            connection.execute("DELETE FROM dirty_run WHERE run_id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
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
            "INSERT OR IGNORE INTO dirty_bucket SELECT DISTINCT iif(recorded_at >= 0, recorded_at / ?, ?) FROM generation",
            (BUCKET_MS, UNKNOWN_BUCKET),
        )
    return refresh(ledger)


def refresh_runs(connection: dbapi2.Connection, run_ids: Sequence[int]) -> None:
    """Make the summaries of these runs anew, within the caller's transaction."""
    ids = json.dumps(list(run_ids))
    for run_id, _, project_id in connection.execute(_PROJECTS, (ids,)).fetchall():
        connection.execute("UPDATE run SET project_id = ? WHERE id = ?", (project_id, run_id))
        mark_buckets_of_run(connection, run_id)
    connection.execute("DELETE FROM run_summary WHERE run_id IN (SELECT value FROM json_each(?))", (ids,))
    connection.execute(_RUNS, (ids,))
    connection.execute("DELETE FROM run_text WHERE rowid IN (SELECT value FROM json_each(?))", (ids,))
    connection.execute(
        "INSERT INTO run_text(rowid, title, project, model, source)"
        " SELECT run_id, coalesce(title, ''), coalesce(project, ''), models, source FROM run_summary"
        " WHERE run_id IN (SELECT value FROM json_each(?))",
        (ids,),
    )


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
