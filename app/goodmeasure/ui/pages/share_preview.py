"""What would leave: the page, the exact bytes, and the list of what leaves and what stays; then what was saved."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from goodmeasure.ui.fonts import MEDIUM, font
from goodmeasure.ui.theme import CONTROL, GAP, GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import Card, Icon, clear
from goodmeasure.ui.widgets.page_sheet import PageSheet
from goodmeasure.ui.widgets.scroller import Scroller
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.viewmodels.share import PreviewView, SavedView

_SIDE_WIDTH, _SIDE_FROM = 212, 600
_NARROW_TAB = 1


class SharePreview(Card):
    """The page at the left, what leaves and what stays at its side. `restate_wanted`: frozen figures, made anew."""

    restate_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.body.setSpacing(GRID)
        self.notes = PlainLabel("", "small", tone="warn", wrap=True)
        self.sheet = PageSheet()
        self.bytes = _bytes_field()
        self._size = PlainLabel("", "small", tone="2")
        self._fields = QGridLayout()
        self._tabs = tabs = QTabWidget()
        tabs.setAccessibleName("Views of the report")
        tabs.tabBar().setFont(font(12.5, MEDIUM))
        tabs.tabBar().setDrawBase(False)
        tabs.addTab(self._page_tab(), "The page")
        self._narrow = LeavesAndStays()
        tabs.addTab(self._narrow, "Leaves")
        tabs.addTab(self._bytes_tab(), "Bytes")
        tabs.addTab(_scrolling(self._fields), "Fields")
        self.restate = Button("Correct it…", icon="pencil-line", look="link", small=True)
        self.restate.clicked.connect(self.restate_wanted)
        self.body.addWidget(self.notes)
        self.body.addWidget(self.restate, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(tabs, 1)

    def show_preview(self, view: PreviewView) -> None:
        """Show another report."""
        self.notes.setText("\n".join(view.notes))
        self.notes.setVisible(bool(view.notes))
        self.restate.setVisible(view.can_restate)
        self.sheet.show_blocks(view.blocks)
        if self.bytes.toPlainText() != view.json_text:
            self.bytes.setPlainText(view.json_text)
        self._size.setText(f"report.json · {view.size} · signed by {view.fingerprint}")
        for side in (self._side, self._narrow):
            side.show_words(view.leaves_words, view.stays)
        clear(self._fields)
        for row, (path, meaning) in enumerate(view.leaves):
            self._fields.addWidget(PlainLabel(path, "small"), row, 0)
            self._fields.addWidget(ElidedLabel(meaning, "small", tone="2"), row, 1)
        self._fields.setColumnStretch(1, 1)
        self._fields.setHorizontalSpacing(GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the list at the side where there is room for it, else as a view of its own."""
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_FROM
        self._side.setVisible(wide)
        self._tabs.setTabVisible(_NARROW_TAB, not wide)

    def _page_tab(self) -> QWidget:
        tab = QWidget()
        row = QHBoxLayout(tab)
        row.setContentsMargins(0, GRID, 0, 0)
        row.setSpacing(GAP)
        self._side = LeavesAndStays()
        self._side.setFixedWidth(_SIDE_WIDTH)
        row.addWidget(self.sheet, 1)
        row.addWidget(self._side)
        return tab

    def _bytes_tab(self) -> QWidget:
        tab = QWidget()
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, GRID, 0, 0)
        column.addWidget(self._size)
        column.addWidget(self.bytes, 1)
        return tab


class LeavesAndStays(QWidget):
    """In a few words what leaves, and what stays."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, GRID, 0, 0)
        self._column.setSpacing(6)

    def show_words(self, leaves: tuple[str, ...], stays: tuple[str, ...]) -> None:
        """Show other words."""
        clear(self._column)
        self._column.addWidget(PlainLabel("Leaves", "label"))
        for text in leaves:
            self._column.addLayout(_marked("corner-down-right", "accent_text", text))
        self._column.addSpacing(12)
        self._column.addWidget(PlainLabel("Stays here", "label"))
        for text in stays:
            self._column.addLayout(_marked("lock", "good", text))
        self._column.addStretch(1)


class SavedPane(Card):
    """What was written, and how the reader can check it."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Icon("circle-check", "good", 22))
        head.addWidget(PlainLabel("Signed and saved", "number"), 1)
        self.body.addLayout(head)
        self._files = PlainLabel("", "body", tone="2", wrap=True)
        self.body.addWidget(self._files)
        self.body.addSpacing(GRID)
        self.folder = self._field("Folder")
        self.fingerprint = self._field("Fingerprint of your key: tell it to the reader by another way")
        self.signers = self._field("Line for the reader's file allowed_signers")
        self.command = self._field("Check with OpenSSH alone, inside the folder")
        back = Button("Make another report", icon="pencil-line")
        back.clicked.connect(self.closed)
        self.body.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)

    def show_saved(self, view: SavedView) -> None:
        """Show what was written."""
        self._files.setText("\n".join((view.told, *view.left_out)))
        for field, text in (
            (self.folder, view.folder),
            (self.fingerprint, view.fingerprint),
            (self.signers, view.allowed_signers),
            (self.command, view.command),
        ):
            field.setText(text)
            field.setCursorPosition(0)

    def _field(self, label: str) -> QLineEdit:
        field = QLineEdit()
        field.setReadOnly(True)
        field.setFont(font(13))
        field.setFixedHeight(CONTROL)
        field.setAccessibleName(label)
        copy = Button("", icon="copy", name=f"Copy: {label}")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(field.text()))
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(field, 1)
        row.addWidget(copy)
        self.body.addWidget(PlainLabel(label, "label", tone="2"))
        self.body.addLayout(row)
        self.body.addSpacing(6)
        return field


def _bytes_field() -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setReadOnly(True)
    field.setFont(font(12, fixed=True))
    field.setTabChangesFocus(True)
    field.setAccessibleName("The exact bytes of report.json")
    return field


def _marked(icon: str, color: str, text: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    row.addWidget(Icon(icon, color, 13), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(PlainLabel(text, "small", tone="2", wrap=True), 1)
    return row


def _scrolling(grid: QGridLayout) -> Scroller:
    column = QVBoxLayout()
    column.setContentsMargins(0, 12, GRID, 12)
    column.addLayout(grid)
    column.addStretch(1)
    area = Scroller(column, reachable=True)
    area.setAccessibleName("Every field that a report can hold")
    return area
