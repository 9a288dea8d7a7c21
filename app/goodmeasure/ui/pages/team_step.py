"""One step of the team sum: where it stands, what it is, what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from goodmeasure.ui.theme import GAP, GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.fold import Fold
from goodmeasure.ui.widgets.frames import Card, Hairline, Icon, clear
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.team import Action, State, Step, SumLine

_ICONS = {State.DONE: ("circle-check", "good"), State.NOW: ("play", "accent_text"), State.WAITING: ("clock", "text3")}
_WORDS = {State.DONE: "done", State.NOW: "your turn", State.WAITING: "waiting"}


class StepCard(Card):
    """A card that changes as the step does; a button that stays the same keeps its focus."""

    acted = Signal(str)
    """The `Action` that was pressed."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._step: Step | None = None
        self.buttons: dict[Action, Button] = {}
        # A widget, not only a layout: one whose parts are all hidden would else leave its width to the icon.
        row, whole = QHBoxLayout(), QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        self._icon = Icon("clock", "text3", 20)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        column.setSpacing(GRID)
        self._title = PlainLabel("", "card")
        self.text = PlainLabel("", "body", tone="2", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self.text)
        self._lines = QVBoxLayout()
        column.addLayout(self._lines)
        self.extra = QVBoxLayout()
        """What the page adds to this step, above its buttons."""
        self.extra.setSpacing(GRID)
        column.addLayout(self.extra)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(GRID)
        column.addLayout(self._actions)
        row.addWidget(whole, 1)
        self.body.addLayout(row)
        self.setAccessibleName("Step")

    def show_step(self, step: Step) -> None:
        """Show where the step stands now."""
        before, self._step = self._step, step
        if step == before:
            return
        self._icon.show_icon(*_ICONS[step.state])
        self._title.setText(f"{self._number}  {step.title}")
        self.setAccessibleName(f"Step {self._number}, {step.title}: {_WORDS[step.state]}")
        self.text.setText(step.text)
        if before is None or (before.lines, before.state) != (step.lines, step.state):
            clear(self._lines)
            if step.lines:
                grid = _lines(step.lines)
                is_folded = step.state is State.DONE
                self._lines.addWidget(Fold("Details", f"Details of {step.title}", grid) if is_folded else grid)
        if before is None or before.actions != step.actions:
            self._show_actions(step)

    def enable(self, *, on: bool) -> None:
        """Let its buttons be pressed, or not while one is at work."""
        for button in self.buttons.values():
            button.setEnabled(on)

    def _show_actions(self, step: Step) -> None:
        clear(self._actions)
        self.buttons = {}
        for place, (action, words) in enumerate(step.actions):
            # Contributing and abstaining are equal choices: neither is the one that leads on.
            leads = place == 0 and len(step.actions) == 1 and step.state is State.NOW
            button = Button(words, look="primary" if leads else "ghost")
            button.clicked.connect(lambda _=False, action=action: self.acted.emit(action.value))
            self.buttons[action] = button
            self._actions.addWidget(button)
        if step.actions:
            self._actions.addStretch(1)


class SumTable(QWidget):
    """Sums, or a person's own values, under the names of their sections."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(0, 1)
        self._shown: tuple[SumLine, ...] = ()

    def show_lines(self, lines: tuple[SumLine, ...]) -> None:
        """Show other numbers."""
        if lines == self._shown:
            return
        self._shown = lines
        clear(self._grid)
        row, section = 0, ""
        for line in lines:
            if line.section != section:
                section = line.section
                if row:
                    self._grid.addWidget(Hairline(), row, 0, 1, 2)
                self._grid.addWidget(PlainLabel(section, "label"), row + 1, 0)
                self._grid.addWidget(_right(line.members, "small"), row + 1, 1)
                row += 2
            self._grid.addWidget(PlainLabel(line.meaning, "body", tone="2", wrap=True), row, 0)
            self._grid.addWidget(_right(line.value, "strong"), row, 1)
            row += 1


def _right(text: str, style: str) -> PlainLabel:
    label = PlainLabel(text, style, tone="2" if style == "small" else "")
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    return label


def _lines(lines: tuple[tuple[str, str], ...]) -> QWidget:
    whole = QWidget()
    grid = QGridLayout(whole)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(lines):
        grid.addWidget(PlainLabel(name, "label", tone="2"), row, 0, Qt.AlignmentFlag.AlignTop)
        shown = PlainLabel(value, "body", wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(shown, row, 1)
    return whole
