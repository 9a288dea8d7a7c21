"""The page for people: one self-contained HTML file, made only from the signed bytes and their signature."""

import hashlib
from base64 import b64encode
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from goodmeasure.host.paths import resource
from goodmeasure.reports import svg
from goodmeasure.reports.figures import Figure, Look
from goodmeasure.reports.sheet import Lines, Note, Nothing, Sheet, Table
from goodmeasure.reports.telling import told

if TYPE_CHECKING:
    from markupsafe import Markup

_DENSITIES: Final = (("roomy", 1000), ("compact", 1500), ("dense", 2500))
"""Sizes of type by the narrow characters typed, so that any report prints on one sheet in the widest usual face."""
_DENSEST: Final = "dense full"
_USUAL_FIGURES, _FIGURE_WIDTH = 3, 550
"""A figure more takes as much room as so many characters."""
_KINDS: Final = {Figure: "figure", Table: "table", Lines: "lines", Note: "note", Nothing: "nothing"}


def page_bytes(report: bytes, signature: bytes) -> bytes:
    """Return the page of these exact bytes; the same bytes give the same page.

    Raises Refusal where the bytes are no report, SignatureError where the signature does not fit them.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - 80 ms that only a report pays

    sheet = told(report, signature)
    environment = Environment(
        loader=FileSystemLoader(resource("report")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = resource("report/page.css").read_text("utf-8").strip()
    text = environment.get_template("page.html.j2").render(
        sheet=sheet,
        density=_density(sheet),
        kind=lambda piece: _KINDS[type(piece)],
        figure=_figure,
        swatch=_swatch,
        patterns=_ours(svg.pattern_definitions()),
        style=style,
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return text.encode()


def _figure(figure: Figure, name: str) -> "Markup":
    return _ours(svg.figure_svg(figure, name))


def _swatch(look: Look | None) -> "Markup":
    return _ours("" if look is None else svg.swatch(look))


def _ours(text: str) -> "Markup":
    from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja2, and as late

    return Markup(text)  # noqa: S704 - `svg` escapes every text in it


def _density(sheet: Sheet) -> str:
    figures = sum(isinstance(piece, Figure) for section in sheet.sections for piece in section.pieces)
    width = sum(_width(character) for text in sheet.typed for character in text)
    width += _FIGURE_WIDTH * max(0, figures - _USUAL_FIGURES)
    return next((name for name, most in _DENSITIES if width <= most), _DENSEST)


def _width(character: str) -> float:
    """Return about how wide a character is set, in narrow ones: 2 for East Asian signs and emoji."""
    if east_asian_width(character) in "WF":
        return 2
    return 1.5 if character.isupper() or character in "mw@%" else 1
