"""A report's page drawn from its plain blocks: every text is plain, every figure is the page's own drawing."""

import re

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from goodmeasure.ui.theme import PADDING, tokens
from goodmeasure.ui.widgets.frames import clear
from goodmeasure.ui.widgets.scroller import Scroller
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.page_preview import Block

_THINNEST = 20
_LONG = re.compile(r"\S{30,}")
_MAY_BREAK, _NARROW = "\u200b", "\u202f"
"""Shown only: a place where a line may end, and a space where it may not."""
_STYLES = {"title": ("page", ""), "heading": ("card", ""), "small": ("small", "2"), "item": ("body", "")}


class Figure(QWidget):
    """One drawing of the page, as wide as the page, its words in the window's own tones."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self._svg = block.svg
        self._has_words = b"<text" in block.svg
        self._renderer = QSvgRenderer()
        self.setAccessibleName("Figure")
        self.setAccessibleDescription(block.text)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._load()

    def sizeHint(self) -> QSize:
        """Return the drawing's shape."""
        return QSize(self._renderer.defaultSize().width(), self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:
        """Say that a narrower drawing is a lower one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that keeps the shape; a bar without words is never thinner than can be seen."""
        size = self._renderer.defaultSize()
        tall = round(width * size.height() / max(1, size.width()))
        return tall if self._has_words else max(_THINNEST, tall)

    def changeEvent(self, event: QEvent) -> None:
        """Recolour the words with the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._load()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer.render(painter, QRectF(self.rect()))
        painter.end()

    def _load(self) -> None:
        look, drawing = tokens(), self._svg.replace(b"<svg ", b'<svg font-family="Inter" ', 1)
        for tone, own in ((b"text", look.text), (b"soft", look.text2), (b"faint", look.text3), (b"line", look.border)):
            drawing = re.sub(
                rb'(class="(?:words|line)-' + tone + rb'"[^>]*?(?:fill|stroke)=")#[0-9a-f]{6}',
                rb"\g<1>" + own.encode(),
                drawing,
            )
        self._renderer.load(QByteArray(drawing))


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
        return _figure(block)
    if block.kind == "table":
        return _table(block.text)
    style, tone = _STYLES.get(block.kind, ("body", "2"))
    text = f"•  {block.text}" if block.kind == "item" else block.text
    return PlainLabel(_breakable(text), style, tone=tone, wrap=True)


def _breakable(text: str) -> str:
    """Return a text whose hashes may go on in the next line."""
    return _LONG.sub(lambda word: _MAY_BREAK.join(re.findall(".{1,8}", word.group())), text)


def _figure(block: Block) -> QWidget:
    if b"<text" not in block.svg:
        return Figure(block)
    # In a narrow window the words of a drawing get small, so they stand under it, too.
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(Figure(block))
    column.addWidget(PlainLabel(block.text, "small", tone="2", wrap=True))
    return whole


def _table(text: str) -> QWidget:
    whole = QWidget()
    grid = QGridLayout(whole)
    grid.setContentsMargins(0, 0, 0, 4)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(4)
    for row, line in enumerate(text.split("\n")):
        for column, cell in enumerate(line.split("\t")):
            label = PlainLabel(
                _breakable(cell).replace(" %", f"{_NARROW}%"),
                "small",
                tone="2" if row == 0 or column == 0 else "",
                wrap=True,
            )
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
    return whole
