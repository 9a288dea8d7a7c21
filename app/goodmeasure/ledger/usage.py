"""Tokens and cost, grouped. Days are days of a time zone, exact across changes of the clock."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, bindparam, func, literal, select

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.domain.period import Span, days_span, moment, month_of, week_of
from goodmeasure.domain.runs import UsageRow
from goodmeasure.domain.usage import NOTHING, Counters, counters_sum
from goodmeasure.ledger.codes import BUCKET_MS, UNKNOWN_BUCKET
from goodmeasure.ledger.columns import counters, generation_sums, is_open, summed_columns, sums_of, within
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.models import generation, model, project, run, run_summary, session, usage_bucket

GROUPS = ("source", "model", "project", "cost_center", "work_kind", "session", "day", "week", "month")
"""What usage can be grouped by."""
_OF_SUMMARIES = ("cost_center", "work_kind")
_PERIODS: dict[str, Callable[[date], str]] = {
    "day": lambda day: day.isoformat(),
    "week": lambda day: week_of(day).name,
    "month": lambda day: month_of(day).name,
}


@dataclass(frozen=True, slots=True)
class _Base:
    """A table to sum over: where from, which column is a group, which sums."""

    rows: FromClause
    groups: dict[str, ColumnElement[Any]]
    sums: list[ColumnElement[Any]]
    conditions: list[ColumnElement[bool]]
    in_span: list[ColumnElement[bool]]
    clock: ColumnElement[Any] | None
    """Column that tells when, in units of `unit` milliseconds; None where the table has none."""
    unit: int
    grouped: bool = True
    """Whether the database sums; else every row is a group of its own."""


def usage_rows(
    ledger: Ledger,
    group_by: Sequence[str],
    span: Span,
    zone: tzinfo,
    *,
    source: str | None = None,
    project: str | None = None,
    cost_center: str | None = None,
) -> list[UsageRow]:
    """Sum generations by any of `GROUPS`, in the order of the groups' values, unknown ones last.

    `span`: of the calls' instants; calls of unknown instant count only in a span open on both sides, under day None.
    `source`: a source's key. `project`: a project's name, `cost_center`: where it is booked,
    as the person or a rule corrected them. `session` is a run's root session: sub-agents and
    continuations are folded in. Raises LedgerError; ValueError for an unknown group.
    """
    if unknown := set(group_by) - set(GROUPS):
        raise ValueError(f"usage has no group {sorted(unknown)}")
    needed = group_by if cost_center is None else [*group_by, "cost_center"]
    base = _base(needed, span)
    if cost_center is not None:
        base.conditions.append(base.groups["cost_center"] == cost_center)
    if source is not None:
        base.conditions.append(base.groups["source"] == source)
    if project is not None:
        base.conditions.append(base.groups["project"] == project)
    with ledger.engine.connect() as connection:
        found = _grouped(connection, base, tuple(group_by), zone)
    ordered = sorted(found.items(), key=lambda item: tuple((value is None, value or "") for value in item[0]))
    return [UsageRow(dict(zip(group_by, values, strict=True)), sums) for values, sums in ordered]


def estimated_usage(ledger: Ledger, span: Span) -> Counters:
    """Sum the calls of a span that were estimated from text, not reported; `NOTHING` for none. Raises LedgerError."""
    base = _generation_base(span, summaries=False)
    asked = (
        select(*base.sums)
        .select_from(base.rows)
        .where(*base.in_span, generation.c.flags.op("&")(int(GenerationFlag.ESTIMATED)) != 0)
    )
    with ledger.engine.connect() as connection:
        row = connection.execute(asked).one()
    return counters(row) if row[0] else NOTHING


def _base(group_by: Sequence[str], span: Span) -> _Base:
    """Choose the smallest table that answers exactly."""
    if "session" in group_by and is_open(span) and not {"model", *_PERIODS} & set(group_by):
        return _run_base()
    edges = [edge for edge in (span.since, span.until) if edge is not None]
    if not {"session", *_OF_SUMMARIES} & set(group_by) and all(edge % BUCKET_MS == 0 for edge in edges):
        return _bucket_base(span)
    return _generation_base(span, summaries=bool({*_OF_SUMMARIES} & set(group_by)))


def _run_base() -> _Base:
    root = session.alias("root")
    rows = run_summary.join(run, run.c.id == run_summary.c.run_id).join(root, root.c.id == run.c.root_session_id)
    groups: dict[str, ColumnElement[Any]] = {
        "source": run_summary.c.source,
        "project": run_summary.c.project,
        "session": root.c.native_id,
        **{name: run_summary.c[name] for name in _OF_SUMMARIES},
    }
    # One row for each run, which is one session: nothing to be summed in the database.
    return _Base(rows, groups, summed_columns(run_summary), [run_summary.c.generations > 0], [], None, 1, grouped=False)


def _bucket_base(span: Span) -> _Base:
    c = usage_bucket.c
    rows = usage_bucket.outerjoin(model, model.c.id == c.model_id).outerjoin(project, project.c.id == c.project_id)
    groups: dict[str, ColumnElement[Any]] = {
        "source": c.source,
        "model": func.nullif(model.c.name, ""),
        "project": project.c.name,
    }
    quarters = Span(*(None if edge is None else edge // BUCKET_MS for edge in (span.since, span.until)))
    in_span = within(c.bucket, quarters)
    if not is_open(span):
        in_span.append(c.bucket > UNKNOWN_BUCKET)
    return _Base(rows, groups, sums_of(usage_bucket), [], in_span, c.bucket, BUCKET_MS)


def _generation_base(span: Span, *, summaries: bool) -> _Base:
    root = session.alias("root")
    c = generation.c
    rows = (
        generation.join(run, run.c.id == c.run_id)
        .join(root, root.c.id == run.c.root_session_id)
        .outerjoin(model, model.c.id == c.model_id)
        .outerjoin(project, project.c.id == run.c.project_id)
    )
    if summaries:
        rows = rows.outerjoin(run_summary, run_summary.c.run_id == c.run_id)
    groups: dict[str, ColumnElement[Any]] = {
        "source": run.c.source,
        "model": func.nullif(model.c.name, ""),
        "project": project.c.name,
        "session": root.c.native_id,
        **{name: run_summary.c[name] for name in _OF_SUMMARIES if summaries},
    }
    return _Base(rows, groups, generation_sums(), [], within(c.recorded_at, span), c.recorded_at, 1)


def _grouped(
    connection: Connection, base: _Base, group_by: tuple[str, ...], zone: tzinfo
) -> dict[tuple[str | None, ...], Counters]:
    periods = [name for name in group_by if name in _PERIODS]
    columns = [base.groups[name] for name in group_by if name not in _PERIODS]
    totals: dict[tuple[str | None, ...], Counters] = {}

    def add(day: date | None, values: Sequence[str | None], sums: Sequence[Any]) -> None:
        group = tuple(values)
        if periods:
            plain = iter(values)
            group = tuple(
                next(plain) if name not in _PERIODS else None if day is None else _PERIODS[name](day)
                for name in group_by
            )
        # Two models of one name (two providers) are one group here.
        totals[group] = counters_sum(totals[group], counters(sums)) if group in totals else counters(sums)

    if not periods or base.clock is None:
        asked = (
            select(*columns, *base.sums)
            .select_from(base.rows)
            .where(*base.conditions, *base.in_span)
            .group_by(*(columns if base.grouped else ()))
        )
        for row in connection.execute(asked):
            if row[len(columns)]:
                add(None, row[: len(columns)], row[len(columns) :])
        return totals
    days = _days(connection, base, zone, periods[0] if len(periods) == 1 else "day")
    stretch = func.json_each(bindparam(None, json.dumps([edges for _, edges in days]), unique=True)).table_valued(
        "key", "value"
    )
    since, until = func.json_extract(stretch.c.value, "$[0]"), func.json_extract(stretch.c.value, "$[1]")
    dated = (
        select(stretch.c.key, *columns, *base.sums)
        .select_from(base.rows.join(stretch, literal(value=True)))
        .where(base.clock >= since, base.clock < until, *base.conditions)
        .group_by(stretch.c.key, *columns)
    )
    for row in connection.execute(dated):
        add(days[row[0]][0], row[1 : len(columns) + 1], row[len(columns) + 1 :])
    undated = (
        select(*columns, *base.sums)
        .select_from(base.rows)
        .where(base.clock.is_(None) | (base.clock < 0), *base.conditions, *base.in_span)
        .group_by(*columns)
    )
    for row in connection.execute(undated):
        if row[len(columns)]:
            add(None, row[: len(columns)], row[len(columns) :])
    return totals


def _days(connection: Connection, base: _Base, zone: tzinfo, period: str) -> list[tuple[date, list[int]]]:
    """Return (first day, [first tick, tick after the last]) of each period that may hold a call, in order."""
    if base.clock is None:
        return []
    # Without the joins, each end is one entry of an index; the span's own edges may cut the first and last day.
    known = [base.clock >= 0, *base.in_span]
    first = connection.scalar(select(func.min(base.clock)).where(*known))
    last = connection.scalar(select(func.max(base.clock)).where(*known))
    if first is None or last is None:
        return []
    day = moment(first * base.unit, zone).date()
    end = moment((last + 1) * base.unit - 1, zone).date()
    found = []
    while day <= end:
        first_on, last_on = _bounds(day, period)
        edges = days_span(first_on, last_on, zone)
        if edges.since is None or edges.until is None:
            raise AssertionError("days have edges")
        edges_in_ticks = [max(first, -(-edges.since // base.unit)), min(last + 1, -(-edges.until // base.unit))]
        found.append((first_on, edges_in_ticks))
        day = last_on + timedelta(days=1)
    return found


def _bounds(day: date, period: str) -> tuple[date, date]:
    if period == "day":
        return day, day
    chosen = week_of(day) if period == "week" else month_of(day)
    return chosen.first_on, chosen.last_on
