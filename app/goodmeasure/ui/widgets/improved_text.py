"""Lines on what AI improved. A line may begin as a suggestion; as long as it is one, it is not sent."""

from dataclasses import dataclass, replace

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from goodmeasure.viewmodels.suggesting import SuggestionView


@dataclass(frozen=True, slots=True)
class ImprovedLines:
    """What was typed."""

    lines: tuple[tuple[str, tuple[int, ...]], ...]
    """Text and the runs that back it, as far as the line began as a suggestion."""
    untouched: int
    """How many lines still are suggestions: they are left out."""


class ImprovedText(QPlainTextEdit):
    """A text, one line each, that remembers which line began as which suggestion."""

    def __init__(self) -> None:
        super().__init__()
        self._suggested: list[SuggestionView] = []

    def begin(self, suggestion: SuggestionView) -> None:
        """Begin a line with a suggestion, for the person to go on with."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if cursor.block().text().strip():
            cursor.insertBlock()
        # A block's state goes with it when lines are moved, split or undone; new lines have -1.
        self._suggested.append(suggestion)
        cursor.insertText(suggestion.start)
        cursor.block().setUserState(len(self._suggested) - 1)
        self.setTextCursor(cursor)
        self.setFocus()

    def forget_runs(self) -> None:
        """Drop the runs behind the lines, for another period; a suggestion that was left as it was stays one."""
        self._suggested = [replace(one, run_ids=()) for one in self._suggested]

    def written(self) -> ImprovedLines:
        """Return what was typed, without suggestions that were left as they were."""
        lines, untouched = list[tuple[str, tuple[int, ...]]](), 0
        block = self.document().begin()
        while block.isValid():
            text, number = block.text().strip(), block.userState()
            began = self._suggested[number] if 0 <= number < len(self._suggested) else None
            if text and began is not None and text.rstrip(": ") == began.start.rstrip(": "):
                untouched += 1
            elif text:
                lines.append((text, () if began is None else began.run_ids))
            block = block.next()
        return ImprovedLines(tuple(lines), untouched)
