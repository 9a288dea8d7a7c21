"""What backs a run up: its commits, those that may belong to it, and what speaks against the answer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from goodmeasure.ui.theme import GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import clear
from goodmeasure.ui.widgets.text import PlainLabel, set_tooltip
from goodmeasure.viewmodels.evidence import CommitLine, EvidenceView


class RunEvidence(QVBoxLayout):
    """The evidence of one run."""

    look_wanted = Signal()
    decided = Signal(str, bool)
    """A commit, and whether it belongs to the run."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(GRID)
        self.sentence = PlainLabel("", "small", tone="2", wrap=True)
        self.commits = QVBoxLayout()
        self.commits.setSpacing(GRID)
        self.look = Button("Look for commits", icon="search", small=True)
        self.look.clicked.connect(self.look_wanted)
        self._asked = PlainLabel("", "small", tone="3")
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.look)
        row.addWidget(self._asked, 1)
        self.addWidget(self.sentence)
        self.addLayout(self.commits)
        self.addLayout(row)

    def show_view(self, view: EvidenceView) -> None:
        """Show what backs another run up."""
        self.sentence.setText(view.sentence)
        self.sentence.setVisible(bool(view.sentence))
        clear(self.commits)
        for line in view.linked:
            self.commits.addWidget(_Commit(line))
        for line in view.candidates:
            candidate = Candidate(line)
            candidate.decided.connect(self.decided)
            self.commits.addWidget(candidate)
        self.look.setVisible(view.can_look)
        self._asked.setText(view.asked)
        self.show_looking(looking=False)
        if view.asked:
            self.look.setText("Look again")
            self.look.setAccessibleName("Look for commits again")

    def show_looking(self, *, looking: bool) -> None:
        """Say that the repository is being asked."""
        text = "Looking…" if looking else "Look for commits"
        self.look.setEnabled(not looking)
        self.look.setText(text)
        self.look.setAccessibleName(text)


class _Commit(QWidget):
    """A commit: the beginning of its id over what became of it."""

    def __init__(self, line: CommitLine) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        name = PlainLabel(line.short, "strong")
        name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_tooltip(name, line.sha)
        self.column.addWidget(name)
        self.column.addWidget(PlainLabel(line.about, "small", tone="2", wrap=True))


class Candidate(_Commit):
    """A commit of which only the person can say: B it belongs, D it does not, while the keyboard is here."""

    decided = Signal(str, bool)

    def __init__(self, line: CommitLine) -> None:
        super().__init__(line)
        self._sha = line.sha
        row = QHBoxLayout()
        row.setSpacing(GRID)
        self.belongs = Button("Belongs", icon="check", name=f"{line.short} belongs to this run, key B", small=True)
        self.does_not = Button("Does not", icon="x", name=f"{line.short} does not belong, key D", small=True)
        self.belongs.clicked.connect(lambda: self._decide(belongs=True))
        self.does_not.clicked.connect(lambda: self._decide(belongs=False))
        row.addWidget(self.belongs)
        row.addWidget(self.does_not)
        row.addStretch(1)
        row.setContentsMargins(0, 4, 0, 4)
        self.column.addLayout(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Decide by key."""
        if event.key() in {Qt.Key.Key_B, Qt.Key.Key_D} and not event.modifiers():
            self._decide(belongs=event.key() == Qt.Key.Key_B)
        else:
            super().keyPressEvent(event)

    def _decide(self, *, belongs: bool) -> None:
        for button in (self.belongs, self.does_not):
            button.setEnabled(False)
        self.decided.emit(self._sha, belongs)
