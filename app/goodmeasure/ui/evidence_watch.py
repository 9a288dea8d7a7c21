"""Evidence looked for by itself, once the logs have been read: in a lane of its own, and anybody else goes first."""

import time

from PySide6.QtCore import QObject, QTimer

from goodmeasure.ui.session import Session

_SOON_MS = 3000
"""The person has the window to themselves first."""
_PAUSE_SECONDS = 600
"""News of logs that are followed are looked at together."""
_AGAIN_MS = 3_600_000
"""A window that stays open looks so often: commits come after runs."""


class EvidenceWatch(QObject):
    """Looks for commits of runs that have news, or were asked about half a day ago. Off in the settings."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._last = 0.0
        self._is_looking = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    def look_soon(self) -> None:
        """Everything has been read: look in a moment."""
        self._timer.start(_SOON_MS)

    def news(self) -> None:
        """Something was appended to a log: look, but not for every line."""
        rest = _PAUSE_SECONDS - (time.monotonic() - self._last)
        if not self._is_looking and (not self._timer.isActive() or self._timer.remainingTime() > rest * 1000):
            self._timer.start(max(_SOON_MS, round(rest * 1000)))

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _look(self) -> None:
        if self._is_looking or not self._session.is_open or not self._session.desk.settings.find_evidence:
            return
        self._is_looking = True
        self._session.look_for_all_commits(self._looked, self._failed)

    def _looked(self, is_whole: bool) -> None:  # noqa: FBT001 - a lane's answer
        self._is_looking, self._last = False, time.monotonic()
        self._timer.start(_AGAIN_MS if is_whole else _SOON_MS)

    def _failed(self) -> None:
        self._is_looking = False
        self._timer.start(_AGAIN_MS)
