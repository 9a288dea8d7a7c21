"""A drawing along time whose parts are walked with mouse and arrow keys; what is chosen is said beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from goodmeasure.ui.theme import tokens
from goodmeasure.ui.widgets.text import ElidedLabel


class Walked(QWidget):
    """Draws as `draw` says; each part is said in words, on the screen and to a screen reader."""

    def __init__(self, name: str, said: ElidedLabel, height: int, *, left: int = 0) -> None:
        """`left`: pixels before the first part."""
        super().__init__()
        self._left = left
        self._words: tuple[str, ...] = ()
        self._usual = self._whole = ""
        self._said = said
        self.chosen: int | None = None
        self.setAccessibleName(name)
        self.setFixedHeight(height)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_words(self, words: Sequence[str], usual: str, whole: str = "") -> None:
        """Take other parts, a sentence each; `usual` is said while none is chosen, `whole` to a screen reader."""
        if len(words) != len(self._words):
            self.chosen = None
        self._words, self._usual, self._whole = tuple(words), usual, whole or usual
        self.choose(self.chosen)

    def draw(self, painter: QPainter) -> None:
        """Draw the parts; `chosen` is the one to mark."""
        raise NotImplementedError

    def choose(self, part: int | None) -> None:
        """Say a part; None says the usual sentence."""
        self.chosen = part
        self._said.setText(self._usual if part is None else self._words[part])
        self.setAccessibleDescription(self._whole if part is None else self._words[part])
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._words:
            super().keyPressEvent(event)
            return
        last = len(self._words) - 1
        self.choose(last if self.chosen is None else min(max(self.chosen + step, 0), last))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the part under the mouse."""
        if self._words:
            at = int((event.position().x() - self._left) / (self.width() - self._left) * len(self._words))
            self.choose(min(max(at, 0), len(self._words) - 1))

    def leaveEvent(self, event: QEvent) -> None:
        """Choose none."""
        super().leaveEvent(event)
        self.choose(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the last part."""
        super().focusInEvent(event)
        if self._words and self.chosen is None and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.choose(len(self._words) - 1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Choose none."""
        super().focusOutEvent(event)
        self.choose(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, with a ring while the keyboard is here."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens().color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()


def labels_each(step: float, room: int) -> int:
    """Return at how many parts a name has room, where one part is `step` pixels wide and a name needs `room`."""
    return max(1, -(-room // max(1, int(step))))
