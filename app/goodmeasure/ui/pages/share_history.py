"""Everything ever shared: each report can be opened as it was signed, saved again and laid beside its signature."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from goodmeasure.ui.pages.share_preview import SharePreview
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import Card, EmptyState, Hairline, Icon, clear
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.viewmodels.share import PreviewView, ReleaseLine


class HistoryList(Card):
    """Every report that was ever signed here. `opened` carries the number of one."""

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__("Shared so far", "Every report that was ever signed here, newest first")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(6)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)

    def show_lines(self, lines: tuple[ReleaseLine, ...]) -> None:
        """Show newer history."""
        clear(self._grid)
        if not lines:
            text = "A report appears here once you have signed and saved it."
            self._grid.addWidget(EmptyState("file-check", "Nothing shared yet", text), 0, 0)
            return
        heads = ("Signed", "Period", "Level", "For", "Purpose", "Expires after", "")
        for column, head in enumerate(heads):
            self._grid.addWidget(PlainLabel(head, "label", tone="2"), 0, column)
        self._grid.addWidget(Hairline(), 1, 0, 1, len(heads))
        for row, line in enumerate(lines, start=2):
            texts = (line.when, line.period, line.level, line.audience, line.purpose, line.expires)
            for column, text in enumerate(texts):
                wide = column in {3, 4}
                label = ElidedLabel(text, "body") if wide else PlainLabel(text, "body", tone="" if column else "2")
                self._grid.addWidget(label, row, column)
            button = Button(
                "Open", icon="eye", small=True, name=f"Open the report of {line.period} for {line.audience}"
            )
            button.clicked.connect(lambda _=False, number=line.number: self.opened.emit(number))
            self._grid.addWidget(button, row, len(texts))
        for column, stretch in enumerate((0, 0, 0, 2, 3, 0, 0)):
            self._grid.setColumnStretch(column, stretch)


class ReleasePane(QWidget):
    """One earlier report, exactly as it was signed."""

    closed = Signal()
    save_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        row = QHBoxLayout()
        back, again = Button("All reports", icon="chevron-left"), Button("Save again…", icon="download")
        back.clicked.connect(self.closed)
        again.clicked.connect(lambda: self.save_wanted.emit(self._number))
        self._fits = PlainLabel("", "small", tone="2", wrap=True)
        row.addWidget(back)
        row.addWidget(Icon("shield-check", "good", 15), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._fits, 1)
        row.addWidget(again)
        column.addLayout(row)
        self.preview = SharePreview()
        column.addWidget(self.preview, 1)

    def show_release(self, number: int, view: PreviewView) -> None:
        """Show a report. Its signature was checked while it was opened."""
        self._number = number
        self._fits.setText(f"Its signature fits these bytes. Signed by {view.fingerprint}")
        self.preview.show_preview(view)


class SharedBefore(QStackedWidget):
    """The list, or one report of it."""

    def __init__(self) -> None:
        super().__init__()
        self.list, self.release = HistoryList(), ReleasePane()
        self.addWidget(self.list)
        self.addWidget(self.release)
        self.release.closed.connect(lambda: self.setCurrentWidget(self.list))

    def show_release(self, number: int, view: PreviewView) -> None:
        """Show one report."""
        self.release.show_release(number, view)
        self.setCurrentWidget(self.release)
