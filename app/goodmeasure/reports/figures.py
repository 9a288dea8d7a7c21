"""Figures as pure SVG text: no Qt, no script, no font of their own, readable without colour.

Every part of a bar has its own pattern beside its colour, and every figure says in words what it shows. Colours stand
as attributes, so that a figure can be drawn anywhere, and as classes, so that a page can recolour it for the dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 680
"""Width of a bar in its own units; it scales to whatever place it is given."""
HEIGHT: Final = 26
_GAP: Final = 2
_SWATCH: Final = 14


@dataclass(frozen=True, slots=True)
class Look:
    """How a part is told from the others: a colour for light paper, a class to recolour it, and a pattern."""

    name: str
    colour: str
    pattern: str
    """SVG shapes that repeat every 8 units; empty: plain."""


PLAIN: Final = Look("plain", "#4f46e5", "")
SLANTED: Final = Look("slanted", "#23968b", '<path d="M-2 10 10 -2M-2 2 2 -2M6 10 10 6" stroke-width="1.6"/>')
DOTTED: Final = Look("dotted", "#e3a02f", '<path d="M2 2h.01M6 6h.01" stroke-width="2.6" stroke-linecap="round"/>')
LINED: Final = Look("lined", "#7d8597", '<path d="M0 2H8M0 6H8" stroke-width="1.4"/>')
CROSSED: Final = Look("crossed", "#8f4a72", '<path d="M0 0 8 8M8 0 0 8" stroke-width="1.3"/>')
RULED: Final = Look("ruled", "#a3a9b8", '<path d="M2 0V8M6 0V8" stroke-width="1.4"/>')
GREY: Final = Look("grey", "#dcdfe6", '<path d="M-2 -2 10 10M-2 6 2 10M6 -2 10 2" stroke-width="1"/>')
"""Not rated: grey everywhere."""

LOOKS: Final = (PLAIN, SLANTED, DOTTED, LINED, CROSSED, RULED, GREY)


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


def pattern_definitions() -> str:
    """Return the hidden SVG that holds every pattern; a document needs it once, before the first figure."""
    patterns = "".join(
        f'<pattern id="pattern-{look.name}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<g class="ink-{look.name}" fill="none" stroke="{_ink(look)}" stroke-opacity="{_ink_opacity(look)}">'
        f"{look.pattern}</g></pattern>"
        for look in LOOKS
        if look.pattern
    )
    hidden = 'width="0" height="0" class="definitions" aria-hidden="true" focusable="false"'
    return f"<svg {hidden}><defs>{patterns}</defs></svg>"


def stacked_bar(parts: Sequence[Part], title: str, name: str) -> str:
    """Return a bar that fills 100 %, its parts in order, each as wide as the middle of its range among all middles.

    `name` makes its ids unique in a document. Raises ValueError without parts.
    """
    if not parts:
        raise ValueError("a bar has at least one part")
    middles = [(part.low_percent + part.high_percent) / 2 for part in parts]
    drawable = WIDTH - _GAP * (len(parts) - 1)
    shapes, left = [], 0.0
    for part, middle in zip(parts, middles, strict=True):
        width = drawable * middle / sum(middles)
        shapes.append(_filled(part.look, f'x="{left:.2f}" width="{width:.2f}" height="{HEIGHT}"'))
        left += width + _GAP
    described = ", ".join(part.words for part in parts)
    return (
        f'<svg class="bar" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}-title {name}-words">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-words">{escape(described)}.</desc>'
        f'<defs><clipPath id="{name}-ends"><rect width="{WIDTH}" height="{HEIGHT}" rx="7"/></clipPath></defs>'
        f'<g clip-path="url(#{name}-ends)">{"".join(shapes)}</g></svg>'
    )


def empty_bar(words: str) -> str:
    """Return the outline of a bar that there is not enough to fill, with the reason as its text alternative."""
    return (
        f'<svg class="bar" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(words)}">'
        f'<rect class="outline" x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="7" '
        'fill="none" stroke="#a3a9b8" stroke-dasharray="4 4"/></svg>'
    )


def swatch(look: Look) -> str:
    """Return the little square that stands beside a part's label; the label says everything, so it is silent."""
    side = f'width="{_SWATCH}" height="{_SWATCH}"'
    shape = f'{side} rx="3.5"'
    return (
        f'<svg class="swatch" viewBox="0 0 {_SWATCH} {_SWATCH}" {side} aria-hidden="true" focusable="false">'
        f"{_filled(look, shape)}</svg>"
    )


def _filled(look: Look, shape: str) -> str:
    plain = f'<rect class="fill-{look.name}" fill="{look.colour}" {shape}/>'
    return plain + (f'<rect fill="url(#pattern-{look.name})" {shape}/>' if look.pattern else "")


def _ink(look: Look) -> str:
    return "#7d8597" if look is GREY else "#ffffff"


def _ink_opacity(look: Look) -> str:
    return ".55" if look is GREY else ".5"
