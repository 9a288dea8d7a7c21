"""Outcomes week by week, as our own item in a pyqtgraph scene. Imported after the first paint: it loads numpy."""

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QStyleOptionGraphicsItem, QWidget

from goodmeasure.ui.fonts import MEDIUM, SEMIBOLD, font
from goodmeasure.ui.theme import tokens
from goodmeasure.ui.widgets.value_colors import color_of
from goodmeasure.viewmodels.weeks import WeekColumn, WeeksView

_LEFT, _TOP, _BOTTOM = 30.0, 8.0, 26.0
_TIP_WIDTH, _TIP_LINE = 172.0, 19.0


class WeeksItem(pg.GraphicsWidget):  # type: ignore[misc] # pyqtgraph has no types
    """Stacked columns, one a week. The week under the mouse, or chosen with the arrow keys, shows its numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.view: WeeksView | None = None
        self.chosen: int | None = None
        self.setAcceptHoverEvents(True)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw grid, columns, names of the weeks, and the numbers of the chosen one."""
        del option, widget
        if self.view is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, top = self._area(), _scale_top(self.view)
        self._draw_grid(painter, area, top)
        for number, column in enumerate(self.view.columns):
            self._draw_column(painter, area, top, number, column)
        if self.chosen is not None:
            self._draw_tip(painter, area, self.view.columns[self.chosen])

    def hoverMoveEvent(self, event: Any) -> None:
        """Choose the week under the mouse."""
        self.choose(self._week_at(event.pos()))

    def hoverLeaveEvent(self, event: Any) -> None:
        """Choose none."""
        del event
        self.choose(None)

    def choose(self, week: int | None) -> None:
        """Show the numbers of a week; None hides them."""
        if week != self.chosen:
            self.chosen = week
            self.update()

    def _area(self) -> QRectF:
        whole = self.boundingRect()
        return QRectF(_LEFT, _TOP, whole.width() - _LEFT, whole.height() - _TOP - _BOTTOM)

    def _week_at(self, place: QPointF) -> int | None:
        area = self._area()
        if self.view is None or not area.adjusted(0, 0, 0, _BOTTOM).contains(place):
            return None
        return min(int((place.x() - area.left()) / area.width() * len(self.view.columns)), len(self.view.columns) - 1)

    def _draw_grid(self, painter: QPainter, area: QRectF, top: int) -> None:
        theme = tokens()
        painter.setFont(font(11))
        for tick in _ticks(top):
            y = round(area.bottom() - tick / top * area.height()) + 0.5
            painter.setPen(QPen(theme.color("border" if tick == 0 else "hair"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QPen(theme.color("text3")))
            painter.drawText(QRectF(0, y - 8, _LEFT - 8, 16), Qt.AlignmentFlag.AlignRight, str(tick))

    def _draw_column(self, painter: QPainter, area: QRectF, top: int, number: int, column: WeekColumn) -> None:
        step = area.width() / len(self.view.columns) if self.view else 1.0
        width = max(3.0, min(30.0, round(step * 0.56)))
        left, bottom = round(area.left() + number * step + (step - width) / 2), area.bottom()
        last = max((place for place, count in enumerate(column.counts) if count), default=None)
        for place, count in enumerate(column.counts):
            if count:
                height = count / top * area.height()
                box = QRectF(left, bottom - height, width, max(1.0, height - 1))
                color = color_of(self.view.answers[place][0]) if self.view else "unrated"
                self._draw_box(painter, box, color, rounded=place == last, dimmed=self.chosen not in {None, number})
                bottom -= height
        painter.setFont(font(11, MEDIUM if self.chosen == number else 400))
        painter.setPen(QPen(tokens().color("text" if self.chosen == number else "text3")))
        name = QRectF(area.left() + number * step - 20, area.bottom() + 7, step + 40, 16)
        if step >= 46 or number % 2 == 1:
            painter.drawText(name, Qt.AlignmentFlag.AlignHCenter, column.label)

    @staticmethod
    def _draw_box(painter: QPainter, box: QRectF, color: str, *, rounded: bool, dimmed: bool) -> None:
        fill = tokens().color(color)
        fill.setAlpha(120 if dimmed else 255)
        path = _top_rounded(box, 4.0 if rounded else 0.0)
        painter.fillPath(path, fill)
        if color == "unrated":
            line = tokens().color("text3")
            line.setAlpha(50)
            painter.fillPath(path, QBrush(line, Qt.BrushStyle.BDiagPattern))

    def _draw_tip(self, painter: QPainter, area: QRectF, column: WeekColumn) -> None:
        if self.view is None or self.chosen is None:
            return
        rows = [
            (label, value, count)
            for (value, label), count in zip(self.view.answers, column.counts, strict=True)
            if count
        ]
        step = area.width() / len(self.view.columns)
        left = area.left() + (self.chosen + 0.5) * step + 18
        left = left if left + _TIP_WIDTH < area.right() else left - _TIP_WIDTH - 36
        box = QRectF(left, area.top(), _TIP_WIDTH, 38 + _TIP_LINE * len(rows))
        _draw_raised(painter, box)
        inner = box.adjusted(12, 9, -12, 0)
        painter.setPen(QPen(tokens().color("text")))
        painter.setFont(font(12, SEMIBOLD))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft, f"Week of {column.label}")
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight, str(sum(column.counts)))
        for number, (label, value, count) in enumerate(rows):
            line = QRectF(inner.left(), box.top() + 31 + number * _TIP_LINE, inner.width(), 16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens().color(color_of(value)))
            painter.drawRoundedRect(QRectF(line.left(), line.top() + 4, 8, 8), 2.5, 2.5)
            painter.setPen(QPen(tokens().color("text2")))
            painter.setFont(font(12))
            painter.drawText(line.adjusted(16, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, label)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(count))


