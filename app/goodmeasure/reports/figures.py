"""Figures as plain shapes: no Qt, no script, readable without colour. `svg` and `pdf` draw the same shapes.

Every part of a bar has its own pattern beside its colour, and every figure says in words what it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

WIDTH: Final = 680
"""Width of every figure in its own units; it scales to whatever place it is given."""
HEIGHT: Final = 26
RADIUS: Final = 7
_GAP: Final = 2

TILE: Final = 8
"""Units after which a pattern repeats, both ways."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a part is told from the others: a colour for light paper, a name to recolour it, and a pattern."""

    name: str
    colour: str
    pattern: tuple[tuple[float, float, float, float], ...] = ()
    """Strokes x1, y1, x2, y2 inside one tile; one that ends where it begins is a dot. Empty: plain."""
    stroke: float = 1
    """Width of the strokes."""


PLAIN: Final = Look("plain", "#4f46e5")
SLANTED: Final = Look("slanted", "#23968b", ((-2, 10, 10, -2), (-2, 2, 2, -2), (6, 10, 10, 6)), 1.6)
DOTTED: Final = Look("dotted", "#e3a02f", ((2, 2, 2, 2), (6, 6, 6, 6)), 2.6)
LINED: Final = Look("lined", "#7d8597", ((0, 2, 8, 2), (0, 6, 8, 6)), 1.4)
CROSSED: Final = Look("crossed", "#8f4a72", ((0, 0, 8, 8), (8, 0, 0, 8)), 1.3)
RULED: Final = Look("ruled", "#a3a9b8", ((2, 0, 2, 8), (6, 0, 6, 8)), 1.4)
GREY: Final = Look("grey", "#dcdfe6", ((-2, -2, 10, 10), (-2, 6, 2, 10), (6, -2, 10, 2)), 1)
"""Not rated: grey everywhere."""

LOOKS: Final = (PLAIN, SLANTED, DOTTED, LINED, CROSSED, RULED, GREY)


def ink(look: Look) -> tuple[str, float]:
    """Return colour and opacity of a look's strokes."""
    return ("#7d8597", 0.55) if look is GREY else ("#ffffff", 0.5)


Tone = Literal["text", "soft", "faint", "line"]


@dataclass(frozen=True, slots=True)
class Filled:
    """A rectangle in a look."""

    look: Look
    x: float
    y: float
    width: float
    height: float
    radius: float = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    tone: Tone
    width: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a rectangle with round corners, dashed: there is nothing to fill it with."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Written:
    """A few words in a figure."""

    text: str
    x: float
    baseline: float
    tone: Tone
    anchor: Literal["start", "middle", "end"] = "start"
    strong: bool = False
    size: float = 12.5


Shape = Filled | Rule | Outline | Written


@dataclass(frozen=True, slots=True)
class Figure:
    """Shapes inside WIDTH × `height`, y downwards, and what they show in words."""

    title: str
    words: str
    height: float
    shapes: tuple[Shape, ...]
    rounded: bool = False
    """Its outer corners are cut round."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: a share known only as a range."""

    label: str
    low_percent: int
    high_percent: int
    look: Look

    @property
    def words(self) -> str:
        """Return label and range as a sentence's part: `Used 40 to 50 %`."""
        return f"{self.label} {self.low_percent} to {self.high_percent} %"


def stacked_bar(parts: Sequence[Part], title: str) -> Figure:
    """Return a bar that fills 100 %, its parts in order, each as wide as the middle of its range among all middles.

    Raises ValueError without parts.
    """
    if not parts:
        raise ValueError("a bar has at least one part")
    middles = [(part.low_percent + part.high_percent) / 2 for part in parts]
    drawable = WIDTH - _GAP * (len(parts) - 1)
    shapes, left = [], 0.0
    for part, middle in zip(parts, middles, strict=True):
        width = drawable * middle / sum(middles)
        shapes.append(Filled(part.look, left, 0, width, HEIGHT))
        left += width + _GAP
    described = ", ".join(part.words for part in parts)
    return Figure(title, f"{described}.", HEIGHT, tuple(shapes), rounded=True)


def empty_bar(words: str) -> Figure:
    """Return the outline of a bar that there is not enough to fill, with the reason as its text alternative."""
    return Figure(words, "", HEIGHT, (Outline(WIDTH, HEIGHT),))
