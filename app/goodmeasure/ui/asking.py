"""What must be asked or told once while the ledger opens: the passphrase, and the recovery code of a new ledger.

The ledger opens in the write lane; these dialogs open on the drawing thread, and the lane waits for the answer.
"""

from concurrent.futures import Future

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.theme import CONTROL, GAP, PADDING
from goodmeasure.ui.widgets.buttons import Button, at_the_right
from goodmeasure.ui.widgets.text import PlainLabel

_WIDTH = 460


class Asker(QObject):
    """Asks and tells from any thread. `given`: the passphrase that was typed, for the process that reads the logs."""

    _passphrase_wanted = Signal(object)
    _code_made = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.given: str | None = None
        self.parent_window: QWidget | None = None
        self._waiting: Future[str | None] | None = None
        self._passphrase_wanted.connect(self._ask, Qt.ConnectionType.QueuedConnection)
        self._code_made.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def passphrase(self) -> str | None:
        """Ask for the passphrase and wait; None where the person does not say it. Never from the drawing thread."""
        waiting: Future[str | None] = Future()
        self._waiting = waiting
        self._passphrase_wanted.emit(waiting)
        return waiting.result()

    def recovery_code(self, code: str) -> None:
        """Show the recovery code, once; does not wait."""
        self._code_made.emit(code)

    def give_up(self) -> None:
        """Answer "nobody there" to a question that is open."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _ask(self, waiting: "Future[str | None]") -> None:
        dialog = PassphraseDialog(self.parent_window)

        def answered(accepted: int) -> None:
            self.given = dialog.field.text() if accepted else None
            if not waiting.done():
                waiting.set_result(self.given)

        dialog.finished.connect(answered)
        dialog.open()

    def _tell(self, code: str) -> None:
        RecoveryDialog(code, self.parent_window).open()


class PassphraseDialog(QDialog):
    """Asks for the ledger's passphrase."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        column = _dressed(self, "Your ledger is locked", "Type its passphrase to open it. It is kept nowhere.")
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Passphrase")
        self.field.setFixedHeight(CONTROL)
        column.addWidget(self.field)
        cancel, unlock = Button("Not now"), Button("Open", icon="lock", look="primary")
        unlock.setDefault(True)
        cancel.clicked.connect(self.reject)
        unlock.clicked.connect(self.accept)
        column.addLayout(at_the_right(cancel, unlock))


class RecoveryDialog(QDialog):
    """Shows the recovery code of a new ledger, once."""

    def __init__(self, code: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        text = (
            "Your ledger is encrypted. Should this computer's keyring or key file be lost, this code opens it again. "
            "It is shown only now: write it down and keep it away from this computer."
        )
        column = _dressed(self, "Your recovery code", text)
        self.field = QLineEdit(code)
        self.field.setReadOnly(True)
        self.field.setFont(font(14, fixed=True))
        self.field.setAccessibleName("Recovery code")
        self.field.setFixedHeight(CONTROL + 8)
        self.field.setCursorPosition(0)
        column.addWidget(self.field)
        copy, done = Button("Copy", icon="copy"), Button("I have written it down", icon="check", look="primary")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(code))
        done.clicked.connect(self.accept)
        done.setDefault(True)
        column.addLayout(at_the_right(copy, done))


def _dressed(dialog: QDialog, title: str, text: str) -> QVBoxLayout:
    dialog.setWindowTitle(title)
    dialog.setAccessibleName(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFixedWidth(_WIDTH)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(PADDING + 4, PADDING, PADDING + 4, PADDING)
    column.setSpacing(GAP)
    column.addWidget(PlainLabel(title, "number"))
    said = PlainLabel(text, "body", tone="2", wrap=True)
    said.setFixedWidth(_WIDTH - 2 * (PADDING + 4))
    column.addWidget(said)
    return column
