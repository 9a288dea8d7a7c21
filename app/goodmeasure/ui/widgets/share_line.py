"""A thin grey line as long as a share; the number stands beside it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from goodmeasure.ui.theme import GRID, tokens


class ShareLine(QWidget):
    """The background's shape: grey, never a judgement's colour."""

    def __init__(self, name: str, fraction: float | None, said: str) -> None:
        """`fraction`: from 0 to 1; None: unknown, the line stays empty."""
        super().__init__()
        self._fraction = fraction
        self.setAccessibleName(f"{name}: {said or 'unknown'}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(GRID)

    def sizeHint(self) -> QSize:
        """Return room for a short line."""
        return QSize(80, GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().color("field"))
        painter.drawRoundedRect(self.rect(), 4, 4)
        if self._fraction:
            painter.setBrush(tokens().color("text3"))
            painter.drawRoundedRect(0, 0, max(3, round(self._fraction * self.width())), GRID, 4, 4)
        painter.end()
