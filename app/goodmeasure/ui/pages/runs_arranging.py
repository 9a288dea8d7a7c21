"""Merging and splitting runs by hand, with the way back; beside the list and the detail that show them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from goodmeasure.domain.runs import Run
from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.runs_table import MOST_KEPT
from goodmeasure.ui.widgets.text import ElidedLabel
from goodmeasure.ui.widgets.undo import UndoLine
from goodmeasure.viewmodels.wording import counted, title


class ChosenBar(QWidget):
    """How many runs are chosen, and what can be done with several."""

    merge_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        self._text = ElidedLabel("", "small", tone="2")
        self.merge = Button("Merge into one", name="Merge the chosen runs into one (M)", small=True)
        self.merge.clicked.connect(self.merge_wanted)
        row.addWidget(self._text, 1)
        row.addWidget(self.merge)
        self.hide()

    def show_chosen(self, number: int) -> None:
        """Say how many are chosen; nothing below two."""
        fits = number <= MOST_KEPT
        more = "" if fits else f": at most {MOST_KEPT} are merged at once"
        self._text.setText(f"{counted(number, 'run')} chosen{more}")
        self.merge.setEnabled(fits)
        self.setVisible(number > 1)


class Arranger(QObject):
    """Merges, splits and undoes. `arranged` names the run to show then."""

    arranged = Signal(int)

    def __init__(self, session: Session, page: QWidget) -> None:
        super().__init__(page)
        self._session = session
        self._done: list[tuple[int, int]] = []
        """What this page did: the run that it left, and how many edits that took."""
        self.line = UndoLine("Undo the last merge or split (Ctrl+Z)")
        self.line.button.clicked.connect(self.undo)
        self._shortcut = QShortcut(QKeySequence("Ctrl+Z"), page)
        self._shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._shortcut.activated.connect(self.undo)

    def merge(self, run_ids: Sequence[int]) -> None:
        """Make these runs one, under the name of the earliest."""
        if not 1 < len(run_ids) <= MOST_KEPT:
            return
        times = len(run_ids) - 1

        def merged(kept: Run) -> None:
            self._note(kept.id, times, f"{counted(times + 1, 'run')} are one now: {title(kept.title)}")

        self._session.arrange(lambda arranging: arranging.merge_all(run_ids), merged)

    def split(self, run_id: int, from_at: int, when: str) -> None:
        """Make what a run did from an instant on a run of its own; `when`: that instant in words."""

        def was_split(_: int) -> None:
            self._note(run_id, 1, f"What this run did from {when} on is a run of its own now.")

        self._session.arrange(lambda arranging: arranging.split(run_id, from_at), was_split)

    def undo(self) -> None:
        """Undo what was done last on this page."""
        if not self._done:
            return
        run_id, times = self._done.pop()
        self.line.say("")

        def undone(_: object) -> None:
            self.arranged.emit(run_id)

        self._session.arrange(lambda arranging: [arranging.undo(run_id) for _ in range(times)], undone)

    def _note(self, run_id: int, times: int, said: str) -> None:
        self._done.append((run_id, times))
        self.line.say(said)
        self.arranged.emit(run_id)
