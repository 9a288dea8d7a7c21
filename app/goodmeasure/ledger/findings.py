"""What private findings ask of the ledger: runs with their calls, in few questions; and what the person dismissed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from goodmeasure.domain.evidence import Link
from goodmeasure.domain.facts import Autonomy
from goodmeasure.domain.findings import Detector, Dismissals, LookedAtRun, ModelCall, ToolUse
from goodmeasure.ledger.codes import TOOL_STATUS_OF
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

_RUNS = (
    "SELECT s.run_id, s.source, run.project_id, s.project, s.started_at, s.ended_at, s.autonomy, s.outcome,"
    " s.need, CASE WHEN s.unpriced_generations = 0 THEN s.cost_micros END,"
    " (SELECT json_group_array(native_id) FROM session WHERE session.run_id IN (s.run_id, root.run_id)), s.work_kind,"
    " root.run_id FROM run_summary AS s JOIN run ON run.id = s.run_id JOIN session AS root ON root.id = root_session_id"
    " WHERE s.started_at >= ? AND s.started_at < ? ORDER BY s.started_at, s.run_id"
)
_CALLS = (
    "SELECT run_id, session_id, recorded_at, nullif(model.name, ''), input_tokens, cache_read_tokens,"
    " cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, cost_micros"
    " FROM generation LEFT JOIN model ON model.id = generation.model_id"
)
_TOOLS = (
    "SELECT run_id, coalesce(called_at, finished_at), nullif(tool.name, ''), nullif(tool.kind, ''), status"
    " FROM tool_call JOIN tool ON tool.id = tool_call.tool_id"
)
_PROMPTS = "SELECT run_id, prompted_at FROM prompt"
_OF_RUNS = " WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY 1"


class KnownRun(NamedTuple):
    """A run as the ledger knows it, and the sessions whose log may tell more."""

    run: LookedAtRun
    sessions: frozenset[str]
    """The agent's own ids."""
    first_part: int
    """Run whose logs tell of this one: itself, or where it was split by hand the run that it was a part of."""


def known_runs(ledger: Ledger, since: int, until: int) -> list[KnownRun]:
    """Return the runs that started in [since, until) (ms UTC), oldest first, without what their logs tell.

    Raises LedgerError.
    """
    with told(ledger.path):
        rows = ledger.raw().execute(_RUNS, (since, until)).fetchall()
        ids = json.dumps([row[0] for row in rows])
        calls = _grouped(ledger.raw().execute(_CALLS + _OF_RUNS + ", recorded_at, generation.id", (ids,)))
        tools = _grouped(ledger.raw().execute(_TOOLS + _OF_RUNS + ", 2, tool_call.id", (ids,)))
        prompts = _grouped(ledger.raw().execute(_PROMPTS + _OF_RUNS + ", 2", (ids,)))
        linked = ledger.raw().execute(
            "SELECT DISTINCT coalesce(run.merged_into_id, run.id) FROM evidence JOIN run ON run.id = run_id"
            " WHERE kind = 'commit' AND link <> ? AND dismissed_at IS NULL",
            (Link.CANDIDATE.value,),
        )
        backed = {run_id for (run_id,) in linked}
    return [
        KnownRun(
            LookedAtRun(
                run_id=row[0],
                source=row[1],
                project_id=row[2],
                project=row[3],
                started_at=row[4],
                ended_at=row[5],
                unattended=row[6] == Autonomy.UNATTENDED,
                outcome=row[7],
                need=row[8],
                linked=row[0] in backed,
                cost_micros=row[9],
                work_kind=row[11],
                calls=tuple(map(ModelCall._make, calls[row[0]])),
                tools=tuple(_tool_use(*use) for use in tools[row[0]]),
                prompted_at=tuple(at for (at,) in prompts[row[0]]),
            ),
            frozenset(json.loads(row[10])),
            row[12],
        )
        for row in rows
    ]


def dismiss(ledger: Ledger, detector: Detector, project_id: int | None, at: int) -> None:
    """Keep that the person called a detector's findings in a project no waste. Raises LedgerError."""
    with ledger.writing(lasting=True) as connection:
        connection.execute(
            "INSERT INTO finding_dismissal(detector, project_id, dismissed_at) VALUES (?, ?, ?)",
            (detector.value, project_id, at),
        )


def take_back(ledger: Ledger, detector: Detector, project_id: int | None) -> None:
    """Undo the latest dismissal of a detector in a project; nothing where there is none. Raises LedgerError."""
    with ledger.writing(lasting=True) as connection:
        connection.execute(
            "DELETE FROM finding_dismissal WHERE id = (SELECT max(id) FROM finding_dismissal"
            " WHERE detector = ? AND project_id IS ?)",
            (detector.value, project_id),
        )


def dismissals(ledger: Ledger) -> dict[tuple[Detector, int | None], Dismissals]:
    """Return what was dismissed, by detector and project's number. Raises LedgerError."""
    known = {detector.value for detector in Detector}
    with told(ledger.path):
        rows = ledger.raw().execute(
            "SELECT detector, project_id, count(*), max(dismissed_at) FROM finding_dismissal GROUP BY 1, 2"
        )
        # A later version's detector is nothing to this one.
        return {(Detector(name), project): Dismissals(*rest) for name, project, *rest in rows if name in known}


def _grouped(rows: Iterable[Sequence[Any]]) -> dict[int, list[Sequence[Any]]]:
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for run_id, *rest in rows:
        found[run_id].append(rest)
    return found


def _tool_use(at: int | None, name: str | None, kind: str | None, status: int | None) -> ToolUse:
    return ToolUse(at, name, kind, None if status is None else TOOL_STATUS_OF[status])
