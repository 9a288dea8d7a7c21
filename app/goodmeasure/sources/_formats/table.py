"""Rows of a table in another program's database, whose columns differ from version to version."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from goodmeasure.domain.events import ParseIssue
from goodmeasure.sources._formats.jsonl import Gathering
from goodmeasure.sources._formats.rows import columns_of

_MOST_TEXT = 4096
_MOST_COST = 10**9


class Table(NamedTuple):
    """A table, the columns that its rows are useless without, and those that only newer (or older) versions have."""

    name: str
    needed: tuple[str, ...]
    wished: tuple[str, ...] = ()


def missing_in(database: sqlite3.Connection, table: Table, gathering: Gathering) -> bool:
    """Tell whether a table cannot be read, and note why. A table that is not there holds nothing."""
    columns = columns_of(database, table.name)
    gone = [name for name in table.needed if name not in columns]
    if gone:
        what = f"The table {table.name} lacks the column {gone[0]}." if columns else f"There is no table {table.name}."
        gathering.issues.append(ParseIssue(0, what))
    return bool(gone)


def rows_of_table(
    database: sqlite3.Connection, table: Table, after: str = "", values: Sequence[Any] = ()
) -> Iterator[dict[str, Any]]:
    """Yield rows by column; wished columns that the table lacks are None. `after`: the rest of the query."""
    columns = columns_of(database, table.name)
    names = [*table.needed, *table.wished]
    chosen = ", ".join(name if name in columns else f"NULL AS {name}" for name in names)
    query = f"SELECT {chosen} FROM {table.name} {after}"  # noqa: S608  names and rest are constants of our sources
    for row in database.execute(query, values):
        yield dict(zip(names, row, strict=True))


def text_in(value: object) -> str | None:
    """Return a cell that holds a text; None for anything else, and for texts too long to be a name or a path."""
    return value if isinstance(value, str) and 0 < len(value) <= _MOST_TEXT else None


def number_in(value: object) -> float | None:
    """Return a cell that holds a number; None for anything else."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def micros_in(value: object) -> int | None:
    """Return USD as micro-USD; None for no amount, and for 0, which agents write where they know no price."""
    number = number_in(value)
    return round(number * 10**6) if number is not None and 0 < number < _MOST_COST else None


def bytes_in(value: object) -> bytes:
    """Return a cell that holds a text or bytes as bytes; empty for anything else."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return value if isinstance(value, bytes) else b""
