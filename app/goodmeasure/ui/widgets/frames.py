"""Surfaces: cards, hairlines, the scrolling page, the banner, and what stands where there is nothing yet."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from goodmeasure.ui.icons import pixmap
from goodmeasure.ui.theme import GAP, GRID, PADDING, tokens
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.scroller import Scroller
from goodmeasure.ui.widgets.text import PlainLabel

_SCROLL_BAR = 12
"""Width of the scroll bar in the style sheet."""
_SIDE_BY_SIDE = 900
"""Width of the page in pixels from which two cards fit beside each other."""


class Card(QFrame):
    """A bordered surface with an optional title, subtitle and trailing widget; `body` takes what it holds."""

    def __init__(
        self, title: str = "", subtitle: str = "", *, trailing: QWidget | None = None, look: str = "card"
    ) -> None:
        super().__init__()
        self.setProperty("look", look)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PADDING, GAP, PADDING, GAP + 2)
        outer.setSpacing(0)
        self.title = PlainLabel(title, "card")
        self.subtitle = PlainLabel(subtitle, "small", tone="2", wrap=True)
        if not subtitle:
            # Hidden, never shown: a widget shown before it has a parent flashes up as a window of its own.
            self.subtitle.hide()
        if title or trailing is not None:
            outer.addLayout(self._head(trailing))
            outer.addSpacing(12)
        self.body = QVBoxLayout()
        self.body.setSpacing(GRID)
        outer.addLayout(self.body, 1)

    def _head(self, trailing: QWidget | None) -> QLayout:
        head, texts = QHBoxLayout(), QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        texts.addWidget(self.subtitle)
        head.addLayout(texts, 1)
        if trailing is not None:
            head.addWidget(trailing, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def set_subtitle(self, text: str) -> None:
        """Show another line under the title; none for ""."""
        self.subtitle.setText(text)
        self.subtitle.setVisible(bool(text))


class Hairline(QFrame):
    """A thin line between things."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "hairline")
        self.setFixedHeight(1)


class Icon(PlainLabel):
    """A small drawing beside a text, in a colour token; it means nothing by itself."""

    def __init__(self, name: str, color: str = "text3", size: int = 16) -> None:
        super().__init__()
        self._name, self._color, self._size = name, color, size
        self.setFixedSize(QSize(size, size))
        self._draw()

    def show_icon(self, name: str, color: str) -> None:
        """Show another drawing."""
        self._name, self._color = name, color
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Recolour with the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self.setPixmap(pixmap(self._name, tokens().color(self._color).name(), self._size))


