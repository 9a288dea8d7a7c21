"""Plain columns over days or weeks: the background's shape, nothing to compare with."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.theme import tokens
from goodmeasure.ui.widgets.text import ElidedLabel
from goodmeasure.viewmodels.spend import SpendColumn

_HEIGHT, _FOOT = 116, 20
_LABEL_ROOM = 34


class Columns(QWidget):
    """One column a day or week; the one under the mouse, or chosen with the arrow keys, is said in `said`."""

    def __init__(self, name: str, said: ElidedLabel) -> None:
        super().__init__()
        self._columns: tuple[SpendColumn, ...] = ()
        self._usual = ""
        self._said = said
        self._chosen: int | None = None
        self.setAccessibleName(name)
        self.setFixedHeight(_HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_columns(self, columns: tuple[SpendColumn, ...], usual: str) -> None:
        """Draw other columns; `usual` is said while none is chosen."""
        if len(columns) != len(self._columns):
            self._chosen = None
        self._columns, self._usual = columns, usual
        self._choose(self._chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._columns:
            super().keyPressEvent(event)
            return
        last = len(self._columns) - 1
        self._choose(last if self._chosen is None else min(max(self._chosen + step, 0), last))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the column under the mouse."""
        if self._columns:
            at = int(event.position().x() / self.width() * len(self._columns))
            self._choose(min(max(at, 0), len(self._columns) - 1))

    def leaveEvent(self, event: QEvent) -> None:
        """Choose none."""
        super().leaveEvent(event)
        self._choose(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the last column."""
        super().focusInEvent(event)
        if self._columns and self._chosen is None and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._choose(len(self._columns) - 1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Choose none."""
        super().focusOutEvent(event)
        self._choose(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground line, columns, and the names that have room."""
        del event
        painter, theme = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self.height() - _FOOT
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(QPointF(0, ground + 0.5), QPointF(self.width(), ground + 0.5))
        if self._columns:
            self._draw(painter, ground)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _draw(self, painter: QPainter, ground: int) -> None:
        theme = tokens()
        top = max((column.micros or 0 for column in self._columns), default=0) or 1
        step = self.width() / len(self._columns)
        width = max(3.0, min(28.0, step * 0.6))
        each = max(1, -(-_LABEL_ROOM // max(1, int(step))))
        painter.setFont(font(11))
        for number, column in enumerate(self._columns):
            middle = (number + 0.5) * step
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent" if number == self._chosen else "text3"))
            height = (ground - 8) * (column.micros or 0) / top
            if column.micros is None:  # unknown is a hollow mark, never a column of nothing
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.color("text3"), 1))
                painter.drawEllipse(QPointF(middle, ground - 6), 3, 3)
            elif height:
                painter.drawRoundedRect(
                    QRectF(middle - width / 2, ground - max(2.0, height), width, max(2.0, height)), 2, 2
                )
            if number % each == 0:
                painter.setPen(QPen(theme.color("text3")))
                area = QRectF(min(max(middle - 30, 0.0), self.width() - 60.0), ground + 4, 60, _FOOT - 4)
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, column.label)

    def _choose(self, column: int | None) -> None:
        self._chosen = column
        said = self._usual if column is None else self._columns[column].said
        self._said.setText(said)
        self.setAccessibleDescription(said)
        self.update()
