"""One dot in the system's tray while runs of today's draw wait. It makes no sound and never takes the focus."""

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon

from goodmeasure.ui.icons import app_mark
from goodmeasure.ui.theme import LOOK, tokens
from goodmeasure.viewmodels.wording import counted

_SIZES = (16, 22, 24, 32, 48)


class TrayDot(QObject):
    """The app's mark with a dot; away as soon as nothing waits. A press on it asks for the inbox."""

    wanted = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self.waiting = 0
        LOOK.changed.connect(self._draw)

    @property
    def is_shown(self) -> bool:
        """Say whether the dot is there."""
        return self._icon is not None and self._icon.isVisible()

    def show_waiting(self, number: int, *, wanted: bool) -> None:
        """Show that so many runs wait; nothing for 0, where it is not `wanted`, or where there is no tray."""
        self.waiting = number if wanted else 0
        if self.waiting and self._icon is None and QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = QSystemTrayIcon(self)
            self._icon.activated.connect(lambda _: self.wanted.emit())
        if self._icon is None:
            return
        if self.waiting:
            self._icon.setToolTip(f"Good Measure: {counted(self.waiting, 'run')} of today to rate")
            self._draw()
            self._icon.show()
        else:
            self._icon.hide()

    def close(self) -> None:
        """Take the dot away."""
        if self._icon is not None:
            self._icon.hide()

    def _draw(self) -> None:
        if self._icon is not None:
            self._icon.setIcon(dotted_mark())


def dotted_mark() -> QIcon:
    """Return the app's mark with a dot, in the sizes of trays."""
    icon = QIcon()
    for size in _SIZES:
        made = QPixmap(app_mark(size, 1.0))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        dot = size * 0.42
        painter.setBrush(tokens().color("card"))
        painter.drawEllipse(QRectF(size - dot - 1, 0, dot + 1, dot + 1))
        painter.setBrush(tokens().color("partial"))
        painter.drawEllipse(QRectF(size - dot, 1, dot - 1, dot - 1))
        painter.end()
        icon.addPixmap(made)
    return icon
