"""Figures drawn as SVG text that stands inside a page.

Colours stand as attributes, so that a figure can be drawn anywhere, and as classes, so that a page can recolour it for
the dark.
"""

from html import escape
from typing import Final

from goodmeasure.reports.figures import (
    LOOKS,
    RADIUS,
    TILE,
    WIDTH,
    Figure,
    Filled,
    Look,
    Outline,
    Rule,
    Shape,
    Written,
    ink,
)

_SWATCH: Final = 14
_TONES: Final = {"text": "#16181d", "soft": "#4b5160", "faint": "#636a7a", "line": "#e4e6ec"}
_DASHES: Final = {True: ' stroke-dasharray="4 4"', False: ""}


def pattern_definitions() -> str:
    """Return the hidden SVG that holds every pattern; a document needs it once, before the first figure."""
    hidden = 'width="0" height="0" class="definitions" aria-hidden="true" focusable="false"'
    return f"<svg {hidden}><defs>{''.join(_pattern(look) for look in LOOKS if look.pattern)}</defs></svg>"


def figure_svg(figure: Figure, name: str) -> str:
    """Return a figure; `name` makes its ids unique in a document."""
    shapes = "".join(_drawn(shape) for shape in figure.shapes)
    box = f'viewBox="0 0 {WIDTH} {_number(figure.height)}"'
    if not figure.words:
        return f'<svg class="bar" {box} role="img" aria-label="{escape(figure.title)}">{shapes}</svg>'
    if figure.rounded:
        ends = f'<rect width="{WIDTH}" height="{_number(figure.height)}" rx="{RADIUS}"/>'
        shapes = (
            f'<defs><clipPath id="{name}-ends">{ends}</clipPath></defs><g clip-path="url(#{name}-ends)">{shapes}</g>'
        )
    return (
        f'<svg class="bar" {box} role="img" aria-labelledby="{name}-title {name}-words">'
        f'<title id="{name}-title">{escape(figure.title)}</title>'
        f'<desc id="{name}-words">{escape(figure.words)}</desc>{shapes}</svg>'
    )


def swatch(look: Look) -> str:
    """Return the little square that stands beside a part's label; the label says everything, so it is silent."""
    shape = _filled(Filled(look, 0, 0, _SWATCH, _SWATCH, 3.5))
    side = f'viewBox="0 0 {_SWATCH} {_SWATCH}" width="{_SWATCH}" height="{_SWATCH}"'
    return f'<svg class="swatch" {side} aria-hidden="true" focusable="false">{shape}</svg>'


def _pattern(look: Look) -> str:
    colour, opacity = ink(look)
    strokes = "".join(
        f"M{_number(x1)} {_number(y1)}{'h.01' if (x1, y1) == (x2, y2) else f'L{_number(x2)} {_number(y2)}'}"
        for x1, y1, x2, y2 in look.pattern
    )
    return (
        f'<pattern id="pattern-{look.name}" width="{TILE}" height="{TILE}" patternUnits="userSpaceOnUse">'
        f'<path class="ink-{look.name}" d="{strokes}" fill="none" stroke="{colour}" stroke-opacity="{opacity}" '
        f'stroke-width="{look.stroke}" stroke-linecap="{_cap(look)}"/></pattern>'
    )


def _cap(look: Look) -> str:
    return "round" if look.pattern and look.pattern[0][:2] == look.pattern[0][2:] else "butt"


def _drawn(shape: Shape) -> str:
    match shape:
        case Filled():
            return _filled(shape)
        case Rule():
            return (
                f'<path class="line-{shape.tone}" d="M{_number(shape.x1)} {_number(shape.y1)}'
                f'L{_number(shape.x2)} {_number(shape.y2)}" fill="none" stroke="{_TONES[shape.tone]}" '
                f'stroke-width="{shape.width}"{_DASHES[shape.dashed]}/>'
            )
        case Outline():
            return (
                f'<rect class="outline" x=".5" y=".5" width="{_number(shape.width - 1)}" '
                f'height="{_number(shape.height - 1)}" rx="{RADIUS}" fill="none" stroke="#a3a9b8"{_DASHES[True]}/>'
            )
        case Written():
            weight = ' font-weight="600"' if shape.strong else ""
            return (
                f'<text class="words-{shape.tone}" x="{_number(shape.x)}" y="{_number(shape.baseline)}" '
                f'font-size="{shape.size}"{weight} text-anchor="{shape.anchor}" fill="{_TONES[shape.tone]}">'
                f"{escape(shape.text)}</text>"
            )


def _filled(shape: Filled) -> str:
    place = f'x="{_number(shape.x)}" y="{_number(shape.y)}" width="{_number(shape.width)}"'
    place += f' height="{_number(shape.height)}"' + (f' rx="{shape.radius}"' if shape.radius else "")
    plain = f'<rect class="fill-{shape.look.name}" fill="{shape.look.colour}" {place}/>'
    return plain + (f'<rect fill="url(#pattern-{shape.look.name})" {place}/>' if shape.look.pattern else "")


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
