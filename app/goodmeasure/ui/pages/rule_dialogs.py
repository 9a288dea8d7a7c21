"""Changing rules: what a change would do is always seen before it is done."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from goodmeasure.domain.facts import FactName
from goodmeasure.domain.rules import Rule
from goodmeasure.services.rules import Change
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import CONTROL, GAP, GRID, PADDING
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.frames import Card, clear
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.viewmodels.rules import (
    CONDITION_HINTS,
    CONDITION_WORDS,
    TrialView,
    replaced,
    rule_of,
    trial_view,
    values_of,
    with_rule,
)
from goodmeasure.viewmodels.run_facts import LABELS

_WIDTH = 560
_TYPING_MS = 300
"""How long nothing is typed before what stands there is tried."""


class ChangeDialog(QDialog):
    """Says what a change of the rules would do, and does it when the person wants that."""

    done_change = Signal()
    """The rules were changed."""

    def __init__(self, session: Session, title: str, apply: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._session = session
        self._is_writing = self._is_closed = False
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(PADDING + 4, PADDING, PADDING + 4, PADDING)
        self.column.setSpacing(GAP)
        self.column.addWidget(PlainLabel(title, "number"))
        self.said = ElidedLabel("", "body", tone="2", lines=3)
        self.said.setFixedWidth(_WIDTH - 2 * (PADDING + 4))
        self.column.addWidget(self.said)
        self.fields = QVBoxLayout()
        self.column.addLayout(self.fields)
        self.trial = _TrialPart()
        self.column.addWidget(self.trial)
        self.apply = Button(apply, icon="check", look="primary")
        self.apply.setEnabled(False)
        self.apply.setDefault(True)
        self.apply.clicked.connect(self.write)
        cancel = Button("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.apply)
        self.column.addLayout(row)

    def change(self) -> Change:
        """Return the change that is asked about."""
        raise NotImplementedError

    def try_it(self) -> None:
        """Ask what the change would do."""
        change, desk = self.change(), self._session.desk
        self.apply.setEnabled(False)
        self._session.ask(
            "rule-trial",
            lambda queries: trial_view(queries, desk.rules.try_change(change)),
            self._tried,
            self._refused,
        )

    def write(self) -> None:
        """Do it."""
        if self._is_writing or not self.apply.isEnabled():
            return
        self._is_writing = True
        self.apply.setEnabled(False)
        self._session.change_rules(self.change(), self._written, self._refused)

    def reject(self) -> None:
        """Close without a change; not while one is being written."""
        if not self._is_writing:
            super().reject()

    def done(self, result: int) -> None:
        """Close; what is still being tried is not shown any more."""
        self._is_closed = True
        super().done(result)

    def _tried(self, view: TrialView) -> None:
        if not self._is_closed:
            self.trial.show_trial(view)
            self.apply.setEnabled(True)

    def _refused(self, error: Exception) -> None:
        self._is_writing = False
        if not self._is_closed:
            self.trial.show_problem(sentence(error))

    def _written(self) -> None:
        self._is_writing = False
        self.done_change.emit()
        self.accept()


class ConfirmDialog(ChangeDialog):
    """Asks whether a change that is settled should be made: a removal, a move."""

    def __init__(
        self, session: Session, title: str, said: str, apply: str, change: Change, parent: QWidget | None
    ) -> None:  # fmt: skip
        super().__init__(session, title, apply, parent)
        self._change = change
        self.said.setText(said)
        self.try_it()

    def change(self) -> Change:
        """Return the change."""
        return self._change

    def _tried(self, view: TrialView) -> None:
        super()._tried(view)
        self.apply.setFocus(Qt.FocusReason.OtherFocusReason)


class RuleDialog(ChangeDialog):
    """The form for a rule: what is so, where. It is tried while it is typed."""

    def __init__(
        self, session: Session, sources: tuple[tuple[str, str], ...], rule: Rule | None, parent: QWidget | None
    ) -> None:
        """`rule`: one to change, or (without a number) the beginning of a new one."""
        is_new = rule is None or rule.id is None
        super().__init__(session, "A new rule" if is_new else "Change the rule", "Add" if is_new else "Keep", parent)
        self._rule_id = None if rule is None else rule.id
        self.said.setText("What you say of a run by hand beats every rule; of the rules that fit, the first counts.")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._try_where_whole)
        form = QFormLayout()
        form.setSpacing(GRID + 4)
        self.fact = Picker("What the rule says")
        for fact in FactName:
            self.fact.addItem(LABELS[fact], fact.value)
        self.name, self.value = _line("Its name"), Picker("Its value")
        self._value = QStackedWidget()
        self._value.addWidget(self.name)
        self._value.addWidget(self.value)
        self._value.setFixedHeight(CONTROL)
        form.addRow(_name("What"), self.fact)
        form.addRow(_name("is"), self._value)
        self.conditions: dict[str, QLineEdit] = {}
        for name, label in CONDITION_WORDS.items():
            if name == "source":
                self.source = Picker(label)
                self.source.addItem("Any agent", "")
                for key, words in sources:
                    self.source.addItem(words, key)
                form.addRow(_name(f"where {label.lower()}"), self.source)
                continue
            self.conditions[name] = line = _line(label)
            line.setPlaceholderText(CONDITION_HINTS[name])
            form.addRow(_name(f"where {label.lower()}"), line)
        self.fields.addLayout(form)
        self._fill(rule)
        self.fact.currentIndexChanged.connect(self._offer_values)
        self.source.currentIndexChanged.connect(self._typed)
        self.value.currentIndexChanged.connect(self._typed)
        for line in (self.name, *self.conditions.values()):
            line.textChanged.connect(self._typed)
        self.fact.setFocus(Qt.FocusReason.OtherFocusReason)
        self._typing.stop()  # filling the form in was no typing
        self._try_where_whole()

    def change(self) -> Change:
        """Return the change that the form stands for."""
        rule = self._rule()
        return replaced(rule) if self._rule_id is not None else with_rule(rule, 0)

    def _rule(self) -> Rule:
        told = {name: line.text() for name, line in self.conditions.items()}
        told["source"] = str(self.source.currentData() or "")
        by_name = self._value.currentIndex() == 0
        value = self.name.text() if by_name else str(self.value.currentData() or "")
        return rule_of(str(self.fact.currentData()), value, told, self._rule_id)

    def _fill(self, rule: Rule | None) -> None:
        self.fact.setCurrentIndex(0 if rule is None else self.fact.findData(rule.fact.value))
        self._offer_values()
        if rule is None:
            return
        self.name.setText(rule.value)
        self.value.setCurrentIndex(max(0, self.value.findData(rule.value)))
        if rule.source and self.source.findData(rule.source) < 0:
            self.source.addItem(rule.source, rule.source)
        self.source.setCurrentIndex(max(0, self.source.findData(rule.source or "")))
        for name, line in self.conditions.items():
            line.setText(getattr(rule, name) or "")
            line.setCursorPosition(0)

    def _offer_values(self) -> None:
        values = values_of(FactName(self.fact.currentData()))
        self.value.clear()
        for value in values:
            self.value.addItem(value, value)
        self._value.setCurrentIndex(1 if values else 0)
        self._typed()

    def _typed(self) -> None:
        # What is on the screen is not what was tried any more.
        self.apply.setEnabled(False)
        self._typing.start()

    def _try_where_whole(self) -> None:
        rule = self._rule()
        if rule.value and rule.conditions:
            self.try_it()
        else:
            self.trial.show_problem("Say what is so and at least one place where, and what would change stands here.")

    def done(self, result: int) -> None:
        """Close; nothing more is tried."""
        self._typing.stop()
        super().done(result)


class _TrialPart(Card):
    """What a change would do."""

    def __init__(self) -> None:
        super().__init__(look="quiet")
        self.sentence = PlainLabel("", "strong", wrap=True)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(GAP)
        self._lines.setVerticalSpacing(4)
        self._lines.setColumnStretch(0, 1)
        self._lines.setColumnStretch(1, 1)
        self._more = PlainLabel("", "small", tone="2")
        self.body.addWidget(self.sentence)
        self.body.addLayout(self._lines)
        self.body.addWidget(self._more)
        self._more.hide()

    def show_trial(self, view: TrialView) -> None:
        """Show what would change."""
        self.sentence.setText(view.sentence)
        clear(self._lines)
        for row, line in enumerate(view.lines):
            self._lines.addWidget(ElidedLabel(line.title, "small"), row, 0)
            self._lines.addWidget(ElidedLabel(line.change, "small", tone="2"), row, 1)
        self._more.setText(view.more)
        self._more.setVisible(bool(view.more))

    def show_problem(self, text: str) -> None:
        """Show why nothing was tried."""
        self.show_trial(TrialView(text, 0, (), ""))


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setFixedHeight(CONTROL)
    return line


def _name(text: str) -> PlainLabel:
    name = PlainLabel(text, "body", tone="2")
    name.setFixedHeight(CONTROL)
    return name
