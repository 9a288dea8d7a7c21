"""The sidebar: where to go, what waits, when the logs were last read."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from goodmeasure.ui.icons import app_mark
from goodmeasure.ui.theme import GRID, LOOK
from goodmeasure.ui.widgets.buttons import Button, NavButton
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel

PAGES = (
    ("overview", "Overview", "layout-dashboard"),
    ("inbox", "Inbox", "inbox"),
    ("runs", "Runs", "list"),
    ("value", "Value", "scale"),
    ("spend", "Spend", "gauge"),
    ("oversight", "Oversight", "shield-check"),
    ("share", "Share", "file-check"),
    ("received", "Received", "download"),
    ("team", "Team sum", "users"),
    ("sources", "Sources & settings", "database"),
)
_WIDTH = 220
_STEPS = 1000


class Sidebar(QWidget):
    """Navigation above, state below."""

    page_wanted = Signal(str)
    import_wanted = Signal()
    cancel_wanted = Signal()
    theme_wanted = Signal()
    help_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 20, 14, 14)
        column.setSpacing(2)
        column.addLayout(self._head())
        column.addSpacing(GRID * 2)
        self.buttons: dict[str, NavButton] = {}
        for number, (key, label, icon) in enumerate(PAGES, 1):
            button = NavButton(label, icon, f"Ctrl+{number % 10}")
            button.clicked.connect(lambda _=False, key=key: self.page_wanted.emit(key))
            self.buttons[key] = button
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self._state())
        column.addSpacing(GRID)
        column.addLayout(self._foot())

    def show_page(self, page: str) -> None:
        """Mark the page that is shown."""
        self.buttons[page].setChecked(True)

    def show_reading(self, text: str, done: int = 0, whole: int = 0) -> None:
        """Show how far the reading is; without `whole` the bar only moves."""
        self._reading.show()
        self._status.setText(text)
        self._bar.setRange(0, _STEPS if whole else 0)
        self._bar.setValue(_STEPS * done // whole if whole else 0)

    def show_idle(self, text: str) -> None:
        """Show that nothing is being read."""
        self._reading.hide()
        self._status.setText(text)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 0, 0)
        head.setSpacing(9)
        mark = PlainLabel()
        mark.setPixmap(app_mark(24))
        mark.setFixedSize(QSize(24, 24))
        head.addWidget(mark)
        head.addWidget(PlainLabel("Good Measure", "card"), 1)
        return head

    def _state(self) -> QWidget:
        state = QWidget()
        column = QVBoxLayout(state)
        column.setContentsMargins(10, 0, 4, 0)
        column.setSpacing(6)
        self._status = ElidedLabel("Opening…", "small", tone="2", lines=2)
        column.addWidget(self._status)
        self._reading = QWidget()
        row = QHBoxLayout(self._reading)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Reading the agents' logs")
        cancel = Button("", icon="x", look="flat", name="Stop reading; what was read is kept", small=True)
        cancel.clicked.connect(self.cancel_wanted)
        row.addWidget(self._bar, 1)
        row.addWidget(cancel)
        self._reading.hide()
        column.addWidget(self._reading)
        return state

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(4)
        self._theme = Button("", icon="moon", look="flat", name="Dark theme")
        read = Button("", icon="refresh-cw", look="flat", name="Read the agents' logs now (Ctrl+R)")
        keys = Button("", icon="keyboard", look="flat", name="Keyboard shortcuts (?)")
        self._theme.clicked.connect(self.theme_wanted)
        read.clicked.connect(self.import_wanted)
        keys.clicked.connect(self.help_wanted)
        for button in (read, keys, self._theme):
            foot.addWidget(button)
        foot.addStretch(1)
        LOOK.changed.connect(self._draw_theme)
        self._draw_theme()
        return foot

    def _draw_theme(self) -> None:
        dark = LOOK.tokens.name == "dark"
        self._theme.set_icon("sun" if dark else "moon")
        name = "Light theme" if dark else "Dark theme"
        self._theme.setAccessibleName(name)
        self._theme.setToolTip(name)
