"""One's own weeks: one answer's share from week to week, beside nobody else's. Private."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GRID
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.frames import Card
from goodmeasure.ui.widgets.ribbon import Ribbon
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.value.taxonomy import NEED, OUTCOME, REVIEW, SHARED_ANSWERS
from goodmeasure.viewmodels.trend import TrendFilter, TrendView, own_trend

_ABOUT = "Each week is a range about all its runs, from your answers to drawn ones. Compared with nobody but yourself."

_LONGEST = 40
"""So many characters of a project's name stand in the list."""


class TrendCard(Card):
    """The last half year, week by week; each week opens its runs."""

    runs_wanted = Signal(list, str)
    """Runs, and what they have in common."""

    def __init__(self, session: Session) -> None:
        super().__init__("Your own weeks", _ABOUT)
        self._session = session
        self._view: TrendView | None = None
        self._sentence = PlainLabel("", "body", wrap=True)
        self._said = ElidedLabel("", "small", tone="2")
        self.ribbon = Ribbon("Share by week, arrow keys walk, Enter opens the week's runs", self._said)
        self.ribbon.week_wanted.connect(self._open)
        self.answer = Picker("Answer")
        for question in (OUTCOME, NEED, REVIEW):
            for choice in question.choices:
                if choice.value in SHARED_ANSWERS[question.name]:
                    self.answer.addItem(choice.label.removeprefix("…"), (question.name.value, choice.value))
        self.project, self.kind = Picker("Project"), Picker("Kind of work")
        self.project.addItem("All projects", None)
        self.kind.addItem("All work", None)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for picker in (self.answer, self.project, self.kind):
            picker.setMaximumWidth(230)
            picker.activated.connect(lambda _: self.refresh())
            row.addWidget(picker)
        row.addStretch(1)
        self.body.addLayout(row)
        for widget in (self._sentence, self.ribbon, self._said):
            self.body.addWidget(widget)

    def refresh(self) -> None:
        """Ask for the weeks."""
        question, answer = self.answer.currentData()
        wanted = TrendFilter(AssessmentName(question), answer, self.project.currentData(), self.kind.currentData())
        self._session.ask("trend", lambda queries: own_trend(queries, wanted), self.show_view)

    def offer(self, projects: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        """Offer what the weeks can be narrowed to; what is chosen stays chosen."""
        for picker, names in ((self.project, projects), (self.kind, kinds)):
            if [picker.itemData(number) for number in range(1, picker.count())] == list(names):
                continue
            chosen = picker.currentData()
            while picker.count() > 1:
                picker.removeItem(1)
            for name in names:
                picker.addItem(name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…", name)
            picker.setCurrentIndex(max(0, picker.findData(chosen)))

    def show_view(self, view: TrendView) -> None:
        """Show other weeks. Not enough to say is written as gently as a result."""
        if view == self._view:
            return
        self._view = view
        self._sentence.setText(view.sentence)
        self._sentence.set_tone("" if view.enough else "2")
        self.ribbon.show_trend(view, self.answer.currentData()[1])
        for widget in (self.ribbon, self._said):
            widget.setVisible(bool(view.weeks))

    def _open(self, place: int) -> None:
        if self._view is not None and (ids := self._view.weeks[place].run_ids):
            self.runs_wanted.emit(list(ids), f"week of {self._view.weeks[place].label}")
