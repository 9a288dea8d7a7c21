"""Which week, month or quarter a page is about: two arrows and a choice."""

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from goodmeasure.ui.theme import GRID
from goodmeasure.ui.widgets.buttons import Button, Segmented
from goodmeasure.viewmodels.overview import OverviewFilter, Stretch, days_of


class PeriodChooser(QWidget):
    """Chooses a period; `value` is the one that is chosen."""

    changed = Signal()

    def __init__(self, stretch: Stretch, today: Callable[[], date]) -> None:
        super().__init__()
        self.value = OverviewFilter(stretch)
        self._today = today
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID + 2)
        earlier = Button("", icon="chevron-left", look="flat", name="Earlier")
        later = Button("", icon="chevron-right", look="flat", name="Later")
        choices = [(stretch.value, stretch.value.capitalize()) for stretch in Stretch]
        self.stretch = Segmented("Period", choices, stretch)
        earlier.clicked.connect(lambda: self.move_by(-1))
        later.clicked.connect(lambda: self.move_by(1))
        self.stretch.chosen.connect(self._choose)
        for widget in (earlier, later, self.stretch):
            row.addWidget(widget)

    def move_by(self, steps: int) -> None:
        """Choose the period before (-1) or after (1)."""
        first, last = days_of(self.value.stretch, self.value.on or self._today())
        self.value = OverviewFilter(self.value.stretch, (first if steps < 0 else last) + timedelta(steps))
        self.changed.emit()

    def _choose(self, stretch: str) -> None:
        self.value = OverviewFilter(Stretch(stretch), self.value.on)
        self.changed.emit()
