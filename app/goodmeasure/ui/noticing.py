"""Notices what came into the ledger: from the process that follows the logs, or from any other program.

A terminal may follow or import into the same profile, receive telemetry or rate a run, while the window is open. The
database itself counts what others commit; asking for that number takes some microseconds.
"""

from PySide6.QtCore import QObject, QTimer

from goodmeasure.ui.session import Session

_LOOK_MS = 1000


class Noticer(QObject):
    """Tells the session's pages once for each change that was not made in its write lane."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._seen: int | None = None
        self._is_looking = self._is_asked_again = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look once a second from now on."""
        self.look()
        self._timer.start()

    def stop(self) -> None:
        """Look no longer, until started again: what came meanwhile is told then."""
        self._timer.stop()

    def look(self) -> None:
        """Look now. One look at a time: what is asked for meanwhile is one more after it."""
        if self._is_looking:
            self._is_asked_again = True
        elif self._session.is_open:
            self._is_looking, self._is_asked_again = True, False
            self._session.look(self._looked, self._failed)

    def _looked(self, changes: int) -> None:
        self._is_looking = False
        before, self._seen = self._seen, changes
        if before is not None and before != changes:
            self._session.changed.emit("events")
        if self._is_asked_again:
            self.look()

    def _failed(self, error: Exception) -> None:
        # Said where the next page asks, not every second.
        del error
        self._is_looking = False
