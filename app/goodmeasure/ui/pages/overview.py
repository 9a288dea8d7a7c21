"""Overview: what became of the work, first; what it cost, last and small."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from goodmeasure.ui.pages.welcome import Welcome
from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.answers import AnswersCard
from goodmeasure.ui.widgets.bars import Legend, RangeBar
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import Card, PageFrame, Pair, clear
from goodmeasure.ui.widgets.period import PeriodChooser
from goodmeasure.ui.widgets.run_line import RunLineButton
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel, set_tooltip
from goodmeasure.ui.widgets.value_colors import color_of
from goodmeasure.viewmodels.overview import CostView, OverviewView, Stretch, TimeView, overview
from goodmeasure.viewmodels.weeks import WeeksView
from goodmeasure.viewmodels.welcome import welcome


class OverviewPage(PageFrame):
    """The overview of one week, month or quarter; before anything was read, the welcome."""

    rate_wanted = Signal()
    run_wanted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__("Overview")
        self._session = session
        self._view: OverviewView | None = None
        self._chart: QWidget | None = None
        self.period = PeriodChooser(Stretch.MONTH, session.today)
        self.period.changed.connect(self.refresh)
        self.period.hide()
        self.controls.addWidget(self.period)
        self.welcome = Welcome()
        self.welcome.hide()
        self.content = QWidget()
        self.content.hide()
        self._make_cards()
        self.body.addWidget(self.welcome, 1)
        self.body.addWidget(self.content, 1)

    def refresh(self) -> None:
        """Ask for what the page shows."""
        wanted = self.period.value
        self._session.ask("overview", lambda queries: overview(queries, wanted), self.show_view)

    def _show_welcome(self) -> None:
        desk = self._session.desk
        self._session.ask("welcome", lambda queries: welcome(queries, desk.importing.found()), self.welcome.show_view)
        self.content.hide()
        self.period.hide()
        self.subtitle.setText("")
        self.title.setText("Welcome")
        self.welcome.show()

    def show_view(self, view: OverviewView) -> None:
        """Show another period or newer numbers."""
        if view == self._view and not view.first_start:
            return
        before, self._view = self._view, view
        if view.first_start:
            self._show_welcome()
            return
        with self.still():
            self._show_content(view, before)

    def _show_content(self, view: OverviewView, before: OverviewView | None) -> None:
        self.welcome.hide()
        self.content.show()
        self.period.show()
        self.title.setText("Overview")
        self.subtitle.setText(view.period)
        self._outcome.show_answers(view.outcome)
        self._need.show_answers(view.need)
        self._show_time(view.time)
        self._show_to_rate(view)
        if before is None or before.first_start or before.improved != view.improved:
            self._show_improved(view)
        self._show_weeks(view.weeks)
        self._show_cost(view.cost)

    def attach_chart(self) -> None:
        """Load the chart's library and put the weekly chart in its card; only ever on the drawing thread."""
        if self._chart is None:
            from goodmeasure.ui.widgets.weeks_chart import WeeksChart  # noqa: PLC0415 - loads numpy: after the first paint

            self._chart = WeeksChart("Outcomes of the last 12 weeks")
            self._weeks_place.addWidget(self._chart)
            if self._view is not None:
                self._show_weeks(self._view.weeks)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the cards side by side where there is room, else under each other."""
        super().resizeEvent(event)
        for pair in self._pairs:
            pair.fit(self.width())

    def _make_cards(self) -> None:
        rows = QVBoxLayout(self.content)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GAP)
        self._outcome = AnswersCard("What became of the work", "")
        self._need = AnswersCard("Would it have been done without AI?", "", columns=1)
        self._pairs = (
            Pair(self._left_column(), self._right_column(), parts=(64, 36)),
            Pair(self._need, self._time_card()),
        )
        for pair in self._pairs:
            rows.addLayout(pair)
        rows.addWidget(self._cost_card())
        rows.addStretch(1)

    def _left_column(self) -> QWidget:
        column, stack = _column()
        stack.addWidget(self._outcome)
        stack.addWidget(self._weeks_card(), 1)
        return column

    def _right_column(self) -> QWidget:
        column, stack = _column()
        self._to_rate = Card("To rate")
        self._to_rate_text = PlainLabel("", "body", tone="2", wrap=True)
        self._rate = Button("Start rating", icon="inbox", look="primary")
        self._rate.clicked.connect(self.rate_wanted)
        self._to_rate.body.addWidget(self._to_rate_text)
        self._to_rate.body.addWidget(self._rate)
        self._improved = Card("Lately improved", "Runs you used or learned from")
        self._improved.body.setSpacing(2)
        stack.addWidget(self._to_rate)
        stack.addWidget(self._improved, 1)
        return column

    def _time_card(self) -> Card:
        card = Card("Time")
        self._range = RangeBar("Time saved and lost")
        self._time_sentence = PlainLabel("", "body", wrap=True)
        self._time_notes = PlainLabel("", "small", tone="2", wrap=True)
        for widget in (self._time_sentence, self._range, self._time_notes):
            card.body.addWidget(widget)
        card.body.addStretch(1)
        return card

    def _weeks_card(self) -> Card:
        self._weeks_card_frame = Card("Outcomes by week", "Runs, the last 12 weeks", trailing=self._legend())
        self._weeks_place = QVBoxLayout()
        self._weeks_card_frame.body.addLayout(self._weeks_place)
        self._weeks_card_frame.setMinimumHeight(300)
        return self._weeks_card_frame

    @staticmethod
    def _legend() -> Legend:
        named = (("Used", "used"), ("Learned", "informed"), ("Partly", "partial"), ("Not used", "discarded"))
        rest = (("Worse", "harmful"), ("Not rated", "not_rated"))
        return Legend(tuple((label, color_of(value)) for label, value in named + rest))

    def _cost_card(self) -> Card:
        card = Card(look="quiet")
        row = QHBoxLayout()
        row.setSpacing(GAP)
        self._cost = PlainLabel("", "strong")
        self._tokens = PlainLabel("", "body", tone="2")
        self._models = ElidedLabel("", "small", tone="2")
        self._models.setAlignment(Qt.AlignmentFlag.AlignRight)
        for widget in (PlainLabel("In the background", "label", tone="2"), self._cost, self._tokens):
            row.addWidget(widget)
        row.addWidget(self._models, 1)
        self._cost_notes = PlainLabel("", "small", tone="2", wrap=True)
        card.body.addLayout(row)
        card.body.addWidget(self._cost_notes)
        return card

    def _show_time(self, time: TimeView) -> None:
        self._time_sentence.setText(time.sentence)
        self._time_sentence.set_tone("" if time.enough else "2")
        self._range.setVisible(time.enough)
        self._range.show_range(time.low, time.high, time.low_text, time.high_text, time.sentence)
        self._time_notes.setText("\n".join(time.notes))
        self._time_notes.setVisible(bool(time.notes))

    def _show_to_rate(self, view: OverviewView) -> None:
        self._to_rate.title.setText(f"{view.to_rate:,} to rate" if view.to_rate else "Nothing to rate")
        self._to_rate_text.setText(view.to_rate_text)
        self._rate.setVisible(bool(view.to_rate))

    def _show_improved(self, view: OverviewView) -> None:
        focused = next((button.run_id for button in self._improved.findChildren(RunLineButton) if button.hasFocus()), 0)
        clear(self._improved.body)
        for line in view.improved:
            button = RunLineButton(line)
            button.clicked.connect(lambda _=False, run_id=line.run_id: self.run_wanted.emit(run_id))
            self._improved.body.addWidget(button)
            if line.run_id == focused:
                button.setFocus()
        if not view.improved:
            text = "Runs that you rate as used or learned from appear here."
            self._improved.body.addWidget(PlainLabel(text, "body", tone="2", wrap=True))
        self._improved.body.addStretch(1)

    def _show_weeks(self, view: WeeksView) -> None:
        if self._chart is not None:
            self._chart.show_weeks(view)  # type: ignore[attr-defined] # the chart's class is loaded later
        set_tooltip(self._weeks_card_frame.title, view.description)

    def _show_cost(self, cost: CostView) -> None:
        self._cost.setText(f"{cost.cost} at list price")
        self._tokens.setText(f"{cost.tokens} tokens")
        set_tooltip(self._tokens, cost.tokens_exact)
        self._models.setText("  ·  ".join(f"{name} {price}" for name, price in cost.models))
        self._cost_notes.setText(" ".join(cost.notes))
        self._cost_notes.setVisible(bool(cost.notes))


def _column() -> tuple[QWidget, QVBoxLayout]:
    column = QWidget()
    stack = QVBoxLayout(column)
    stack.setContentsMargins(0, 0, 0, 0)
    stack.setSpacing(GAP)
    return column, stack
