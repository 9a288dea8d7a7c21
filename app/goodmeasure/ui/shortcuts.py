"""The keyboard map, as data and as a sheet to look at. `docs/design.md` holds the same table; a test compares them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from goodmeasure.ui.sidebar import PAGES
from goodmeasure.ui.theme import GAP, GRID, PADDING
from goodmeasure.ui.widgets.buttons import Button, Kbd
from goodmeasure.ui.widgets.text import PlainLabel

KEYBOARD_MAP = (
    (
        "Everywhere",
        (
            (f"Ctrl+1 … Ctrl+{len(PAGES) % 10}", ", ".join(label for _, label, _ in PAGES)),
            ("Ctrl+F", "Search runs"),
            ("Ctrl+R", "Read the agents' logs now"),
            ("Ctrl+D", "Light or dark theme"),
            ("Ctrl+L", "Log a run that left no log"),
            ("?", "This sheet"),
        ),
    ),
    (
        "Inbox",
        (
            ("0 – 9", "Answer the question"),
            ("H", "Too early: ask again in 7 days"),
            ("Z", "Undo the last answer"),
            ("S", "Skip this run"),
            ("X", "Answer for similar runs, too"),
            ("N", "Not today: nothing is asked until tomorrow"),
            ("J, K", "Next run, previous run"),
            ("T", "More questions: time, check, how sure"),
            ("Enter", "Skip this question, or go on after today's"),
        ),
    ),
    (
        "Runs",
        (
            ("↑, ↓", "Walk through the runs"),
            ("Enter", "Rate the chosen run"),
            ("Shift+↑, Shift+↓", "Choose several runs"),
            ("M", "Merge the chosen runs into one"),
            ("S", "In the timeline: split the run at the chosen line"),
            ("Ctrl+Z", "Undo the last merge or split"),
            ("B, D", "This commit belongs to the run, or does not"),
        ),
    ),
    (
        "Sources & settings",
        (("Alt+↑, Alt+↓", "Move the rule up or down"),),
    ),
    (
        "Overview, Spend",
        (
            ("←, →", "Walk through the columns of the chart"),
            ("U", "Take the last “not waste” back"),
        ),
    ),
)


_LEFT = ("Everywhere", "Runs")
"""What stands in the left column: the sheet has to fit on a small screen."""
_MEANING_WIDTH = 290


class ShortcutSheet(QDialog):
    """Every key there is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard")
        self.setAccessibleName("Keyboard shortcuts")
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING + 4, PADDING, PADDING + 4, PADDING)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel("Keyboard", "page"))
        columns = QHBoxLayout()
        columns.setSpacing(GAP * 2)
        for is_left in (True, False):
            groups = QVBoxLayout()
            groups.setSpacing(GRID)
            for title, keys in KEYBOARD_MAP:
                if (title in _LEFT) == is_left:
                    groups.addWidget(PlainLabel(title, "label", tone="2"))
                    groups.addLayout(_lines(keys))
                    groups.addSpacing(GRID)
            groups.addStretch(1)
            columns.addLayout(groups)
        column.addLayout(columns)
        close = Button("Close", look="ghost")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


def _lines(keys: tuple[tuple[str, str], ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(6)
    grid.setColumnMinimumWidth(0, 120)
    for row, (key, meaning) in enumerate(keys):
        label = PlainLabel(meaning, wrap=True)
        label.setFixedWidth(_MEANING_WIDTH)
        grid.addWidget(Kbd(key), row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label, row, 1)
    return grid
