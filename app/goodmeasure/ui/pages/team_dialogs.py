"""What the Team page asks before something cannot be taken back: the roster, and a last look."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.theme import CONTROL, GAP, PADDING
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.text import PlainLabel

_WIDTH = 480
_SMALLEST = range(5, 21)


class AskDialog(QDialog):
    """A sentence or two, and one thing to do or not. `content` stands between them."""

    def __init__(self, title: str, text: str, action: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING + 4, PADDING, PADDING + 4, PADDING)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel(title, "number", wrap=True))
        said = PlainLabel(text, "body", tone="2", wrap=True)
        said.setFixedWidth(_WIDTH - 2 * (PADDING + 4))
        column.addWidget(said)
        self.content = QVBoxLayout()
        column.addLayout(self.content)
        cancel, self.go_on = Button("Cancel"), Button(action, icon="check", look="primary")
        cancel.clicked.connect(self.reject)
        self.go_on.clicked.connect(self.accept)
        self.go_on.setDefault(True)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.go_on)
        column.addLayout(row)


class RosterDialog(AskDialog):
    """Asks the coordinator for the team's name, the stewards, and the smallest number of members.

    `others`: everybody else with a card; `smallest`: the number that is chosen at first.
    """

    chosen = Signal(str, list, int)
    """Name of the team, names of the three stewards, smallest number."""

    def __init__(self, others: Sequence[str], smallest: int, parent: QWidget | None) -> None:
        text = (
            "Everybody with a card becomes a member. The team chooses three stewards: any two of them together can open"
            " the sums. Not the manager, and not you, since you close the periods."
        )
        super().__init__("The roster", text, "Sign the roster", parent)
        form = QFormLayout()
        form.setSpacing(10)
        self.team = QLineEdit()
        self.team.setAccessibleName("Name of the team")
        self.team.setMaxLength(60)
        self.team.setFont(font(13))
        self.team.setFixedHeight(CONTROL)
        form.addRow(PlainLabel("Team", "body", tone="2"), self.team)
        self.stewards = [Picker(f"Steward {number}") for number in (1, 2, 3)]
        for steward in self.stewards:
            steward.addItem("Choose…", "")
            for name in others:
                steward.addItem(name, name)
            steward.currentIndexChanged.connect(lambda _: self._look())
            form.addRow(PlainLabel(steward.accessibleName(), "body", tone="2"), steward)
        self.smallest = Picker("Smallest number of members in a sum")
        for number in _SMALLEST:
            if number <= max(len(others) + 1, _SMALLEST.start):
                self.smallest.addItem(f"{number} members", number)
        self.smallest.setCurrentIndex(self.smallest.findData(smallest))
        form.addRow(PlainLabel("Smallest sum", "body", tone="2"), self.smallest)
        self.content.addLayout(form)
        self.team.textChanged.connect(lambda _: self._look())
        self.accepted.connect(self._choose)
        self._look()

    def _names(self) -> list[str]:
        return [steward.currentData() for steward in self.stewards if steward.currentData()]

    def _look(self) -> None:
        self.go_on.setEnabled(bool(self.team.text().strip()) and len(set(self._names())) == len(self.stewards))

    def _choose(self) -> None:
        self.chosen.emit(self.team.text().strip(), self._names(), self.smallest.currentData())
