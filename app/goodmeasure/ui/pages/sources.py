"""Sources: what became of every agent's files. Nothing is dropped in silence."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GAP, GRID
from goodmeasure.ui.widgets.buttons import Button, Tag
from goodmeasure.ui.widgets.frames import Card, EmptyState, Hairline, Icon, PageFrame, clear
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel, set_tooltip
from goodmeasure.viewmodels.sources import SourceCard, SourcesView, sources

_MARKS = {"yes": ("check", "good"), "no": ("x", "text3"), "not applicable": ("circle-question-mark", "text3")}
_CAPABILITY_COLUMNS = 3


class SourcesPage(PageFrame):
    """One card for each source that has files, the others by name."""

    import_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__("Sources")
        self._session = session
        self._read = Button("Read now", icon="refresh-cw", look="primary")
        self._read.clicked.connect(self.import_wanted)
        self.controls.addWidget(self._read)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(GAP)
        self.body.addLayout(self._cards)
        self.body.addStretch(1)

    def refresh(self) -> None:
        """Ask for what the page shows."""
        self._session.ask("sources", sources, self.show_view)

    def show_reading(self, *, reading: bool) -> None:
        """Say that the logs are being read now."""
        self._read.setEnabled(not reading)
        self._read.setText("Reading…" if reading else "Read now")

    def show_view(self, view: SourcesView) -> None:
        """Show newer counts."""
        self.subtitle.setText(view.summary)
        clear(self._cards)
        if not view.cards:
            text = "Good Measure looked in the usual places listed below. Use an agent once, then read again."
            nothing = Card()
            nothing.body.addWidget(EmptyState("folder-open", "No agent's files found yet", text))
            self._cards.addWidget(nothing)
        for source in view.cards:
            self._cards.addWidget(_SourceCard(source))
        if view.absent:
            self._cards.addWidget(_absent_card(view.absent))


class _SourceCard(Card):
    """One source."""

    def __init__(self, source: SourceCard) -> None:
        super().__init__(source.label, trailing=Tag(source.health_text))
        last = PlainLabel(f"Last event {source.last_event}", "small", tone="2")
        set_tooltip(last, source.last_event_exact)
        self.body.addWidget(last)
        self.body.addLayout(self._figures(source))
        for note in source.notes:
            self.body.addLayout(_noted(note))
        self.body.addWidget(Hairline())
        self.body.addLayout(self._folds(source))

    @staticmethod
    def _figures(source: SourceCard) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for name, number in source.figures:
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(PlainLabel(number, "number"))
            column.addWidget(PlainLabel(name, "small", tone="2"))
            row.addLayout(column, 1)
        return row

    def _folds(self, source: SourceCard) -> QVBoxLayout:
        folds = QVBoxLayout()
        folds.setSpacing(4)
        if source.issues:
            name = f"What could not be read ({len(source.issues)})"
            folds.addWidget(_Fold(name, f"{name} of {source.label}", _issues(source)))
        name = "What this agent's logs can tell"
        folds.addWidget(_Fold(name, f"{name}: {source.label}", _capabilities(source)))
        return folds


class _Fold(QWidget):
    """A line that unfolds what is under it."""

    def __init__(self, text: str, name: str, content: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self._button = Button(text, icon="chevron-right", look="link", name=name, small=True)
        self._content = content
        self._button.clicked.connect(self._toggle)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        content.hide()

    def _toggle(self) -> None:
        shown = self._content.isHidden()
        self._content.setVisible(shown)
        self._button.set_icon("chevron-down" if shown else "chevron-right")


def _issues(source: SourceCard) -> QWidget:
    lines = QPlainTextEdit()
    lines.setPlainText("\n".join(f"{where}: {what}" for where, what in source.issues))
    lines.setReadOnly(True)
    lines.setFont(font(12))
    lines.setFixedHeight(140)
    lines.setTabChangesFocus(True)
    lines.setAccessibleName(f"What could not be read of {source.label}")
    return lines


def _capabilities(source: SourceCard) -> QWidget:
    whole = QWidget()
    grid = QGridLayout(whole)
    grid.setContentsMargins(4, 0, 0, 4)
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(6)
    for number, (name, value) in enumerate(source.capabilities):
        line = QHBoxLayout()
        line.setSpacing(GRID)
        icon, color = _MARKS.get(value, _MARKS["no"])
        line.addWidget(Icon(icon, color, 14))
        line.addWidget(ElidedLabel(name if value == "yes" else f"{name} ({value})", "small", tone="2"), 1)
        grid.addLayout(line, number // _CAPABILITY_COLUMNS, number % _CAPABILITY_COLUMNS)
    for column in range(_CAPABILITY_COLUMNS):
        grid.setColumnStretch(column, 1)
    return whole


def _noted(note: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    row.addWidget(Icon("info", "text3", 14), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(PlainLabel(note, "small", tone="2", wrap=True), 1)
    return row


def _absent_card(absent: tuple[tuple[str, str], ...]) -> Card:
    card = Card("Not found on this computer", "Read as soon as they appear in one of these places", look="quiet")
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP)
    grid.setColumnStretch(1, 1)
    for row, (label, places) in enumerate(absent):
        grid.addWidget(PlainLabel(label, "strong"), row, 0)
        grid.addWidget(ElidedLabel(places, "small", tone="2"), row, 1)
    card.body.addLayout(grid)
    return card
