"""Bars drawn by hand: parts of a whole, and a range on a line with a zero."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QToolTip, QWidget

from goodmeasure.ui.fonts import MEDIUM, font
from goodmeasure.ui.theme import tokens
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.frames import clear
from goodmeasure.ui.widgets.text import PlainLabel, set_tooltip, tooltip


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole."""

    label: str
    fraction: float
    """From 0 to 1."""
    color: str
    """A colour token."""
    count: str
    percent: str
    value: str = ""
    """What a press on its number asks for."""
    likely: str = ""
    """Of all runs, at 80 %; "" where there is not enough to say."""
    beyond: str = ""
    """What its number can say of the runs that nobody rated."""


_TEXT_FROM = 20
"""Height in pixels from which a bar has room for percentages."""


class StackedBar(QWidget):
    """A 100 % bar. The grey part that nobody rated is hatched, so that it never reads as an answer."""

    def __init__(self, name: str, height: int = 28) -> None:
        super().__init__()
        self._parts: tuple[Part, ...] = ()
        self._hovered: int | None = None
        self.setAccessibleName(name)
        self.setFixedHeight(height)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: tuple[Part, ...], description: str) -> None:
        """Draw other parts; `description` says the same in one sentence."""
        self._parts, self._hovered = tuple(part for part in parts if part.fraction > 0), None
        self.setAccessibleDescription(description)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the parts with a gap of two pixels between them."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QPainterPath()
        whole.addRoundedRect(QRectF(self.rect()), 7, 7)
        painter.setClipPath(whole)
        painter.fillRect(self.rect(), tokens().color("field"))
        for number, (part, area) in enumerate(self._areas()):
            self._draw_part(painter, part, area, dimmed=self._hovered not in {None, number})
        painter.end()

    def _draw_part(self, painter: QPainter, part: Part, area: QRectF, *, dimmed: bool) -> None:
        color = tokens().color(part.color)
        if dimmed:
            color.setAlpha(120)
        painter.fillRect(area, color)
        if part.color == "unrated":
            line = tokens().color("text3")
            line.setAlpha(60)
            painter.fillRect(area, QBrush(line, Qt.BrushStyle.BDiagPattern))
        if self.height() < _TEXT_FROM:
            return
        painter.setFont(font(11.5, MEDIUM))
        if painter.fontMetrics().horizontalAdvance(part.percent) + 14 <= area.width():
            if part.color == "unrated":
                return
            painter.setPen(QPen(_readable_on(tokens().color(part.color))))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, part.percent)

    def _areas(self) -> list[tuple[Part, QRectF]]:
        gap, left, areas = 2.0, 0.0, []
        room = self.width() - gap * max(0, len(self._parts) - 1)
        for part in self._parts:
            width = max(3.0, part.fraction * room)
            areas.append((part, QRectF(left, 0, width, self.height())))
            left += width + gap
        return areas

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dim the other parts."""
        under = self._under(event.position())
        if under != self._hovered:
            self._hovered = under
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show all parts alike again."""
        del event
        self._hovered = None
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say what lies under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            under = self._under(QPointF(event.pos()))
            if under is not None:
                part = self._parts[under]
                QToolTip.showText(event.globalPos(), tooltip(f"{part.label}: {part.count} ({part.percent})"), self)
            return True
        return super().event(event)

    def _under(self, place: QPointF) -> int | None:
        areas = enumerate(self._areas())
        return next((number for number, (_, area) in areas if area.contains(place)), None)


