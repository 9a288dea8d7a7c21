"""What was just done, and the way back: one line that waits beside what it changed."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.text import ElidedLabel


class UndoLine(QWidget):
    """Hidden until something was done."""

    def __init__(self, name: str) -> None:
        """`name`: what the button does, with its key."""
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        self._text = ElidedLabel("", "small", tone="2")
        self.button = Button("Undo", icon="undo-2", name=name, small=True)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; "" while hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str) -> None:
        """Show what can be undone; nothing for ""."""
        self._text.setText(text)
        self.setVisible(bool(text))
