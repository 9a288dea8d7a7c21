"""What one's own guesses say of one's own sense of time. Private: no report knows of it."""

from dataclasses import replace

from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GAP, GRID
from goodmeasure.ui.widgets.frames import Card, clear
from goodmeasure.ui.widgets.switch import Switch
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.calibration import CalibrationView, calibration_view


class GuessesCard(Card):
    """The guesses beside what came of them, and the switch that lets the inbox ask for them."""

    def __init__(self, session: Session) -> None:
        super().__init__("Your own guesses", "The inbox asks them of one run in ten; Enter leaves a guess out.")
        self._session = session
        self._view: CalibrationView | None = None
        self._about = PlainLabel("", "body", tone="2", wrap=True)
        self.asks = Switch("Ask private guesses of one run in ten")
        self.asks.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._about, 1)
        row.addWidget(PlainLabel("Ask me", "small", tone="2"))
        row.addWidget(self.asks)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(GAP)
        self._lines.setVerticalSpacing(GRID)
        self._lines.setColumnStretch(1, 1)
        self.body.addLayout(row)
        self.body.addLayout(self._lines)

    def refresh(self) -> None:
        """Ask for what the guesses say."""
        self.asks.setChecked(self._session.desk.settings.ask_guesses)
        desk = self._session.desk
        self._session.ask("guesses", lambda _: calibration_view(desk.guessing.summary()), self.show_view)

    def show_view(self, view: CalibrationView) -> None:
        """Show what the guesses say; too little is said as gently as a result."""
        if view == self._view:
            return
        self._view = view
        self._about.setText(view.about)
        clear(self._lines)
        for row, line in enumerate(view.lines):
            title = PlainLabel(line.title, "body", tone="2", wrap=True)
            title.setFixedWidth(200)
            self._lines.addWidget(title, row, 0)
            self._lines.addWidget(PlainLabel(line.sentence, "body", tone="" if line.enough else "3", wrap=True), row, 1)

    def _choose(self) -> None:
        wanted = self.asks.isChecked()
        self._session.choose(lambda settings: replace(settings, ask_guesses=wanted))
