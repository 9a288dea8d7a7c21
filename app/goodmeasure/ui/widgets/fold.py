"""A line that unfolds what is under it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from goodmeasure.ui.theme import GRID
from goodmeasure.ui.widgets.buttons import Button


class Fold(QWidget):
    """A button with a chevron over content that it shows and hides."""

    def __init__(self, text: str, name: str, content: QWidget, *, unfolded: bool = False) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.button = Button(text, icon="chevron-right", look="link", name=name, small=True)
        self._content = content
        self.button.clicked.connect(lambda: self._show(unfolded=self._content.isHidden()))
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        self._show(unfolded=unfolded)

    def _show(self, *, unfolded: bool) -> None:
        if unfolded:
            self._content.show()
        else:
            self._content.hide()
        self.button.set_icon("chevron-down" if unfolded else "chevron-right")
        self.button.setAccessibleDescription("unfolded" if unfolded else "folded")
