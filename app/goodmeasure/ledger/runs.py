"""Lists of runs: which, in which order, and what their rows say."""

import json
from array import array
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
)

from goodmeasure.domain.assessments import AssessmentSource, Draw, Stratum
from goodmeasure.domain.period import Span
from goodmeasure.domain.runs import RatedRun, Run, RunFilter, RunOrder
from goodmeasure.ledger.assessments import assessment_of
from goodmeasure.ledger.codes import ENDED_AFTER_MS
from goodmeasure.ledger.columns import counters, listed, summed_columns, within
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.evidence import commits_of
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.models import assessment, draw_run, run, run_summary, session

PENDING_RETURNS_MS = 7 * 86_400_000
"""A run that was too early to judge comes back to the inbox after this long."""
_SHORTEST_PREFIX = 4
_PLAIN = 18
"""How many columns of a run's row stand before its counters."""
_LAST_SIGN = "\U0010ffff"
_ORDERS: dict[RunOrder, ColumnElement[Any]] = {
    RunOrder.STARTED: run_summary.c.started_at,
    RunOrder.TITLE: func.lower(run_summary.c.title),
    RunOrder.PROJECT: func.lower(run_summary.c.project),
    RunOrder.SOURCE: run_summary.c.source,
    RunOrder.MODEL: run_summary.c.model,
    RunOrder.DURATION: run_summary.c.duration_ms,
    RunOrder.TOKENS: run_summary.c.total_tokens,
    RunOrder.COST: run_summary.c.cost_micros,
    RunOrder.OUTCOME: run_summary.c.outcome,
}


class AmbiguousRunError(LedgerError):
    """Several runs fit what was typed."""


def run_ids(ledger: Ledger, wanted: RunFilter) -> "array[int]":
    """Return the ids of the runs that match, in the order asked for; unknown values come last. Raises LedgerError."""
    by = _ORDERS[wanted.order]
    ordered = by.desc() if wanted.descending else by.asc()
    newest = run_summary.c.run_id.desc() if wanted.descending else run_summary.c.run_id.asc()
    asked = select(run_summary.c.run_id).where(*_conditions(wanted)).order_by(ordered.nulls_last(), newest)
    with ledger.engine.connect() as connection:
        return array("q", connection.scalars(asked))


def runs_by_id(ledger: Ledger, ids: Sequence[int]) -> list[Run]:
    """Return these runs in the order of `ids`; ids that are no run (any more) are left out. Raises LedgerError."""
    c = run_summary.c
    root = session.alias("root")
    asked = (
        select(
            c.run_id,
            run.c.key,
            c.source,
            root.c.native_id,
            c.title,
            c.project,
            c.started_at,
            c.ended_at,
            c.models,
            c.tool_calls,
            c.prompts,
            c.errors,
            c.outcome,
            c.need,
            c.cost_center,
            c.work_kind,
            c.data_class,
            c.autonomy,
            *summed_columns(run_summary),
        )
        .join_from(run_summary, run, run.c.id == c.run_id)
        .join(root, root.c.id == run.c.root_session_id)
        .where(c.run_id.in_(listed(ids)))
    )
    with ledger.engine.connect() as connection:
        found = {row[0]: _run(row) for row in connection.execute(asked)}
    return [found[run_id] for run_id in ids if run_id in found]


def find_run(ledger: Ledger, name: str) -> int:
    """Return the id of the run that is meant by its key, an agent's session id, or the start of either.

    Raises LedgerError where there is none, AmbiguousRunError (also one) where several fit.
    """
    with ledger.engine.connect() as connection:
        for questions in _meanings(name.strip()):
            found = {row[0]: row[1] for asked in questions for row in connection.execute(asked.distinct().limit(4))}
            if len(found) == 1:
                return int(next(iter(found)))
            if found:
                keys = ", ".join(sorted(found.values())[:3])
                raise AmbiguousRunError(f"Several runs fit {name!r} ({keys} …): type more of it.")
    raise LedgerError(f"There is no run {name!r}: goodmeasure runs lists them with their keys.")


def inbox_run_ids(ledger: Ledger, now: int, *, limit: int) -> "array[int]":
    """Return runs that wait for a judgement, newest first: ended, with a call or a prompt, without an outcome.

    A `pending` one returns after 7 days. `now`: milliseconds since 1970 UTC. Raises LedgerError.
    """
    c = run_summary.c
    waits = or_(c.outcome.is_(None), and_(c.outcome == "pending", c.outcome_at <= now - PENDING_RETURNS_MS))
    ended = or_(c.ended_at.is_(None), c.ended_at <= now - ENDED_AFTER_MS)
    asked = (
        select(c.run_id)
        .where(waits, ended, or_(c.generations > 0, c.prompts > 0))
        .order_by(c.started_at.desc().nulls_last(), c.run_id.desc())
        .limit(limit)
    )
    with ledger.engine.connect() as connection:
        return array("q", connection.scalars(asked))


