"""The form for a run without a log: a web chat, a phone, a colleague's tool."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from goodmeasure.domain.errors import Refusal
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import CONTROL, GAP, PADDING
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.log_run import LogForm, entry_of, said

if TYPE_CHECKING:
    from goodmeasure.services.by_hand import LoggedRun

_WIDTH = 560
_TEXT_HEIGHT = 76


class LogRunDialog(QDialog):
    """Asks for a run; the pasted texts are counted and leave with the dialog."""

    logged = Signal(str)
    """It was written: what to tell the person."""

    def __init__(self, session: Session, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Log a run")
        self.setAccessibleName("Log a run")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self.title, self.when, self.minutes = _line("What it was about"), _line("When it began"), _line("Minutes")
        self.tool, self.model = _line("Used with"), _line("Model")
        self.prompt, self.answer = _text("What you asked"), _text("What came back")
        self.when.setPlaceholderText("now, or 2026-11-23 14:05")
        self.tool.setPlaceholderText("ChatGPT on the phone")
        self.model.setPlaceholderText("where you know it")
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
        for field in (self.title, self.when, self.minutes, self.tool, self.model, self.prompt, self.answer):
            form.addRow(PlainLabel(field.accessibleName(), "body", tone="2"), field)
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
        self.log.setEnabled(False)
        self._session.log_run(entry, self._written, self._refused)

    def _written(self, logged: "LoggedRun") -> None:
        self.logged.emit(said(logged))
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.problem.setText(sentence(error))
        self.log.setEnabled(True)


def _line(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setFixedHeight(CONTROL)
    return field


def _text(name: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setAccessibleName(name)
    field.setTabChangesFocus(True)
    field.setFixedHeight(_TEXT_HEIGHT)
    return field
