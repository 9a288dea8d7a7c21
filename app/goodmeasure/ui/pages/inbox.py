"""The inbox: today's five, one card at a time, two keys. Number keys act here and nowhere else."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from goodmeasure.domain.calibration import GuessName
from goodmeasure.ui.pages.inbox_card import InboxCard
from goodmeasure.ui.remembered import PutOff
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.buttons import Button, KeyButton
from goodmeasure.ui.widgets.frames import EmptyState, PageFrame
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.inbox import CardView, InboxFilter, InboxView, card, inbox
from goodmeasure.viewmodels.sitting import Answer, InboxState, Step, Undo, begun, joined, press
from goodmeasure.viewmodels.touched import TouchedView, files_of, touched
from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from goodmeasure.domain.work import Touched

_KEYS = {
    Qt.Key.Key_Return: "return",
    Qt.Key.Key_Enter: "return",
    Qt.Key.Key_Plus: "+",
    **{getattr(Qt.Key, f"Key_{letter}"): letter.lower() for letter in "HJKNSTXZ"},
    **{getattr(Qt.Key, f"Key_{digit}"): str(digit) for digit in range(10)},
}
_HINTS = (
    ("s", "S", "Skip"),
    ("k", "K", "Previous"),
    ("j", "J", "Next"),
    ("t", "T", "More questions"),
    ("x", "X", "Similar runs"),
    ("n", "N", "Not today"),
)


class InboxPage(PageFrame):
    """Rates the runs that wait, or one run that was asked for."""

    put_off_changed = Signal()
    """Something was put off until tomorrow, or is asked after all."""

    def __init__(self, session: Session) -> None:
        super().__init__("Inbox")
        self._session = session
        self.state = InboxState(())
        self._cards: dict[int, CardView] = {}
        self._day = ""
        """The person's own day on which the sitting began."""
        self._written: list[list[Callable[[], object]]] = []
        self.put_off = PutOff()
        self._asks_one = False
        """A run was asked for by name: that is asked whatever was put off."""
        self._hints: dict[str, KeyButton] = {}
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
        self._go_on = Button("", look="ghost")
        self._go_on.clicked.connect(lambda: self.press("return"))
        self._calm = EmptyState("circle-check", "All caught up", "", self._go_on)
        # Until the ledger has answered, nothing is said: neither a run nor that there is none.
        self._parts = (self._centred(), self._calm, QWidget())
        for part in self._parts:
            self._stack.addWidget(part)
        self._show_part(2)
        self.body.addWidget(self._stack, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Inbox")

    def refresh(self) -> None:
        """Ask which runs wait. In a sitting that is under way new ones join at the end; a new day begins a new one."""
        skipped = tuple(self.put_off.skipped)
        desk = self._session.desk
        self._session.ask(
            "inbox", lambda queries: inbox(queries, InboxFilter(), skipped, desk.guessing.asked_of), self._take
        )

    def rate_one(self, run_id: int) -> None:
        """Ask about this run first, rated before or not."""
        desk = self._session.desk
        self._session.ask("inbox-card", lambda queries: card(queries, run_id, desk.guessing.asked_of), self._show_first)

    def show_view(self, view: InboxView) -> None:
        """Start a sitting over these runs; answers of an earlier one can no longer be undone."""
        self._cards = {card.run_id: card for card in view.cards}
        self._written = []
        self._asks_one = False
        self._day = view.day
        self.put_off.on(view.day)
        self._go_to(begun(view, detailed=self.state.detailed))

    def press(self, key: str) -> None:
        """Act on a key, as `viewmodels.sitting.press` says; n puts everything off until tomorrow."""
        focused = QApplication.focusWidget()
        was_here = focused is not None and self.isAncestorOf(focused)
        self._act(key)
        # What was pressed by mouse may be gone now: the keys still belong to this page.
        focused = QApplication.focusWidget()
        if was_here and (focused is None or not self.isAncestorOf(focused)):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _act(self, key: str) -> None:
        if key == "n" or (self.put_off.everything and key == "return"):
            self._put_off(everything=not self.put_off.everything)
            return
        if self.put_off.everything and self._stack.currentIndex() == 1:
            return
        state, meant = press(self.state, key)
        if state is self.state and meant is None:
            return
        if isinstance(meant, Answer):
            self._save(meant)
        elif meant is Undo.LAST:
            self._take_back()
        if new := [run_id for run_id in state.skipped if run_id not in self.put_off.skipped]:
            self.put_off.skipped += new
            self.put_off_changed.emit()
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
        hints.setSpacing(4)
        hints.addStretch(1)
        for key, name, text in _HINTS:
            self._hints[key] = hint = KeyButton(name, text)
            hint.clicked.connect(lambda _=False, key=key: self.press(key))
            hints.addWidget(hint)
        hints.addStretch(1)
        column.addLayout(hints)
        column.addStretch(1)
        return whole

    def _show_first(self, view: CardView) -> None:
        rest = {run_id: card for run_id, card in self._cards.items() if run_id != view.run_id}
        self._cards = {view.run_id: view, **rest}
        self._written = []
        self._asks_one = True
        self._go_to(begun(InboxView(tuple(self._cards.values()), 0, 0, ""), detailed=self.state.detailed))

    def _take(self, view: InboxView) -> None:
        is_under_way = self._stack.currentIndex() == 0 or bool(self.state.answered)
        is_half_answered = self.state.run_id is not None and self.state.step is not self.state.first_step
        if is_under_way and (view.day == self._day or is_half_answered):
            self._join(view)
        else:
            self.show_view(view)

    def _join(self, view: InboxView) -> None:
        self._cards |= {card.run_id: card for card in view.cards if card.run_id not in self._cards}
        before, self.state = self.state.run_id, joined(self.state, view)
        if self.state.run_id == before:
            self._progress.setText(self.state.progress if self._stack.currentIndex() == 0 else "")
        else:
            self._go_to(self.state)

    def _put_off(self, *, everything: bool) -> None:
        self.put_off.everything = everything
        self._asks_one = False
        self.put_off_changed.emit()
        self._go_to(self.state)

    def _go_to(self, state: InboxState) -> None:
        self.state = state
        self._asked_at = time.monotonic()
        self._undo.setVisible(bool(state.answered))
        is_calm = state.run_id is None or (self.put_off.everything and not self._asks_one)
        self._progress.setText("" if is_calm else state.progress)
        self.subtitle.setText("" if is_calm else "Number keys answer. Nothing is chosen for you.")
        if is_calm or state.run_id is None:
            self._show_calm(state)
            return
        with_card = [self._cards[run_id] for run_id in (state.run_id, *state.others)]
        is_other = self.card.run_id != state.run_id
        self.card.show_card(with_card[0], state, [card.title for card in with_card[1:]])
        self._hints["t"].setVisible(state.run_id not in state.drawn and not state.others)
        self._hints["x"].setVisible(bool(state.similar or state.others) and state.step is Step.OUTCOME)
        self._hints["n"].setVisible(state.place < state.today)
        self._show_part(0)
        if is_other:
            self._look_for_files(state.run_id)

    def _look_for_files(self, run_id: int) -> None:
        desk = self._session.desk
        self._session.ask("inbox-touched", lambda queries: touched(queries, desk.touching, run_id), self._show_touched)

    def _show_touched(self, view: TouchedView) -> None:
        if view.run_id != self.card.run_id:
            return
        self.card.show_links(view.links)
        if view.files:
            self.card.show_files(view.files, view.paths)
            return
        self._session.look_for_files(
            view.run_id, partial(self._show_told, view), lambda: view.run_id == self.card.run_id
        )

    def _show_told(self, view: TouchedView, found: "Touched | None") -> None:
        if view.run_id == self.card.run_id:
            self.card.show_files(*(files_of(found) if found else (view.without_log, "")))

    def _show_calm(self, state: InboxState) -> None:
        """Say that nothing is asked now, and offer to go on where something waits."""
        if self.put_off.everything:
            words = "Not today", "Nothing is asked until tomorrow. What you did not answer stays unanswered."
            action = "Ask after all"
        elif state.resting:
            rest = state.waiting
            more = f" {counted(rest, 'more run')} can be rated, if you like." if rest else ""
            if state.unanswered:
                words = (
                    "Those were today's runs",
                    f"{counted(state.unanswered, 'run')} of them without an answer.{more}",
                )
            else:
                words = "Today's runs are done", f"Nothing more is asked of you today.{more}"
            action = "Rate more runs" if rest else ""
        else:
            words = "All caught up", "Runs appear here once they have ended. There is no hurry, and no count to keep."
            action = ""
        self._calm.title.setText(words[0])
        self._calm.text.setText(words[1])
        self._go_on.setText(action)
        self._go_on.setAccessibleName(f"{action}, key Enter")
        self._go_on.setVisible(bool(action))
        self._show_part(1)

    def _show_part(self, shown: int) -> None:
        # The parts that are not shown ask for no room, or the empty inbox would scroll as the card does.
        for number, part in enumerate(self._parts):
            policy = QSizePolicy.Policy.Preferred if number == shown else QSizePolicy.Policy.Ignored
            part.setSizePolicy(policy, policy)
        self._stack.setCurrentIndex(shown)

    def _save(self, answer: Answer) -> None:
        seconds = round(time.monotonic() - self._asked_at, 1)
        runs = (answer.run_id, *answer.others)
        if isinstance(answer.name, GuessName):
            self._session.guess(answer.run_id, answer.name, answer.value, self._written, self._not_saved)
        else:
            self._session.rate(runs, {answer.name: answer.value}, seconds, self._written, self._not_saved)

    def _take_back(self) -> None:
        self._session.take_back_last(self._written)

    def _not_saved(self, error: Exception) -> None:
        # The run still waits, so it must be seen to wait.
        self._session.failed.emit(sentence(error))
        self.state = InboxState((), detailed=self.state.detailed)
        self.refresh()
