"""One run with everything that is known of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, case, func, select

from goodmeasure.domain.events import GenerationFlag, NoticeKind, Relation
from goodmeasure.domain.runs import GenerationRow, NoticeRow, RunDetail, ToolCallRow
from goodmeasure.domain.usage import Counters
from goodmeasure.ledger.assessments import history
from goodmeasure.ledger.codes import COST_BASIS_OF, TOOL_STATUS_OF
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.evidence import check_of, commits_of
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.models import (
    generation,
    model,
    notice,
    prompt,
    run,
    run_part,
    session,
    session_file,
    source_file,
    telemetry_feed,
    tool,
    tool_call,
)
from goodmeasure.ledger.runs import runs_by_id
from goodmeasure.ledger.unlogged import unlogged_of_run


def run_detail(ledger: Ledger, run_id: int) -> RunDetail:
    """Return one run whole, lists in order of time, unknown instants first. Raises LedgerError where there is none."""
    found = runs_by_id(ledger, [run_id])
    if not found:
        raise LedgerError(f"There is no run {run_id}: goodmeasure runs lists them.")
    with ledger.engine.connect() as connection:
        sessions = _sessions(connection, run_id)
        subagents = _below_subagents(sessions)
        root = connection.execute(
            select(
                func.coalesce(run_part.c.cwd, session.c.cwd).label("cwd"),
                case((run_part.c.run_id.is_(None), session.c.git_branch), else_=run_part.c.git_branch).label("branch"),
                session.c.agent_version,
                session.c.entrypoint,
            )
            .join_from(run, session, session.c.id == run.c.root_session_id)
            .outerjoin(run_part, run_part.c.run_id == run.c.id)
            .where(run.c.id == run_id)
        ).one()
        notices = _notices(connection, run_id)
        asked_at, available = check_of(ledger, run_id) or (None, False)
        return RunDetail(
            run=found[0],
            cwd=root.cwd,
            git_branch=root.branch,
            agent_version=root.agent_version,
            entrypoint=root.entrypoint,
            subagents=sum(1 for row in sessions.values() if row.relation == Relation.SUBAGENT),
            permission_modes=tuple(
                dict.fromkeys(row.detail for row in notices if row.kind == NoticeKind.PERMISSION_MODE and row.detail)
            ),
            generations=_generations(connection, run_id, subagents),
            tool_calls=_tool_calls(connection, run_id, subagents),
            prompted_at=tuple(
                connection.scalars(
                    select(prompt.c.prompted_at).where(prompt.c.run_id == run_id).order_by(prompt.c.prompted_at)
                )
            ),
            notices=notices,
            assessments=tuple(history(ledger, run_id)),
            unlogged=tuple(unlogged_of_run(ledger, run_id)),
            log_paths=_log_paths(connection, run_id),
            evidence=tuple(commits_of(ledger, [run_id]).get(run_id, ())),
            evidence_asked_at=asked_at,
            evidence_available=available,
        )


def _sessions(connection: Connection, run_id: int) -> dict[int, Any]:
    c = session.c
    asked = select(c.id, c.parent_id, c.relation).where(c.run_id == run_id)
    return {row.id: row for row in connection.execute(asked)}


def _below_subagents(sessions: dict[int, Any]) -> frozenset[int]:
    """Return the sessions that are a sub-agent or hang below one."""

    def is_below(session_id: int | None) -> bool:
        while session_id in sessions:
            if sessions[session_id].relation == Relation.SUBAGENT:
                return True
            session_id = sessions[session_id].parent_id
        return False

    return frozenset(session_id for session_id in sessions if is_below(session_id))


def _generations(connection: Connection, run_id: int, subagents: frozenset[int]) -> tuple[GenerationRow, ...]:
    c = generation.c
    asked = (
        select(
            c.session_id,
            c.recorded_at,
            func.nullif(model.c.name, ""),
            c.flags,
            c.cost_basis,
            c.input_tokens,
            c.cache_read_tokens,
            c.cache_write_5m_tokens,
            c.cache_write_1h_tokens,
            c.output_tokens,
            c.reasoning_tokens,
            c.cost_micros,
        )
        .join_from(generation, model, model.c.id == c.model_id, isouter=True)
        .where(c.run_id == run_id)
        .order_by(c.recorded_at, c.id)
    )
    return tuple(_generation(row, subagents) for row in connection.execute(asked))


def _generation(row: Sequence[Any], subagents: frozenset[int]) -> GenerationRow:
    session_id, at, name, flags, basis, *known, cost = row
    estimated, lower_bound = bool(flags & GenerationFlag.ESTIMATED), bool(flags & GenerationFlag.OUTPUT_LOWER_BOUND)
    return GenerationRow(
        recorded_at=at,
        model=name,
        counters=Counters._make((1, *known, cost, int(cost is None), int(estimated), int(lower_bound))),
        cost_basis=COST_BASIS_OF[basis],
        subagent=session_id in subagents,
    )


def _tool_calls(connection: Connection, run_id: int, subagents: frozenset[int]) -> tuple[ToolCallRow, ...]:
    c = tool_call.c
    asked = (
        select(
            c.session_id,
            c.called_at,
            c.finished_at,
            func.nullif(tool.c.name, ""),
            func.nullif(tool.c.kind, ""),
            c.status,
        )
        .join_from(tool_call, tool, tool.c.id == c.tool_id)
        .where(c.run_id == run_id)
        .order_by(func.coalesce(c.called_at, c.finished_at), c.id)
    )
    return tuple(
        ToolCallRow(
            called, finished, name, kind, None if status is None else TOOL_STATUS_OF[status], session_id in subagents
        )
        for session_id, called, finished, name, kind, status in connection.execute(asked)
    )


def _notices(connection: Connection, run_id: int) -> tuple[NoticeRow, ...]:
    c = notice.c
    asked = select(c.noticed_at, c.kind, c.detail).where(c.run_id == run_id).order_by(c.noticed_at, c.id)
    return tuple(NoticeRow(*row) for row in connection.execute(asked))


def _log_paths(connection: Connection, run_id: int) -> tuple[str, ...]:
    asked = (
        select(source_file.c.path)
        .join_from(session, session_file, session_file.c.session_id == session.c.id)
        .join(source_file, source_file.c.id == session_file.c.source_file_id)
        .where(
            # The later part of a split run was read from its first part's files.
            (session.c.run_id == run_id)
            | (session.c.id == select(run.c.root_session_id).where(run.c.id == run_id).scalar_subquery()),
            source_file.c.id.not_in(select(telemetry_feed.c.source_file_id)),
        )
        .distinct()
        .order_by(source_file.c.path)
    )
    return tuple(connection.scalars(asked))
