"""What was filled in for a run, how it came to be, and its correction in place."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from goodmeasure.ui.theme import CONTROL, GRID
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.frames import clear
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel
from goodmeasure.viewmodels.run_facts import FactRow, FactsShown

_LABEL_WIDTH = 92


class RunFactsPart(QVBoxLayout):
    """The facts of one run, a line each."""

    corrected = Signal(str, object)
    """A fact's name and what it is, or None: as the rules or the log tell."""
    always_wanted = Signal(str, str)
    """A fact's name and what it is in this folder, always."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(6)
        self._run_id: int | None = None
        self._shown: FactsShown | None = None
        self.lines: dict[str, FactLine] = {}
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.addLayout(self._rows)

    def show_facts(self, run_id: int, shown: FactsShown) -> None:
        """Show another run's facts, or the same at a later time; what is being typed stays."""
        if (run_id, shown) == (self._run_id, self._shown):
            return
        if run_id == self._run_id and any(line.is_editing for line in self.lines.values()):
            return
        focused = next((name for name, line in self.lines.items() if line.has_keyboard), None)
        self._run_id, self._shown = run_id, shown
        clear(self._rows)
        self.lines = {row.name.value: FactLine(row) for row in shown.rows}
        for name, line in self.lines.items():
            line.corrected.connect(partial(self.corrected.emit, name))
            line.always_wanted.connect(partial(self.always_wanted.emit, name))
            self._rows.addWidget(line)
        for label, text in (("On its own", shown.autonomy), ("Outside", shown.outside)):
            self._rows.addWidget(_told(label, text))
        if focused in self.lines:
            self.lines[focused].change.setFocus(Qt.FocusReason.OtherFocusReason)


class FactLine(QWidget):
    """One fact; *Change* opens its field under it. Enter keeps it, Escape leaves it as it was."""

    corrected = Signal(object)
    always_wanted = Signal(str)

    def __init__(self, row: FactRow) -> None:
        super().__init__()
        self._row = row
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        label = PlainLabel(row.label, "small", tone="2")
        label.setFixedWidth(_LABEL_WIDTH)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(ElidedLabel(row.value, "strong" if row.is_said else "body"))
        if row.origin:
            texts.addWidget(ElidedLabel(row.origin, "small", tone="3"))
        self.change = Button("", icon="pencil-line", look="flat", name=f"Change {row.label}, {row.value}", small=True)
        self.change.clicked.connect(self._open)
        head.addWidget(label)
        head.addLayout(texts, 1)
        head.addWidget(self.change)
        column.addLayout(head)
        self._editor: QWidget | None = None
        self._field: QLineEdit | Picker | None = None

    @property
    def is_editing(self) -> bool:
        """Say whether its field is open."""
        return self._editor is not None

    @property
    def has_keyboard(self) -> bool:
        """Say whether the keyboard is at it."""
        return self.change.hasFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep, or leave it as it was, by key."""
        if self.is_editing and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._keep()
        elif self.is_editing and event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    @property
    def value(self) -> str:
        """What stands in the field."""
        if isinstance(self._field, Picker):
            return str(self._field.currentData())
        return self._field.text().strip() if self._field is not None else ""

    def _open(self) -> None:
        if self.is_editing:
            self._close()
            return
        self._editor = QWidget()
        column = QVBoxLayout(self._editor)
        column.setContentsMargins(0, 0, 0, GRID)
        column.setSpacing(6)
        self._field = self._made_field()
        column.addWidget(self._field)
        keep = Button("This run", icon="check", name=f"Keep for this run: {self._row.label}", small=True)
        always = Button("Always for this folder…", icon="folder", small=True)
        back = Button("As the rules or the log tell", icon="undo-2", look="link", small=True)
        keep.clicked.connect(self._keep)
        always.clicked.connect(self._always)
        back.clicked.connect(self._take_back)
        # Under each other: beside a list in a small window there is no room for two.
        for button in (keep, always, back) if self._row.said_by_person else (keep, always):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.layout().addWidget(self._editor)  # type: ignore[union-attr] # it has a layout
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _made_field(self) -> "QLineEdit | Picker":
        if self._row.choices:
            picker = Picker(self._row.label)
            for choice in self._row.choices:
                picker.addItem(choice, choice)
            picker.setCurrentIndex(max(0, picker.findData(self._row.value)))
            return picker
        line = QLineEdit("" if self._row.is_unknown else self._row.value)
        line.setAccessibleName(self._row.label)
        line.setFixedHeight(CONTROL)
        line.selectAll()
        return line

    def _keep(self) -> None:
        if value := self.value:
            self._close()
            self.corrected.emit(value)

    def _take_back(self) -> None:
        self._close()
        self.corrected.emit(None)

    def _always(self) -> None:
        if value := self.value:
            self._close()
            self.always_wanted.emit(value)

    def _close(self) -> None:
        if self._editor is not None:
            self._editor.hide()
            self._editor.deleteLater()
        self._editor = self._field = None
        self.change.setFocus(Qt.FocusReason.OtherFocusReason)


def _told(label: str, text: str) -> QWidget:
    told = QWidget()
    row = QHBoxLayout(told)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID)
    name = PlainLabel(label, "small", tone="2")
    name.setFixedWidth(_LABEL_WIDTH)
    row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(PlainLabel(text, "body", wrap=True), 1)
    return told
