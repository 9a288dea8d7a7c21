"""Oversight: what agents were allowed to do and did, and whether people looked. Each count opens its runs."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout

from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import Card, PageFrame, clear
from goodmeasure.ui.widgets.period import PeriodChooser
from goodmeasure.ui.widgets.share_line import ShareLine
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.viewmodels.oversight import (
    OversightPart,
    OversightRow,
    OversightView,
    oversight,
    reached_part,
    span_of,
)
from goodmeasure.viewmodels.overview import Stretch

if TYPE_CHECKING:
    from goodmeasure.domain.oversight import Reached

_PARTS = ("allowed", "tools", "outside", "decisions", "data")
_SHARE_WIDTH, _RUNS_WIDTH = 40, 72
_LOOKING = OversightPart("Commands worth knowing", "Looking through the logs of this period…", ())


class OversightPage(PageFrame):
    """One week, month or quarter, told by the ledger at once and by the logs a moment later."""

    runs_wanted = Signal(list, str)
    """Runs, and what they have in common."""

    def __init__(self, session: Session) -> None:
        super().__init__("Oversight")
        self._session = session
        self._view: OversightView | None = None
        self._asked_for: object = None
        self.period = PeriodChooser(Stretch.MONTH, session.today)
        self.period.changed.connect(self.refresh)
        self.controls.addWidget(self.period)
        self.cards = {name: PartCard() for name in _PARTS}
        self.commands = PartCard()
        order = ["allowed", "outside", "tools", "decisions", "data"]
        for name in order:
            self.body.addWidget(self.cards[name])
            if name == "outside":
                self.body.addWidget(self.commands)
        for card in (*self.cards.values(), self.commands):
            card.runs_wanted.connect(self.runs_wanted)
            card.hide()
        self.body.addStretch(1)

    def refresh(self) -> None:
        """Ask for what the page shows."""
        desk, wanted = self._session.desk, self.period.value
        self._session.ask("oversight", lambda queries: oversight(queries, desk.oversight, wanted), self.show_view)

    def show_view(self, view: OversightView) -> None:
        """Show another period, or newer numbers; then ask the logs."""
        self.subtitle.setText(f"{view.period} · {view.summary}")
        wanted = (self.period.value, view)
        if view != self._view:
            self._view = view
            with self.still():
                for name, card in self.cards.items():
                    card.show_part(getattr(view, name))
        if wanted != self._asked_for:
            # The logs are read anew only where the ledger says something else than before.
            self._asked_for = wanted
            self.commands.show_part(_LOOKING)
            period = self.period.value
            self._session.look_through_commands(
                lambda queries: span_of(queries, period), lambda found: self._show_commands(wanted, found)
            )

    def _show_commands(self, wanted: object, found: "Reached") -> None:
        if wanted == self._asked_for:
            with self.still():
                self.commands.show_part(reached_part(found))


class PartCard(Card):
    """One question: a line for each answer, with the runs behind it."""

    runs_wanted = Signal(list, str)

    def __init__(self) -> None:
        super().__init__(" ", " ")
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(GAP)
        self._rows.setVerticalSpacing(4)
        self._rows.setColumnStretch(0, 3)
        self._rows.setColumnStretch(1, 2)
        self._rows.setColumnStretch(4, 3)
        # As wide in every card, so that the bars stand under each other.
        for column, width in ((2, _SHARE_WIDTH), (3, _RUNS_WIDTH)):
            self._rows.setColumnMinimumWidth(column, width)
        self.body.addLayout(self._rows)
        self._none = PlainLabel("", "body", tone="2", wrap=True)
        self.body.addWidget(self._none)

    def show_part(self, part: OversightPart) -> None:
        """Show other answers."""
        self.title.setText(part.title)
        self.set_subtitle(part.about)
        clear(self._rows)
        for number, row in enumerate(part.rows):
            self._show_row(number, row)
        self._none.setText(part.none)
        self._none.setVisible(bool(part.none) and not part.rows)
        self.setVisible(bool(part.rows or part.none or part.about))

    def _show_row(self, number: int, row: OversightRow) -> None:
        share = PlainLabel(row.share, "small", tone="2")
        share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        opens = Button(row.runs, look="link", small=True, name=f"{row.name}: {row.runs}, open them")
        opens.setAccessibleDescription(row.said)
        opens.clicked.connect(lambda: self.runs_wanted.emit(list(row.run_ids), row.name))
        self._rows.addWidget(ElidedLabel(row.name, "body"), number, 0)
        self._rows.addWidget(ShareLine(row.name, row.fraction, row.share), number, 1)
        self._rows.addWidget(share, number, 2)
        self._rows.addWidget(opens, number, 3)
        self._rows.addWidget(ElidedLabel(row.said, "small", tone="2"), number, 4)
