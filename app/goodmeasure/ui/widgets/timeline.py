"""What happened in a run, one line each, in a list that stays fast over thousands of lines."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from goodmeasure.ui.fonts import MEDIUM, font
from goodmeasure.ui.icons import pixmap
from goodmeasure.ui.theme import tokens
from goodmeasure.ui.widgets.text import tooltip
from goodmeasure.viewmodels.run_detail import Moment

_HEIGHT, _TIME, _INDENT, _BETWEEN = 30, 56, 18, 12
_ICONS = {"prompt": "message-square", "call": "sparkles", "tool": "wrench", "notice": "info"}
_MOMENT = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class TimelineModel(QAbstractListModel):
    """The moments of one run, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._moments: tuple[Moment, ...] = ()

    def show_moments(self, moments: tuple[Moment, ...]) -> None:
        """Show another run."""
        before = len(self._moments)
        if before and moments[:before] == self._moments:
            # The same run, which has gone on: what is there stays where it is.
            self.beginInsertRows(QModelIndex(), before, len(moments) - 1)
            self._moments = moments
            self.endInsertRows()
            return
        self.beginResetModel()
        self._moments = moments
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of moments."""
        return 0 if parent.isValid() else len(self._moments)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a moment, or its words."""
        if not index.isValid():
            return None
        moment = self._moments[index.row()]
        words = f"{moment.time} {moment.text}" + (f", {moment.detail}" if moment.detail else "")
        if role == _MOMENT:
            return moment
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(words)
        return words if role == Qt.ItemDataRole.DisplayRole else None


class _Line(QStyledItemDelegate):
    """Draws one moment: time, icon on a line, words, detail."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return one line's height."""
        del option, index
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw it."""
        moment, theme, area = index.data(_MOMENT), tokens(), QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.color("accent_soft"))
        painter.setFont(font(11.5))
        painter.setPen(QPen(theme.color("text3")))
        painter.drawText(QRect(area.left() + 4, area.top(), _TIME, _HEIGHT), Qt.AlignmentFlag.AlignVCenter, moment.time)
        left = area.left() + _TIME + 8 + (_INDENT if moment.indented else 0)
        painter.setPen(QPen(theme.color("border"), 1))
        line = area.left() + _TIME + 16.5
        painter.drawLine(QPointF(line, area.top()), QPointF(line, area.bottom() + 1))
        self._draw_mark(painter, moment, left, area.top())
        self._draw_words(painter, moment, QRect(left + 26, area.top(), area.right() - left - 30, _HEIGHT))
        painter.restore()

    @staticmethod
    def _draw_mark(painter: QPainter, moment: Moment, left: int, top: int) -> None:
        theme = tokens()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_soft" if moment.kind == "prompt" else "card"))
        painter.drawRoundedRect(QRectF(left - 1, top + 6, 19, 18), 5, 5)
        color = "bad" if moment.trouble else "accent_text" if moment.kind in {"prompt", "call"} else "text3"
        name = "circle-alert" if moment.trouble else _ICONS[moment.kind]
        painter.drawPixmap(left + 1, top + 8, pixmap(name, theme.color(color).name(), 14))

    @staticmethod
    def _draw_words(painter: QPainter, moment: Moment, area: QRect) -> None:
        theme = tokens()
        words_font, detail_font = font(12.5, MEDIUM if moment.kind == "prompt" else 400), font(11.5)
        # The words come first; the detail has what they leave, and at least a third.
        wished = QFontMetrics(words_font).horizontalAdvance(moment.text) + _BETWEEN
        room = max(area.width() - wished, area.width() // 3)
        detail = QFontMetrics(detail_font).elidedText(moment.detail, Qt.TextElideMode.ElideRight, room)
        taken = QFontMetrics(detail_font).horizontalAdvance(detail) + _BETWEEN if detail else 0
        painter.setFont(detail_font)
        painter.setPen(QPen(theme.color("bad" if moment.trouble else "text2")))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, detail)
        painter.setFont(words_font)
        painter.setPen(QPen(theme.color("text")))
        words = painter.fontMetrics().elidedText(moment.text, Qt.TextElideMode.ElideMiddle, area.width() - taken)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)


class Timeline(QListView):
    """The timeline of one run; S asks for a split before the chosen moment."""

    split_wanted = Signal()
    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._model = TimelineModel()
        self.setModel(self._model)
        self.setItemDelegate(_Line(self))
        self.setAccessibleName("Timeline of the run")
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def split_moment(self) -> Moment | None:
        """The chosen moment, where the run can be split before it: something known lies on both sides."""
        index = self.currentIndex()
        moment: Moment | None = index.data(_MOMENT) if index.isValid() else None
        first = self._model.index(0, 0).data(_MOMENT)
        return moment if moment is not None and moment.at is not None and moment.at > first.at else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Split by key; letters search for nothing here."""
        if event.key() == Qt.Key.Key_S and not event.modifiers():
            self.split_wanted.emit()
        elif event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell that another moment is chosen."""
        super().currentChanged(current, previous)
        self.chosen_changed.emit()

    def show_moments(self, moments: tuple[Moment, ...], *, same_run: bool = False) -> None:
        """Show another run, from its start, or the same one at a later time, where it is."""
        self._model.show_moments(moments)
        if not same_run:
            self.scrollToTop()
