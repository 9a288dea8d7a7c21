"""Figures: whole, well-formed, readable without colour and without eyes."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.reports import figures
from goodmeasure.reports.figures import (
    CROSSED,
    LOOKS,
    PLAIN,
    Band,
    Filled,
    Part,
    Rule,
    empty_bar,
    range_bars,
    stacked_bar,
)
from goodmeasure.reports.svg import figure_svg, pattern_definitions, swatch

_PARTS = st.lists(
    st.builds(
        lambda label, low, look: Part(label, 10 * low, 10 * low + 10, look),
        st.text(st.characters(exclude_categories=["C"]), min_size=1),
        st.integers(0, 9),
        st.sampled_from(LOOKS),
    ),
    min_size=1,
    max_size=7,
)


@given(_PARTS)
def test_a_bar_is_filled_from_end_to_end(parts: list[Part]) -> None:
    root = ET.fromstring(figure_svg(stacked_bar(parts, "A title & more"), "it"))  # noqa: S314 - our own text
    filled = [shape for shape in root.iter("rect") if str(shape.get("class")).startswith("fill-")]
    assert len(filled) == len(parts)
    edges = [(float(shape.get("x", "")), float(shape.get("width", ""))) for shape in filled]
    assert edges[0][0] == 0
    assert abs(sum(edges[-1]) - figures.WIDTH) < 0.02
    for (left, width), (after, _) in pairwise(edges):
        assert abs(after - left - width - 2) < 0.02


@given(_PARTS)
def test_a_bar_says_everything_in_words(parts: list[Part]) -> None:
    root = ET.fromstring(figure_svg(stacked_bar(parts, "A title & more"), "it"))  # noqa: S314 - our own text
    assert root.get("role") == "img"
    named = {shape.get("id"): shape.text for shape in root.iter()}
    title, words = (named[name] for name in str(root.get("aria-labelledby")).split())
    assert title == "A title & more"
    assert words == ", ".join(f"{part.label} {part.low_percent} to {part.high_percent} %" for part in parts) + "."


def test_colour_is_never_the_only_carrier() -> None:
    assert len({look.pattern for look in LOOKS}) == len({look.colour for look in LOOKS}) == len(LOOKS)
    defined = pattern_definitions()
    for look in LOOKS:
        assert (f'id="pattern-{look.name}"' in defined) == bool(look.pattern)
        assert (f"url(#pattern-{look.name})" in swatch(look)) == bool(look.pattern)


def _brightness(colour: str) -> float:
    """WCAG 2 relative luminance."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_parts_stand_out_from_white_paper() -> None:
    for look in LOOKS:
        contrast = 1.05 / (_brightness(look.colour) + 0.05)
        # Grey is quiet on purpose: its slanted lines carry it.
        assert contrast > (2 if look is not figures.GREY else 1.2), look.name


def test_a_bar_needs_a_part_and_an_empty_one_says_why() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        stacked_bar([], "title")
    root = ET.fromstring(figure_svg(empty_bar("Not <enough>"), "it"))  # noqa: S314 - our own text
    assert root.get("aria-label") == "Not <enough>"


_HALF_HOURS = st.integers(-2000, 2000)
_BANDS = st.lists(
    st.builds(
        lambda ends: Band("Verified", min(ends) / 2, max(ends) / 2, "so many hours", PLAIN),
        st.tuples(_HALF_HOURS, _HALF_HOURS),
    ),
    min_size=1,
    max_size=4,
)


@given(_BANDS)
def test_ranges_stand_on_one_axis_with_a_line_at_zero(bands: list[Band]) -> None:
    figure = range_bars(bands, "Hours saved")
    zero = [shape.x1 for shape in figure.shapes if isinstance(shape, Rule) and shape.tone == "soft"]
    assert len(zero) == 1
    lines = [shape.x1 for shape in figure.shapes if isinstance(shape, Rule)]
    assert len(lines) <= 7
    for shape in figure.shapes:
        if isinstance(shape, Filled):
            assert 100 <= shape.x <= shape.x + shape.width <= 500
            lost = shape.look is CROSSED
            assert shape.x + shape.width <= zero[0] + 2 if lost else shape.x >= zero[0] - 2 or shape.width == 3
    losses = sum(isinstance(shape, Filled) and shape.look is CROSSED for shape in figure.shapes)
    assert losses == sum(band.low < 0 and band.low < min(band.high, 0) for band in bands)
    assert figure.words.count("so many hours") == len(bands)


def test_ranges_need_one_and_its_words_are_escaped() -> None:
    with pytest.raises(ValueError, match="at least one range"):
        range_bars([], "title")
    drawn = figure_svg(range_bars([Band("<b>", 0, 0, "a & b", PLAIN)], "title"), "it")
    texts = [one.text for one in ET.fromstring(drawn).iter("text")]  # noqa: S314 - our own text
    assert "<b>" in texts
    assert "a & b" in texts
