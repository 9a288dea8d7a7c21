"""What agents were allowed to do and did, in few questions. Raw driver only."""

import json
from collections import defaultdict
from typing import NamedTuple

from goodmeasure.domain.events import NoticeKind
from goodmeasure.domain.oversight import Decision, ToolTally, WatchedRun
from goodmeasure.domain.period import Span
from goodmeasure.ledger.codes import TOOL_STATUS_OF
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

_RUNS = (
    "SELECT run_id, autonomy, data_class FROM run_summary WHERE started_at >= ? AND started_at < ?"
    " ORDER BY started_at, run_id"
)
_TOOLS = (
    "SELECT run_id, nullif(tool.name, ''), nullif(tool.kind, ''), status, count(*) FROM json_each(?) AS chosen"
    " CROSS JOIN tool_call ON run_id = chosen.value JOIN tool ON tool.id = tool_id GROUP BY 1, 2, 3, 4"
)
_DECISIONS = (
    "SELECT run_id, kind, detail, count(*) FROM json_each(?) AS chosen CROSS JOIN notice ON run_id = chosen.value"
    " WHERE kind IN ('approved', 'denied') GROUP BY 1, 2, 3"
)
_LOGGED = (
    "SELECT s.run_id, s.started_at, s.ended_at, root.run_id,"
    " (SELECT json_group_array(native_id) FROM session WHERE session.run_id IN (s.run_id, root.run_id))"
    " FROM run_summary AS s JOIN run ON run.id = s.run_id JOIN session AS root ON root.id = root_session_id WHERE"
)


class LoggedRun(NamedTuple):
    """A run, and where its log may be found."""

    run_id: int
    started_at: int | None
    ended_at: int | None
    first_part: int
    """Run whose logs tell of this one: itself, or where it was split, the run that it was a part of."""
    sessions: frozenset[str]
    """The agent's own ids."""


def watched_runs(ledger: Ledger, span: Span) -> list[WatchedRun]:
    """Return the runs that started in the span, closed on both sides, oldest first. Raises LedgerError."""
    with told(ledger.path):
        connection = ledger.raw()
        runs = connection.execute(_RUNS, (span.since, span.until)).fetchall()
        ids = json.dumps([row[0] for row in runs])
        tools: dict[int, list[ToolTally]] = defaultdict(list)
        for run_id, name, kind, status, calls in connection.execute(_TOOLS, (ids,)):
            tools[run_id].append(ToolTally(name, kind, None if status is None else TOOL_STATUS_OF[status], calls))
        decisions: dict[int, list[Decision]] = defaultdict(list)
        for run_id, kind, by, calls in connection.execute(_DECISIONS, (ids,)):
            decisions[run_id].append(Decision(kind == NoticeKind.APPROVED, by, calls))
    return [
        WatchedRun(run_id, autonomy, data_class, tuple(tools[run_id]), tuple(decisions[run_id]))
        for run_id, autonomy, data_class in runs
    ]


def logged_runs(ledger: Ledger, span: Span) -> list[LoggedRun]:
    """Return the runs that started in the span, closed on both sides, oldest first. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(
            f"{_LOGGED} s.started_at >= ? AND s.started_at < ? ORDER BY s.started_at, s.run_id",
            (span.since, span.until),
        )
        return [_logged(row) for row in rows]


def logged_run(ledger: Ledger, run_id: int) -> LoggedRun | None:
    """Return one run; None where there is none. Raises LedgerError."""
    with told(ledger.path):
        row = ledger.raw().execute(f"{_LOGGED} s.run_id = ?", (run_id,)).fetchone()
    return row and _logged(row)


def _logged(row: tuple[int, int | None, int | None, int, str]) -> LoggedRun:
    run_id, began, ended, first, sessions = row
    return LoggedRun(run_id, began, ended, first, frozenset(json.loads(sessions)))
