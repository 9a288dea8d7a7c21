"""Sources: what became of every agent's files. Nothing is dropped in silence."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from goodmeasure.ui.pages.choices import ChoicesCard
from goodmeasure.ui.pages.receiver import ReceiverCard
from goodmeasure.ui.pages.rules import RulesCard
from goodmeasure.ui.pages.source_row import FigureNames, SourceRow
from goodmeasure.ui.pages.this_app import ThisAppCard
from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.fold import Fold
from goodmeasure.ui.widgets.frames import Card, EmptyState, Hairline, PageFrame, clear
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.viewmodels.sources import SourceCard, SourcesView, sources


class SourcesPage(PageFrame):
    """The sources that have files, a line each; the others behind a fold."""

    import_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__("Sources & settings")
        self._session = session
        self._unfolded: set[str] = set()
        self._view: SourcesView | None = None
        self._following = False
        self.rows: dict[str, SourceRow] = {}
        self._read = Button("Read now", icon="refresh-cw", look="primary")
        self._read.clicked.connect(self.import_wanted)
        self.controls.addWidget(self._read)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(GAP)
        self.body.addLayout(self._cards)
        self.receiver = ReceiverCard(session)
        self.body.addWidget(self.receiver)
        self.rules = RulesCard(session)
        self.body.addWidget(self.rules)
        self.choices = ChoicesCard(session)
        self.body.addWidget(self.choices)
        self.this_app = ThisAppCard(session)
        self.body.addWidget(self.this_app)
        self.body.addStretch(1)

    def refresh(self) -> None:
        """Ask for what the page shows."""
        self._session.ask("sources", sources, self.show_view)
        self.receiver.refresh()
        self.rules.refresh()
        self.choices.refresh()
        self.this_app.refresh()

    def show_reading(self, *, reading: bool, following: bool) -> None:
        """Say that the logs are being read now, or that what is new in them is read as it comes."""
        self._following = following
        self._read.setEnabled(not reading)
        self._read.setText("Reading…" if reading else "Read now")
        self._show_summary()

    def show_view(self, view: SourcesView) -> None:
        """Show newer counts; what was unfolded stays so, and so does the place of the keyboard."""
        if view == self._view:
            return
        self._view = view
        self._show_summary()
        with self.still():
            self._show_cards(view)

    def _show_summary(self) -> None:
        summary = self._view.summary if self._view is not None else ""
        follows = "Logs are followed: new lines are read as they come" if self._following else ""
        self.subtitle.setText(" · ".join(part for part in (summary, follows) if part))

    def _show_cards(self, view: SourcesView) -> None:
        focused = next((key for key, row in self.rows.items() if row.head.hasFocus()), None)
        clear(self._cards)
        self.rows = {card.key: SourceRow(card, unfolded=card.key in self._unfolded) for card in view.cards}
        self._cards.addWidget(self._found_card(view.cards) if view.cards else _nothing_card())
        if view.absent:
            self._cards.addWidget(_absent_card(view))
        if focused in self.rows:
            self.rows[focused].head.setFocus()

    def _found_card(self, cards: tuple[SourceCard, ...]) -> Card:
        card = Card("Found on this computer")
        card.body.setSpacing(0)
        card.body.addWidget(FigureNames(cards[0].figures))
        for row in self.rows.values():
            row.toggled.connect(self._remember)
            card.body.addWidget(Hairline())
            card.body.addWidget(row)
        return card

    def _remember(self, key: str, unfolded: bool) -> None:  # noqa: FBT001 - a signal's argument
        (self._unfolded.add if unfolded else self._unfolded.discard)(key)


def _nothing_card() -> Card:
    card = Card()
    text = "Good Measure looked in the usual places listed below. Use an agent once, then read again."
    card.body.addWidget(EmptyState("folder-open", "No agent's files found yet", text))
    return card


def _absent_card(view: SourcesView) -> Card:
    places = QWidget()
    grid = QGridLayout(places)
    grid.setContentsMargins(20, 0, 0, 4)
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (label, where) in enumerate(view.absent):
        grid.addWidget(PlainLabel(label, "strong"), row, 0)
        grid.addWidget(ElidedLabel(where, "small", tone="2"), row, 1)
    card = Card(look="quiet")
    card.body.addWidget(Fold(view.absent_title, view.absent_title, places, unfolded=not view.cards))
    return card
