"""Two things that are never done in passing: correcting what was shared, and showing a single run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from goodmeasure.ui.fonts import font
from goodmeasure.ui.theme import CONTROL, GAP, GRID, PADDING
from goodmeasure.ui.widgets.buttons import Button, Tag, at_the_right
from goodmeasure.ui.widgets.frames import EmptyState, clear
from goodmeasure.ui.widgets.scroller import Scroller
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.viewmodels.picking import Correction, RunToShow
from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from goodmeasure.services.sharing import PickedRun

_WIDTH, _HEIGHT = 600, 480
_SHORT_COMMIT = 10
MOST_RUNS = 10
"""So many single runs at most stand in one report."""


class RestateDialog(QDialog):
    """Shows what a reader of the earlier report and the corrected one can lay side by side. Accepted: correct it."""

    def __init__(self, changes: Sequence[Correction], parent: QWidget | None) -> None:
        super().__init__(parent)
        column = _dressed(
            self,
            "Correct what was shared?",
            "The figures of this period are made anew from what you know now. Whoever holds the earlier report, too, "
            "sees what changed, and can work out what the change stands for: often a few runs."
            if changes
            else "What was shared of this period still holds: there is nothing to correct.",
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(4)
        for place, head in enumerate(("Figure", "Shared before", "Would be")):
            grid.addWidget(PlainLabel(head if changes else "", "label", tone="2"), 0, place)
        for row, change in enumerate(changes, start=1):
            for place, text in enumerate((change.what, change.before, change.after)):
                grid.addWidget(PlainLabel(text, "small", tone="" if place else "2"), row, place)
        grid.setColumnStretch(0, 1)
        column.addWidget(_scrolling(grid, "Figures that change"), 1)
        leave, correct = Button("Leave it as it is"), Button("Correct it", icon="pencil-line", look="primary")
        leave.clicked.connect(self.reject)
        correct.clicked.connect(self.accept)
        correct.setEnabled(bool(changes))
        leave.setDefault(True)
        column.addLayout(at_the_right(leave, correct))


class PickDialog(QDialog):
    """Picks single runs, each looked at and confirmed by itself. Accepted: `picked` holds them."""

    def __init__(self, runs: Sequence[RunToShow], picked: "Sequence[PickedRun]", parent: QWidget | None) -> None:
        super().__init__(parent)
        self._runs = {run.run_id: run for run in runs}
        self._picked = {one.run_id: one for one in picked}
        self._looking = 0
        column = _dressed(
            self,
            "Runs to show",
            f"Open a run to see exactly what would be shown of it, then decide. At most {MOST_RUNS}; nobody learns of "
            "the others.",
        )
        self._stack = QStackedWidget()
        self._list, self._detail = QVBoxLayout(), QVBoxLayout()
        self._stack.addWidget(_scrolling(self._list, "Runs that can be shown"))
        self._stack.addWidget(_scrolling(self._detail, "What would be shown of this run"))
        column.addWidget(self._stack, 1)
        self._buttons = QHBoxLayout()
        column.addLayout(self._buttons)
        self._show_list()

    @property
    def picked(self) -> "tuple[PickedRun, ...]":
        """Return what was confirmed, in the order of the list."""
        return tuple(self._picked[run_id] for run_id in self._runs if run_id in self._picked)

    @property
    def run_ids(self) -> tuple[int, ...]:
        """Return every run that can be picked, in the order of the list."""
        return tuple(self._runs)

    def look_at(self, run_id: int) -> None:
        """Show all that would leave of one run, with a box for each commit."""
        run = self._runs[run_id]
        self._looking = run_id
        before = {name for _, name in self._picked[run_id].references} if run_id in self._picked else set()
        clear(self._detail)
        self._detail.addWidget(PlainLabel(run.title, "strong", wrap=True))
        self._detail.addWidget(PlainLabel("This title stays here. Shown would be:", "small", tone="2"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        for row, (label, value) in enumerate(run.told):
            grid.addWidget(PlainLabel(label, "body", tone="2"), row, 0)
            grid.addWidget(PlainLabel(value, "body"), row, 1)
        grid.setColumnStretch(1, 1)
        self._detail.addLayout(grid)
        self.commits = [_box(f"Commit {name[:_SHORT_COMMIT]}", ticked=name in before) for name in run.commits]
        self.ticket = _field("Ticket", "ABC-123, if you want to name one")
        self.pull_request = _field("Pull request", "tools/site#12, if you want to name one")
        for widget in (*self.commits, self.ticket, self.pull_request):
            self._detail.addWidget(widget)
        self._detail.addStretch(1)
        keep, show = Button("Do not show it"), Button("Show this run", icon="check", look="primary")
        keep.clicked.connect(lambda: self._decide(shown=False))
        show.clicked.connect(lambda: self._decide(shown=True))
        show.setEnabled(run_id in self._picked or len(self._picked) < MOST_RUNS)
        self._set_buttons(keep, show)
        self._stack.setCurrentIndex(1)
        show.setFocus()

    def _decide(self, *, shown: bool) -> None:
        from goodmeasure.services.sharing import PickedRun  # noqa: PLC0415 - loads cryptography: on first use

        self._picked.pop(self._looking, None)
        if shown:
            run = self._runs[self._looking]
            named = [("commit", name) for name, box in zip(run.commits, self.commits, strict=True) if box.isChecked()]
            for kind, field in (("ticket", self.ticket), ("pull_request", self.pull_request)):
                if field.text().strip():
                    named.append((kind, field.text().strip()))
            self._picked[self._looking] = PickedRun(self._looking, tuple(named[:5]))
        self._show_list()

    def _show_list(self) -> None:
        clear(self._list)
        self._list.setSpacing(2)
        if not self._runs:
            text = "Runs can be shown from the Monday after their week on, once a receipt of that week was made."
            self._list.addWidget(EmptyState("lock", "No sealed run in this period", text))
        for run in self._runs.values():
            row = QHBoxLayout()
            row.setSpacing(GRID)
            row.addWidget(ElidedLabel(run.title, "body"), 1)
            row.addWidget(PlainLabel(run.outcome, "small", tone="2"))
            if run.run_id in self._picked:
                row.addWidget(Tag("Will be shown", "tag-accent"))
            look = Button("Look…", small=True, name=f"Look at what would be shown of: {run.title}")
            look.clicked.connect(lambda _=False, run_id=run.run_id: self.look_at(run_id))
            row.addWidget(look)
            self._list.addLayout(row)
        self._list.addStretch(1)
        cancel = Button("Cancel")
        done = Button(f"Show {counted(len(self._picked), 'run')}", icon="check", look="primary")
        cancel.clicked.connect(self.reject)
        done.clicked.connect(self.accept)
        self._set_buttons(cancel, done)
        self._stack.setCurrentIndex(0)

    def _set_buttons(self, *buttons: Button) -> None:
        clear(self._buttons)
        self._buttons.addStretch(1)
        for button in buttons:
            self._buttons.addWidget(button)


def _dressed(dialog: QDialog, title: str, text: str) -> QVBoxLayout:
    dialog.setWindowTitle(title)
    dialog.setAccessibleName(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFixedSize(_WIDTH, _HEIGHT)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(PADDING + 4, PADDING, PADDING + 4, PADDING)
    column.setSpacing(12)
    column.addWidget(PlainLabel(title, "number"))
    said = PlainLabel(text, "body", tone="2", wrap=True)
    said.setFixedWidth(_WIDTH - 2 * (PADDING + 4))
    column.addWidget(said)
    return column


def _scrolling(layout: QGridLayout | QVBoxLayout, name: str) -> Scroller:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, GRID, 0)
    column.addLayout(layout)
    column.addStretch(1)
    area = Scroller(column, reachable=True)
    area.setAccessibleName(name)
    return area


def _box(text: str, *, ticked: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setFont(font(13))
    box.setAccessibleName(text)
    box.setChecked(ticked)
    return box


def _field(label: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(label)
    field.setPlaceholderText(f"{label}: {hint}")
    field.setFont(font(13))
    field.setFixedHeight(CONTROL)
    return field
