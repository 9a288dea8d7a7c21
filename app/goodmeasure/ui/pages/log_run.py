"""The form for a run without a log: a web chat, a phone, a colleague's tool."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from goodmeasure.domain.errors import Refusal
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import CONTROL, GAP, PADDING
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.log_run import LogForm, counts_of, entry_of, said, wall_clock

if TYPE_CHECKING:
    from goodmeasure.services.by_hand import LoggedRun

_WIDTH = 560
_TEXT_HEIGHT = 76
_TYPING_MS = 300
"""How long nothing is typed before the texts are counted."""


class LogRunDialog(QDialog):
    """Asks for a run; the pasted texts are counted and leave with the dialog."""

    logged = Signal(str, str)
    """It was written: what to tell the person, and the run's key."""

    def __init__(self, session: Session, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._session = session
        self._is_writing = self._is_done = False
        self.setWindowTitle("Log a run")
        self.setAccessibleName("Log a run")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self.title, self.when, self.minutes = _line("What it was about"), _line("When it began"), _line("Minutes")
        self.tool, self.model = _line("Used with"), _line("Model")
        self.prompt, self.answer = _text("What you asked"), _text("What came back")
        desk = session.desk
        self.when.setPlaceholderText(f"it ended just now; or {wall_clock(desk.clock.now(), desk.zone)}")
        self.minutes.setPlaceholderText("how long it took")
        self.tool.setPlaceholderText("ChatGPT on the phone")
        self.model.setPlaceholderText("where you know it")
        self.counts = (_count(), _count())
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(_TYPING_MS)
        self._counting.timeout.connect(self._count)
        for pasted in (self.prompt, self.answer):
            pasted.textChanged.connect(self._counting.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING + 4, PADDING, PADDING + 4, PADDING)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel("A run without a log", "number"))
        text = "Only the first field is needed. Pasted texts are counted, not kept: tokens are then an estimate."
        about = PlainLabel(text, "body", tone="2", wrap=True)
        about.setFixedWidth(_WIDTH - 2 * (PADDING + 4))
        column.addWidget(about)
        column.addLayout(self._fields())
        self.problem = PlainLabel("", "body", tone="2", wrap=True)
        column.addWidget(self.problem)
        column.addLayout(self._buttons())

    def _fields(self) -> QFormLayout:
        form = QFormLayout()
        form.setSpacing(GAP)
        for field in (self.title, self.when, self.minutes, self.tool, self.model):
            form.addRow(PlainLabel(field.accessibleName(), "body", tone="2"), field)
        for text, count in zip((self.prompt, self.answer), self.counts, strict=True):
            beside = QWidget()
            names = QVBoxLayout(beside)
            names.setContentsMargins(0, 0, 0, 0)
            names.setSpacing(2)
            names.addWidget(PlainLabel(text.accessibleName(), "body", tone="2"))
            names.addWidget(count)
            names.addStretch(1)
            form.addRow(beside, text)
        return form

    def _buttons(self) -> QHBoxLayout:
        cancel, self.log = Button("Cancel"), Button("Log", icon="check", look="primary")
        cancel.clicked.connect(self.reject)
        self.log.clicked.connect(self.write)
        self.log.setDefault(True)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.log)
        return row

    def write(self) -> None:
        """Write what stands in the fields, or say what is missing."""
        form = LogForm(
            self.title.text(),
            self.when.text(),
            self.minutes.text(),
            self.tool.text(),
            self.model.text(),
            self.prompt.toPlainText(),
            self.answer.toPlainText(),
        )
        try:
            entry = entry_of(form, self._session.desk.zone)
        except Refusal as refusal:
            self.problem.setText(str(refusal))
            return
        self._show_writing(is_writing=True)
        self._session.log_run(entry, self._written, self._refused)

    def reject(self) -> None:
        """Close without a run; not while one is being written."""
        if not self._is_writing:
            super().reject()

    def done(self, result: int) -> None:
        """Close; what is still being counted is not shown any more."""
        self._is_done = True
        self._counting.stop()
        super().done(result)

    def _count(self) -> None:
        prompt, answer = self.prompt.toPlainText(), self.answer.toPlainText()
        self._session.ask("log-run-tokens", lambda _: counts_of(prompt, answer), self._show_counts)

    def _show_counts(self, counts: tuple[str, ...]) -> None:
        if self._is_done:
            return
        for text, label, count in zip((self.prompt, self.answer), self.counts, counts, strict=True):
            label.setText(count)
            text.setAccessibleDescription(count)

    def _written(self, logged: "LoggedRun") -> None:
        self.logged.emit(said(logged), logged.key)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.problem.setText(sentence(error))
        self._show_writing(is_writing=False)

    def _show_writing(self, *, is_writing: bool) -> None:
        self._is_writing = is_writing
        self.log.setEnabled(not is_writing)


def _line(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setFixedHeight(CONTROL)
    return field


def _count() -> PlainLabel:
    return PlainLabel("", "small", tone="3")


def _text(name: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setAccessibleName(name)
    field.setTabChangesFocus(True)
    field.setFixedHeight(_TEXT_HEIGHT)
    return field
