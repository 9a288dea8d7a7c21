"""Text on the screen: always plain.

Qt guesses rich text in labels and tooltips, and foreign text could then load pictures or pretend to be ours.
"""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from goodmeasure.ui.fonts import MEDIUM, REGULAR, SEMIBOLD, font

_STYLES = {
    "page": (22, SEMIBOLD, True),
    "hero": (28, SEMIBOLD, True),
    "number": (20, SEMIBOLD, True),
    "card": (14, SEMIBOLD, False),
    "strong": (13, MEDIUM, False),
    "body": (13, REGULAR, False),
    "small": (12, REGULAR, False),
    "label": (12, MEDIUM, False),
    "tiny": (11, MEDIUM, False),
}


class PlainLabel(QLabel):
    """A label that shows exactly the characters that it is given.

    `style`: page, hero, number, card, strong, body, small, label, tiny.
    `tone`: "" (the first), "2", "3", accent, good, warn, bad.
    """

    def __init__(
        self, text: str = "", style: str = "body", *, tone: str = "", wrap: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        size, weight, display = _STYLES[style]
        self.setFont(font(size, weight, display=display))
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
            # Qt asks for more width than a wrapped text needs, and a narrow page would then be cut at its right.
            self.setMinimumWidth(1)
        self.setText(text)

    def set_tone(self, tone: str) -> None:
        """Give the text another tone."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedLabel(PlainLabel):
    """One line (or `lines`) of plain text that ends in … where there is no room; the whole text is in the tooltip.

    `more`: what the tooltip says in any case; it counts from the next text on.
    """

    more = ""

    def __init__(
        self, text: str = "", style: str = "body", *, tone: str = "", lines: int = 1, parent: QWidget | None = None
    ) -> None:
        self._lines = lines
        super().__init__("", style, tone=tone, parent=parent)
        self.setSizePolicy(
            QSizePolicy.Policy.Ignored if lines == 1 else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed
        )
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show another text; line breaks in it become spaces."""
        super().setText(" ".join(text.split()))
        self._tell()

    def sizeHint(self) -> QSize:
        """Return the room that the whole text would like, at most 400 pixels wide."""
        metrics = self.fontMetrics()
        width = min(400, metrics.horizontalAdvance(self.text()) + 2)
        return QSize(width, metrics.lineSpacing() * self._used_lines(self.width()) + 2)

    def minimumSizeHint(self) -> QSize:
        """Return room for the first letters."""
        return QSize(40, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reconsider the number of lines for another width."""
        super().resizeEvent(event)
        if self._lines > 1:
            self.updateGeometry()
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, cut at the end of the last line."""
        del event
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        line_height = self.fontMetrics().lineSpacing()
        for number, line in enumerate(self._broken(self.width())):
            area = QRect(0, number * line_height, self.width(), line_height + 2)
            painter.drawText(area, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), line)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()

    def _used_lines(self, width: int) -> int:
        return max(1, len(self._broken(width))) if self._lines > 1 else 1

    def _broken(self, width: int) -> list[str]:
        metrics, rest = self.fontMetrics(), self.text()
        lines: list[str] = []
        while rest and len(lines) < self._lines - 1 and metrics.horizontalAdvance(rest) > width:
            cut = _fitting(rest, width, metrics.horizontalAdvance)
            lines.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        if rest:
            lines.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, max(width, 1)))
        return lines

    def _tell(self) -> None:
        cut = bool(self.text()) and self._broken(self.width())[-1].endswith("…")
        set_tooltip(self, "\n".join(said for said in (self.text() if cut else "", self.more) if said))


def _fitting(text: str, width: int, advance: Callable[[str], int]) -> int:
    """Return how many characters of `text` fit into `width`, cut at a space where one is near; at least 1."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if advance(text[:middle]) <= width else (low, middle - 1)
    space = text.rfind(" ", 0, low + 1)
    return space if space > low // 2 else low


def set_tooltip(widget: QWidget, text: str) -> None:
    """Give `widget` a tooltip that shows exactly these characters."""
    widget.setToolTip(tooltip(text))


def tooltip(text: str) -> str:
    """Return the markup that a Qt tooltip shows as exactly these characters; "" for none."""
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>" if text else ""