class WeeksChart(pg.GraphicsView):  # type: ignore[misc] # pyqtgraph has no types
    """The chart as a widget: Tab reaches it, the arrow keys walk through the weeks."""

    def __init__(self, name: str) -> None:
        super().__init__(background=None)
        self._item = WeeksItem()
        self.setCentralItem(self._item)
        self.setAccessibleName(name)
        self.setMinimumHeight(190)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setStyleSheet("border: none; background: transparent;")

    def show_weeks(self, view: WeeksView) -> None:
        """Draw other weeks."""
        self._item.view = view
        self._item.chosen = None
        self.setAccessibleDescription(view.description)
        self._item.update()

    def sizeHint(self) -> QSize:
        """Return a size that shows twelve weeks well."""
        return QSize(560, 220)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk to the week before or after; any other key goes on to the window."""
        view, chosen = self._item.view, self._item.chosen
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if view is None or event.key() not in steps:
            event.ignore()
            return
        last = len(view.columns) - 1
        week = last if chosen is None else min(max(chosen + steps[Qt.Key(event.key())], 0), last)
        self._item.choose(week)
        self.setAccessibleDescription(spoken(view, week))

    def wheelEvent(self, event: Any) -> None:
        """Let the page scroll."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the newest week's numbers, so that one sees where the keyboard is and hears where the arrows start."""
        super().focusInEvent(event)
        view = self._item.view
        if view is not None and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._item.choose(len(view.columns) - 1)
            self.setAccessibleDescription(spoken(view, len(view.columns) - 1))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the numbers."""
        super().focusOutEvent(event)
        self._item.choose(None)


def spoken(view: WeeksView, week: int) -> str:
    """Return one week in words."""
    column = view.columns[week]
    parts = [f"{label} {count}" for (_, label), count in zip(view.answers, column.counts, strict=True) if count]
    return f"Week of {column.label}: {', '.join(parts) or 'no runs'}."


def _scale_top(view: WeeksView) -> int:
    highest = max((sum(column.counts) for column in view.columns), default=0)
    return _ticks(max(highest, 4))[-1]


def _ticks(top: int) -> list[int]:
    power = 10 ** math.floor(math.log10(max(top / 4, 1)))
    step = next(size * power for size in (1, 2, 5, 10) if top <= size * power * 4)
    return [tick * step for tick in range(-(-top // step) + 1)]


def _top_rounded(box: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    radius = min(radius, box.width() / 2, box.height())
    path.moveTo(box.bottomLeft())
    path.lineTo(box.left(), box.top() + radius)
    path.quadTo(box.topLeft(), QPointF(box.left() + radius, box.top()))
    path.lineTo(box.right() - radius, box.top())
    path.quadTo(box.topRight(), QPointF(box.right(), box.top() + radius))
    path.lineTo(box.bottomRight())
    path.closeSubpath()
    return path


def _draw_raised(painter: QPainter, box: QRectF) -> None:
    theme = tokens()
    painter.setPen(Qt.PenStyle.NoPen)
    for reach in range(8, 0, -1):
        painter.setBrush(QColor(0, 0, 0, 5 if theme.name == "light" else 16))
        painter.drawRoundedRect(box.adjusted(-reach, 3 - reach, reach, 3 + reach), 9 + reach, 9 + reach)
    painter.setPen(QPen(theme.color("border"), 1))
    painter.setBrush(theme.color("card"))
    painter.drawRoundedRect(box, 9, 9)