def rated_runs(ledger: Ledger, span: Span) -> list[RatedRun]:
    """Return every run that started in the span, oldest first, with the current answers. Raises LedgerError."""
    c = run_summary.c
    started = within(c.started_at, span)
    asked = (
        select(c.run_id, c.source, c.project, c.started_at, c.ended_at, c.cost_micros, c.cost_center, c.work_kind)
        .where(*started)
        .order_by(c.started_at.nulls_last(), c.run_id)
    )
    target = func.coalesce(run.c.merged_into_id, run.c.id)
    judged = (
        select(target, assessment)
        .join_from(assessment, run, run.c.id == assessment.c.run_id)
        .join(run_summary, c.run_id == target)
        .where(assessment.c.source == AssessmentSource.HUMAN.value, *started)
        .order_by(assessment.c.assessed_at, assessment.c.id)
    )
    with ledger.engine.connect() as connection:
        answers: dict[int, dict[str, Any]] = {}
        for row in connection.execute(judged):
            given = assessment_of(row[1:])
            current = answers.setdefault(row[0], {})
            current[given.name.value] = given
        backing = commits_of(ledger)
        drawn = {
            run_id: Draw(Stratum(stratum), chance)
            for run_id, stratum, chance in connection.execute(
                select(draw_run.c.run_id, draw_run.c.stratum, draw_run.c.inclusion_probability)
                .join(run_summary, c.run_id == draw_run.c.run_id)
                .where(draw_run.c.drawn == 1, *started)
            )
        }
        return [
            RatedRun(
                *row[:6],
                {name: given for name, given in answers.get(row[0], {}).items() if given.value is not None},
                drawn.get(row[0]),
                tuple(backing.get(row[0], ())),
                cost_center=row.cost_center,
                work_kind=row.work_kind,
            )
            for row in connection.execute(asked)
        ]


def _conditions(wanted: RunFilter) -> list[ColumnElement[bool]]:
    c = run_summary.c
    conditions = within(c.started_at, Span(wanted.since, wanted.until))
    if wanted.source is not None:
        conditions.append(c.source == wanted.source)
    if wanted.project is not None:
        conditions.append(c.project == wanted.project)
    if wanted.cost_center is not None:
        conditions.append(c.cost_center == wanted.cost_center)
    if wanted.work_kind is not None:
        conditions.append(c.work_kind == wanted.work_kind)
    if wanted.outcome is not None:
        conditions.append(c.outcome == wanted.outcome)
    if wanted.unrated:
        conditions.append(c.outcome.is_(None))
    if words := _words(wanted.text):
        texts = table("run_text", column("rowid", Integer))
        found = select(texts.c.rowid).where(literal_column("run_text").op("MATCH")(bindparam("words", words)))
        conditions.append(c.run_id.in_(found))
    return conditions


def _words(typed: str) -> str:
    """Return FTS5's question for words that must all begin a word of a run's text; empty where there are none."""
    words = [word for word in typed.split() if any(letter.isalnum() for letter in word)]
    return " ".join('"' + word.replace('"', '""') + '"*' for word in words)


def _meanings(name: str) -> list[list[Select[Any]]]:
    """Return what a typed name may mean, the surest first; each question gives (run id, key) and can use an index."""
    target = run.alias("target")
    by_key = select(target.c.id, target.c.key).join_from(
        run, target, target.c.id == func.coalesce(run.c.merged_into_id, run.c.id)
    )
    by_session = select(run.c.id, run.c.key).join_from(session, run, run.c.id == session.c.run_id)
    key, native, small = run.c.key, session.c.native_id, name.lower()
    meanings = [[by_key.where(key == small)], [by_session.where(native == name)]]
    if len(name) >= _SHORTEST_PREFIX:
        meanings.append(
            [
                by_key.where(key >= small, key < small + _LAST_SIGN, *_stands_for_itself(target)),
                by_session.where(native >= name, native < name + _LAST_SIGN),
            ]
        )
    return meanings


def _stands_for_itself(target: FromClause) -> list[ColumnElement[bool]]:
    return [target.c.merged_into_id.is_(None)]


def _run(row: Sequence[Any]) -> Run:
    id_, key, source, native_id, title, project, started, ended, models, tools, prompts, errors, *told = row[:_PLAIN]
    outcome, need, cost_center, work_kind, data_class, autonomy = told
    return Run(
        id=id_,
        key=key,
        source=source,
        session=native_id,
        title=title,
        project=project,
        started_at=started,
        ended_at=ended,
        models=tuple(json.loads(models)),
        counters=counters(row[_PLAIN:]),
        tool_calls=tools,
        prompts=prompts,
        errors=errors,
        outcome=outcome,
        need=need,
        cost_center=cost_center,
        work_kind=work_kind,
        data_class=data_class,
        autonomy=autonomy,
    )
