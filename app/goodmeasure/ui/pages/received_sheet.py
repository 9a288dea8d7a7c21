"""One report that was received, with what is known of its key; and the list of what was deleted."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout

from goodmeasure.ui.theme import GAP, GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import Card, EmptyState, Hairline, Icon, clear
from goodmeasure.ui.widgets.page_sheet import PageSheet
from goodmeasure.ui.widgets.scroller import Scroller
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel, set_tooltip
from goodmeasure.viewmodels.received import DeletedLine, SheetView, copy_name

_SECOND_PRESS_MS = 5000
_ICONS = {"good": "shield-check", "warn": "circle-alert", "bad": "triangle-alert"}


class TwicePressed(Button):
    """A button for what cannot be undone: the first press asks, the second, within five seconds, does it."""

    meant = Signal()

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text, icon="x", name=name, small=True)
        self._words, self._name = text, name
        set_tooltip(self, name)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(_SECOND_PRESS_MS)
        self._waiting.timeout.connect(self.forget)
        self.clicked.connect(self._pressed)

    def forget(self) -> None:
        """Ask again at the next press."""
        self._waiting.stop()
        self._say(self._words, self._name)

    def _pressed(self) -> None:
        if self._waiting.isActive():
            self.forget()
            self.meant.emit()
        else:
            self._waiting.start()
            self._say("Press again", "Press again to delete for good")

    def _say(self, text: str, name: str) -> None:
        self.setText(text)
        self.setAccessibleName(name)


class ReceivedSheet(Card):
    """The page as its sender saw it, under what is known of the key."""

    confirmed = Signal(str)
    """The person compared this fingerprint."""
    copy_wanted = Signal(str, Path)
    """Everything that this key signed, into this file."""
    deletion_wanted = Signal(int, str)
    """This report; with a fingerprint, all that this key signed."""

    def __init__(self) -> None:
        super().__init__()
        self._view: SheetView | None = None
        self.about = PlainLabel("", "small", tone="2", wrap=True)
        self.key = PlainLabel("", "body", wrap=True)
        self._icon = Icon("shield-check", "good")
        self.fingerprint = ElidedLabel("", "small", tone="2", lines=3)
        self._copy_mark = Button("Copy", icon="copy", name="Copy the fingerprint", small=True)
        self._copy_mark.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.fingerprint.text()))
        self.confirm = Button("I compared it", icon="check", small=True)
        self.confirm.clicked.connect(self._confirm)
        self.sheet = PageSheet()
        self.sheet.setAccessibleName("The report")
        self.copy = Button("Copy all…", icon="download", name="Save a copy of all of this sender", small=True)
        self.copy.clicked.connect(self._choose_copy)
        set_tooltip(self.copy, self.copy.accessibleName())
        self.delete, self.delete_all = (
            TwicePressed("Delete", "Delete this report"),
            TwicePressed("Delete all", "Delete all of this sender"),
        )
        self.delete.meant.connect(lambda: self._delete(whole=False))
        self.delete_all.meant.connect(lambda: self._delete(whole=True))
        self._lay_out()

    def show_view(self, view: SheetView) -> None:
        """Show another report, or why it is not shown."""
        if self._view is None or view.id != self._view.id:
            self.sheet.verticalScrollBar().setValue(0)
            for button in (self.delete, self.delete_all):
                button.forget()
        self._view = view
        self.about.setText(f"{view.name} · {view.about}")
        self.key.setText(view.key_words)
        self.key.set_tone("bad" if view.tone == "bad" else "")
        self._icon.show_icon(_ICONS[view.tone], view.tone)
        self.fingerprint.setText(view.fingerprint)
        self.confirm.setVisible(view.may_confirm)
        self.sheet.show_blocks(view.blocks)

    def _lay_out(self) -> None:
        self.body.addWidget(self.about)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.key, 1)
        self.body.addLayout(row)
        mark = QHBoxLayout()
        mark.setSpacing(GRID)
        mark.addWidget(self.confirm)
        mark.addWidget(self._copy_mark)
        mark.addStretch(1)
        # On a line of its own: a fingerprint of which a part cannot be seen cannot be compared.
        self.body.addWidget(self.fingerprint)
        self.body.addLayout(mark)
        self.body.addWidget(Hairline())
        self.body.addWidget(self.sheet, 1)
        self.body.addWidget(Hairline())
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.copy)
        foot.addWidget(self.delete_all)
        foot.addStretch(1)
        foot.addWidget(self.delete)
        self.body.addLayout(foot)

    def _confirm(self) -> None:
        if self._view is not None:
            self.confirmed.emit(self._view.fingerprint)

    def _choose_copy(self) -> None:
        if self._view is None:
            return
        proposed = copy_name(self._view, Path.home())
        name, _ = QFileDialog.getSaveFileName(self, "Save a copy for the sender", str(proposed), "Zip (*.zip)")
        if name:
            self.copy_wanted.emit(self._view.fingerprint, Path(name))

    def _delete(self, *, whole: bool) -> None:
        if self._view is not None:
            self.deletion_wanted.emit(self._view.id, self._view.fingerprint if whole else "")


class DeletedList(Card):
    """What was deleted: hashes and days, nothing else is left."""

    save_wanted = Signal(Path)

    def __init__(self) -> None:
        self._save = Button("Save receipts…", icon="download", small=True)
        super().__init__(
            "Deleted", "A hash and a day is all that is left; a receipt says so, signed by you", trailing=self._save
        )
        self._save.clicked.connect(self._choose)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(10)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        area = Scroller(column, reachable=True)
        area.setAccessibleName("Deleted reports")
        self.body.addWidget(area, 1)

    def show_lines(self, lines: tuple[DeletedLine, ...]) -> None:
        """Show what was deleted."""
        clear(self._grid)
        self._save.setEnabled(bool(lines))
        if not lines:
            text = "A report is deleted when it expires, or when you delete it."
            self._grid.addWidget(EmptyState("file-check", "Nothing deleted yet", text), 0, 0)
            return
        for column, head in enumerate(("Deleted on", "Why", "SHA-256 of the report")):
            self._grid.addWidget(PlainLabel(head, "label", tone="2"), 0, column)
        for row, line in enumerate(lines, start=1):
            self._grid.addWidget(PlainLabel(line.when), row, 0)
            self._grid.addWidget(PlainLabel(line.why, tone="2"), row, 1)
            self._grid.addWidget(ElidedLabel(line.sha256, "small", tone="2"), row, 2)
        self._grid.setColumnStretch(2, 1)

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Save the receipts in a folder")
        if name:
            self.save_wanted.emit(Path(name))
