"""The table widget of the runs: look, column widths, sorting by the header."""

from array import array

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from goodmeasure.ui.fonts import MEDIUM, font
from goodmeasure.ui.theme import tokens
from goodmeasure.ui.widgets.runs_model import Role, RunsModel
from goodmeasure.ui.widgets.value_colors import color_of
from goodmeasure.viewmodels.runs import COLUMNS

_ROW_HEIGHT = 36
_OUTCOME = next(number for number, column in enumerate(COLUMNS) if column.order == "outcome")
_TITLE = next(number for number, column in enumerate(COLUMNS) if column.order == "title")
_TITLE_WIDTH = 240
MOST_KEPT = 50
"""So many chosen runs stay chosen when the list changes, and can be handled together."""
_EXPENDABLE = tuple(
    next(number for number, column in enumerate(COLUMNS) if column.order == order)
    for order in ("model", "tokens", "source", "duration", "cost", "project", "started")
)
"""Columns that go first where there is little room."""


Index = QModelIndex | QPersistentModelIndex


class _OutcomeCell(QStyledItemDelegate):
    """Draws the outcome's colour before its name."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell, moved right by the square."""
        area = option.rect
        super().paint(painter, option, index)
        if index.data() is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().color(color_of(index.data(Role.OUTCOME))))
        painter.drawRoundedRect(QRectF(area.left() + 8, area.center().y() - 4, 9, 9), 2.5, 2.5)
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Leave room for the square."""
        super().initStyleOption(option, index)
        option.text = "     " + option.text


class RunsTable(QTableView):
    """A table in which the arrow keys walk, Enter rates, and a click on a header sorts."""

    sort_wanted = Signal(int, bool)
    """Column, and whether the largest comes first."""
    run_activated = Signal(int)
    merge_wanted = Signal()
    """The chosen runs are to be one."""
    chosen_changed = Signal(int)
    """So many runs are chosen now."""

    def __init__(self, model: RunsModel) -> None:
        super().__init__()
        self.setModel(model)
        self._model = model
        self.setAccessibleName("Runs")
        self.setFont(font(13))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegateForColumn(_OUTCOME, _OutcomeCell(self))
        self._make_headers()
        self.doubleClicked.connect(lambda index: self._activate(index.row()))

    def choose(self, row: int) -> None:
        """Select a row and bring it into sight."""
        index = self._model.index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    @property
    def chosen_ids(self) -> list[int]:
        """The runs that are chosen, in the order of the list; at most one more than may be kept chosen."""
        rows = sorted({row for first, last in self._chosen_spans() for row in range(first, last + 1)[: MOST_KEPT + 1]})
        return [run_id for row in rows[: MOST_KEPT + 1] if (run_id := self._model.run_id(row)) is not None]

    def selectAll(self) -> None:
        """Choose nothing: nothing is done with all runs, and choosing 100,000 held the window for a second."""

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell how many runs are chosen."""
        super().selectionChanged(selected, deselected)
        self.chosen_changed.emit(sum(last - first + 1 for first, last in self._chosen_spans()))

    def _chosen_spans(self) -> list[tuple[int, int]]:
        """Return first and last row of what is chosen: never row by row, since everything may be."""
        return [(span.top(), span.bottom()) for span in _spans(self.selectionModel().selection())]

    def change_ids(self, ids: "array[int]") -> None:
        """Show the same list at a later time: what is chosen stays so, and what is in sight stays where it is."""
        bar = self.verticalScrollBar()
        at, top = bar.value(), self.rowAt(0)
        top_run, offset = self._model.run_id(top), self.rowViewportPosition(top)
        chosen = self._model.run_id(self.currentIndex().row())
        several = self.chosen_ids
        self._model.change_ids(ids)
        row = self._model.row_of(chosen) if chosen is not None else None
        if row is not None:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self._model.index(row, 0), flags)
            self._choose_again(several)
        elif self.currentIndex().row() >= 0:
            self.selectionModel().clear()
        self.updateGeometries()
        again = self._model.row_of(top_run) if at and top_run is not None else None
        bar.setValue(at if again is None else self.verticalHeader().sectionPosition(again) - offset)

    def _choose_again(self, run_ids: list[int]) -> None:
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for run_id in run_ids if 1 < len(run_ids) <= MOST_KEPT else ():
            row = self._model.row_of(run_id)
            if row is not None:
                self.selectionModel().select(self._model.index(row, 0), flags)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Start at the first row where Tab comes here and none is chosen."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason and not self.currentIndex().isValid():
            self.choose(0)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and a ring around the chosen one while the keyboard is here."""
        super().paintEvent(event)
        row = self.currentIndex().row()
        if row >= 0 and self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(tokens().color("accent"), 2))
            top, width = self.rowViewportPosition(row), self.viewport().width()
            painter.drawRect(QRectF(1, top + 1, width - 2, self.rowHeight(row) - 2))
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rate the chosen run on Enter, merge the chosen ones on M; else as any table, without searching by letter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._activate(self.currentIndex().row())
            return
        if event.key() == Qt.Key.Key_M and not event.modifiers():
            self.merge_wanted.emit()
            return
        if event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the least important columns until the title has room."""
        super().resizeEvent(event)
        room = self.viewport().width() - _TITLE_WIDTH - sum(column.width for column in COLUMNS)
        for number in _EXPENDABLE:
            self.setColumnHidden(number, room < 0)
            room += COLUMNS[number].width if room < 0 else 0

    def _make_headers(self) -> None:
        rows, header = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setFont(font(12, MEDIUM))
        header.setFixedHeight(38)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(60)
        for number, column in enumerate(COLUMNS):
            if column.width:
                self.setColumnWidth(number, column.width)
        header.setSectionResizeMode(_TITLE, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
        header.sortIndicatorChanged.connect(
            lambda column, order: self.sort_wanted.emit(column, order == Qt.SortOrder.DescendingOrder)
        )

    def _activate(self, row: int) -> None:
        run_id = self._model.run_id(row)
        if run_id is not None:
            self.run_activated.emit(run_id)


def _spans(chosen: QItemSelection) -> list[QItemSelectionRange]:
    return [chosen.at(number) for number in range(chosen.count())]
