"""Start of the window."""

import signal
import sys
from functools import cache

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.ui.asking import Asker
from goodmeasure.ui.fonts import font, load_fonts
from goodmeasure.ui.session import Session
from goodmeasure.ui.stylesheet import dress
from goodmeasure.ui.tasks import Lanes
from goodmeasure.ui.theme import LOOK
from goodmeasure.ui.window import MainWindow

_LISTEN_MS = 250
_SWITCH_SECONDS = 0.0005


def run(choices: Choices) -> int:
    """Open the window on the profile that was chosen; return the exit status once it is closed.

    Raises Refusal where the profile or the time zone cannot be used.
    """
    app = application()
    asker = Asker()
    session = Session(Desk(choices, asker.passphrase, asker.recovery_code), Lanes())
    window = MainWindow(session, asker)
    window.show()
    # Python hears Ctrl+C only while it runs: a timer lets it, a few times a second.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    listening = QTimer()
    listening.start(_LISTEN_MS)
    listening.timeout.connect(lambda: None)
    return app.exec()


def application() -> QApplication:
    """Return the application, dressed: Fusion, the bundled typeface, plain names for the desktop."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("goodmeasure")
    app.setApplicationDisplayName("Good Measure")
    app.setDesktopFileName("goodmeasure")
    # The drawing thread asks for Python's lock many times a frame: the lanes must not keep it for the usual 5 ms.
    sys.setswitchinterval(_SWITCH_SECONDS)
    app.setStyle("Fusion")
    load_fonts()
    app.setFont(font(13))
    _dress_on_change()
    return app


@cache
def _dress_on_change() -> None:
    # Once, and before any window exists: widgets which draw themselves then find the new palette.
    LOOK.changed.connect(dress)
