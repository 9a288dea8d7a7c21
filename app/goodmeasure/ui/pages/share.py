"""Share: choose and type at the left; at the right exactly what would leave; then sign and save."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from goodmeasure.ui.pages.share_form import ShareForm
from goodmeasure.ui.pages.share_preview import HistoryList, SavedPane, SharePreview
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.buttons import Button, Segmented
from goodmeasure.ui.widgets.frames import Card, EmptyState, PageFrame
from goodmeasure.viewmodels.share import PreviewView, ShareView, history, preview, saved, share

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
        self.form, self.preview = ShareForm(), SharePreview()
        self.saved, self.history = SavedPane(), HistoryList()
        self._why = EmptyState("file-check", "Nothing to show yet", "")
        self.save = Button("Sign and save…", icon="shield-check", look="primary")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._ask_preview)
        self.form.edited.connect(self._edited)
        self.save.clicked.connect(self._choose_folder)
        self.saved.closed.connect(self._edited)
        self._views = Segmented("View", [("new", "New report"), ("history", "History")], "new")
        self._views.chosen.connect(self._show_part)
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
        draft = self._draft
        if draft is None:
            return
        self.save.setEnabled(False)
        self._session.share(lambda sharing: sharing.save(draft, folder), self._is_saved, self._not_saved)

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
        left.setSpacing(12)
        left.addWidget(self.form, 1)
        left.addWidget(self.save)
        row.addLayout(left)
        row.addWidget(self._right, 1)
        self._parts = QStackedWidget()
        self._parts.addWidget(new)
        self._parts.addWidget(self.history)
        self.body.addWidget(self._parts, 1)

    def _show_part(self, part: str) -> None:
        self._parts.setCurrentIndex(1 if part == "history" else 0)

    def _edited(self) -> None:
        # What is shown no longer fits what is typed, so it cannot be saved until it is drawn anew.
        self._draft = None
        self.save.setEnabled(False)
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

    def _ask_history(self) -> None:
        if self._session.is_open:
            queries = self._session.desk.queries
            self._session.share(lambda sharing: history(sharing, queries), self.history.show_lines, self._not_saved)

    def _choose_folder(self) -> None:
        start = self._session.desk.profile.reports
        chosen = QFileDialog.getExistingDirectory(self, "Choose a folder for the report", str(start.parent))
        if chosen:
            self.save_into(Path(chosen))

    def _is_saved(self, written: "Saved") -> None:
        name = self.form.name.text().strip()
        self._session.choose(lambda settings: replace(settings, report_name=name))
        self.saved.show_saved(saved(written))
        self._right.setCurrentWidget(self.saved)
        self._session.changed.emit("releases")

    def _not_saved(self, error: Exception) -> None:
        self.save.setEnabled(self._draft is not None)
        self._session.failed.emit(sentence(error))

    def _say(self, title: str, text: str) -> None:
        self._why.title.setText(title)
        self._why.text.setText(text)
        self._right.setCurrentIndex(0)
