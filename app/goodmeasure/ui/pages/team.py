"""The team sum, step by step through a shared folder."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit

from goodmeasure.ui.fonts import font
from goodmeasure.ui.pages.team_dialogs import AskDialog, RosterDialog
from goodmeasure.ui.pages.team_step import StepCard, SumTable
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import CONTROL
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.fold import Fold
from goodmeasure.ui.widgets.frames import Card, EmptyState, PageFrame
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.team import REVIEWED, Action, State, Step, TeamView, team_page

if TYPE_CHECKING:
    from goodmeasure.services.team import Team

_STEPS = ("join", "roster", "hand_in", "close", "answer", "sums")
_AGAIN_MS = 15_000
"""How often the folder is looked at while the page can be seen: files come in by themselves."""
_NAME_WIDTH = 320
_ABOUT = (
    "Your team learns what its work with AI came to as a whole, and nobody learns anybody's own numbers. It takes a"
    " folder that all of you can write to, five people or more, and three whom you choose as stewards."
)


class TeamPage(PageFrame):
    """Says whose turn it is. Every press writes one file into the folder that the team shares."""

    def __init__(self, session: Session) -> None:
        super().__init__("Team sum")
        self._session = session
        self._view: TeamView | None = None
        self._period = self._chosen = ""
        self._goes_on = False
        self.dialog: AskDialog | None = None
        self.subtitle.setText("Sums, without anybody's own numbers.")
        self.period = Picker("Period")
        self.period.setMinimumContentsLength(24)
        self.period.currentIndexChanged.connect(lambda _: self._choose_period())
        self.choose = Button("Folder…", icon="folder-open", name="Choose the folder that your team shares")
        self.choose.clicked.connect(self._choose_folder)
        self.controls.addWidget(self.period)
        self.controls.addWidget(self.choose)
        self.steps = {key: StepCard(number) for number, key in enumerate(_STEPS, 1)}
        self._lay_out()
        self._again = QTimer(self)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self.refresh)

    @property
    def folder(self) -> Path | None:
        """The folder that the team shares; None: not chosen yet."""
        chosen = self._chosen or self._session.desk.settings.team_folder
        return Path(chosen) if chosen else None

    def refresh(self) -> None:
        """Look into the folder."""
        desk, folder, period, with_cost = self._session.desk, self.folder, self._period, self.with_cost.isChecked()
        self._session.ask(
            "team",
            lambda queries: team_page(desk.team, queries, folder, period, with_cost=with_cost),
            self.show_view,
        )

    def show_view(self, view: TeamView) -> None:
        """Show what lies in the folder now."""
        if view != self._view:
            self._show(view)
        if self._goes_on:
            self._goes_on = False
            self._lead_on(view)

    def use_folder(self, folder: Path) -> None:
        """Go on in this folder, and remember it."""
        self._chosen = str(folder)
        self._session.choose(lambda settings: replace(settings, team_folder=str(folder)))
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again and again while it can be seen."""
        super().showEvent(event)
        self._again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cost nothing while it cannot be seen."""
        super().hideEvent(event)
        self._again.stop()

    def _lay_out(self) -> None:
        begin = Button("Choose the folder…", icon="folder-open", look="primary")
        begin.clicked.connect(self._choose_folder)
        self._begin = Card()
        self._begin.body.addWidget(EmptyState("users", "A sum over your team", f"{_ABOUT} {REVIEWED}", begin))
        self._notice = PlainLabel("", "small", tone="2", wrap=True)
        self._problem_card = Card("This folder cannot be used")
        self.problem = PlainLabel("", "body", tone="warn", wrap=True)
        self._problem_card.body.addWidget(self.problem)
        self._aside = PlainLabel("", "small", tone="warn", wrap=True)
        for widget in (self._begin, self._notice, self._problem_card):
            self.body.addWidget(widget)
        for card in self.steps.values():
            card.acted.connect(lambda action: self._act(Action(action)))
            card.hide()
            self.body.addWidget(card)
        self.body.addWidget(self._aside)
        self.body.addStretch(1)
        for hidden in (self._notice, self._problem_card, self._aside, self.period, self.choose):
            hidden.hide()
        self._add_extras()

    def _add_extras(self) -> None:
        self.name = QLineEdit()
        self.name.setAccessibleName("Your name, as your team knows it")
        self.name.setPlaceholderText("Your name, as your team knows it")
        self.name.setMaxLength(60)
        self.name.setFont(font(13))
        self.name.setFixedSize(_NAME_WIDTH, CONTROL)
        self.name.returnPressed.connect(lambda: self._act(Action.JOIN))
        self.steps["join"].extra.addWidget(self.name)
        self.with_cost = QCheckBox("Put list cost, in whole dollars, into the sum, too")
        self.with_cost.setFont(font(13))
        self.with_cost.toggled.connect(lambda _: self.refresh())
        self.own = SumTable()
        self.own_fold = Fold("Your own values, which nobody else ever sees", "Your own values", self.own)
        self.steps["hand_in"].extra.addWidget(self.own_fold)
        self.steps["hand_in"].extra.addWidget(self.with_cost)
        self.sums = SumTable()
        self.steps["sums"].extra.addWidget(self.sums)

    def _show(self, view: TeamView) -> None:
        self._view = view
        with self.still():
            self._show_periods(view)
            self.problem.setText(view.problem)
            for widget, shown in (
                (self._begin, not view.folder),
                (self._problem_card, bool(view.problem)),
                (self._notice, bool(view.folder)),
                (self.period, bool(view.folder)),
                (self.choose, bool(view.folder)),
            ):
                widget.setVisible(shown)
            self._notice.setText(f"{view.folder}\n{REVIEWED}")
            self._show_steps(view)
            self._aside.setText("Left aside: " + "\n".join(view.left_aside))
            self._aside.setVisible(bool(view.left_aside))

    def _lead_on(self, view: TeamView) -> None:
        """Put the keyboard where the next thing to do is: the button that had it is gone."""
        turns = [self.steps[step.key] for step in view.steps if step.state is State.NOW]
        buttons = [button for card in turns for button in card.buttons.values()]
        (buttons[0] if buttons else self.choose).setFocus()

    def _show_periods(self, view: TeamView) -> None:
        self.period.blockSignals(True)
        if [self.period.itemData(place) for place in range(self.period.count())] != [name for name, _ in view.periods]:
            self.period.clear()
            for name, words in view.periods:
                self.period.addItem(words, name)
        self.period.setCurrentIndex(self.period.findData(view.period))
        self.period.blockSignals(False)
        self._period = view.period

    def _show_steps(self, view: TeamView) -> None:
        found: dict[str, Step] = {step.key: step for step in view.steps}
        for key, card in self.steps.items():
            if key in found:
                card.show_step(found[key])
            card.setVisible(key in found)
        if not self.name.text():
            self.name.setText(self._session.desk.settings.report_name)
        self.name.setVisible(self._offers(Action.JOIN))
        for widget in (self.own_fold, self.with_cost):
            widget.setVisible(self._offers(Action.CONTRIBUTE))
        self.own.show_lines(view.own)
        self.sums.show_lines(view.sums)
        self.sums.setVisible(bool(view.sums))

    def _offers(self, action: Action) -> bool:
        return any(action in card.buttons for card in self.steps.values())

    def _choose_period(self) -> None:
        self._period = self.period.currentData() or ""
        self.refresh()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, "Choose the folder that your team shares", str(self.folder or "")
        )
        if chosen:
            self.use_folder(Path(chosen))

    def _act(self, action: Action) -> None:
        view, folder = self._view, self.folder
        if view is None or folder is None:
            return
        period, words = view.period, dict(view.periods)[view.period]
        if action is Action.JOIN:
            name = self.name.text().strip()
            self._do(lambda team: team.join(folder, name))
        elif action is Action.WRITE_ROSTER:
            self._ask_for_roster(view, folder)
        elif action is Action.ACCEPT:
            self._do(lambda team: team.accept(folder, view.code))
        elif action in {Action.CONTRIBUTE, Action.ABSTAIN}:
            self._ask_to_hand_in(folder, period, words, abstain=action is Action.ABSTAIN)
        elif action is Action.CLOSE:
            text = "You sign which files count. It cannot be taken back or done again for this period."
            self._ask(AskDialog(f"Close {words}?", text, "Close", self), lambda team: team.close(folder, period))
        elif action is Action.ANSWER:
            self._do(lambda team: team.answer(folder, period))
        elif action is Action.SAVE:
            self._do(lambda team: team.combine(folder, period))
        else:
            self._do(lambda team: team.tidy(folder, period))

    def _ask_for_roster(self, view: TeamView, folder: Path) -> None:
        dialog = RosterDialog(view.others, view.smallest, self)
        dialog.chosen.connect(
            lambda name, stewards, smallest: self._do(
                lambda team: team.write_roster(folder, name, stewards, smallest=smallest)
            )
        )
        self._open(dialog)

    def _ask_to_hand_in(self, folder: Path, period: str, words: str, *, abstain: bool) -> None:
        with_cost = self.with_cost.isChecked()
        title = f"Abstain for {words}?" if abstain else f"Contribute for {words}?"
        text = (
            "A file that counts nowhere goes into the folder. Nobody can tell it from a contribution."
            if abstain
            else "Your values go into the folder as sealed shares. Nobody can tell your file from an abstention."
        )
        dialog = AskDialog(title, f"{text} What you hand in first stays.", "Abstain" if abstain else "Contribute", self)
        self._ask(dialog, lambda team: team.contribute(folder, period, abstain=abstain, with_cost=with_cost))

    def _ask(self, dialog: AskDialog, job: "Callable[[Team], object]") -> None:
        dialog.accepted.connect(lambda: self._do(job))
        self._open(dialog)

    def _open(self, dialog: AskDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _do(self, job: "Callable[[Team], object]") -> None:
        """Take a step after all earlier ones, and look again; nothing can be pressed meanwhile."""
        self._enable(on=False)

        def done(_: object) -> None:
            self._enable(on=True)
            self._goes_on = True
            self.refresh()

        def failed(error: Exception) -> None:
            done(None)
            self._session.failed.emit(sentence(error))

        self._session.sum_up(job, done, failed)

    def _enable(self, *, on: bool) -> None:
        for card in self.steps.values():
            card.enable(on=on)
