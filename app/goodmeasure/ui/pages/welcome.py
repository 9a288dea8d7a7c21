"""The first start: where it looks, what is read, what never is, and one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from goodmeasure.ui.theme import GAP, GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import Card, Icon, clear
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.welcome import WelcomeView

_READ = (
    ("gauge", "Token counts, model names and times of each call"),
    ("wrench", "Names and results of tool calls, never their content"),
    ("message-square", "The first line of your first prompt, as a title that stays here"),
)
_NEVER = (
    ("lock", "Prompts, answers, code and file contents are never stored"),
    ("globe", "Nothing is sent: the app opens no connection"),
    ("file-check", "Your agents' files are never changed, locked or moved"),
)
_COLUMNS = 2


class Welcome(QWidget):
    """What stands on the overview before anything was read."""

    import_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._action = "Read their logs"
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, GRID, 0, 0)
        rows.setSpacing(GAP)
        rows.addWidget(PlainLabel("See what your AI agents were worth to you", "hero"))
        text = (
            "Good Measure reads what your agents already leave on this computer, lets you say in two keystrokes what "
            "became of each run, and makes a summary that you can stand behind. It takes less than a minute to start."
        )
        lead = PlainLabel(text, "body", tone="2", wrap=True)
        lead.setMaximumWidth(720)
        rows.addWidget(lead)
        rows.addWidget(self._found_card())
        cards = QHBoxLayout()
        cards.setSpacing(GAP)
        cards.addWidget(_list_card("What is read", _READ, "good"), 1)
        cards.addWidget(_list_card("What never happens", _NEVER, "accent_text"), 1)
        rows.addLayout(cards)
        rows.addStretch(1)

    def show_view(self, view: WelcomeView) -> None:
        """Show which agents left files, and which others can be read."""
        self._card.title.setText(view.title)
        clear(self._agents)
        for number, (name, files) in enumerate(view.found):
            line = QHBoxLayout()
            line.setSpacing(12)
            line.addWidget(Icon("circle-check", "good"))
            line.addWidget(PlainLabel(name, "strong"))
            line.addWidget(PlainLabel(files, "small", tone="2"), 1)
            self._agents.addLayout(line, number // _COLUMNS, number % _COLUMNS)
        self._others.setText(view.others)
        self._others.setVisible(bool(view.others))
        self._action = view.action
        self._button.set_icon("download" if view.found else "refresh-cw")
        self.show_reading(reading=not self._button.isEnabled())

    def show_reading(self, *, reading: bool) -> None:
        """Say that the logs are being read now."""
        self._button.setEnabled(not reading)
        self._button.setText("Reading…" if reading else self._action)
        self._button.setAccessibleName(self._button.text())

    def _found_card(self) -> Card:
        self._card = Card("Looking for your agents…")
        self._agents = QGridLayout()
        self._agents.setHorizontalSpacing(GAP)
        self._agents.setVerticalSpacing(GRID)
        for column in range(_COLUMNS):
            self._agents.setColumnStretch(column, 1)
        self._others = PlainLabel("", "small", tone="2", wrap=True)
        self._others.hide()
        self._button = Button(self._action, icon="download", look="primary")
        self._button.clicked.connect(self.import_wanted)
        self._card.body.addLayout(self._agents)
        self._card.body.addWidget(self._others)
        self._card.body.addSpacing(4)
        self._card.body.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        return self._card


def _list_card(title: str, lines: tuple[tuple[str, str], ...], color: str) -> Card:
    card = Card(title)
    card.body.setSpacing(10)
    for icon, text in lines:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Icon(icon, color), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(PlainLabel(text, "body", wrap=True), 1)
        card.body.addLayout(row)
    card.body.addStretch(1)
    return card
