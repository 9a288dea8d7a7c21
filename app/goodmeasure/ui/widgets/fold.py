"""A line that unfolds what is under it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from goodmeasure.ui.theme import GRID
from goodmeasure.ui.widgets.buttons import Button


class Fold(QWidget):
    """A button with a chevron over content that it shows and hides.

    `trailing` stands at the right of the button, `always` between button and content, folded or not.
    """

    toggled = Signal(bool)
    """The person unfolded it, or folded it again."""

    def __init__(
        self,
        text: str,
        name: str,
        content: QWidget,
        *,
        unfolded: bool = False,
        trailing: QWidget | None = None,
        always: QWidget | None = None,
    ) -> None:
        super().__init__()
        column, head = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.button = Button(text, icon="chevron-right", look="link", name=name, small=True)
        self._content = content
        self.button.clicked.connect(self._toggle)
        head.addWidget(self.button)
        head.addStretch(1)
        if trailing is not None:
            head.addWidget(trailing)
        column.addLayout(head)
        if always is not None:
            column.addWidget(always)
        column.addWidget(content)
        self._show(unfolded=unfolded)

    def _toggle(self) -> None:
        unfolded = self._content.isHidden()
        self._show(unfolded=unfolded)
        self.toggled.emit(unfolded)

    def _show(self, *, unfolded: bool) -> None:
        if unfolded:
            self._content.show()
        else:
            self._content.hide()
        self.button.set_icon("chevron-down" if unfolded else "chevron-right")
        self.button.setAccessibleDescription("unfolded" if unfolded else "folded")
