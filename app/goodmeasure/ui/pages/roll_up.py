"""Roll-up: five people or more added up, and what was added up before."""

from pathlib import Path

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import CONTROL, GAP, GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.frames import Card, EmptyState
from goodmeasure.ui.widgets.page_sheet import PageSheet
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.received import ReadyLine, RolledView, earlier_roll_ups, ready_lines, roll_up

_FORM_WIDTH = 264
_MOST_INVITED = 100_000
_EMPTY = "Choose a period and say how many people were asked to share, with those who did not."
_RULES = (
    "Five people or more, as ranges. Nothing in it stands for fewer than five, and no later roll-up of the period may"
    " be subtracted from it to find some. What is made here is noted and stays the figure of its period."
)


class RollUpPane(QWidget):
    """A period and how many were invited at the left; the page at the right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._view: RolledView | None = None
        self._earlier: tuple[RolledView, ...] = ()
        self.period, self.earlier = Picker("Period to roll up"), Picker("Earlier roll-ups")
        self.period.setPlaceholderText("No reports yet")
        self.earlier.setPlaceholderText("None yet")
        self.earlier.activated.connect(self._show_earlier)
        self.invited = QLineEdit()
        self.invited.setAccessibleName("How many people were asked to share")
        self.invited.setPlaceholderText("How many, with those who did not")
        self.invited.setValidator(QIntValidator(1, _MOST_INVITED, self.invited))
        self.invited.setFont(font(13))
        self.invited.setFixedHeight(CONTROL)
        self.invited.textChanged.connect(lambda _: self._ready())
        self.invited.returnPressed.connect(self._make)
        self.make = Button("Roll up", icon="scale", look="primary")
        self.make.clicked.connect(self._make)
        self.said = PlainLabel("", "small", tone="warn", wrap=True)
        self.sheet = PageSheet()
        self.sheet.setAccessibleName("The roll-up")
        self.save = Button("Save page and data…", icon="download")
        self.save.clicked.connect(self._choose_folder)
        self._lay_out()
        self._ready()

    def refresh(self) -> None:
        """Ask for what could be rolled up, and what was."""
        if self._session.is_open:
            self._session.rolling_up(
                lambda rolling_up: (ready_lines(rolling_up), earlier_roll_ups(rolling_up)),
                lambda found: self.show_lists(*found),
                self._refused,
            )

    def show_lists(self, ready: tuple[ReadyLine, ...], earlier: tuple[RolledView, ...]) -> None:
        """Offer other periods and earlier roll-ups; what is chosen stays chosen."""
        chosen = self.period.currentData()
        self.period.clear()
        for line in ready:
            self.period.addItem(line.words, line.period)
        self.period.setCurrentIndex(max(0, self.period.findData(chosen)))
        self.period.setEnabled(bool(ready))
        self._earlier = earlier
        self.earlier.clear()
        for view in earlier:
            self.earlier.addItem(view.title)
        self.earlier.setCurrentIndex(-1)
        self.earlier.setEnabled(bool(earlier))
        self._ready()

    def show_view(self, view: RolledView) -> None:
        """Show a roll-up."""
        self._view = view
        self.said.setText(" ".join(view.notes))
        self.sheet.show_blocks(view.blocks)
        self._right.setCurrentWidget(self.sheet)
        self.save.setEnabled(True)

    def _lay_out(self) -> None:
        form = Card("Roll up a period")
        form.setFixedWidth(_FORM_WIDTH)
        for label, field in (("Period", self.period), ("Invited", self.invited)):
            self._labelled(form.body, label, field)
        form.body.addWidget(self.make)
        form.body.addWidget(self.said)
        form.body.addSpacing(GRID)
        form.body.addWidget(PlainLabel(_RULES, "small", tone="2", wrap=True))
        form.body.addStretch(1)
        self._labelled(form.body, "Made before", self.earlier)
        right = Card()
        self._right = QStackedWidget()
        self._right.addWidget(EmptyState("scale", "Nothing rolled up yet", _EMPTY))
        self._right.addWidget(self.sheet)
        right.body.addWidget(self._right, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.save)
        right.body.addLayout(foot)
        self.save.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(form)
        row.addWidget(right, 1)

    @staticmethod
    def _labelled(column: QVBoxLayout, label: str, field: QWidget) -> None:
        shown = PlainLabel(label, "label", tone="2")
        shown.setBuddy(field)
        column.addWidget(shown)
        column.addWidget(field)

    def _ready(self) -> None:
        self.make.setEnabled(self.period.currentData() is not None and self.invited.hasAcceptableInput())

    def _make(self) -> None:
        period = self.period.currentData()
        if period is None or not self.invited.hasAcceptableInput():
            return
        invited = int(self.invited.text())
        self._session.rolling_up(
            lambda rolling_up: (roll_up(rolling_up, period, invited), earlier_roll_ups(rolling_up)),
            self._made,
            self._refused,
        )

    def _made(self, made: tuple[RolledView, tuple[RolledView, ...]]) -> None:
        self.show_view(made[0])
        self._earlier = made[1]
        self.earlier.clear()
        for view in self._earlier:
            self.earlier.addItem(view.title)
        self.earlier.setCurrentIndex(-1)
        self.earlier.setEnabled(True)

    def _show_earlier(self, place: int) -> None:
        if 0 <= place < len(self._earlier):
            self.show_view(self._earlier[place])

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Save the roll-up in a folder")
        if name:
            self.save_into(Path(name))

    def save_into(self, folder: Path) -> None:
        """Write page and data of the roll-up that is shown."""
        if (view := self._view) is None:
            return
        self._session.rolling_up(
            lambda rolling_up: rolling_up.save(view.rolled, folder),
            lambda paths: self.said.setText(f"Saved: {', '.join(path.name for path in paths)} in {folder}."),
            self._refused,
        )

    def _refused(self, error: Exception) -> None:
        self.said.setText(sentence(error))
