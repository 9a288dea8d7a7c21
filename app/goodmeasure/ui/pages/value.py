"""Value: what became of the work, would it have been done, time, checks, evidence; each number opens its runs."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GAP, GRID
from goodmeasure.ui.widgets.answers import AnswersCard
from goodmeasure.ui.widgets.bars import RangeBar, StackedBar, Swatch
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import Card, PageFrame, Pair, clear
from goodmeasure.ui.widgets.period import PeriodChooser
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.ui.widgets.value_colors import color_of, drawn_parts
from goodmeasure.viewmodels.overview import Stretch
from goodmeasure.viewmodels.value import ProjectRow, ValueView, title_of, value

_CARDS = (
    ("outcome", "What became of the work", 2),
    ("need", "Would it have been done without AI?", 1),
    ("review", "Who checked it?", 1),
)
_RANGES = "The ranges are about all runs: four times in five such a range holds the truth."


class ValuePage(PageFrame):
    """The value of one week, month or quarter."""

    runs_wanted = Signal(list, str)
    """Runs, and what they have in common."""

    def __init__(self, session: Session) -> None:
        super().__init__("Value")
        self._session = session
        self._view: ValueView | None = None
        self.period = PeriodChooser(Stretch.QUARTER, session.today)
        self.period.changed.connect(self.refresh)
        self.controls.addWidget(self.period)
        self._coverage = PlainLabel("", "body", tone="2", wrap=True)
        self.body.addWidget(self._coverage)
        self.cards: dict[str, AnswersCard] = {}
        for question, title, columns in _CARDS:
            card = AnswersCard(title, "", columns=columns, opens=True)
            card.part_wanted.connect(lambda answer, question=question: self._open(question, answer))
            self.cards[question] = card
        self._evidence = Card("What backs it up", "Evidence is context, never merit: most good work leaves no commit.")
        self._evidence_rows = QGridLayout()
        self._evidence.body.addLayout(self._evidence_rows)
        self._projects = Card("By project")
        self._project_rows = QVBoxLayout()
        self._project_rows.setSpacing(GRID)
        self._projects.body.addLayout(self._project_rows)
        time, outcome, need, review = self._time_card(), *(self.cards[name] for name, _, _ in _CARDS)
        self._pairs = (Pair(need, review), Pair(time, self._evidence))
        self.body.addWidget(outcome)
        for pair in self._pairs:
            self.body.addLayout(pair)
        self.body.addWidget(self._projects)
        self.body.addStretch(1)

    def refresh(self) -> None:
        """Ask for what the page shows."""
        wanted = self.period.value
        self._session.ask("value", lambda queries: value(queries, wanted), self.show_view)

    def show_view(self, view: ValueView) -> None:
        """Show another period or newer numbers."""
        if view == self._view:
            return
        self._view = view
        with self.still():
            self.subtitle.setText(view.period)
            self._coverage.setText(view.coverage)
            for question, card in self.cards.items():
                card.show_answers(view.bars[question])
                card.set_subtitle(_RANGES if any(part.likely for part in view.bars[question].parts) else "")
            self._show_time(view)
            self._show_evidence(view)
            self._show_projects(view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the cards side by side where there is room, else under each other."""
        super().resizeEvent(event)
        for pair in self._pairs:
            pair.fit(self.width())

    def _time_card(self) -> Card:
        card = Card("Time")
        self._time = PlainLabel("", "body", wrap=True)
        self._range = RangeBar("Time saved and lost")
        self._time_notes = PlainLabel("", "small", tone="2", wrap=True)
        for widget in (self._time, self._range, self._time_notes):
            card.body.addWidget(widget)
        return card

    def _show_time(self, view: ValueView) -> None:
        time = view.time
        self._time.setText(time.sentence)
        self._time.set_tone("" if time.enough else "2")
        self._range.setVisible(time.enough)
        self._range.show_range(time.low, time.high, time.low_text, time.high_text, time.sentence)
        self._time_notes.setText("\n".join(time.notes))
        self._time_notes.setVisible(bool(time.notes))

    def _show_evidence(self, view: ValueView) -> None:
        clear(self._evidence_rows)
        self._evidence_rows.setHorizontalSpacing(GRID)
        self._evidence_rows.setColumnStretch(2, 1)
        for row, line in enumerate(view.evidence):
            said = " · ".join(f"{count} {words}" for words, count in line.counts)
            self._evidence_rows.addWidget(Swatch(color_of(line.value)), row, 0)
            self._evidence_rows.addWidget(PlainLabel(line.label, "body", tone="2"), row, 1)
            self._evidence_rows.addWidget(ElidedLabel(said, "body"), row, 2)
        if not view.evidence:
            text = "Nothing is rated in this period, so there is nothing to back up."
            self._evidence_rows.addWidget(PlainLabel(text, "body", tone="2", wrap=True), 0, 0, 1, 3)

    def _show_projects(self, view: ValueView) -> None:
        clear(self._project_rows)
        for project in view.projects:
            self._project_rows.addLayout(self._project(project))
        self._projects.setVisible(bool(view.projects))

    def _project(self, project: ProjectRow) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        name = Button(project.name if len(project.name) <= 48 else project.name[:47] + "…", look="link", small=True)
        name.setAccessibleName(f"{project.name}: open its runs, {project.about}")
        name.clicked.connect(lambda: self.runs_wanted.emit(list(project.run_ids), project.name))
        bar = StackedBar(f"Outcomes of {project.name}", 12)
        bar.show_parts(drawn_parts(project.bar.parts), project.bar.description)
        grid.addWidget(name, 0, 0)
        grid.addWidget(PlainLabel(project.about, "small", tone="2"), 0, 1)
        grid.addWidget(bar, 1, 0, 1, 2)
        grid.addWidget(ElidedLabel(project.counts, "small", tone="2"), 2, 0, 1, 2)
        grid.setContentsMargins(0, 0, 0, GAP // 2)
        return grid

    def _open(self, question: str, answer: str) -> None:
        if self._view is not None and (ids := self._view.behind.get((question, answer))):
            self.runs_wanted.emit(list(ids), f"{title_of(question, answer)}, {self._view.period}")
