"""The table of runs over any number of rows: a list of ids, and pages of rows fetched when they come into sight.

Measured on a million rows (docs/design.md): this held 13 to 23 ms a frame where a sorting proxy took seconds.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from goodmeasure.ui.theme import tokens
from goodmeasure.ui.widgets.text import tooltip
from goodmeasure.viewmodels.runs import COLUMNS, RunRow

PAGE_ROWS = 128
KEPT_PAGES = 64
Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[int, "array[int]"], None]
"""Asks for a page: its number, and the ids of its runs. The answer comes by `fill`."""


class Role(IntEnum):
    """What a cell can be asked for beyond Qt's own roles."""

    RUN_ID = Qt.ItemDataRole.UserRole + 1
    OUTCOME = Qt.ItemDataRole.UserRole + 2


class RunsModel(QAbstractTableModel):
    """Rows that are not here yet are blank and asked for once; they fill in when they arrive."""

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._ids: array[int] = array("q")
        self._pages: OrderedDict[int, dict[int, RunRow]] = OrderedDict()
        self._asked: set[int] = set()
        self._older: dict[int, RunRow] = {}
        """What rows said before the list was asked for again: shown until they are here anew."""
        self.generation = 0
        """Counts the lists shown so far: a page of an older list is not for this one."""

    def show_ids(self, ids: "array[int]") -> None:
        """Show another list of runs, in its order."""
        self.beginResetModel()
        self._ids = ids
        self._forget_rows()
        self._older = {}
        self.endResetModel()

    def change_ids(self, ids: "array[int]") -> None:
        """Show the same list at a later time: rows come and go where they do, and no other one blinks or moves."""
        rows = {run_id: row for page in self._pages.values() for run_id, row in page.items()}
        self._older = self._older | rows if len(self._older) < KEPT_PAGES * PAGE_ROWS else rows
        first = _alike(self._ids, ids)
        last = _alike(self._ids[first:][::-1], ids[first:][::-1])
        gone, come = len(self._ids) - last, len(ids) - last
        if gone > first:
            self.beginRemoveRows(QModelIndex(), first, gone - 1)
            self._ids = self._ids[:first] + self._ids[gone:]
            self._forget_rows()
            self.endRemoveRows()
        if come > first:
            self.beginInsertRows(QModelIndex(), first, come - 1)
            self._ids = ids
            self._forget_rows()
            self.endInsertRows()
        self._forget_rows()
        if ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(ids) - 1, len(COLUMNS) - 1))

    def _forget_rows(self) -> None:
        self._pages.clear()
        self._asked.clear()
        self.generation += 1

    def fill(self, generation: int, page: int, rows: dict[int, RunRow]) -> None:
        """Take the rows of a page, by run id; rows of an older list are dropped."""
        if generation != self.generation:
            return
        self._asked.discard(page)
        self._pages[page] = rows
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        first = page * PAGE_ROWS
        last = min(first + PAGE_ROWS, len(self._ids)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    def forget(self, generation: int, page: int) -> None:
        """Let a page that could not be fetched be asked for again."""
        if generation == self.generation:
            self._asked.discard(page)

    def run_id(self, row: int) -> int | None:
        """Return the run of a row; None where there is no such row."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, run_id: int) -> int | None:
        """Return the row of a run; None where it is not in the list."""
        try:
            return self._ids.index(run_id)
        except ValueError:
            return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of runs in the list."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, exact value, alignment or colour; None while its row is on its way."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[index.column()].number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Role.RUN_ID:
            return self._ids[index.row()]
        row = self._row(index.row())
        return None if row is None else _cell(row, index.column(), role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's name."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section].number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _row(self, number: int) -> RunRow | None:
        page = number // PAGE_ROWS
        rows = self._pages.get(page)
        if rows is not None:
            self._pages.move_to_end(page)
            return rows.get(self._ids[number])
        if page not in self._asked:
            self._asked.add(page)
            self._fetch(page, self._ids[page * PAGE_ROWS : (page + 1) * PAGE_ROWS])
        return self._older.get(self._ids[number])


def _alike(some: "array[int]", others: "array[int]") -> int:
    """Return how many ids at the beginning of both lists are the same."""
    low, high = 0, min(len(some), len(others))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if some[low:middle] == others[low:middle] else (low, middle - 1)
    return low


def _cell(row: RunRow, column: int, role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return row.texts[column]
    if role == Qt.ItemDataRole.ToolTipRole:
        return tooltip(row.full[column])
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return f"{COLUMNS[column].label}: {row.texts[column]}"
    if role == Role.OUTCOME:
        return row.outcome
    if role == Qt.ItemDataRole.ForegroundRole and (COLUMNS[column].order != "title"):
        return tokens().color("text2")
    return None
