"""Value: what became of the work, would it have been done, time, checks, evidence; each number opens its runs."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from goodmeasure.domain.facts import WorkKind
from goodmeasure.ui.pages.value_guesses import GuessesCard
from goodmeasure.ui.pages.value_trend import TrendCard
from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GAP, GRID
from goodmeasure.ui.widgets.answers import AnswersCard
from goodmeasure.ui.widgets.bars import RangeBar, StackedBar, Swatch
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import Card, PageFrame, Pair, clear
from goodmeasure.ui.widgets.period import PeriodChooser
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel, set_tooltip
from goodmeasure.ui.widgets.value_colors import color_of, drawn_parts
from goodmeasure.viewmodels.overview import Stretch
from goodmeasure.viewmodels.value import EvidenceCount, ProjectRow, ValueView, title_of, value
from goodmeasure.viewmodels.wording import counted

_CARDS = (
    ("outcome", "What became of the work", 2),
    ("need", "Would it have been done without AI?", 1),
    ("review", "Who checked it?", 1),
)
_AT_ONCE = 5
"""So many projects or kinds of work are shown, and then so many more: making a row costs the drawing thread some ms."""
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
        self.trend = TrendCard(session)
        self._projects, self._kinds = _Groups("By project"), _Groups("By kind of work")
        time, outcome, need, review = self._time_card(), *(self.cards[name] for name, _, _ in _CARDS)
        self._pairs = (Pair(need, review), Pair(time, self._evidence))
        self.body.addWidget(outcome)
        for pair in self._pairs:
            self.body.addLayout(pair)
        self.body.addWidget(self.trend)
        self.body.addWidget(self._projects)
        self.body.addWidget(self._kinds)
        for groups in (self._projects, self._kinds, self.trend):
            groups.runs_wanted.connect(self.runs_wanted)
        self.guesses = GuessesCard(session)
        self.body.addWidget(self.guesses)
        self.body.addStretch(1)

    def refresh(self) -> None:
        """Ask for what the page shows."""
        wanted = self.period.value
        self._session.ask("value", lambda queries: value(queries, wanted), self.show_view)
        self._session.ask("value-projects", lambda queries: tuple(queries.projects()), self._offer)
        self.trend.refresh()
        self.guesses.refresh()

    def show_view(self, view: ValueView) -> None:
        """Show another period or newer numbers."""
        if view == self._view:
            return
        self._view = view
        self.in_steps(
            (
                partial(self._show_head, view),
                *(partial(self._show_answers, view, question) for question in self.cards),
                partial(self._show_time, view),
                partial(self._show_evidence, view),
                partial(self._projects.show_rows, view.projects),
                partial(self._kinds.show_rows, view.work_kinds),
            )
        )

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
        self._timed = Button("", look="link", small=True)
        self._timed.clicked.connect(self._open_timed)
        card.body.addWidget(self._timed, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _show_head(self, view: ValueView) -> None:
        self.subtitle.setText(view.period)
        self._coverage.setText(view.coverage)

    def _show_answers(self, view: ValueView, question: str) -> None:
        self.cards[question].show_answers(view.bars[question])
        is_likely = any(part.likely for part in view.bars[question].parts)
        self.cards[question].set_subtitle(_RANGES if is_likely else "")

    def _show_time(self, view: ValueView) -> None:
        time = view.time
        self._time.setText(time.sentence)
        self._time.set_tone("" if time.enough else "2")
        self._range.setVisible(time.enough)
        self._range.show_range(time.low, time.high, time.low_text, time.high_text, time.sentence)
        self._time_notes.setText("\n".join(time.notes))
        self._time_notes.setVisible(bool(time.notes))
        self._timed.setText(f"See the {counted(len(view.timed), 'run')} with a time")
        self._timed.setAccessibleName(self._timed.text())
        self._timed.setVisible(bool(view.timed))

    def _show_evidence(self, view: ValueView) -> None:
        clear(self._evidence_rows)
        self._evidence_rows.setHorizontalSpacing(GRID)
        self._evidence_rows.setColumnStretch(2, 1)
        for row, line in enumerate(view.evidence):
            self._evidence_rows.addWidget(Swatch(color_of(line.value)), row, 0)
            self._evidence_rows.addWidget(PlainLabel(line.label, "body", tone="2"), row, 1)
            counts = QHBoxLayout()
            counts.setSpacing(GRID)
            for count in line.counts:
                counts.addWidget(self._evidence_button(line.label, count))
            counts.addStretch(1)
            self._evidence_rows.addLayout(counts, row, 2)
        if not view.evidence:
            text = "Nothing is rated in this period, so there is nothing to back up."
            self._evidence_rows.addWidget(PlainLabel(text, "body", tone="2", wrap=True), 0, 0, 1, 3)

    def _open_timed(self) -> None:
        if self._view is not None:
            self.runs_wanted.emit(list(self._view.timed), f"with a time, {self._view.period}")

    def _evidence_button(self, outcome: str, count: EvidenceCount) -> Button:
        said = f"{count.count} {count.words}"
        button = Button(said, look="link", small=True, name=f"{outcome}, {said}: open these runs")
        button.clicked.connect(lambda: self.runs_wanted.emit(list(count.run_ids), f"{outcome}, {count.words}"))
        return button

    def _offer(self, projects: tuple[str, ...]) -> None:
        self.trend.offer(projects, tuple(kind.value for kind in WorkKind))

    def _open(self, question: str, answer: str) -> None:
        if self._view is not None and (ids := self._view.behind.get((question, answer))):
            self.runs_wanted.emit(list(ids), f"{title_of(question, answer)}, {self._view.period}")


class _Groups(Card):
    """What became of the runs, a bar for each project or kind of work; its name opens the runs."""

    runs_wanted = Signal(list, str)

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._all: tuple[ProjectRow, ...] = ()
        self._shown = _AT_ONCE
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID)
        self._more = Button("", look="link", small=True)
        self._more.clicked.connect(self._show_more)
        self.body.addLayout(self._rows)
        self.body.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_rows(self, rows: tuple[ProjectRow, ...]) -> None:
        """Show other rows; without any the card hides."""
        self._all = rows
        clear(self._rows)
        for row in rows[: self._shown]:
            self._rows.addLayout(self._row(row))
        rest = len(rows) - self._shown
        self._more.setText(f"Show {min(rest, _AT_ONCE)} more")
        self._more.setAccessibleName(f"{self._more.text()}: {self.title.text()}")
        self._more.setVisible(rest > 0)
        self.setVisible(bool(rows))

    def _show_more(self) -> None:
        self._shown += _AT_ONCE
        self.show_rows(self._all)

    def _row(self, row: ProjectRow) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        name = Button(row.name if len(row.name) <= 48 else row.name[:47] + "…", look="link", small=True)
        name.setAccessibleName(f"{row.name}: open its runs, {row.about}")
        set_tooltip(name, row.name)
        name.clicked.connect(lambda: self.runs_wanted.emit(list(row.run_ids), row.name))
        bar = StackedBar(f"Outcomes of {row.name}", 12)
        bar.show_parts(drawn_parts(row.bar.parts), row.bar.description)
        grid.addWidget(name, 0, 0)
        grid.addWidget(PlainLabel(row.about, "small", tone="2"), 0, 1)
        grid.addWidget(bar, 1, 0, 1, 2)
        grid.addWidget(ElidedLabel(row.counts, "small", tone="2"), 2, 0, 1, 2)
        grid.setContentsMargins(0, 0, 0, GAP // 2)
        return grid
