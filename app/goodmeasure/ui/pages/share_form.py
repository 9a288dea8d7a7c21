"""What the person chooses and types for a report. Nothing is filled in from their data."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.pages.share_options import ShareOptions
from goodmeasure.ui.theme import CONTROL
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.frames import clear
from goodmeasure.ui.widgets.improved_text import ImprovedText
from goodmeasure.ui.widgets.scroller import Scroller
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.share import KEPT_DAYS, ShareView, lines_left
from goodmeasure.viewmodels.suggesting import SuggestionView

if TYPE_CHECKING:
    from goodmeasure.services.sharing import ReportRequest

_TEXT_HEIGHT = 78


class ShareForm(Scroller):
    """The form. `edited` tells of every change, `period_changed` of another period."""

    edited = Signal()
    period_changed = Signal(str)

    def __init__(self) -> None:
        self._column = QVBoxLayout()
        self._view = ShareView(())
        super().__init__(self._column)
        self._column.setContentsMargins(0, 0, 12, 0)
        self._column.setSpacing(4)
        self._make()

    @property
    def request(self) -> "ReportRequest | None":
        """What was chosen; None while something is missing."""
        if self.missing:
            return None
        from goodmeasure.services.sharing import ImprovedLine, ReportRequest  # noqa: PLC0415 - loads cryptography: on first use

        options = self.options
        level = options.level
        words = level != "L0"
        return ReportRequest(
            period=self.period.currentData(),
            level=level,
            name=self.name.text().strip(),
            audience=self.audience.text().strip(),
            purpose=self.purpose.text().strip(),
            kept_days=self.kept.currentData(),
            improved=tuple(ImprovedLine(*line) for line in self.improved.written().lines) if words else (),
            did_not_work=tuple(_lines(self.not_worked)) if words else (),
            needed=tuple(_lines(self.needed)) if words else (),
            cost=options.cost,
            oversight=options.oversight,
            noise_tenths=options.noise_tenths,
            runs=options.picked,
            restate=options.restate,
        )

    @property
    def missing(self) -> str:
        """Say what is still to be filled in; "" for nothing."""
        if not self.period.currentData():
            if self._view.periods:
                return "No week with a run is over yet: a receipt is about a whole one."
            return "There is no run to report on yet."
        fields = (("your name", self.name), ("the reader", self.audience), ("the purpose", self.purpose))
        names = [name for name, field in fields if not field.text().strip()]
        if names:
            return f"Fill in {', '.join(names)} to see the page."
        if self.options.level == "L3" and not self.options.picked:
            return "Pick the runs that you want to show, one by one."
        return ""

    def show_view(self, view: ShareView) -> None:
        """Offer the periods; the one that is chosen stays chosen."""
        self._view = view
        self._offer()

    def _offer(self) -> None:
        """Offer the periods that the level can be about: a receipt is of one week that is over."""
        chosen = self.period.currentData()
        offered = self._view.finished_weeks if self.options.level == "L0" else self._view.periods
        self.period.blockSignals(True)
        self.period.clear()
        for name, words in offered:
            self.period.addItem(words, name)
        self.period.setEnabled(bool(offered))
        self.period.setCurrentIndex(max(0, self.period.findData(chosen)))
        self.period.blockSignals(False)
        if self.period.currentData() != chosen:
            self._other_period()

    def show_suggestions(self, found: Sequence[SuggestionView]) -> None:
        """Offer what could be written about the period."""
        clear(self._suggestions)
        for one in found:
            button = Button(f"{one.shown} · {one.grade}", icon="pencil-line", look="link", small=True)
            button.setAccessibleName(f"Begin a line: {one.shown}, {one.grade}")
            button.clicked.connect(lambda _=False, one=one: self.improved.begin(one))
            self._suggestions.addWidget(button)
        self._suggested.setVisible(bool(found))

    def _make(self) -> None:
        self.period = self._box("Period")
        self.period.setPlaceholderText("No runs yet")
        self.options = ShareOptions()
        self._column.addWidget(self.options)
        self.options.edited.connect(self._options_changed)
        self.name = self._line("Your name", "As the reader knows you", 80)
        self.audience = self._line("Who reads it", "My manager", 80)
        self.audience.setText("My manager")
        self.purpose = self._line("What for", "A talk about how AI helps in my work", 200)
        self.purpose.setText("A talk about how AI helps in my work")
        self.kept = self._box("Keep it for")
        for number, words in KEPT_DAYS:
            self.kept.addItem(words, number)
        self.kept.setCurrentIndex(1)
        self._words = QWidget()
        outer, self._column = self._column, QVBoxLayout(self._words)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._make_words()
        outer.addWidget(self._words)
        self._column = outer
        self._column.addStretch(1)
        self.period.currentIndexChanged.connect(lambda _: self._other_period())
        self.kept.currentIndexChanged.connect(lambda _: self.edited.emit())

    def _make_words(self) -> None:
        self.improved = ImprovedText()
        self._text("What did AI improve?", "One line each, in your words", 5, self.improved)
        self._untouched = PlainLabel("", "small", tone="warn", wrap=True)
        self._untouched.hide()
        self._column.insertWidget(self._column.count() - 1, self._untouched)
        self._suggested = QWidget()
        inside = QVBoxLayout(self._suggested)
        inside.setContentsMargins(0, 0, 0, 6)
        inside.setSpacing(0)
        inside.addWidget(PlainLabel("Proven by commits: begin a line with", "small", tone="3"))
        self._suggestions = QVBoxLayout()
        self._suggestions.setSpacing(0)
        inside.addLayout(self._suggestions)
        self._column.insertWidget(self._column.count() - 1, self._suggested)
        self._suggested.hide()
        self.not_worked = self._text("What did not work?", "One line each", 3, QPlainTextEdit())
        self.needed = self._text("What I need", "One line each", 3, QPlainTextEdit())
        self.improved.textChanged.connect(self._show_untouched)

    def _options_changed(self) -> None:
        self._words.setVisible(self.options.level != "L0")
        self._offer()
        self.edited.emit()

    def _other_period(self) -> None:
        self.options.forget_period()
        self.improved.forget_runs()
        self.period_changed.emit(self.period.currentData() or "")
        self.edited.emit()

    def _show_untouched(self) -> None:
        left = self.improved.written().untouched
        self._untouched.setText("A suggestion is not sent as it is: go on with it in your own words." if left else "")
        self._untouched.setVisible(bool(left))

    def _box(self, label: str) -> Picker:
        box = Picker(label)
        self._add(label, box)
        return box

    def _line(self, label: str, hint: str, longest: int) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(label)
        line.setPlaceholderText(hint)
        line.setMaxLength(longest)
        line.setFont(font(13))
        line.setFixedHeight(CONTROL)
        line.textChanged.connect(lambda _: self.edited.emit())
        self._add(label, line)
        return line

    def _text(self, label: str, hint: str, most: int, text: QPlainTextEdit) -> QPlainTextEdit:
        text.setAccessibleName(label)
        text.setAccessibleDescription(f"At most {most} lines")
        text.setPlaceholderText(hint)
        text.setFont(font(13))
        text.setFixedHeight(_TEXT_HEIGHT)
        text.setTabChangesFocus(True)
        self._add(label, text)
        left = PlainLabel(lines_left("", most), "small", tone="3")
        self._column.insertWidget(self._column.count() - 1, left)
        text.textChanged.connect(lambda: left.setText(lines_left(text.toPlainText(), most)))
        text.textChanged.connect(self.edited)
        return text

    def _add(self, label: str, field: QWidget) -> None:
        shown = PlainLabel(label, "label", tone="2")
        shown.setBuddy(field)
        self._column.addWidget(shown)
        self._column.addWidget(field)
        self._column.addSpacing(8)


def _lines(text: QPlainTextEdit) -> Iterable[str]:
    return (line.strip() for line in text.toPlainText().splitlines() if line.strip())
