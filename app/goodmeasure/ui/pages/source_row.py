"""One source as a line of figures that unfolds: what was kept, what was left aside and where, what its logs tell."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from goodmeasure.ui.fonts import font
from goodmeasure.ui.theme import GAP, GRID
from goodmeasure.ui.widgets.frames import Icon
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel, set_tooltip
from goodmeasure.viewmodels.sources import Figure, SourceCard

_MARKS = {"yes": ("check", "good"), "no": ("x", "text3"), "not applicable": ("circle-question-mark", "text3")}
_CAPABILITY_COLUMNS = 3
_FIGURE_WIDTH = 76
_HEIGHT = 56
_ALL_FIGURES_FROM = 800
"""Width of a row in pixels from which every figure fits; below, some stand in the unfolded part only."""
_EXPENDABLE = frozenset({"Lines", "Duplicates", "Estimated"})
_INDENT = 36


class SourceRow(QWidget):
    """One source. The line is a button; what it unfolds is made when it is first wanted."""

    toggled = Signal(str, bool)

    def __init__(self, source: SourceCard, *, unfolded: bool) -> None:
        super().__init__()
        self._source = source
        self._detail: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.head = QPushButton()
        self.head.setProperty("look", "row")
        self.head.setFixedHeight(_HEIGHT)
        self.head.setCursor(Qt.CursorShape.PointingHandCursor)
        figures = ", ".join(f"{figure.name} {figure.text}" for figure in source.figures)
        self.head.setAccessibleName(f"{source.label}: {source.health_text}. {figures}")
        self.head.clicked.connect(self._toggle)
        self._chevron = Icon("chevron-right", "text3")
        self._figures = FigureCells(source.figures)
        self._lay_out_head()
        self._column.addWidget(self.head)
        self._show_detail(unfolded=unfolded)

    def _lay_out_head(self) -> None:
        source = self._source
        row = QHBoxLayout(self.head)
        row.setContentsMargins(GRID, 0, GRID, 0)
        row.setSpacing(12)
        row.addWidget(Icon("circle-check", "good") if source.in_full else Icon("circle-alert", "warn"))
        texts = QVBoxLayout()
        texts.setSpacing(1)
        health = ElidedLabel(source.health_text, "small", tone="2" if source.in_full else "warn")
        texts.addStretch(1)
        texts.addWidget(ElidedLabel(source.label, "strong"))
        texts.addWidget(health)
        texts.addStretch(1)
        row.addLayout(texts, 1)
        row.addWidget(self._figures)
        row.addWidget(self._chevron)
        set_tooltip(self.head, f"Last event {source.last_event_exact}")
        for part in self.head.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _toggle(self) -> None:
        unfolded = self._detail is None or self._detail.isHidden()
        self._show_detail(unfolded=unfolded)
        self.toggled.emit(self._source.key, unfolded)

    def _show_detail(self, *, unfolded: bool) -> None:
        if unfolded and self._detail is None:
            self._detail = _detail(self._source)
            self._column.addWidget(self._detail)
        if self._detail is not None:
            self._detail.setVisible(unfolded)
        self._chevron.show_icon("chevron-down" if unfolded else "chevron-right", "text3")
        self.head.setAccessibleDescription("unfolded" if unfolded else "folded")


class FigureCells(QWidget):
    """A source's numbers in columns, right-aligned; `named` shows the names of the columns instead."""

    def __init__(self, figures: tuple[Figure, ...], *, named: bool = False) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._expendable: list[QWidget] = []
        for figure in figures:
            tone = "warn" if figure.is_trouble else "3" if figure.is_nothing else ""
            cell = PlainLabel(figure.name, "small", tone="2") if named else PlainLabel(figure.text, "strong", tone=tone)
            cell.setFixedWidth(_FIGURE_WIDTH)
            cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(cell)
            if figure.name in _EXPENDABLE:
                self._expendable.append(cell)

    def show_all(self, *, wide: bool) -> None:
        """Show every column, or only those that fit into a narrow window."""
        for cell in self._expendable:
            cell.setHidden(not wide)


class FigureNames(QWidget):
    """The line over the rows: what each column counts."""

    def __init__(self, figures: tuple[Figure, ...]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, 0, GRID + 28, 6)
        row.setSpacing(12)
        row.addStretch(1)
        self._cells = FigureCells(figures, named=True)
        row.addWidget(self._cells)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the columns that do not fit, in every row alike."""
        super().resizeEvent(event)
        wide = self.width() >= _ALL_FIGURES_FROM
        holder = self.parentWidget()
        for cells in holder.findChildren(FigureCells) if holder is not None else [self._cells]:
            cells.show_all(wide=wide)


def _detail(source: SourceCard) -> QWidget:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(_INDENT, 4, _INDENT, GAP)
    column.setSpacing(GRID)
    column.addWidget(PlainLabel(source.kept, "small", tone="2", wrap=True))
    for note in source.notes:
        column.addWidget(PlainLabel(note, "small", tone="2", wrap=True))
    if source.issues:
        column.addSpacing(4)
        column.addWidget(PlainLabel("What could not be read", "label"))
        column.addWidget(_issues(source))
    column.addSpacing(4)
    column.addWidget(PlainLabel("What this agent's logs can tell", "label"))
    column.addLayout(_capabilities(source))
    return whole


def _issues(source: SourceCard) -> QPlainTextEdit:
    lines = QPlainTextEdit()
    lines.setPlainText("\n".join(f"{where}: {what}" for where, what in source.issues))
    lines.setReadOnly(True)
    lines.setFont(font(12))
    lines.setFixedHeight(min(160, 20 + 32 * len(source.issues)))
    lines.setTabChangesFocus(True)
    lines.setAccessibleName(f"What could not be read of {source.label}")
    return lines


def _capabilities(source: SourceCard) -> QGridLayout:
    grid = QGridLayout()
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
    return grid
