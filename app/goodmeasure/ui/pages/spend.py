"""Spend: cost and tokens as the background, plans beside list cost, a forecast that is a range; below, questions."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from goodmeasure.ui.pages.findings import FindingsCard
from goodmeasure.ui.pages.plans import PlansDialog
from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.buttons import Button, Segmented
from goodmeasure.ui.widgets.columns import Columns
from goodmeasure.ui.widgets.frames import Card, PageFrame, clear
from goodmeasure.ui.widgets.period import PeriodChooser
from goodmeasure.ui.widgets.share_line import ShareLine
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel, set_tooltip
from goodmeasure.viewmodels.overview import Stretch
from goodmeasure.viewmodels.plans import PlanField, plan_fields
from goodmeasure.viewmodels.spend import GROUPS, SpendFilter, SpendRow, SpendView, spend

_AT_FIRST = 8
"""So many rows are shown at once; the rest waits behind a button."""


class SpendPage(PageFrame):
    """What the work of one week, month or quarter took."""

    runs_wanted = Signal(list, str)
    """Runs, and what they have in common."""

    def __init__(self, session: Session) -> None:
        super().__init__("Spend")
        self._session = session
        self._view: SpendView | None = None
        self._shows_all = False
        self.period = PeriodChooser(Stretch.MONTH, session.today)
        self.period.changed.connect(self._ask)
        self.controls.addWidget(self.period)
        self.body.addWidget(self._cost_card())
        self.body.addWidget(self._parts_card())
        self.body.addWidget(self._plans_card())
        self.findings = FindingsCard(session)
        self.findings.runs_wanted.connect(self.runs_wanted)
        self.body.addWidget(self.findings)
        self.body.addStretch(1)

    def refresh(self) -> None:
        """Ask for what the page shows."""
        self._ask()
        self.findings.refresh()

    def show_view(self, view: SpendView) -> None:
        """Show another period, another layout, or newer numbers."""
        if view == self._view:
            return
        self._view = view
        self.in_steps([partial(show, view) for show in (self._show_cost, self._show_rows, self._show_plans)])

    def _ask(self) -> None:
        wanted = SpendFilter(self.period.value, self.group.value)
        self._session.ask("spend", lambda queries: spend(queries, wanted), self.show_view)

    def _cost_card(self) -> Card:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(GAP)
        self._cost, self._tokens = PlainLabel("", "number"), PlainLabel("", "small", tone="2")
        self._said = ElidedLabel("", "small", tone="2")
        self._said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._cost)
        row.addWidget(self._tokens)
        row.addWidget(self._said, 1)
        card.body.addLayout(row)
        self._columns = Columns("Cost by day, arrow keys walk", self._said)
        card.body.addWidget(self._columns)
        self._forecast = PlainLabel("", "body", tone="2", wrap=True)
        self._notes = PlainLabel("", "small", tone="2", wrap=True)
        card.body.addWidget(self._forecast)
        card.body.addWidget(self._notes)
        return card

    def _parts_card(self) -> Card:
        self.group = Segmented("By", GROUPS, "project")
        self.group.chosen.connect(self._regroup)
        card = Card("Where it arose", trailing=self.group)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(GAP)
        self._rows.setVerticalSpacing(6)
        self._rows.setColumnStretch(0, 3)
        self._rows.setColumnStretch(1, 2)
        card.body.addLayout(self._rows)
        self._more = Button("", look="link", small=True)
        self._more.clicked.connect(self._show_all)
        card.body.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _plans_card(self) -> Card:
        self._edit = Button("Plans…", icon="pencil-line", name="Say what your plans cost", small=True)
        self._edit.clicked.connect(self.edit_plans)
        card = Card("Plans and list cost", trailing=self._edit)
        self._plans_said = PlainLabel("", "body", tone="2", wrap=True)
        card.body.addWidget(self._plans_said)
        self._plans = QGridLayout()
        self._plans.setHorizontalSpacing(GAP)
        self._plans.setVerticalSpacing(6)
        self._plans.setColumnStretch(0, 1)
        card.body.addLayout(self._plans)
        return card

    def edit_plans(self) -> None:
        """Ask for the plans' prices."""
        plans = dict(self._session.desk.settings.plans)
        self._session.ask("plan-fields", lambda queries: plan_fields(queries, plans), self._ask_plans)

    def _ask_plans(self, fields: tuple[PlanField, ...]) -> None:
        dialog = PlansDialog(self._session, fields, self.window())
        dialog.chosen.connect(self._ask)
        dialog.open()

    def _regroup(self) -> None:
        self._shows_all = False
        self._ask()

    def _show_all(self) -> None:
        self._shows_all = True
        if self._view is not None:
            self._show_rows(self._view)

    def _show_cost(self, view: SpendView) -> None:
        self.subtitle.setText(view.period)
        self._cost.setText(f"{view.cost} at list price" if view.cost != "unknown" else "Cost unknown")
        self._tokens.setText(f"{view.tokens} in {view.calls}")
        set_tooltip(self._tokens, view.tokens_exact)
        self._columns.show_columns(view.columns, view.columns_said)
        for label, text in ((self._forecast, view.forecast), (self._notes, " ".join(view.notes))):
            label.setText(text)
            label.setVisible(bool(text))

    def _show_rows(self, view: SpendView) -> None:
        clear(self._rows)
        shown = view.rows if self._shows_all else view.rows[:_AT_FIRST]
        for number, row in enumerate(shown):
            self._show_row(number, row)
        if not view.rows:
            self._rows.addWidget(PlainLabel("Nothing in this period.", "body", tone="2"), 0, 0)
        rest = len(view.rows) - len(shown)
        self._more.setText(f"Show {rest} more")
        self._more.setAccessibleName(self._more.text())
        self._more.setVisible(rest > 0)

    def _show_row(self, number: int, row: SpendRow) -> None:
        price, used = PlainLabel(row.cost, "strong"), PlainLabel(row.tokens, "small", tone="2")
        set_tooltip(used, row.tokens_exact)
        share = PlainLabel(row.percent, "small", tone="2")
        for label in (price, used, share):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._rows.addWidget(ElidedLabel(row.name, "body"), number, 0)
        self._rows.addWidget(ShareLine(row.name, row.fraction, row.percent), number, 1)
        for place, label in enumerate((share, used, price), 2):
            self._rows.addWidget(label, number, place)

    def _show_plans(self, view: SpendView) -> None:
        clear(self._plans)
        self._plans_said.setText(view.plans_said)
        heads = ("", "by the list", "under your plan")
        for column, head in enumerate(heads if view.plans else ()):
            self._plans.addWidget(PlainLabel(head, "small", tone="3"), 0, column, Qt.AlignmentFlag.AlignRight)
        for number, row in enumerate(view.plans, 1):
            self._plans.addWidget(ElidedLabel(row.name, "body"), number, 0)
            for column, text in enumerate((row.listed, row.paid), 1):
                self._plans.addWidget(PlainLabel(text, "strong"), number, column, Qt.AlignmentFlag.AlignRight)