class Swatch(QWidget):
    """A small square in a colour token."""

    def __init__(self, color: str, size: int = 9) -> None:
        super().__init__()
        self._color = color
        self.setFixedSize(QSize(size, size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().color(self._color))
        painter.drawRoundedRect(QRectF(self.rect()), 2.5, 2.5)
        if self._color == "unrated":
            line = tokens().color("text3")
            painter.setPen(QPen(line, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
        painter.end()


class PartTable(QWidget):
    """The bar once more as a small table of `columns` columns, so that no colour is needed to read it.

    `opens`: each number can be pressed, to see the runs behind it.
    """

    wanted = Signal(str)
    """The value of the part whose number was pressed."""

    def __init__(self, columns: int = 2, *, opens: bool = False) -> None:
        super().__init__()
        self._opens = opens
        self._columns = columns
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0 if opens else 6)

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        """Show other parts, down the first column and then down the next."""
        clear(self._grid)
        rows = -(-len(parts) // self._columns) or 1
        for number, part in enumerate(parts):
            row, left = number % rows, number // rows * 5
            said = part.likely if self._opens and part.likely else part.percent
            count, percent = self._count(part), PlainLabel(said, "small", tone="2")
            percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            percent.setMinimumWidth(40)
            self._grid.addWidget(Swatch(part.color), row, left, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(PlainLabel(part.label, "body", tone="2"), row, left + 1)
            self._grid.addWidget(count, row, left + 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.setRowMinimumHeight(row, 28 if self._opens else 0)
            self._grid.addWidget(percent, row, left + 3)
        for block in range(self._columns):
            self._grid.setColumnStretch(block * 5 + 1, 1)
            if block < self._columns - 1:
                self._grid.setColumnMinimumWidth(block * 5 + 4, 28)

    def _count(self, part: Part) -> QWidget:
        if self._opens and part.count != "0":
            button = Button(part.count, look="link", small=True)
            button.setAccessibleName(f"{part.label}: {part.count}, open these runs")
            button.setAccessibleDescription(part.beyond)
            set_tooltip(button, part.beyond)
            button.clicked.connect(lambda: self.wanted.emit(part.value))
            return button
        count = PlainLabel(part.count, "strong")
        count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return count


class Legend(QWidget):
    """Names beside their colours, in one line."""

    def __init__(self, entries: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(6)
        for label, color in entries:
            row.addWidget(Swatch(color, 8), 0, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(PlainLabel(label, "small", tone="2"))
            row.addSpacing(8)


class RangeBar(QWidget):
    """A range of minutes on a line that shows where nothing was gained or lost."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._range: tuple[float, float] | None = None
        self._texts = ("", "")
        self.setAccessibleName(name)
        self.setFixedHeight(56)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_range(self, low: float, high: float, low_text: str, high_text: str, description: str) -> None:
        """Draw the range from `low` to `high` (`low` <= `high`, any unit); the texts stand at its ends."""
        self._range, self._texts = (low, high), (low_text, high_text)
        self.setAccessibleDescription(description)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw track, zero line and range."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(0, 24, self.width(), 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().color("field"))
        painter.drawRoundedRect(track, 4, 4)
        if self._range is not None:
            self._draw_range(painter, *self._range)
        painter.end()

    def _draw_range(self, painter: QPainter, low: float, high: float) -> None:
        first, last = min(low, 0.0), max(high, 0.0)
        margin = 34.0
        scale = (self.width() - 2 * margin) / ((last - first) or 1)
        zero, left, right = (margin + (value - first) * scale for value in (0.0, low, high))
        painter.setBrush(tokens().color("informed" if high > 0 else "discarded"))
        painter.drawRoundedRect(QRectF(left, 24, max(8.0, right - left), 8), 4, 4)
        painter.setPen(QPen(tokens().color("text3"), 1))
        painter.drawLine(QPointF(round(zero) + 0.5, 17), QPointF(round(zero) + 0.5, 39))
        painter.setFont(font(11.5, MEDIUM))
        painter.drawText(QRectF(zero - 40, 40, 80, 16), Qt.AlignmentFlag.AlignCenter, "0")
        painter.setPen(QPen(tokens().color("text")))
        for text, x in zip(self._texts, (left, right), strict=True):
            painter.drawText(_kept_inside(x, 90.0, float(self.width())), Qt.AlignmentFlag.AlignCenter, text)


def _kept_inside(center: float, width: float, whole: float) -> QRectF:
    left = min(max(center - width / 2, 0.0), max(0.0, whole - width))
    return QRectF(left, 2, width, 18)


def _readable_on(color: QColor) -> QColor:
    """Return black or white, whichever stands out more on `color` (WCAG relative luminance)."""
    return QColor("#18181b") if luminance(color) > 0.2 else QColor("#ffffff")


def luminance(color: QColor) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.2)."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return float(0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF()))
