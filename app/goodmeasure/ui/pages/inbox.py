"""The inbox: one card at a time, two keys. Number keys act here and nowhere else."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from goodmeasure.ui.pages.inbox_card import InboxCard
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.buttons import Button, KeyHint
from goodmeasure.ui.widgets.frames import EmptyState, PageFrame
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.inbox import Answer, CardView, InboxFilter, InboxState, InboxView, Undo, card, inbox, press

if TYPE_CHECKING:
    from goodmeasure.services.rating import Rated

_KEYS = {
    Qt.Key.Key_Return: "return",
    Qt.Key.Key_Enter: "return",
    Qt.Key.Key_Plus: "+",
    **{getattr(Qt.Key, f"Key_{letter}"): letter.lower() for letter in "HJKSTZ"},
    **{getattr(Qt.Key, f"Key_{digit}"): str(digit) for digit in range(10)},
}
_HINTS = (
    ("Z", "undo"),
    ("S", "skip"),
    ("J K", "next, previous"),
    ("T", "more questions"),
    ("Enter", "skip the question"),
)


class InboxPage(PageFrame):
    """Rates the runs that wait, or one run that was asked for."""

    def __init__(self, session: Session) -> None:
        super().__init__("Inbox")
        self._session = session
        self.state = InboxState(())
        self._cards: dict[int, CardView] = {}
        self._written: list[Rated] = []
        self._asked_at = time.monotonic()
        self._progress = PlainLabel("", "body", tone="2")
        self._undo = Button("Undo", icon="undo-2", name="Undo the last answer (Z)")
        self._undo.clicked.connect(lambda: self.press("z"))
        self._undo.hide()
        self.controls.addWidget(self._progress)
        self.controls.addWidget(self._undo)
        self._stack = QStackedWidget()
        self.card = InboxCard()
        self.card.pressed_key.connect(self.press)
        text = "Runs appear here once they have ended. There is no hurry, and no count to keep."
        self._empty = EmptyState("circle-check", "All caught up", text)
        # Until the ledger has answered, nothing is said: neither a run nor that there is none.
        self._parts = (self._centred(), self._empty, QWidget())
        for part in self._parts:
            self._stack.addWidget(part)
        self._show_part(2)
        self.body.addWidget(self._stack, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Inbox")

    def refresh(self) -> None:
        """Ask which runs wait. In a sitting that is under way new ones join at the end."""
        show = self.show_view if self.state.run_id is None else self._add
        self._session.ask("inbox", lambda queries: inbox(queries, InboxFilter()), show)

    def rate_one(self, run_id: int) -> None:
        """Ask about this run first, rated before or not."""
        self._session.ask("inbox-card", lambda queries: card(queries, run_id), self._show_first)

    def show_view(self, view: InboxView) -> None:
        """Start a sitting over these runs; answers of an earlier one can no longer be undone."""
        self._cards = {card.run_id: card for card in view.cards}
        self._written = []
        self._go_to(InboxState(tuple(self._cards), detailed=self.state.detailed))

    def _add(self, view: InboxView) -> None:
        new = {card.run_id: card for card in view.cards if card.run_id not in self._cards}
        self._cards |= new
        self.state = replace(self.state, run_ids=(*self.state.run_ids, *new))
        self._progress.setText(self.state.progress)

    def press(self, key: str) -> None:
        """Act on a key, as `viewmodels.inbox.press` says."""
        state, meant = press(self.state, key)
        if state is self.state and meant is None:
            return
        if isinstance(meant, Answer):
            self._save(meant)
        elif meant is Undo.LAST:
            self._take_back()
        self._go_to(state)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the keys of the inbox; hand on every other."""
        key = _KEYS.get(Qt.Key(event.key()))
        plain = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if key is None or plain != Qt.KeyboardModifier.NoModifier or event.isAutoRepeat():
            super().keyPressEvent(event)
            return
        self.press(key)

    def event(self, event: QEvent) -> bool:
        """Take the keyboard when the page is shown."""
        if event.type() == QEvent.Type.Show:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        return super().event(event)

    def _centred(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.card, 1000)
        row.addStretch(1)
        column.addLayout(row)
        hints = QHBoxLayout()
        hints.setSpacing(GAP)
        hints.addStretch(1)
        for key, text in _HINTS:
            hints.addWidget(KeyHint(key, text))
        hints.addStretch(1)
        column.addLayout(hints)
        column.addStretch(1)
        return whole

    def _show_first(self, view: CardView) -> None:
        rest = {run_id: card for run_id, card in self._cards.items() if run_id != view.run_id}
        self._cards = {view.run_id: view, **rest}
        self._written = []
        self._go_to(InboxState(tuple(self._cards), detailed=self.state.detailed))

    def _go_to(self, state: InboxState) -> None:
        self.state = state
        self._asked_at = time.monotonic()
        self._progress.setText(state.progress)
        self._undo.setVisible(bool(state.answered))
        self.subtitle.setText("Number keys answer. Nothing is chosen for you." if state.run_id is not None else "")
        if state.run_id is None:
            self._show_part(1)
            return
        self.card.show_card(self._cards[state.run_id], state)
        self._show_part(0)

    def _show_part(self, shown: int) -> None:
        # The parts that are not shown ask for no room, or the empty inbox would scroll as the card does.
        for number, part in enumerate(self._parts):
            policy = QSizePolicy.Policy.Preferred if number == shown else QSizePolicy.Policy.Ignored
            part.setSizePolicy(policy, policy)
        self._stack.setCurrentIndex(shown)

    def _save(self, answer: Answer) -> None:
        seconds = round(time.monotonic() - self._asked_at, 1)
        self._session.rate(answer.run_id, {answer.name: answer.value}, seconds, self._written, self._not_saved)

    def _take_back(self) -> None:
        self._session.take_back_last(self._written)

    def _not_saved(self, error: Exception) -> None:
        # The run still waits, so it must be seen to wait.
        self._session.failed.emit(sentence(error))
        self.state = InboxState((), detailed=self.state.detailed)
        self.refresh()
