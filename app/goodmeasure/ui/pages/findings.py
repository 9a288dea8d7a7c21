"""Findings: private questions about patterns that may be waste. Looked for in a lane of their own, kept nowhere."""

import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from goodmeasure.domain.findings import Finding
from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GRID
from goodmeasure.ui.widgets.buttons import Button, Tag
from goodmeasure.ui.widgets.fold import Fold
from goodmeasure.ui.widgets.frames import Card, Hairline, clear
from goodmeasure.ui.widgets.text import PlainLabel, set_tooltip
from goodmeasure.ui.widgets.undo import UndoLine
from goodmeasure.viewmodels.findings import FindingCard, cards
from goodmeasure.viewmodels.wording import counted

_AT_ONCE = 6
"""So many questions are shown, and then so many more: making one costs the drawing thread some ms."""
_AGAIN_SECONDS = 600
"""After so long what was found is looked for anew when the page comes into sight."""
_PRIVATE = "Only you see these: no report, preview or export knows them. They say nothing about you."


class FindingsCard(Card):
    """The questions of the last 30 days; U takes the last "not waste" back while the keyboard is here."""

    runs_wanted = Signal(list, str)
    """Runs, and what they have in common."""

    def __init__(self, session: Session) -> None:
        self._again = Button("Look again", icon="refresh-cw", small=True)
        super().__init__("Questions worth a look", _PRIVATE, trailing=self._again)
        self._session = session
        self._looked_at: float | None = None
        self._is_looking = False
        self._found: list[Finding] = []
        self._dismissed: list[Finding] = []
        self._unfolded: set[tuple[str, str]] = set()
        self._shown = _AT_ONCE
        self._again.clicked.connect(self.look)
        self._state = PlainLabel("", "body", tone="2", wrap=True)
        self._undone = UndoLine("Ask again after all (U)")
        self._undone.button.clicked.connect(self.take_back)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(GRID)
        for part in (self._state, self._undone):
            self.body.addWidget(part)
        self.body.addLayout(self.rows)
        self._more = Button("", look="link", small=True)
        self._more.clicked.connect(self._show_more)
        self._more.hide()
        self.body.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self) -> None:
        """Look, where that was not done lately; reading logs is not for every new line of a log."""
        if self._looked_at is None or time.monotonic() - self._looked_at > _AGAIN_SECONDS:
            self.look()

    def look(self) -> None:
        """Look through the runs and their logs now."""
        if self._is_looking or not self._session.is_open:
            return
        self._is_looking = True
        self._again.setEnabled(False)
        if not self._found:
            self._state.setText("Looking through the logs of the last 30 days…")
            self._state.show()
        self._session.look_for_findings(self._show, self._failed)

    def take_back(self) -> None:
        """Take the last "not waste" back."""
        if self._dismissed:
            finding = self._dismissed.pop()
            self._session.take_back_dismissal(finding, self.look)
            self._undone.say("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take back by key."""
        if event.key() == Qt.Key.Key_U and not event.modifiers() and self._dismissed:
            self.take_back()
        else:
            super().keyPressEvent(event)

    def _failed(self) -> None:
        self._is_looking = False
        self._again.setEnabled(True)
        self._state.setText("The look was not finished.")

    def _show(self, found: Sequence[Finding]) -> None:
        self._is_looking = False
        self._looked_at = time.monotonic()
        self._again.setEnabled(True)
        self._found = list(found)
        self._draw()

    def _draw(self) -> None:
        clear(self.rows)
        self._state.setVisible(not self._found)
        self._state.setText("Nothing to ask about in the last 30 days.")
        self._add_rows(0)

    def _add_rows(self, first: int) -> None:
        found = cards(self._found)
        for number, card in enumerate(found[first : self._shown], first):
            if number:
                self.rows.addWidget(Hairline())
            row = FindingRow(card, unfolded=_key(card) in self._unfolded)
            row.dismissed.connect(partial(self._dismiss, card))
            row.runs_wanted.connect(self.runs_wanted)
            row.fold.toggled.connect(partial(self._remember, card))
            self.rows.addWidget(row)
        rest = len(found) - self._shown
        self._more.setText(f"Show {counted(min(rest, _AT_ONCE), 'more question')} of {rest}")
        self._more.setAccessibleName(self._more.text())
        self._more.setVisible(rest > 0)

    def _show_more(self) -> None:
        first, self._shown = self._shown, self._shown + _AT_ONCE
        self._add_rows(first)
        self._focus(first)

    def _dismiss(self, card: FindingCard) -> None:
        place = self._found.index(card.finding)
        self._found.remove(card.finding)
        self._dismissed.append(card.finding)
        self._session.dismiss_finding(card.finding)
        self._undone.say(f"Not waste: “{card.question}” is not asked in {card.place} for 30 days.")
        self._draw()
        self._focus(place)

    def _focus(self, place: int) -> None:
        # The row that had the keyboard is gone: the one that took its place has it now, else the way back.
        rows = [row for row in self.findChildren(FindingRow) if not row.isHidden()]
        fresh = [row for row in rows if self.rows.indexOf(row) >= 0]
        target = fresh[min(place, len(fresh) - 1)].fold.button if fresh else self._undone.button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remember(self, card: FindingCard, unfolded: bool) -> None:  # noqa: FBT001 - a signal's argument
        (self._unfolded.add if unfolded else self._unfolded.discard)(_key(card))


class FindingRow(QWidget):
    """One question: what was seen; unfolded why it may be fine, one thing to try, and what can be done."""

    dismissed = Signal()
    runs_wanted = Signal(list, str)

    def __init__(self, card: FindingCard, *, unfolded: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(4)
        seen = _indented(PlainLabel(card.seen, "body", tone="2", wrap=True))
        self.fold = Fold(
            card.question,
            f"{card.question} {card.place}",
            self._more(card),
            unfolded=unfolded,
            trailing=_tag(card),
            always=seen,
        )
        column.addWidget(self.fold)

    def _more(self, card: FindingCard) -> QWidget:
        more = QWidget()
        column = QVBoxLayout(more)
        column.setContentsMargins(26, 0, 0, 6)
        column.setSpacing(6)
        for label, text in (("Why it may be fine", card.may_be_fine), ("One thing to try", card.to_try)):
            column.addWidget(_said(label, text))
        if card.saving:
            column.addWidget(_said("It might have saved", card.saving))
        runs = card.finding.run_ids
        see = Button(f"See {counted(len(runs), 'run')}", icon="list", small=True)
        see.clicked.connect(lambda: self.runs_wanted.emit(list(runs), f"{card.question} {card.place}"))
        dismiss = Button("Not waste", icon="check", small=True)
        dismiss.setAccessibleDescription("This is not asked here for 30 days, and less eagerly afterwards.")
        dismiss.clicked.connect(self.dismissed)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(see)
        row.addWidget(dismiss)
        row.addStretch(1)
        row.setContentsMargins(0, 4, 0, 0)
        column.addLayout(row)
        return more


def _tag(card: FindingCard) -> Tag:
    name = card.place if len(card.place) <= 32 else card.place[:31] + "…"
    tag = Tag(name)
    set_tooltip(tag, card.place)
    return tag


def _said(label: str, text: str) -> QWidget:
    said = QWidget()
    row = QHBoxLayout(said)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID)
    name = PlainLabel(label, "small", tone="3")
    name.setFixedWidth(124)
    row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(PlainLabel(text, "small", tone="2", wrap=True), 1)
    return said


def _indented(widget: QWidget) -> QWidget:
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(26, 0, 0, 0)
    row.addWidget(widget)
    return place


def _key(card: FindingCard) -> tuple[str, str]:
    return card.finding.detector.value, card.place
