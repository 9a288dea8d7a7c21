"""Plain columns over days or weeks: the background's shape, nothing to compare with."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from goodmeasure.ui.fonts import font
from goodmeasure.ui.theme import tokens
from goodmeasure.ui.widgets.text import ElidedLabel
from goodmeasure.ui.widgets.walked import Walked, labels_each
from goodmeasure.viewmodels.spend import SpendColumn

_HEIGHT, _FOOT = 116, 20
_LABEL_ROOM = 34


class Columns(Walked):
    """One column a day or week."""

    def __init__(self, name: str, said: ElidedLabel) -> None:
        super().__init__(name, said, _HEIGHT)
        self._columns: tuple[SpendColumn, ...] = ()

    def show_columns(self, columns: tuple[SpendColumn, ...], usual: str) -> None:
        """Draw other columns; `usual` is said while none is chosen."""
        self._columns = columns
        self.show_words([column.said for column in columns], usual)

    def draw(self, painter: QPainter) -> None:
        """Draw ground line, columns, and the names that have room."""
        theme, ground = tokens(), self.height() - _FOOT
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(QPointF(0, ground + 0.5), QPointF(self.width(), ground + 0.5))
        if not self._columns:
            return
        top = max((column.micros or 0 for column in self._columns), default=0) or 1
        step = self.width() / len(self._columns)
        each = labels_each(step, _LABEL_ROOM)
        painter.setFont(font(11))
        for number, column in enumerate(self._columns):
            middle = (number + 0.5) * step
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent" if number == self.chosen else "text3"))
            self._draw_column(painter, column, middle, (ground - 8) * (column.micros or 0) / top)
            if number % each == 0:
                painter.setPen(QPen(theme.color("text3")))
                area = QRectF(min(max(middle - 30, 0.0), self.width() - 60.0), ground + 4, 60, _FOOT - 4)
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, column.label)

    def _draw_column(self, painter: QPainter, column: SpendColumn, middle: float, height: float) -> None:
        ground = self.height() - _FOOT
        width = max(3.0, min(28.0, self.width() / len(self._columns) * 0.6))
        if column.micros is None:  # unknown is a hollow mark, never a column of nothing
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens().color("text3"), 1))
            painter.drawEllipse(QPointF(middle, ground - 6), 3, 3)
        elif height:
            tall = max(2.0, height)
            painter.drawRoundedRect(QRectF(middle - width / 2, ground - tall, width, tall), 2, 2)
