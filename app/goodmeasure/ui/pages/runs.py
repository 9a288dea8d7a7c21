"""Runs: every run, found as you type, sorted by any column, one of them whole beside the list."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QStackedWidget, QWidget

from goodmeasure.domain.facts import FactName
from goodmeasure.domain.rules import Rule
from goodmeasure.domain.runs import RunFilter
from goodmeasure.ui.fonts import font
from goodmeasure.ui.icons import icon
from goodmeasure.ui.pages.rule_dialogs import RuleDialog
from goodmeasure.ui.pages.run_detail import RunDetailPane
from goodmeasure.ui.pages.runs_arranging import Arranger, ChosenBar
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import CONTROL, GAP, LOOK, tokens
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.frames import Card, EmptyState, PageFrame
from goodmeasure.ui.widgets.runs_model import RunsModel
from goodmeasure.ui.widgets.runs_table import RunsTable
from goodmeasure.viewmodels.run_detail import RunDetailView, run_detail
from goodmeasure.viewmodels.run_facts import FactsShown, run_facts
from goodmeasure.viewmodels.runs import COLUMNS, RunChoices, RunRow, RunsView, run_choices, run_rows, runs, these_runs

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries

_TYPING_MS = 120
_SETTLE_MS = 60
_UNRATED = "unrated"
_DETAIL_WIDTH = 372


class RunsPage(PageFrame):
    """The list with its filters, and the run that is chosen."""

    rate_wanted = Signal(int)
    log_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__("Runs", scrolls=False)
        self._session = session
        self.wanted = RunFilter()
        self._wished: int | None = None
        self._these: tuple[tuple[int, ...], str] | None = None
        """The runs behind a number, and what they have in common; None: those that match the filters."""
        self._shown: object = None
        """What the list in sight was asked for."""
        self.model = RunsModel(self._fetch, self)
        self.table = RunsTable(self.model)
        self.detail = RunDetailPane()
        self._all = Button("All runs", icon="x", small=True)
        self._all.clicked.connect(self._typed)
        self._all.hide()
        self.controls.addWidget(self._all)
        self.log = Button("Log a run", icon="pencil-line", name="Log a run that left no log (Ctrl+L)")
        self.log.clicked.connect(self.log_wanted)
        self.controls.addWidget(self.log)
        self.chosen = ChosenBar()
        self.arranger = Arranger(session, self)
        self._make_filters()
        self._lay_out()
        self._connect_arranging()
        self._typing = _timer(self, _TYPING_MS, self._typed)
        self._settling = _timer(self, _SETTLE_MS, self._ask_detail)
        self.table.sort_wanted.connect(self._sort)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.table.run_activated.connect(self.rate_wanted)
        self.detail.rate_wanted.connect(self.rate_wanted)
        self.detail.look_wanted.connect(self._look)
        self.detail.decided.connect(self._decide)
        self.detail.fact_corrected.connect(self._correct)
        self.detail.always_wanted.connect(self._always)
        LOOK.changed.connect(self._draw_search)
        self._draw_search()

    def refresh(self) -> None:
        """Ask for the list again; the chosen run stays chosen."""
        wanted, these = self.wanted, self._these
        self._all.setVisible(these is not None)
        self._session.ask(
            "runs",
            lambda queries: runs(queries, wanted) if these is None else these_runs(queries, *these),
            lambda view: self.show_view(view, (wanted, these)),
        )
        self._session.ask("run-choices", run_choices, self.show_choices)

    def show_runs(self, run_ids: Sequence[int], title: str) -> None:
        """Show the runs behind a number."""
        self.wanted = RunFilter()
        self._show_wanted()
        self._these = (tuple(run_ids), title)
        self.refresh()

    def show_run(self, run_id: int) -> None:
        """Choose a run, whatever filters were set."""
        self._wished, self._these = run_id, None
        self.wanted = RunFilter(order=self.wanted.order, descending=self.wanted.descending)
        self._show_wanted()
        self.refresh()

    def search(self) -> None:
        """Put the cursor into the search field."""
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_field.selectAll()

    def show_view(self, view: RunsView, wanted: object) -> None:
        """Show another list, or the same one at a later time; the chosen run stays chosen."""
        self.subtitle.setText(view.summary)
        self._list.setCurrentIndex(0 if view.ids else 2 if view.filtered else 1)
        if wanted == self._shown and self._wished is None:
            self.table.change_ids(view.ids)
            if self.table.currentIndex().isValid():
                self._settling.start()
            else:
                self.detail.show_nothing()
            return
        chosen = self.model.run_id(self.table.currentIndex().row()) if self._wished is None else self._wished
        self._shown, self._wished = wanted, None
        self.model.show_ids(view.ids)
        row = self.model.row_of(chosen) if chosen is not None else None
        if row is None:
            self.detail.show_nothing()
        else:
            self.table.choose(row)

    def show_choices(self, choices: RunChoices) -> None:
        """Offer what the list can be narrowed by; what is chosen stays chosen."""
        outcomes = ((_UNRATED, "Not rated"), *choices.outcomes)
        for box, entries in (
            (self._source, choices.sources),
            (self._project, choices.projects),
            (self._outcome, outcomes),
        ):
            _offer(box, entries)

    def show_detail(self, view: RunDetailView, facts: FactsShown) -> None:
        """Show the chosen run."""
        self.detail.show_view(view)
        self.detail.show_facts(view.run_id, facts)

    def fill(self, generation: int, page: int, rows: dict[int, RunRow]) -> None:
        """Hand a page of rows to the table."""
        self.model.fill(generation, page, rows)

    def _make_filters(self) -> None:
        self.search_field = QLineEdit()
        self.search_field.setPlaceholderText("Search runs")
        self.search_field.setAccessibleName("Search runs")
        self.search_field.setFont(font(13))
        self.search_field.setClearButtonEnabled(True)
        self.search_field.setFixedHeight(CONTROL)
        self._search_mark = self.search_field.addAction(
            icon("search", "#000000"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.search_field.textChanged.connect(lambda _: self._typing.start())
        self._source = self._box("Agent", "All agents")
        self._project = self._box("Project", "All projects")
        self._outcome = self._box("Outcome", "Any outcome")

    def _box(self, name: str, everything: str) -> Picker:
        box = Picker(name)
        box.addItem(everything, None)
        box.setMinimumWidth(120)
        box.setMaximumWidth(190)
        box.activated.connect(lambda _: self._typed())
        return box

    def _draw_search(self) -> None:
        self._search_mark.setIcon(icon("search", tokens().color("text3").name(), 15))

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.search_field, 1)
        for box in (self._source, self._project, self._outcome):
            filters.addWidget(box)
        card = Card()
        card.setMinimumWidth(360)
        card.layout().setContentsMargins(8, 4, 8, 8)  # type: ignore[union-attr] # a card has a layout
        self._list = QStackedWidget()
        nothing = "They appear once your agents' logs have been read: see Sources & settings."
        self._list.addWidget(self.table)
        self._list.addWidget(EmptyState("list", "No runs yet", nothing))
        self._list.addWidget(EmptyState("search", "Nothing found", "No run matches these words and filters."))
        card.body.addWidget(self.arranger.line)
        card.body.addWidget(self.chosen)
        card.body.addWidget(self._list)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(GAP)
        split.addWidget(card)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 1)
        split.setSizes([800, _DETAIL_WIDTH])
        self.body.setSpacing(12)
        self.body.addLayout(filters)
        self.body.addWidget(split, 1)

    def _connect_arranging(self) -> None:
        self.table.chosen_changed.connect(self.chosen.show_chosen)
        self.chosen.merge_wanted.connect(self._merge)
        self.table.merge_wanted.connect(self._merge)
        self.detail.split_wanted.connect(self.arranger.split)
        self.arranger.arranged.connect(self._show_arranged)

    def _merge(self) -> None:
        self.arranger.merge(self.table.chosen_ids)

    def _show_arranged(self, run_id: int) -> None:
        """Choose the run that a merge or split left, under the same filters."""
        self._wished = run_id
        self.refresh()

    def _typed(self) -> None:
        outcome, self._these = self._outcome.currentData(), None
        self.wanted = replace(
            self.wanted,
            text=self.search_field.text().strip(),
            source=self._source.currentData(),
            project=self._project.currentData(),
            outcome=None if outcome == _UNRATED else outcome,
            unrated=outcome == _UNRATED,
        )
        self.refresh()

    def _show_wanted(self) -> None:
        self._typing.stop()
        blocked = self.search_field.blockSignals(True)
        self.search_field.setText(self.wanted.text)
        self.search_field.blockSignals(blocked)
        for box in (self._source, self._project, self._outcome):
            box.setCurrentIndex(0)

    def _sort(self, column: int, descending: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._these = None
        self.wanted = replace(self.wanted, order=COLUMNS[column].order, descending=descending)
        self.refresh()

    def _fetch(self, page: int, ids: "array[int]") -> None:
        generation = self.model.generation
        self._session.ask(
            f"runs-page-{page}",
            lambda queries: run_rows(queries, ids),
            lambda rows: self.fill(generation, page, rows),
            lambda _: self.model.forget(generation, page),
        )

    def _chosen(self, current: QModelIndex) -> None:
        if current.isValid():
            self._settling.start()

    def _look(self, run_id: int) -> None:
        self._session.look_for_commits(run_id, lambda: self.detail.looked(run_id))

    def _decide(self, run_id: int, commit: str, belongs: bool) -> None:  # noqa: FBT001 - a signal's argument
        def failed(error: Exception) -> None:
            self.detail.looked(run_id)
            self._session.failed.emit(sentence(error))

        self._session.decide_commit(run_id, commit, failed, belongs=belongs)

    def _correct(self, run_id: int, fact: str, value: str | None) -> None:
        self._session.correct_fact(run_id, fact, value, self._session.tell)

    def _always(self, run_id: int, fact: str, value: str) -> None:
        """Begin a rule from this run: it is seen what would change before it counts."""
        desk = self._session.desk

        def begin(queries: "Queries") -> tuple[Rule, tuple[tuple[str, str], ...]]:
            sources = tuple((one.key, one.label) for one in queries.sources() if one.health is not None)
            return desk.rules.always(run_id, FactName(fact), value), sources

        def open_form(begun: tuple[Rule, tuple[tuple[str, str], ...]]) -> None:
            rule, sources = begun
            RuleDialog(self._session, sources, rule, self.window()).open()

        self._session.ask("always", begin, open_form)

    def _ask_detail(self) -> None:
        run_id = self.model.run_id(self.table.currentIndex().row())
        if run_id is not None:
            desk = self._session.desk
            self._session.ask(
                "run-detail",
                lambda queries: (run_detail(queries, run_id), run_facts(desk.rules, run_id)),
                lambda found: self.show_detail(*found),
            )


def _timer(parent: QWidget, milliseconds: int, then: "object") -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer


def _offer(box: Picker, entries: tuple[tuple[str, str], ...]) -> None:
    if [(box.itemData(number), box.itemText(number)) for number in range(1, box.count())] == list(entries):
        return
    chosen = box.currentData()
    while box.count() > 1:
        box.removeItem(1)
    for value, label in entries:
        box.addItem(label, value)
    box.setCurrentIndex(max(0, box.findData(chosen)))
