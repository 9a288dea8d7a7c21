"""What the ledger's tables are made of: columns that say their unit, tables that are STRICT."""

from typing import Any

from sqlalchemy import REAL, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

metadata = MetaData()


def _column(
    name: str, kind: type[TypeEngine[Any]], comment: str, *, of: str | None = None, needed: bool = False
) -> Column[Any]:
    key = [ForeignKey(f"{of}.id")] if of else []
    return Column(name, kind, *key, nullable=not needed, comment=comment)


def number(name: str, comment: str, *, of: str | None = None, needed: bool = False) -> Column[Any]:
    """Return a column of whole numbers."""
    return _column(name, Integer, comment, of=of, needed=needed)


def text(name: str, comment: str, *, needed: bool = False) -> Column[Any]:
    """Return a column of texts."""
    return _column(name, Text, comment, needed=needed)


def blob(name: str, comment: str, *, needed: bool = False) -> Column[Any]:
    """Return a column of bytes."""
    return _column(name, LargeBinary, comment, needed=needed)


def real(name: str, comment: str) -> Column[Any]:
    """Return a column of fractions, which may be unknown."""
    return _column(name, REAL, comment)


def row_id() -> Column[Any]:
    """Return the column that numbers rows."""
    return Column("id", Integer, primary_key=True, comment="row number")


def table(name: str, *parts: Any) -> Table:
    """Return a STRICT table with row numbers."""
    return Table(name, metadata, *parts, sqlite_strict=True)


def keyed_table(name: str, *parts: Any) -> Table:
    """Return a STRICT table that is its own index, by its primary key."""
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=False)


def part_of_key(name: str, kind: type[TypeEngine[Any]], comment: str, of: str | None = None) -> Column[Any]:
    """Return a column of a primary key."""
    key = [ForeignKey(f"{of}.id")] if of else []
    return Column(name, kind, *key, primary_key=True, nullable=False, autoincrement=False, comment=comment)


def counters() -> list[Column[Any]]:
    """Return the disjoint token counters."""
    return [
        number("input_tokens", "tokens, uncached input"),
        number("cache_read_tokens", "tokens"),
        number("cache_write_5m_tokens", "tokens"),
        number("cache_write_1h_tokens", "tokens"),
        number("output_tokens", "tokens, reasoning included"),
        number("reasoning_tokens", "tokens, the known part of output_tokens"),
    ]


def sums() -> list[Column[Any]]:
    """Return sums over generations, in the order of `domain.usage.Counters`."""
    return [
        number("generations", "count", needed=True),
        *counters(),
        number("cost_micros", "micro-USD, sum of the known list costs"),
        number("unpriced_generations", "count", needed=True),
        number("estimated_generations", "count", needed=True),
        number("output_lower_bound_generations", "count", needed=True),
    ]
