"""A column that scrolls up and down and is always as wide as its place."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget


class _Inner(QWidget):
    """Where it holds wrapped texts, it asks for no height: Qt would ask for what they need at their narrowest.

    The scroll area itself asks for the height that they need at the width which they have.
    """

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        layout = self.layout()
        return QSize(size.width(), 0) if layout is not None and layout.hasHeightForWidth() else size


class Scroller(QScrollArea):
    """Scrolls `layout`. `look`: page or clear. `reachable`: Tab stops here, so that the arrow keys can scroll it."""

    def __init__(self, layout: QLayout, look: str = "clear", *, reachable: bool = False) -> None:
        super().__init__()
        inner = _Inner()
        inner.setProperty("look", look)
        inner.setLayout(layout)
        self.setProperty("look", look)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if reachable else Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)
