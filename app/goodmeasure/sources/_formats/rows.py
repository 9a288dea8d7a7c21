"""Reading a table of another program's database: what is new since the last time, past damaged pages.

Tables whose key is a text get a hidden, growing row number from SQLite. A row number alone is no safe mark: a deleted
last row frees its number, and `VACUUM` counts anew. So a mark holds some rows' numbers together with their keys: where
a number still has its key, everything up to it is as it was.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Anchors = list[tuple[int, str]]
"""Row numbers and keys of some rows that have been read, in order."""

_ANCHORS_KEPT = 12
_FARTHEST_JUMP = 1 << 40


def columns_of(database: sqlite3.Connection, table: str) -> frozenset[str]:
    """Return the names of a table's columns; none where there is no such table. Raises sqlite3.Error."""
    return frozenset(name for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", (table,)))


def read_up_to(database: sqlite3.Connection, table: str, key: str, anchors: Anchors) -> int:
    """Return the row number up to which all rows have been read: that of the last anchor that still holds."""
    query = f"SELECT 1 FROM {table} WHERE rowid = ? AND {key} = ?"  # noqa: S608  names of our own
    for number, value in reversed(anchors):
        if database.execute(query, (number, value)).fetchone():
            return number
    return 0


def anchored(anchors: Anchors, number: int, key: str) -> Anchors:
    """Return the anchors with one more, those that it overtakes left out."""
    kept = [anchor for anchor in anchors if anchor[0] < number][-_ANCHORS_KEPT + 1 :]
    return [*kept, (number, key)]


def rows_after(
    database: sqlite3.Connection, table: str, columns: Sequence[str], after: int, damaged: Callable[[str], None]
) -> Iterator[tuple[Any, ...]]:
    """Yield row number and `columns` of the rows after a number, in order.

    Where pages are damaged, `damaged` is told in words and the readable rows behind them follow.
    """
    query = f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE rowid > ? ORDER BY rowid"  # noqa: S608  as above
    jump = 1
    while jump < _FARTHEST_JUMP:
        try:
            for row in database.execute(query, (after,)):
                after, jump = row[0], 1
                yield row
        except sqlite3.DatabaseError as error:
            if jump == 1:
                damaged(f"Rows after row {after} of the table {table} cannot be read: {error}.")
            if isinstance(error, sqlite3.OperationalError):
                return
            after += jump
            jump *= 2
        else:
            return