class PageFrame(QWidget):
    """A page: a head (title, subtitle, controls at the right) over a body that scrolls when it must."""

    def __init__(self, title: str, *, scrolls: bool = True) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 22, 0, 0)
        outer.setSpacing(GAP)
        self.title = PlainLabel(title, "page")
        self.subtitle = PlainLabel("", "body", tone="2")
        self.controls = QHBoxLayout()
        self.controls.setSpacing(GRID + 2)
        outer.addLayout(self._head())
        self.body = QVBoxLayout()
        self.body.setContentsMargins(28, 0, 28, 24)
        self.body.setSpacing(GAP)
        self._steps_left: list[Callable[[], None]] = []
        self._step_timer = QTimer(self)
        self._step_timer.setSingleShot(True)
        self._step_timer.timeout.connect(self._take_step)
        if scrolls:
            outer.addWidget(self._scrolling(), 1)
        else:
            outer.addLayout(self.body, 1)

    @property
    def is_whole(self) -> bool:
        """Say whether no step of building the page is left."""
        return not self._steps_left

    def in_steps(self, steps: Sequence[Callable[[], None]]) -> None:
        """Change what the page holds, the first step now; between two of them the window answers.

        What is left of earlier steps is not done any more.
        """
        self._steps_left = list(steps)
        self._take_step()

    def _take_step(self) -> None:
        if self._steps_left:
            with self.still():
                self._steps_left.pop(0)()
            self._step_timer.start(0)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Change what the page holds without a blink, and without moving what is in sight."""
        at = self.scroll_bar.value()
        self.setUpdatesEnabled(False)
        try:
            yield
            for layout in (self.body, self.layout()):
                layout.activate()  # type: ignore[union-attr] # a page has a layout
            self.scroll_bar.setValue(at)
        finally:
            self.setUpdatesEnabled(True)

    def _head(self) -> QLayout:
        head, texts = QHBoxLayout(), QVBoxLayout()
        head.setContentsMargins(28, 0, 28, 0)
        texts.setSpacing(1)
        texts.addWidget(self.title)
        texts.addWidget(self.subtitle)
        head.addLayout(texts)
        head.addStretch(1)
        head.addLayout(self.controls)
        return head

    def _scrolling(self) -> Scroller:
        area = Scroller(self.body, "page")
        self.scroll_bar = area.verticalScrollBar()
        self.scroll_bar.rangeChanged.connect(self._keep_edge)
        return area

    def _keep_edge(self, _first: int, last: int) -> None:
        # The scroll bar takes its width from the margin, so that cards end where the head ends.
        self.body.setContentsMargins(28, 0, 28 - (_SCROLL_BAR if last else 0), 24)


class Pair(QBoxLayout):
    """Two widgets beside each other where there is room, else under each other."""

    def __init__(self, left: QWidget, right: QWidget, *, parts: tuple[int, int] = (50, 50)) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self.setSpacing(GAP)
        self.setContentsMargins(0, 0, 0, 0)
        for widget, part in zip((left, right), parts, strict=True):
            self.addWidget(widget, part)

    def fit(self, width: int) -> None:
        """Choose for a page of this width in pixels."""
        sideways = width >= _SIDE_BY_SIDE
        self.setDirection(QBoxLayout.Direction.LeftToRight if sideways else QBoxLayout.Direction.TopToBottom)


class EmptyState(QWidget):
    """What stands where there is nothing yet: an icon, one line, one quiet sentence, at most one thing to do."""

    def __init__(self, icon: str, title: str, text: str, action: Button | None = None) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP, GAP * 2, GAP, GAP * 2)
        outer.setSpacing(GRID)
        outer.addStretch(1)
        outer.addWidget(Icon(icon, "text3", 28), 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addSpacing(4)
        self.title, self.text = PlainLabel(title, "card"), PlainLabel(text, "body", tone="2", wrap=True)
        self.text.setMaximumWidth(460)
        self.text.setMinimumWidth(200)
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(self.title)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.text, 8)
        row.addStretch(1)
        outer.addLayout(row)
        if action is not None:
            outer.addSpacing(GRID)
            outer.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)


class Banner(QFrame):
    """One calm sentence over the pages, with at most one thing to do and a way to close it.

    What stood there when something new was said comes back when that is closed: nothing goes unread.
    """

    acted = Signal()
    closed = Signal(str)
    """The person closed it: the sentence that it said."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 8, 20, 8)
        row.setSpacing(10)
        self._text = PlainLabel("", "body", wrap=True)
        self.action = Button("", look="ghost", small=True)
        self.action.clicked.connect(self.acted)
        self._more = PlainLabel("", "small", tone="2")
        self._waiting: list[tuple[str, str]] = []
        """The notices, that in sight first: sentence and what there is to do."""
        close = Button("", icon="x", look="flat", name="Close this notice", small=True)
        close.clicked.connect(self._close)
        row.addWidget(Icon("info", "warn"))
        row.addWidget(self._text, 1)
        row.addWidget(self._more)
        row.addWidget(self.action)
        row.addWidget(close)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    @property
    def text(self) -> str:
        """What the banner says now; "" while hidden."""
        return self._text.text() if not self.isHidden() else ""

    def say(self, sentence: str, action: str = "") -> None:
        """Show `sentence` now, once however often it is said. `action`: the button; none for ""."""
        self._waiting = [(sentence, action), *(notice for notice in self._waiting if notice != (sentence, action))]
        self._show_first()

    def say_later(self, sentence: str) -> None:
        """Show `sentence` once everything else was closed."""
        self._waiting.append((sentence, ""))
        self._show_first()

    def settle(self) -> None:
        """Take away what there was something to do about: it is being done."""
        self._waiting = [notice for notice in self._waiting if not notice[1]]
        self._show_first()

    def _show_first(self) -> None:
        sentence, action = self._waiting[0] if self._waiting else ("", "")
        self._text.setText(sentence)
        self.action.setText(action)
        self.action.setAccessibleName(action)
        self.action.setVisible(bool(action))
        self._more.setText(f"{len(self._waiting) - 1} more")
        self._more.setVisible(len(self._waiting) > 1)
        self.setVisible(bool(self._waiting))

    def _close(self) -> None:
        sentence, _ = self._waiting.pop(0)
        self._show_first()
        self.closed.emit(sentence)


def clear(layout: QLayout) -> None:
    """Take everything out of `layout`; widgets in it are deleted."""
    while layout.count():
        item = layout.takeAt(0)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
