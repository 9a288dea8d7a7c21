"""Tells once of agents that delete their logs before they may have been read."""

from PySide6.QtCore import QObject, Signal

from goodmeasure.ui.session import Session
from goodmeasure.ui.widgets.frames import Banner
from goodmeasure.viewmodels.clean_up import CleanUpNotice, clean_up_notices


class CleanUpTeller(QObject):
    """Says one notice for each agent. Closed is closed for good."""

    dismissed = Signal()
    """An agent was added to those of which nothing is said any more."""

    def __init__(self, session: Session, banner: Banner, silent: list[str], parent: QObject) -> None:
        """`silent`: keys of the agents whose notice was closed; those that are closed now are added."""
        super().__init__(parent)
        self._session, self._banner, self._silent = session, banner, silent
        self._asked = False
        self._said: dict[str, str] = {}
        """Sentence to the agent's key."""
        banner.closed.connect(self._closed)

    def look(self) -> None:
        """Look for such agents, once for each window: after a reading, which saves what it can."""
        if self._asked or not self._session.is_open:
            return
        self._asked = True
        desk = self._session.desk
        self._session.ask("clean-up", lambda queries: clean_up_notices(desk.importing, queries.now()), self._found)

    def _found(self, notices: tuple[CleanUpNotice, ...]) -> None:
        for notice in notices:
            if notice.source not in self._silent:
                self._said[notice.text] = notice.source
                self._banner.say_later(notice.text)

    def _closed(self, sentence: str) -> None:
        source = self._said.pop(sentence, None)
        if source is not None:
            self._silent.append(source)
            self.dismissed.emit()
