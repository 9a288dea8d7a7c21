"""A card that shows one question's answers: sentence, bar, the same as a table, and what must stand beside it."""

from PySide6.QtCore import Signal

from goodmeasure.ui.widgets.bars import PartTable, StackedBar
from goodmeasure.ui.widgets.frames import Card
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.ui.widgets.value_colors import drawn_parts
from goodmeasure.viewmodels.share_bars import ShareBar


class AnswersCard(Card):
    """One question's answers over a period."""

    part_wanted = Signal(str)
    """The answer whose number was pressed."""

    def __init__(self, title: str, question: str, *, columns: int = 2, opens: bool = False) -> None:
        super().__init__(title, question)
        self._sentence = PlainLabel("", "body", wrap=True)
        self._bar = StackedBar(title)
        self._table = PartTable(columns, opens=opens)
        self._table.wanted.connect(self.part_wanted)
        self._beside = PlainLabel("", "small", tone="2", wrap=True)
        for widget in (self._sentence, self._bar, self._table, self._beside):
            self.body.addWidget(widget)
        self.body.setSpacing(12)
        self.body.addStretch(1)

    def show_answers(self, answers: ShareBar) -> None:
        """Show other answers. Not enough to say is written as gently as a result."""
        self._sentence.setText(answers.sentence)
        self._sentence.set_tone("" if answers.enough else "2")
        parts = drawn_parts(answers.parts)
        self._bar.show_parts(parts, answers.description)
        self._table.show_parts(parts)
        self._beside.setText(answers.beside)
        for widget in (self._bar, self._table, self._beside):
            widget.setVisible(bool(parts))
