"""Text that is made to be copied: exactly these characters, and a button that copies them."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from goodmeasure.ui.fonts import font
from goodmeasure.ui.widgets.buttons import Button

_SAID_MS = 1600
_MOST_LINES = 14
_ROOM = 28
"""Pixels of border, padding, and the document's own margin."""


class CopyButton(Button):
    """Copies what `text` returns, and says so for a moment."""

    def __init__(self, name: str, text: Callable[[], str]) -> None:
        super().__init__("Copied", icon="copy", name=name, small=True)
        # As wide as its widest word, so that nothing beside it moves.
        self.setFixedWidth(self.sizeHint().width() + 8)
        self._name, self._text = name, text
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(_SAID_MS)
        self._said.timeout.connect(self._be_quiet)
        self.clicked.connect(self._copy)
        self._be_quiet()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text())
        self._show("Copied", "check", f"Copied: {self._name}")
        self._said.start()

    def _be_quiet(self) -> None:
        self._show("Copy", "copy", self._name)

    def _show(self, text: str, icon: str, name: str) -> None:
        self.setText(text)
        self.set_icon(icon)
        self.setAccessibleName(name)


class ExactText(QPlainTextEdit):
    """Lines in a monospaced typeface, to be read, chosen by mouse or keyboard, and copied; never changed."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setFont(font(12, fixed=True))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show another text, as high as its lines need; what is chosen in the same text stays chosen."""
        if text != self.toPlainText():
            self.setPlainText(text)
        lines = min(text.count("\n") + 1, _MOST_LINES)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + _ROOM)
