"""Weeks as ranges between nothing and everything, with gaps where there is too little to say."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen

from goodmeasure.ui.fonts import font
from goodmeasure.ui.theme import tokens
from goodmeasure.ui.widgets.text import ElidedLabel
from goodmeasure.ui.widgets.value_colors import color_of
from goodmeasure.ui.widgets.walked import Walked, labels_each
from goodmeasure.viewmodels.trend import TrendView

_HEIGHT, _FOOT, _LEFT, _LABEL_ROOM = 148, 20, 44, 52

_USUAL = "A dot on the ground is a week with too few answers to say. A press opens the week's runs."


class Ribbon(Walked):
    """One range a week, low to high, without a mark in its middle; a press, Enter or Space opens a week."""

    week_wanted = Signal(int)
    """The week's place, the oldest is 0."""

    def __init__(self, name: str, said: ElidedLabel) -> None:
        super().__init__(name, said, _HEIGHT, left=_LEFT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._view: TrendView | None = None
        self._color = "used"

    def show_trend(self, view: TrendView, answer: str) -> None:
        """Draw another trend, in the colour of the answer that it is about."""
        self._view, self._color = view, color_of(answer)
        words = [f"Week of {week.label}: {week.about}" for week in view.weeks]
        self.show_words(words, _USUAL, view.description)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the chosen week; walk with the arrow keys."""
        opens = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if opens and self.chosen is not None and not event.isAutoRepeat():
            self.week_wanted.emit(self.chosen)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the week under the mouse."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.mouseMoveEvent(event)
            if self.chosen is not None:
                self.week_wanted.emit(self.chosen)

    def draw(self, painter: QPainter) -> None:
        """Draw the lines of nothing, half and all, the weeks, and the names that have room."""
        theme, ground = tokens(), self.height() - _FOOT
        painter.setFont(font(11))
        for share, label in ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")):
            y = round(self._y(share)) + 0.5
            painter.setPen(QPen(theme.color("hair" if share else "border"), 1))
            painter.drawLine(QPointF(_LEFT, y), QPointF(self.width(), y))
            painter.setPen(QPen(theme.color("text3")))
            painter.drawText(
                QRectF(0, y - 8, _LEFT - 8, 16), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label
            )
        if self._view is None or not self._view.weeks:
            return
        step = (self.width() - _LEFT) / len(self._view.weeks)
        each = labels_each(step, _LABEL_ROOM)
        for number, week in enumerate(self._view.weeks):
            middle = _LEFT + (number + 0.5) * step
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent" if number == self.chosen else self._color))
            if week.low is not None and week.high is not None:
                top, bottom = self._y(week.high), self._y(week.low)
                width = max(4.0, min(18.0, step * 0.6))
                painter.drawRoundedRect(QRectF(middle - width / 2, top, width, max(3.0, bottom - top)), 3, 3)
            else:  # a gap is a small mark on the ground: a week of which nothing can be said
                painter.setBrush(theme.color("accent" if number == self.chosen else "border"))
                painter.drawEllipse(QPointF(middle, self._y(0.0) - 5), 2, 2)
            if number % each == 0:
                painter.setPen(QPen(theme.color("text3")))
                area = QRectF(min(max(middle - 30, float(_LEFT)), self.width() - 60.0), ground + 4, 60, _FOOT - 4)
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, week.label)

    def _y(self, share: float) -> float:
        return 10 + (1 - share) * (self.height() - _FOOT - 10)
