"""A switch: on or off, at once."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from goodmeasure.ui.theme import tokens

_WIDTH, _HEIGHT = 36, 20
_RING = 3
"""Pixels around the switch, for the focus ring."""


class Switch(QCheckBox):
    """A check box that is drawn as a switch; the place of its knob tells its state, not only the colour."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the switch with the room of its ring."""
        return QSize(_WIDTH + 2 * _RING, _HEIGHT + 2 * _RING)

    def minimumSizeHint(self) -> QSize:
        """Return the same: a switch does not shrink."""
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:
        """Say that every part of it can be pressed."""
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw groove, knob, and the ring where the keyboard is."""
        del event
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groove = QRectF(_RING, _RING, _WIDTH, _HEIGHT)
        on, usable = self.isChecked(), self.isEnabled()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("border" if not usable else "accent" if on else "text3"))
        painter.drawRoundedRect(groove, _HEIGHT / 2, _HEIGHT / 2)
        knob = _HEIGHT - 6
        left = groove.right() - knob - 3 if on else groove.left() + 3
        painter.setBrush(look.color("on_accent" if on else "card"))
        painter.drawEllipse(QRectF(left, groove.top() + 3, knob, knob))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _HEIGHT / 2 + 2, _HEIGHT / 2 + 2)
        painter.end()
