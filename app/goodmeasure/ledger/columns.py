"""Pieces that several questions share: sums in the order of `Counters`, stretches of time, lists of ids."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, case, func, select

from goodmeasure.domain.period import Span
from goodmeasure.domain.usage import NOTHING, Counters
from goodmeasure.ledger.models import generation

_SUMMED = (
    "generations",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cost_micros",
    "unpriced_generations",
    "estimated_generations",
    "output_lower_bound_generations",
)


def summed_columns(table: Table) -> list[ColumnElement[Any]]:
    """Return the sums of `run_summary` or `usage_bucket`, in the order of `Counters`."""
    return [table.c[name] for name in _SUMMED]


def sums_of(table: Table) -> list[ColumnElement[Any]]:
    """Return SQL sums over rows of `run_summary` or `usage_bucket`, in the order of `Counters`."""
    return [func.sum(column) for column in summed_columns(table)]


def generation_sums() -> list[ColumnElement[Any]]:
    """Return SQL sums over rows of `generation`, in the order of `Counters`."""
    c = generation.c
    counted = [func.sum(c[name]) for name in _SUMMED[1:8]]
    doubts = [
        func.sum(case((c.cost_micros.is_(None), 1), else_=0)),
        func.sum(c.flags.op(">>")(1).op("&")(1)),
        func.sum(c.flags.op("&")(1)),
    ]
    return [func.count(), *counted, *doubts]


def counters(row: Sequence[Any]) -> Counters:
    """Return sums as `Counters`; over no generations they are measured zeros."""
    return Counters(*row) if row[0] else NOTHING


def within(instant: ColumnElement[Any], span: Span) -> list[ColumnElement[bool]]:
    """Return the conditions that an instant lies in the span; a span open on both sides lets unknown instants in."""
    conditions = []
    if span.since is not None:
        conditions.append(instant >= span.since)
    if span.until is not None:
        conditions.append(instant < span.until)
    return conditions


def is_open(span: Span) -> bool:
    """Whether the span excludes nothing."""
    return span.since is None and span.until is None


def listed(ids: Iterable[int]) -> Select[Any]:
    """Return a subselect of these numbers: one parameter, however many there are."""
    values = func.json_each(bindparam(None, json.dumps(list(ids)), unique=True)).table_valued("value")
    return select(values.c.value)
