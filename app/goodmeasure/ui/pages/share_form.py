"""What the person chooses and types for a report. Nothing is filled in from their data."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.theme import CONTROL
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.scroller import Scroller
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.share import KEPT_DAYS, ShareView, lines_left

if TYPE_CHECKING:
    from goodmeasure.services.sharing import ReportRequest

_TEXT_HEIGHT = 78


class ShareForm(Scroller):
    """The form. `edited` tells of every change."""

    edited = Signal()

    def __init__(self) -> None:
        self._column = QVBoxLayout()
        super().__init__(self._column)
        self._column.setContentsMargins(0, 0, 12, 0)
        self._column.setSpacing(4)
        self._make()

    @property
    def request(self) -> "ReportRequest | None":
        """What was chosen; None while there is no period, or no name, audience or purpose yet."""
        texts = [field.text().strip() for field in (self.name, self.audience, self.purpose)]
        if not self.period.currentData() or not all(texts):
            return None
        from goodmeasure.services.sharing import ReportRequest  # noqa: PLC0415 - loads cryptography: on first use

        return ReportRequest(
            period=self.period.currentData(),
            name=texts[0],
            audience=texts[1],
            purpose=texts[2],
            kept_days=self.kept.currentData(),
            improved=tuple(_lines(self.improved)),
            did_not_work=tuple(_lines(self.not_worked)),
            needed=tuple(_lines(self.needed)),
        )

    @property
    def missing(self) -> str:
        """Say what is still to be filled in; "" for nothing."""
        if not self.period.currentData():
            return "There is no run to report on yet."
        fields = (("your name", self.name), ("the reader", self.audience), ("the purpose", self.purpose))
        names = [name for name, field in fields if not field.text().strip()]
        return f"Fill in {', '.join(names)} to see the page." if names else ""

    def show_view(self, view: ShareView) -> None:
        """Offer the periods; the one that is chosen stays chosen."""
        chosen = self.period.currentData()
        self.period.blockSignals(True)
        self.period.clear()
        for name, words in view.periods:
            self.period.addItem(words, name)
        self.period.setEnabled(bool(view.periods))
        self.period.setCurrentIndex(max(0, self.period.findData(chosen)))
        self.period.blockSignals(False)

    def _make(self) -> None:
        self.period, self.kept = self._box("Period"), self._box("Keep it for")
        self.period.setPlaceholderText("No runs yet")
        for number, words in KEPT_DAYS:
            self.kept.addItem(words, number)
        self.kept.setCurrentIndex(1)
        self.name = self._line("Your name", "As the reader knows you", 80)
        self.audience = self._line("Who reads it", "My manager", 80)
        self.audience.setText("My manager")
        self.purpose = self._line("What for", "A talk about how AI helps in my work", 200)
        self.purpose.setText("A talk about how AI helps in my work")
        self.improved = self._text("What did AI improve?", "One line each, in your words", 5)
        self.not_worked = self._text("What did not work?", "One line each", 3)
        self.needed = self._text("What I need", "One line each", 3)
        self._column.addStretch(1)
        for box in (self.period, self.kept):
            box.currentIndexChanged.connect(lambda _: self.edited.emit())

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

    def _text(self, label: str, hint: str, most: int) -> QPlainTextEdit:
        text = QPlainTextEdit()
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
