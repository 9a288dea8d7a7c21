"""What an agent's own running totals show beyond the calls that it logged. Shown apart, never added."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlcipher3 import dbapi2

from goodmeasure.domain.period import Span
from goodmeasure.domain.runs import UnloggedUsage
from goodmeasure.ledger.arranging import LATER_PARTS
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

_COUNTED = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")
_TOTALS = f"""SELECT t.session_id, t.source_file_id, s.run_id, s.source, t.model,
 {", ".join("t." + name for name in _COUNTED)}
 FROM session_total t JOIN session s ON s.id = t.session_id"""  # noqa: S608 - constant names
# The calls that a session's total covers: those that the total's own file holds, owned or copied, the session's own
# wherever they were read (totals may stand in a file of their own, or a call come from telemetry alone), and those of
# its sub-agents. One call counts once.
_LOGGED = f"""WITH RECURSIVE below(id) AS (
 SELECT id FROM session WHERE parent_id = ?1 AND relation = 'subagent'
 UNION SELECT s.id FROM session s JOIN below ON s.parent_id = below.id WHERE s.relation = 'subagent'),
covered(id) AS (
 SELECT id FROM generation WHERE run_id IN (SELECT ?2 UNION SELECT {LATER_PARTS} = ?2))
  AND (source_file_id = ?3 OR session_id = ?1 OR session_id IN below)
 UNION SELECT generation_id FROM generation_copy WHERE source_file_id = ?3)
SELECT m.name, {", ".join(f"sum(g.{name})" for name in _COUNTED)}
 FROM covered JOIN generation g ON g.id = covered.id JOIN model m ON m.id = g.model_id GROUP BY m.name"""  # noqa: S608 - constant names


def unlogged(ledger: Ledger, span: Span | None = None) -> list[UnloggedUsage]:
    """Return, by source and model, what sessions that started in the span used beyond their logged calls.

    Rows of zeros are absent. Raises LedgerError.
    """
    since, until = (span.since, span.until) if span else (None, None)
    condition = " WHERE (?1 IS NULL OR s.started_at >= ?1) AND (?2 IS NULL OR s.started_at < ?2)"
    with told(ledger.path):
        return _beyond(ledger.raw(), ledger.raw().execute(_TOTALS + condition, (since, until)).fetchall())


def unlogged_of_run(ledger: Ledger, run_id: int) -> list[UnloggedUsage]:
    """Return, by model, what one run's sessions used beyond their logged calls. Raises LedgerError."""
    with told(ledger.path):
        return _beyond(ledger.raw(), ledger.raw().execute(_TOTALS + " WHERE s.run_id = ?", (run_id,)).fetchall())


def _beyond(connection: dbapi2.Connection, totals: Sequence[Any]) -> list[UnloggedUsage]:
    logged: dict[tuple[int, int], dict[str, tuple[int | None, ...]]] = {}
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(_COUNTED))
    for session_id, file_id, run_id, source, model, *total in totals:
        place = (session_id, file_id)
        if place not in logged:
            rows = connection.execute(_LOGGED, (session_id, run_id, file_id))
            logged[place] = {row[0]: row[1:] for row in rows}
        known = logged[place].get(model, (0,) * len(_COUNTED))
        for index, (whole, part) in enumerate(zip(total, known, strict=True)):
            # A running total that lags behind the log (the app was killed before it wrote) shows nothing unlogged.
            sums[source, model][index] += max(0, (whole or 0) - (part or 0))
    return [UnloggedUsage(*name, *counted) for name, counted in sorted(sums.items()) if any(counted)]
