"""Figures as plain shapes: no Qt, no script, readable without colour. `svg` and `pdf` draw the same shapes.

Every part of a bar has its own pattern beside its colour, and every figure says in words what it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil, floor
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


@dataclass(frozen=True, slots=True)
class Band:
    """A range beside others on one axis, given in hours; what lies below zero was lost."""

    label: str
    low: float
    high: float
    words: str
    """The range in words, at its end."""
    look: Look


_PLOT: Final = (112.0, 492.0)
"""Where the axis of range bars begins and ends; labels stand before it, words behind it."""
_BAND_ROW, _BAND_HEIGHT, _AXIS = 28.0, 14.0, 22.0
_MOST_TICKS: Final = 5


def range_bars(bands: Sequence[Band], title: str) -> Figure:
    """Return ranges below each other on one axis in hours with a line at zero; losses have a look of their own.

    Raises ValueError without bands.
    """
    if not bands:
        raise ValueError("there is at least one range")
    low, high = min(0.0, *(band.low for band in bands)), max(0.0, *(band.high for band in bands))
    if low == high:
        high = 1.0
    step = _step(low, high)
    left, right = _PLOT

    def place(hours: float) -> float:
        return left + (right - left) * (hours - low) / (high - low)

    bottom = _BAND_ROW * len(bands)
    shapes: list[Shape] = []
    for number in range(ceil(low / step), floor(high / step) + 1):
        hours, zero = number * step, number == 0
        shapes.append(Rule(place(hours), 0, place(hours), bottom + 4, "soft" if zero else "line", 1.6 if zero else 1))
        label = "0" if zero else f"{_hours(abs(hours))} h{' lost' if hours < 0 else ''}"
        shapes.append(Written(label, place(hours), bottom + 18, "faint", "middle", size=11))
    for row, band in enumerate(bands):
        top = row * _BAND_ROW + (_BAND_ROW - _BAND_HEIGHT) / 2
        for start, end, look in ((band.low, min(band.high, 0), CROSSED), (max(band.low, 0), band.high, band.look)):
            if end > start:
                shapes.append(Filled(look, place(start), top, place(end) - place(start), _BAND_HEIGHT, 3))
        if band.low == band.high:
            shapes.append(Filled(band.look, place(band.low) - 1.5, top, 3, _BAND_HEIGHT))
        shapes.append(Written(band.label, 0, top + 11.5, "soft"))
        shapes.append(Written(band.words, WIDTH, top + 11.5, "text", "end", strong=True))
    described = "; ".join(f"{band.label}: {band.words}" for band in bands)
    return Figure(title, f"{described}.", bottom + _AXIS, tuple(shapes))


def _step(low: float, high: float) -> float:
    """Return the step of an axis in hours: 1, 2 or 5 times a power of ten, so that few lines are enough."""
    return next(
        step
        for power in count(-1)
        for step in (10.0**power, 2 * 10.0**power, 5 * 10.0**power)
        if (high - low) / step <= _MOST_TICKS
    )


def _hours(hours: float) -> str:
    return f"{hours:,.1f}".rstrip("0").rstrip(".")
