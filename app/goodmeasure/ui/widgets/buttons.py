"""Things to press: buttons, navigation, segments, the choices of the inbox, and the marks beside them."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy

from goodmeasure.ui.fonts import MEDIUM, SEMIBOLD, font
from goodmeasure.ui.icons import icon as drawn
from goodmeasure.ui.theme import CONTROL, tokens
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel

_ICON_COLORS = {"primary": "on_accent", "link": "accent_text"}


class Button(QPushButton):
    """A button. `look`: primary, ghost, flat, link. Without text it needs a `name`, which becomes its tooltip too."""

    def __init__(self, text: str, *, icon: str = "", look: str = "ghost", name: str = "", small: bool = False) -> None:
        super().__init__(text)
        self._icon_name, self._look = icon, look
        self.setProperty("look", look)
        self.setAccessibleName(name or text)
        if not text and name:
            self.setToolTip(name)
        self.setFont(font(12.5 if small else 13, SEMIBOLD if look == "primary" else MEDIUM))
        self.setFixedHeight(28 if small else CONTROL)
        if icon and not text:
            self.setFixedWidth(28 if small else CONTROL)
        self._room = 5 if text and icon else 0
        self.setIconSize(QSize(15 + self._room, 15))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._draw()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon_name = name
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Recolour the icon with the theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.EnabledChange}:
            self._draw()

    def _draw(self) -> None:
        if self._icon_name:
            color = _ICON_COLORS.get(self._look, "text2") if self.isEnabled() else "text3"
            self.setIcon(drawn(self._icon_name, tokens().color(color).name(), 15, self._room))


class NavButton(QPushButton):
    """One entry of the sidebar: icon, name, and a count where something waits."""

    def __init__(self, text: str, icon: str, shortcut: str) -> None:
        super().__init__("  " + text.replace("&", "&&"))
        self._icon_name = icon
        self._name = text
        self.setProperty("look", "nav")
        self.setAccessibleName(text)
        self.setToolTip(f"{text} ({shortcut})")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFont(font(13, MEDIUM))
        self.setFixedHeight(CONTROL)
        self.setIconSize(QSize(16, 16))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._badge = Badge()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 9, 0)
        row.addStretch(1)
        row.addWidget(self._badge)
        self.toggled.connect(self._draw)
        self._draw()

    def set_count(self, count: int, what: str = "waiting") -> None:
        """Show how many things wait here; nothing for 0."""
        self._badge.setText("" if count == 0 else str(count) if count < 1000 else "999+")
        self._badge.setVisible(count > 0)
        self.setAccessibleName(f"{self._name}, {count} {what}" if count else self._name)

    def changeEvent(self, event: QEvent) -> None:
        """Recolour the icon with the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self.setIcon(drawn(self._icon_name, tokens().color("accent_text" if self.isChecked() else "text3").name(), 16))


class Badge(PlainLabel):
    """A small count."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, "tiny")
        self.setProperty("look", "badge")
        self.setFixedHeight(18)
        self.setMinimumWidth(18)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if not text:
            self.hide()


class Tag(PlainLabel):
    """A short word in a rounded frame. `look`: tag or tag-accent."""

    def __init__(self, text: str, look: str = "tag") -> None:
        super().__init__(text, "tiny")
        self.setProperty("look", look)
        self.setFixedHeight(20)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


class Kbd(PlainLabel):
    """The picture of a key."""

    def __init__(self, key: str) -> None:
        super().__init__(key, "tiny")
        self.setProperty("look", "kbd")
        self.setFixedHeight(20)
        self.setMinimumWidth(22)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class Segmented(QFrame):
    """A few exclusive choices side by side. `chosen` carries the value."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], value: str) -> None:
        super().__init__()
        self.setProperty("look", "segments")
        self.setFixedHeight(CONTROL)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key, label in choices:
            button = QPushButton(label)
            button.setProperty("look", "segment")
            button.setCheckable(True)
            button.setFont(font(12.5, MEDIUM))
            button.setFixedHeight(26)
            button.setAccessibleName(f"{name}: {label}")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        self.set_value(value)

    def set_value(self, value: str) -> None:
        """Mark `value` as chosen, without telling."""
        self._buttons[value].setChecked(True)

    @property
    def value(self) -> str:
        """Return the value that is chosen."""
        return next(key for key, button in self._buttons.items() if button.isChecked())


class Choice(QPushButton):
    """One answer: its key, its label, what it means. Never chosen beforehand."""

    def __init__(self, key: str, label: str, meaning: str) -> None:
        super().__init__()
        self.setProperty("look", "choice")
        self.setAccessibleName(f"{label}, key {key}")
        self.setAccessibleDescription(meaning)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(42)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 14, 0)
        row.setSpacing(12)
        row.addWidget(Kbd(key))
        said, meant = PlainLabel(label, "strong"), ElidedLabel(meaning, "small", tone="2")
        said.setMinimumWidth(128)
        row.addWidget(said)
        row.addWidget(meant, 1)
        for line in (said, meant):
            line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class KeyButton(QPushButton):
    """A key and what it does, as one small line that can be pressed, too."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__()
        self.setProperty("look", "flat")
        self.setAccessibleName(f"{text}, key {key}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(28)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(6)
        self._text = PlainLabel(text, "small", tone="2")
        for label in (Kbd(key), self._text):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label)

    def sizeHint(self) -> QSize:
        """Return room for key and words."""
        return QSize(self.layout().sizeHint().width(), 28)  # type: ignore[union-attr] # it has a layout

    def minimumSizeHint(self) -> QSize:
        """Return the same: nothing of it may be cut."""
        return self.sizeHint()


def at_the_right(*buttons: Button) -> QHBoxLayout:
    """Return a row of a dialog's buttons, at its right end."""
    row = QHBoxLayout()
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return row
