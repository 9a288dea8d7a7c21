"""Share: choose and type at the left; at the right exactly what would leave; then sign and save."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from goodmeasure.ui.pages.share_dialogs import PickDialog, RestateDialog
from goodmeasure.ui.pages.share_form import ShareForm
from goodmeasure.ui.pages.share_history import SharedBefore
from goodmeasure.ui.pages.share_options import ShareFiles
from goodmeasure.ui.pages.share_preview import SavedPane, SharePreview
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.buttons import Button, Segmented
from goodmeasure.ui.widgets.fold import Fold
from goodmeasure.ui.widgets.frames import Card, EmptyState, PageFrame
from goodmeasure.viewmodels.picking import Correction, RunToShow, corrections, runs_to_show
from goodmeasure.viewmodels.share import PreviewView, ShareView, history, preview, reopened, saved, share
from goodmeasure.viewmodels.suggesting import suggested

if TYPE_CHECKING:
    from goodmeasure.services.sharing import Draft, Saved

_TYPING_MS = 350
_FORM_WIDTH = 316


class SharePage(PageFrame):
    """Makes one report. Nothing leaves by itself: files are written into a folder, the person sends them."""

    def __init__(self, session: Session) -> None:
        super().__init__("Share", scrolls=False)
        self._session = session
        self._draft: Draft | None = None
        self._asked = 0
        self.subtitle.setText("A page that you can stand behind. Nothing is sent: you get files in a folder.")
        self.form, self.preview, self.files = ShareForm(), SharePreview(), ShareFiles()
        self.saved, self.before = SavedPane(), SharedBefore()
        self._why = EmptyState("file-check", "Nothing to show yet", "")
        self.save = Button("Sign and save…", icon="shield-check", look="primary")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._ask_preview)
        self._connect()
        self._views = Segmented("View", [("new", "New report"), ("history", "History")], "new")
        self._views.chosen.connect(self.show_part)
        self.controls.addWidget(self._views)
        self._lay_out()

    def refresh(self) -> None:
        """Ask for the periods and the history."""
        self._session.ask("share", share, self.show_view)
        self._ask_history()

    def show_view(self, view: ShareView) -> None:
        """Offer other periods."""
        if not self.form.name.text():
            self.form.name.setText(self._session.desk.settings.report_name)
        self.form.show_view(view)
        if self._right.currentWidget() is not self.saved:
            self._edited()

    def show_preview(self, made: "tuple[Draft, PreviewView]") -> None:
        """Show what would leave."""
        self._draft = made[0]
        self.preview.show_preview(made[1])
        self.save.setEnabled(True)
        self._right.setCurrentWidget(self.preview)

    def save_into(self, folder: Path) -> None:
        """Sign and save exactly what is shown."""
        draft, formats = self._draft, self.files.formats
        if draft is None:
            return
        self.save.setEnabled(False)
        self._session.share(lambda sharing: sharing.save(draft, folder, formats), self._is_saved, self._not_saved)

    def save_again_into(self, number: int, folder: Path) -> None:
        """Save an earlier report once more, byte for byte."""
        self._session.share(
            lambda sharing: sharing.save_again(sharing.reopened(number).release, folder),
            self._show_saved,
            self._not_saved,
        )

    def choose_runs(self, runs: tuple[RunToShow, ...]) -> None:
        """Open the dialog in which single runs are looked at and confirmed."""
        dialog = PickDialog(runs, self.form.options.picked, self)
        dialog.accepted.connect(lambda: self.form.options.show_picked(dialog.picked))
        dialog.open()

    def ask_to_correct(self, changes: tuple[Correction, ...]) -> None:
        """Open the dialog that shows what a correction gives away."""
        dialog = RestateDialog(changes, self)
        dialog.accepted.connect(self._correct)
        dialog.open()

    def _connect(self) -> None:
        self.form.edited.connect(self._edited)
        self.form.period_changed.connect(self._ask_suggestions)
        self.form.options.pick_wanted.connect(self._ask_runs)
        self.preview.restate_wanted.connect(self._ask_corrections)
        self.save.clicked.connect(lambda: self._choose_folder(self.save_into))
        self.saved.closed.connect(self._edited)
        self.before.list.opened.connect(self._reopen)
        self.before.release.save_wanted.connect(
            lambda number: self._choose_folder(partial(self.save_again_into, number))
        )

    def _lay_out(self) -> None:
        self.form.setFixedWidth(_FORM_WIDTH)
        why = Card()
        why.body.addWidget(self._why)
        self._right = QStackedWidget()
        for widget in (why, self.preview, self.saved):
            self._right.addWidget(widget)
        new = QWidget()
        row = QHBoxLayout(new)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        left = QVBoxLayout()
        left.setSpacing(8)
        files = Fold("Files to write", "Files to write", self.files)
        files.setFixedWidth(_FORM_WIDTH)
        left.addWidget(self.form, 1)
        left.addWidget(files)
        left.addWidget(self.save)
        row.addLayout(left)
        row.addWidget(self._right, 1)
        self._parts = QStackedWidget()
        self._parts.addWidget(new)
        self._parts.addWidget(self.before)
        self.body.addWidget(self._parts, 1)

    def show_part(self, part: str) -> None:
        """Show the new report (`new`) or everything shared before (`history`)."""
        self._views.set_value(part)
        self._parts.setCurrentIndex(1 if part == "history" else 0)

    def _edited(self) -> None:
        # What is shown no longer fits what is typed, so it cannot be saved until it is drawn anew.
        self._draft = None
        self.save.setEnabled(False)
        self.files.allow_table(allowed=self.form.options.cost)
        if self.form.missing:
            self._typing.stop()
            self._say("Nothing to show yet", self.form.missing)
        else:
            self._typing.start()

    def _ask_preview(self) -> None:
        request = self.form.request
        if request is None or not self._session.is_open:
            return
        self._asked += 1
        asked = self._asked
        self._session.share(
            lambda sharing: preview(sharing, request),
            lambda made: self.show_preview(made) if asked == self._asked and self.form.request == request else None,
            lambda error: self._say("This cannot leave as it is", sentence(error)),
        )

    def _ask_suggestions(self, period: str) -> None:
        if period:
            self._session.ask("suggestions", lambda queries: suggested(queries, period), self.form.show_suggestions)

    def _ask_history(self) -> None:
        if self._session.is_open:
            queries = self._session.desk.queries
            self._session.share(lambda sharing: history(sharing, queries), self.before.list.show_lines, self._not_saved)

    def _ask_runs(self) -> None:
        period = self.form.period.currentData()
        if period:
            self._session.share(lambda sharing: runs_to_show(sharing, period), self.choose_runs, self._not_saved)

    def _ask_corrections(self) -> None:
        period = self.form.period.currentData()
        self._session.share(lambda sharing: corrections(sharing, period), self.ask_to_correct, self._not_saved)

    def _correct(self) -> None:
        self.form.options.restate = True
        self._edited()

    def _reopen(self, number: int) -> None:
        self._session.share(
            lambda sharing: reopened(sharing, number),
            lambda view: self.before.show_release(number, view),
            self._not_saved,
        )

    def _choose_folder(self, then: Callable[[Path], None]) -> None:
        start = self._session.desk.profile.reports
        chosen = QFileDialog.getExistingDirectory(self, "Choose a folder for the report", str(start.parent))
        if chosen:
            then(Path(chosen))

    def _is_saved(self, written: "Saved") -> None:
        name = self.form.name.text().strip()
        self._session.choose(lambda settings: replace(settings, report_name=name))
        self.form.options.restate = False
        self._show_saved(written)
        self._session.changed.emit("releases")

    def _show_saved(self, written: "Saved") -> None:
        self.saved.show_saved(saved(written))
        self._right.setCurrentWidget(self.saved)
        self.show_part("new")

    def _not_saved(self, error: Exception) -> None:
        self.save.setEnabled(self._draft is not None)
        self._session.failed.emit(sentence(error))

    def _say(self, title: str, text: str) -> None:
        self._why.title.setText(title)
        self._why.text.setText(text)
        self._right.setCurrentIndex(0)
