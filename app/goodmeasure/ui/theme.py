"""The two looks of the window, one frozen set of tokens each: whatever is drawn takes colours and sizes from here."""

from dataclasses import dataclass, fields

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette

GRID = 8
"""Pixels of the base grid; distances are multiples of its half."""
GAP = 16
"""Pixels between cards."""
PADDING = 20
"""Pixels inside a card."""
RADIUS = 12
"""Corner radius of cards in pixels."""
CONTROL = 34
"""Height of buttons, fields and segments in pixels."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour of one theme, as `#rrggbb`."""

    name: str
    window: str
    side: str
    card: str
    field: str
    hover: str
    border: str
    hair: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    on_accent: str
    good: str
    warn: str
    warn_soft: str
    bad: str
    used: str
    informed: str
    partial: str
    discarded: str
    harmful: str
    unrated: str

    def color(self, name: str) -> QColor:
        """Return the token `name` as a colour. Raises AttributeError for a name that is no token."""
        return QColor(getattr(self, name))


LIGHT = Tokens(
    name="light",
    window="#fbfbfc",
    side="#f4f4f6",
    card="#ffffff",
    field="#f4f4f6",
    hover="#ececf0",
    border="#e4e4e9",
    hair="#f0f0f3",
    text="#18181b",
    text2="#55555f",
    text3="#666671",
    accent="#4f46e5",
    accent_hover="#4338ca",
    accent_text="#4338ca",
    accent_soft="#eeedfd",
    on_accent="#ffffff",
    good="#15803d",
    warn="#92400e",
    warn_soft="#fdf5e2",
    bad="#b42318",
    used="#4f46e5",
    informed="#2aa198",
    partial="#efb03c",
    discarded="#a3a3b0",
    harmful="#d0588a",
    unrated="#e6e6eb",
)
DARK = Tokens(
    name="dark",
    window="#0f0f11",
    side="#0b0b0d",
    card="#17171a",
    field="#111114",
    hover="#212126",
    border="#2a2a30",
    hair="#212126",
    text="#f4f4f5",
    text2="#a9a9b3",
    text3="#93939e",
    accent="#5b52e8",
    accent_hover="#6a62ee",
    accent_text="#a5a0fb",
    accent_soft="#23213f",
    on_accent="#ffffff",
    good="#4ade80",
    warn="#f0b45a",
    warn_soft="#2a2214",
    bad="#f58a7f",
    used="#7b73f5",
    informed="#2fb8ae",
    partial="#e8ab3f",
    discarded="#6b6b77",
    harmful="#d9709b",
    unrated="#303037",
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


class Look(QObject):
    """Holds the tokens that the window is drawn with now, and tells when they change."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tokens = LIGHT
        self._is_applied = False

    @property
    def tokens(self) -> Tokens:
        """The current theme."""
        return self._tokens

    def apply(self, tokens: Tokens) -> None:
        """Draw with these tokens from now on; who draws hears `changed`, the application itself first."""
        if tokens is self._tokens and self._is_applied:
            return
        self._tokens, self._is_applied = tokens, True
        self.changed.emit()


LOOK = Look()
"""The one look of this process."""


def tokens() -> Tokens:
    """Return the theme that is in use."""
    return LOOK.tokens


def palette(theme: Tokens) -> QPalette:
    """Return Qt's palette for `theme`, so that parts which no style sheet reaches fit too."""
    role = QPalette.ColorRole
    made = QPalette()
    for name, value in (
        (role.Window, theme.window),
        (role.Base, theme.card),
        (role.AlternateBase, theme.side),
        (role.Text, theme.text),
        (role.WindowText, theme.text),
        (role.Button, theme.card),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.text),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.ToolTipBase, theme.card),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.text3),
        (role.Mid, theme.border),
        (role.Accent, theme.accent),
        (role.Link, theme.accent_text),
    ):
        made.setColor(name, QColor(value))
    for name in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.text3))
    return made


def preferred() -> Tokens:
    """Return the theme that the desktop asks for; light where it says nothing."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def color_names() -> tuple[str, ...]:
    """Return the names of all colour tokens."""
    return tuple(field.name for field in fields(Tokens) if field.name != "name")
