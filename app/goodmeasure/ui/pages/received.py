"""Received: reports that people sent, read as they were sent; what was deleted; and roll-ups."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.pages.received_sheet import DeletedList, ReceivedSheet
from goodmeasure.ui.pages.roll_up import RollUpPane
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.buttons import Button, Segmented
from goodmeasure.ui.widgets.frames import Card, EmptyState, PageFrame
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.received import (
    DeletedLine,
    HeldLine,
    SheetView,
    deleted_lines,
    first_taken,
    handed_words,
    held_lines,
    sheet,
)

if TYPE_CHECKING:
    from goodmeasure.services.received import Handed, Received

_LIST_WIDTH = 232
_LINE_HEIGHT = 56
"""Room for two lines in any script: Qt drops a second line that does not fit."""
_FILES = "Reports (*.json *.sig *.age *.html *.pdf)"
_T = TypeVar("_T")


class ReceivedPage(PageFrame):
    """One list by period, one report beside it. There is no order of people and no row for who did not share."""

    def __init__(self, session: Session) -> None:
        super().__init__("Received", scrolls=False)
        self._session = session
        self._wanted: int | None = None
        self._shown: int | None = None
        self.setAcceptDrops(True)
        self.subtitle.setText("Kept until they expire.")
        self.said = PlainLabel("", "small", tone="2", wrap=True)
        self.said.setAccessibleName("What became of the files")
        self.said.hide()
        self.list = QListWidget()
        self.list.setAccessibleName("Reports, by period")
        self.list.setProperty("look", "lines")
        self.list.setFont(font(13))
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._chosen)
        self.sheet, self.deleted = ReceivedSheet(), DeletedList()
        self.roll_up = RollUpPane(session)
        self._views = Segmented("View", [("held", "Reports"), ("roll-up", "Roll-up"), ("deleted", "Deleted")], "held")
        self._views.chosen.connect(self.show_part)
        self._open = Button("Open reports…", icon="folder-open", look="primary")
        self._open.clicked.connect(self._choose_files)
        self._folder = Button("", icon="folder", name="Open a folder of reports…")
        self._folder.clicked.connect(self._choose_folder)
        self._key = Button("", icon="lock", name="Copy my key, to which people can encrypt what they send")
        self._key.clicked.connect(self._copy_key)
        for widget in (self._views, self._key, self._folder, self._open):
            self.controls.addWidget(widget)
        self._lay_out()
        self.sheet.confirmed.connect(self._confirm)
        self.sheet.copy_wanted.connect(self._save_copy)
        self.sheet.deletion_wanted.connect(self._delete)
        self.deleted.save_wanted.connect(self._save_receipts)

    def refresh(self) -> None:
        """Ask for what is held, what was deleted, and what could be rolled up."""
        self._ask(lambda received: (held_lines(received), deleted_lines(received)), self._show_lists)
        self.roll_up.refresh()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Take in the reports in these files and folders."""
        self._ask(lambda received: received.receive(paths), self._handed)

    def show_lines(self, lines: tuple[HeldLine, ...]) -> None:
        """Show what is held; the report that is open stays open where it can."""
        wanted = self._wanted if self._wanted is not None else self._shown
        self._wanted = None
        self.list.blockSignals(True)
        self.list.clear()
        for line in lines:
            text = f"{line.title}\n{'Not shown: another key · ' if line.blocked else ''}{line.detail}"
            item = QListWidgetItem(text)
            item.setSizeHint(QSize(0, _LINE_HEIGHT))
            item.setData(Qt.ItemDataRole.UserRole, line.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text.replace("\n", ", "))
            self.list.addItem(item)
        ids = [line.id for line in lines]
        if ids:
            self.list.setCurrentRow(ids.index(wanted) if wanted in ids else 0)
        self.list.blockSignals(False)
        self._left.setCurrentIndex(1 if ids else 0)
        self._chosen()

    def show_sheet(self, view: SheetView | None) -> None:
        """Show a report, or why it is not shown."""
        self._shown = None if view is None else view.id
        if view is None:
            self.refresh()
            return
        self.sheet.show_view(view)

    def show_part(self, part: str) -> None:
        """Show `held`, `roll-up` or `deleted`."""
        self._views.set_value(part)
        self._parts.setCurrentIndex({"held": 0, "roll-up": 1, "deleted": 2}[part])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders of this computer."""
        if _local_paths(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.open_paths(_local_paths(event))
        event.acceptProposedAction()

    def _lay_out(self) -> None:
        reports = QWidget()
        row = QHBoxLayout(reports)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        left = Card()
        left.body.addWidget(self.list, 1)
        row.addWidget(left)
        row.addWidget(self.sheet, 1)
        empty = Card()
        empty.body.addWidget(
            EmptyState(
                "download",
                "Nothing received yet",
                "Drag a report here, or a folder of them, or open it. Its signature is checked before it is shown.",
            )
        )
        self._left = QStackedWidget()
        self._left.addWidget(empty)
        self._left.addWidget(reports)
        self._parts = QStackedWidget()
        for part in (self._left, self.roll_up, self.deleted):
            self._parts.addWidget(part)
        self.body.addWidget(self.said)
        self.body.addWidget(self._parts, 1)

    def _show_lists(self, lists: tuple[tuple[HeldLine, ...], tuple[DeletedLine, ...]]) -> None:
        self.show_lines(lists[0])
        self.deleted.show_lines(lists[1])

    def _chosen(self, *_: object) -> None:
        report_id = self._current()
        if report_id is None:
            self._shown = None
            return
        self._ask(lambda received: sheet(received, report_id), self._if_chosen(report_id))

    def _current(self) -> int | None:
        row = self.list.currentRow()
        return None if row < 0 else int(self.list.item(row).data(Qt.ItemDataRole.UserRole))

    def _if_chosen(self, report_id: int) -> Callable[[SheetView | None], None]:
        def show(view: SheetView | None) -> None:
            if self._current() == report_id:
                self.show_sheet(view)

        return show

    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Open reports", "", _FILES)
        if names:
            self.open_paths([Path(name) for name in names])

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Open a folder of reports")
        if name:
            self.open_paths([Path(name)])

    def _handed(self, handed: "Sequence[Handed]") -> None:
        self._say(handed_words(handed))
        self._wanted = first_taken(handed)
        self._changed()

    def _confirm(self, fingerprint: str) -> None:
        self._ask(lambda received: received.confirm(fingerprint), lambda _: self._changed())

    def _delete(self, report_id: int, fingerprint: str) -> None:
        """Delete one report, or, with a fingerprint, all that this key signed."""

        def delete(received: "Received") -> int:
            return len(received.delete(received.of_sender(fingerprint) if fingerprint else [report_id]))

        self._ask(delete, self._deleted)

    def _deleted(self, count: int) -> None:
        self._say(f"Deleted: {count}. A signed receipt is under Deleted.")
        self._changed()

    def _save_copy(self, fingerprint: str, file: Path) -> None:
        self._ask(
            lambda received: received.save_copy(fingerprint, file),
            lambda count: self._say(f"{file}: {count} of their reports, byte for byte."),
        )

    def _save_receipts(self, folder: Path) -> None:
        self._ask(
            lambda received: received.save_receipts(folder),
            lambda paths: self._say(f"{folder}: {len(paths) // 2} receipts with their signatures."),
        )

    def _copy_key(self) -> None:
        def copied(recipient: str) -> None:
            QGuiApplication.clipboard().setText(recipient)
            self._say(f"Copied: {recipient}. Hand it out freely; people type it as the reader's key.")

        self._ask(lambda received: received.recipient(), copied)

    def _changed(self) -> None:
        self.refresh()

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.show()

    def _ask(self, job: "Callable[[Received], _T]", done: Callable[[_T], None]) -> None:
        if self._session.is_open:
            self._session.received(job, done, lambda error: self._say(sentence(error)))


def _local_paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
