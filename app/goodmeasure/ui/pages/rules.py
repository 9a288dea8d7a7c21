"""The rules that fill in facts of runs: an ordered list, each change tried before it counts."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from goodmeasure.domain.rules import Rule
from goodmeasure.ui.pages.rule_dialogs import ConfirmDialog, RuleDialog
from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import Card, Hairline, clear
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.viewmodels.rules import RuleRow, RulesView, moved, rules_view, without

_ABOUT = "They set project, cost centre, kind of work and data class. The first that fits counts; no rule judges a run."
_NONE = (
    "No rules. Make one here, or correct a run's fact in its About part and choose “Always for this folder”: "
    "you see what would change before anything does."
)


class RulesCard(Card):
    """The rules in their order."""

    def __init__(self, session: Session) -> None:
        self._add = Button("Add a rule", icon="pencil-line", small=True)
        super().__init__("Rules", _ABOUT, trailing=self._add)
        self._session = session
        self._view: RulesView | None = None
        self._focus: tuple[int | None, str] | None = None
        self._add.clicked.connect(lambda: self.edit(None))
        self.rows = QVBoxLayout()
        self.rows.setSpacing(4)
        self.body.addLayout(self.rows)

    def refresh(self) -> None:
        """Ask for the rules."""
        desk = self._session.desk
        self._session.ask("rules", lambda queries: rules_view(queries, desk.rules), self.show_view)

    def show_view(self, view: RulesView) -> None:
        """Show the rules; the keyboard stays at the rule that it was at."""
        if view == self._view:
            return
        self._view = view
        clear(self.rows)
        last = len(view.rows) - 1
        for place, row in enumerate(view.rows):
            if place:
                self.rows.addWidget(Hairline())
            line = RuleLine(place, row, is_last=place == last)
            line.edit_wanted.connect(partial(self.edit, row.rule))
            line.remove_wanted.connect(partial(self._remove, row))
            line.move_wanted.connect(partial(self._move, row))
            self.rows.addWidget(line)
            if self._focus is not None and row.rule.id == self._focus[0]:
                line.focus(self._focus[1])
        if not view.rows:
            self.rows.addWidget(PlainLabel(_NONE, "body", tone="2", wrap=True))

    def edit(self, rule: Rule | None) -> None:
        """Ask for a new rule, or for another form of one."""
        if self._view is not None:
            dialog = RuleDialog(self._session, self._view.sources, rule, self.window())
            dialog.open()

    def _remove(self, row: RuleRow) -> None:
        said = f"{row.says}, where {row.where}. Without it, the next rule that fits says so, else the log."
        ConfirmDialog(self._session, "Remove this rule?", said, "Remove", without(row.rule.id), self.window()).open()

    def _move(self, row: RuleRow, steps: int) -> None:
        """Move at once where no run would change, else ask."""
        self._focus = (row.rule.id, "up" if steps < 0 else "down")
        change, desk = moved(row.rule.id, steps), self._session.desk
        title = "Move this rule up?" if steps < 0 else "Move this rule down?"

        def tried(runs: int) -> None:
            if runs:
                said = f"{row.says}, where {row.where}."
                ConfirmDialog(self._session, title, said, "Move", change, self.window()).open()
            else:
                self._session.change_rules(change, lambda: None, self._session.tell)

        self._session.ask("rule-move", lambda _: len(desk.rules.try_change(change).run_ids), tried)


class RuleLine(QWidget):
    """One rule and what can be done with it; Alt with an arrow key moves it."""

    edit_wanted = Signal()
    remove_wanted = Signal()
    move_wanted = Signal(int)

    def __init__(self, place: int, row: RuleRow, *, is_last: bool) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 2, 0, 2)
        line.setSpacing(GRID)
        number = PlainLabel(f"{place + 1}.", "small", tone="3")
        number.setFixedWidth(22)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(ElidedLabel(row.says, "strong"))
        texts.addWidget(ElidedLabel(f"where {row.where}", "small", tone="2"))
        line.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(texts, 1)
        what = f"rule {place + 1}: {row.says}"
        self.buttons = {
            "up": Button("", icon="arrow-up", look="flat", name=f"Move up {what}", small=True),
            "down": Button("", icon="arrow-down", look="flat", name=f"Move down {what}", small=True),
            "edit": Button("", icon="pencil-line", look="flat", name=f"Change {what}", small=True),
            "remove": Button("", icon="x", look="flat", name=f"Remove {what}", small=True),
        }
        self.buttons["up"].setEnabled(place > 0)
        self.buttons["down"].setEnabled(not is_last)
        self.buttons["up"].clicked.connect(lambda: self.move_wanted.emit(-1))
        self.buttons["down"].clicked.connect(lambda: self.move_wanted.emit(1))
        self.buttons["edit"].clicked.connect(self.edit_wanted)
        self.buttons["remove"].clicked.connect(self.remove_wanted)
        for button in self.buttons.values():
            line.addWidget(button)
        for keys, name in (("Alt+Up", "up"), ("Alt+Down", "down")):
            # A shortcut, because a button takes the arrow keys for itself.
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.buttons[name].click)

    def focus(self, name: str) -> None:
        """Put the keyboard on one of its buttons, or where that cannot be pressed, on the next."""
        button = self.buttons[name] if self.buttons[name].isEnabled() else self.buttons["edit"]
        button.setFocus(Qt.FocusReason.OtherFocusReason)
