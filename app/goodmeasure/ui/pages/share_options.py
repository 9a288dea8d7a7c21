"""How much a report discloses: level, appendices, a noisy number, picked runs; and which files are written."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.theme import CONTROL
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.share import NOISE
from goodmeasure.viewmodels.share_levels import LEVELS, level_words
from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from goodmeasure.services.sharing import Formats, PickedRun


class ShareOptions(QWidget):
    """The choices that belong to a level. `edited` tells of every change, `pick_wanted` asks for runs."""

    edited = Signal()
    pick_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.picked: tuple[PickedRun, ...] = ()
        self.restate = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(4)
        column.addWidget(PlainLabel("How much", "label", tone="2"))
        self._level = Picker("How much")
        for level in LEVELS:
            self._level.addItem(level.label, level.key)
        self._meaning = PlainLabel("", "small", tone="3", wrap=True)
        column.addWidget(self._level)
        column.addWidget(self._meaning)
        self._numbers, self._runs = QWidget(), QWidget()
        self._make_numbers()
        self._make_runs()
        column.addWidget(self._numbers)
        column.addWidget(self._runs)
        self._level.currentIndexChanged.connect(lambda _: self._level_changed())
        self._show_level()

    @property
    def level(self) -> str:
        """Return the level that is chosen, `L0` to `L3`."""
        return str(self._level.currentData())

    @property
    def cost(self) -> bool:
        """Say whether appendix A is wanted."""
        return self.level == "L2" and self._cost.isChecked()

    @property
    def oversight(self) -> bool:
        """Say whether appendix B is wanted."""
        return self.level == "L2" and self._oversight.isChecked()

    @property
    def noise_tenths(self) -> int | None:
        """Return the epsilon of a noisy number in tenths; None: none is wanted."""
        tenths: int | None = self._noise.currentData()
        return tenths if self.level == "L2" else None

    def choose_level(self, level: str) -> None:
        """Choose a level."""
        self._level.setCurrentIndex(self._level.findData(level))

    def choose_appendices(self, *, cost: bool, oversight: bool) -> None:
        """Tick the appendices of level L2."""
        self._cost.setChecked(cost)
        self._oversight.setChecked(oversight)

    def show_picked(self, picked: "tuple[PickedRun, ...]") -> None:
        """Take over the runs that were confirmed."""
        self.picked = picked
        self._show_level()
        self.edited.emit()

    def forget_period(self) -> None:
        """Drop what belongs to one period only."""
        self.picked, self.restate = (), False
        self._show_level()

    def _make_numbers(self) -> None:
        column = QVBoxLayout(self._numbers)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        self._cost = _tick("Appendix A: cost and tokens", column)
        self._oversight = _tick("Appendix B: oversight", column)
        column.addWidget(PlainLabel("Number of runs", "label", tone="2"))
        self._noise = Picker("Number of runs")
        for tenths, words in NOISE:
            self._noise.addItem(words, tenths)
        column.addWidget(self._noise)
        for box in (self._cost, self._oversight):
            box.toggled.connect(lambda _: self.edited.emit())
        self._noise.currentIndexChanged.connect(lambda _: self.edited.emit())

    def _make_runs(self) -> None:
        column = QVBoxLayout(self._runs)
        column.setContentsMargins(0, 4, 0, 0)
        self._pick = Button("Pick runs…", icon="list")
        self._pick.clicked.connect(self.pick_wanted)
        column.addWidget(self._pick)

    def _level_changed(self) -> None:
        self._show_level()
        self.edited.emit()

    def _show_level(self) -> None:
        self._meaning.setText(level_words(self.level).meaning)
        self._numbers.setVisible(self.level == "L2")
        self._runs.setVisible(self.level == "L3")
        self._pick.setText(f"{counted(len(self.picked), 'run')} picked…" if self.picked else "Pick runs…")


class ShareFiles(QWidget):
    """Which files are written beside the report, its signature and its page."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.pdf = _tick("report.pdf, one sheet to print", column)
        self.pdf.setChecked(True)
        self.table = _tick("cost.csv, a table of appendix A", column)
        label = PlainLabel("Encrypt to the reader’s key", "label", tone="2")
        self.reader_key = QLineEdit()
        self.reader_key.setAccessibleName("The reader’s key")
        self.reader_key.setPlaceholderText("age1… or ssh-ed25519 …")
        self.reader_key.setFont(font(13))
        self.reader_key.setFixedHeight(CONTROL)
        label.setBuddy(self.reader_key)
        column.addWidget(label)
        column.addWidget(self.reader_key)

    def allow_table(self, *, allowed: bool) -> None:
        """Offer the table of cost only where there is one."""
        self.table.setEnabled(allowed)
        if not allowed:
            self.table.setChecked(False)

    @property
    def formats(self) -> "Formats":
        """Return what is wanted."""
        from goodmeasure.services.sharing import Formats  # noqa: PLC0415 - loads cryptography: on first use

        return Formats(
            pdf=self.pdf.isChecked(), cost_table=self.table.isChecked(), reader_key=self.reader_key.text().strip()
        )


def _tick(text: str, column: Any) -> QCheckBox:
    box = QCheckBox(text)
    box.setFont(font(13))
    box.setAccessibleName(text)
    column.addWidget(box)
    return box
