"""One run whole, beside the list: value first, then what happened, then what it took."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from goodmeasure.ui.fonts import MEDIUM, font
from goodmeasure.ui.pages.run_evidence import RunEvidence
from goodmeasure.ui.pages.run_facts import RunFactsPart
from goodmeasure.ui.theme import GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import Card, EmptyState, Hairline, clear
from goodmeasure.ui.widgets.scroller import Scroller
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel, set_tooltip
from goodmeasure.ui.widgets.timeline import Timeline
from goodmeasure.viewmodels.run_detail import RunDetailView
from goodmeasure.viewmodels.run_facts import FactsShown


class RunDetailPane(Card):
    """The run that is chosen in the list."""

    rate_wanted = Signal(int)
    look_wanted = Signal(int)
    decided = Signal(int, str, bool)
    """A run, a commit, and whether it belongs to it."""
    split_wanted = Signal(int, object, str)
    """A run, the instant from which on it is another one (ms UTC: too large for Qt's own int), and that in words."""
    fact_corrected = Signal(int, str, object)
    """A run, the name of a fact, and what it is; None takes that back."""
    always_wanted = Signal(int, str, str)
    """A run, the name of a fact, and what it always is in the run's folder."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(300)
        self._run_id: int | None = None
        self._view: RunDetailView | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState("list", "No run chosen", "Choose a run to see what happened in it."))
        self._stack.addWidget(self._made())
        self.body.addWidget(self._stack)

    def show_nothing(self) -> None:
        """Show that no run is chosen."""
        self._run_id = self._view = None
        self._stack.setCurrentIndex(0)

    def show_view(self, view: RunDetailView) -> None:
        """Show another run, or the same at a later time."""
        if view == self._view:
            return
        same_run = view.run_id == self._run_id
        self._run_id, self._view = view.run_id, view
        self._title.setText(view.title)
        self._about.setText(view.about)
        self._show_assessments(view)
        self.timeline.show_moments(view.moments, same_run=same_run)
        self._counts.setText(view.timeline)
        self.split.setEnabled(self.timeline.split_moment is not None)
        self._show_cost(view)
        self._contradiction.setText(view.evidence.contradiction)
        self._contradiction.setVisible(bool(view.evidence.contradiction))
        self.evidence.show_view(view.evidence)
        clear(self._facts)
        for row, (name, value) in enumerate(view.facts):
            _fact(self._facts, row, name, value)
        self._stack.setCurrentIndex(1)

    def show_facts(self, run_id: int, shown: FactsShown) -> None:
        """Show what was filled in for the run that is shown."""
        if run_id == self._run_id:
            self.facts.show_facts(run_id, shown)

    def _made(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self._title = ElidedLabel("", "card", lines=3)
        self._about = ElidedLabel("", "small", tone="2")
        column.addWidget(self._title)
        column.addWidget(self._about)
        column.addLayout(self._value_part())
        self._contradiction = PlainLabel("", "small", tone="2", wrap=True)
        self._contradiction.hide()
        column.addWidget(self._contradiction)
        column.addWidget(Hairline())
        self._tabs = QTabWidget()
        self._tabs.setAccessibleName("Parts of the run")
        self._tabs.tabBar().setFont(font(12.5, MEDIUM))
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(self._timeline_tab(), "Timeline")
        self._tabs.addTab(self._scrolling(self._cost_part()), "Cost")
        self._tabs.addTab(self._scrolling(self._evidence_part()), "Evidence")
        self._tabs.addTab(self._scrolling(self._about_part()), "About")
        column.addWidget(self._tabs, 1)
        return whole

    def _value_part(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._answers = QGridLayout()
        self._answers.setHorizontalSpacing(12)
        self._answers.setVerticalSpacing(4)
        self._rate = Button("Rate", icon="pencil-line", small=True)
        self._rate.clicked.connect(self._want_rating)
        row.addLayout(self._answers, 1)
        row.addWidget(self._rate, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _timeline_tab(self) -> QWidget:
        tab = QWidget()
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, GRID, 0, 0)
        self._counts = ElidedLabel("", "small", tone="2")
        self.timeline = Timeline()
        self.split = Button("Split here", name="Make what follows a run of its own (S)", small=True)
        self.split.clicked.connect(self._want_split)
        self.split.setEnabled(False)
        self.timeline.split_wanted.connect(self._want_split)
        self.timeline.chosen_changed.connect(lambda: self.split.setEnabled(self.timeline.split_moment is not None))
        head = QHBoxLayout()
        head.addWidget(self._counts, 1)
        head.addWidget(self.split)
        column.addLayout(head)
        column.addWidget(self.timeline, 1)
        return tab

    def _cost_part(self) -> QVBoxLayout:
        column = QVBoxLayout()
        self._cost = PlainLabel("", "number")
        self._cost_notes = PlainLabel("", "small", tone="2", wrap=True)
        self._usage = QGridLayout()
        self._usage.setVerticalSpacing(6)
        column.addWidget(self._cost)
        column.addWidget(self._cost_notes)
        column.addSpacing(GRID)
        column.addLayout(self._usage)
        return column

    def _evidence_part(self) -> QVBoxLayout:
        self.evidence = RunEvidence()
        self.evidence.look_wanted.connect(self._want_look)
        self.evidence.decided.connect(self._decide)
        return self.evidence

    def _want_look(self) -> None:
        if self._run_id is not None:
            self.evidence.show_looking(looking=True)
            self.look_wanted.emit(self._run_id)

    def _decide(self, commit: str, belongs: bool) -> None:  # noqa: FBT001 - a signal's argument
        if self._run_id is not None:
            self.decided.emit(self._run_id, commit, belongs)

    def _want_split(self) -> None:
        moment = self.timeline.split_moment
        if self._run_id is not None and moment is not None:
            self.split_wanted.emit(self._run_id, moment.at, moment.time)

    def _correct(self, fact: str, value: object) -> None:
        if self._run_id is not None:
            self.fact_corrected.emit(self._run_id, fact, value)

    def _always(self, fact: str, value: str) -> None:
        if self._run_id is not None:
            self.always_wanted.emit(self._run_id, fact, value)

    def show_tab(self, name: str) -> None:
        """Show the part of this name."""
        names = [self._tabs.tabText(number) for number in range(self._tabs.count())]
        self._tabs.setCurrentIndex(names.index(name))

    def looked(self, run_id: int) -> None:
        """Let it be looked again; what was found comes by `show_view`."""
        if run_id == self._run_id and self._view is not None:
            self.evidence.show_view(self._view.evidence)

    def _about_part(self) -> QVBoxLayout:
        column = QVBoxLayout()
        self.facts = RunFactsPart()
        self.facts.corrected.connect(self._correct)
        self.facts.always_wanted.connect(self._always)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        self._history = QGridLayout()
        self._history.setHorizontalSpacing(12)
        self._history.setVerticalSpacing(4)
        self._history.setColumnStretch(1, 1)
        self._history_title = PlainLabel("Every judgement ever given", "label")
        column.addLayout(self.facts)
        column.addSpacing(GRID)
        column.addWidget(Hairline())
        column.addSpacing(GRID)
        column.addLayout(self._facts)
        column.addSpacing(12)
        column.addWidget(self._history_title)
        column.addLayout(self._history)
        return column

    @staticmethod
    def _scrolling(part: QVBoxLayout) -> Scroller:
        part.setContentsMargins(0, 12, GRID, 12)
        part.addStretch(1)
        return Scroller(part)

    def _show_assessments(self, view: RunDetailView) -> None:
        clear(self._answers)
        for row, (question, answer) in enumerate(view.assessments or (("Outcome", "Not rated"),)):
            self._answers.addWidget(PlainLabel(question, "small", tone="2"), row, 0)
            self._answers.addWidget(ElidedLabel(answer, "strong"), row, 1)
        self._answers.setColumnStretch(1, 1)
        self._rate.setText("Change" if view.assessments else "Rate")
        self._rate.setAccessibleName(f"{self._rate.text()} this run")
        clear(self._history)
        for row, line in enumerate(view.history):
            self._history.addWidget(PlainLabel(line.when, "small", tone="3"), row, 0)
            self._history.addWidget(ElidedLabel(line.text, "small", tone="" if line.current else "3"), row, 1)
        self._history_title.setVisible(bool(view.history))

    def _show_cost(self, view: RunDetailView) -> None:
        self._cost.setText(view.cost if view.cost != "unknown" else "Cost unknown")
        self._cost_notes.setText("\n".join(view.cost_notes))
        clear(self._usage)
        for row, (name, compact, exact) in enumerate(view.usage):
            number = PlainLabel(compact, "strong")
            number.setAlignment(Qt.AlignmentFlag.AlignRight)
            set_tooltip(number, exact)
            self._usage.addWidget(PlainLabel(name, "body", tone="2"), row, 0)
            self._usage.addWidget(number, row, 1)
        self._usage.setColumnStretch(0, 1)

    def _want_rating(self) -> None:
        if self._run_id is not None:
            self.rate_wanted.emit(self._run_id)


def _fact(grid: QGridLayout, row: int, name: str, value: str) -> None:
    shown = PlainLabel(value, "small", wrap=True)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_tooltip(shown, value)
    grid.addWidget(PlainLabel(name, "small", tone="2"), row, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(shown, row, 1)
