"""A report's page drawn from its plain blocks: every text is plain, every figure is the page's own drawing."""

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from goodmeasure.ui.theme import PADDING
from goodmeasure.ui.widgets.frames import clear
from goodmeasure.ui.widgets.scroller import Scroller
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.page_preview import Block

_TALLEST = 160
_STYLES = {"title": ("page", ""), "heading": ("card", ""), "small": ("small", "2"), "item": ("body", "")}


class Figure(QWidget):
    """One drawing of the page, as wide as the page."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self._renderer = QSvgRenderer(QByteArray(block.svg))
        self.setAccessibleName("Figure")
        self.setAccessibleDescription(block.text)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Return the drawing's shape."""
        size = self._renderer.defaultSize()
        return QSize(size.width(), max(20, min(_TALLEST, size.height())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer.render(painter, QRectF(self.rect()))
        painter.end()


class PageSheet(Scroller):
    """The whole page, scrolling."""

    def __init__(self) -> None:
        self._column = QVBoxLayout()
        super().__init__(self._column, reachable=True)
        self.setAccessibleName("The page that would be sent")
        self._column.setContentsMargins(4, PADDING, PADDING, PADDING)
        self._column.setSpacing(6)

    def show_blocks(self, blocks: tuple[Block, ...]) -> None:
        """Show another page; the place to which it was scrolled stays."""
        place = self.verticalScrollBar().value()
        clear(self._column)
        for block in blocks:
            if block.kind == "heading":
                self._column.addSpacing(12)
            self._column.addWidget(_drawn(block))
        self._column.addStretch(1)
        self.verticalScrollBar().setValue(place)


def _drawn(block: Block) -> QWidget:
    if block.kind == "figure":
        return Figure(block)
    if block.kind == "table":
        return _table(block.text)
    style, tone = _STYLES.get(block.kind, ("body", "2"))
    text = f"•  {block.text}" if block.kind == "item" else block.text
    return PlainLabel(text, style, tone=tone, wrap=True)


def _table(text: str) -> QWidget:
    whole = QWidget()
    grid = QGridLayout(whole)
    grid.setContentsMargins(0, 0, 0, 4)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    for row, line in enumerate(text.split("\n")):
        for column, cell in enumerate(line.split("\t")):
            label = PlainLabel(cell, "small", tone="2" if row == 0 or column == 0 else "", wrap=True)
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
    return whole
