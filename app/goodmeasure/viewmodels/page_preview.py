"""The page that would be sent, taken apart into plain blocks: made from the very bytes of the file, drawn without HTML.

Loading the page as rich text would let a report's text load pictures; here every text stays text and every figure is
drawn from the drawing that stands in the page.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_KINDS = {
    "h1": "title",
    "h2": "heading",
    "h3": "heading",
    "p": "text",
    "li": "item",
    "dt": "item",
    "dd": "text",
    "td": "cell",
    "th": "cell",
    "figcaption": "small",
    "caption": "small",
    "footer": "small",
    "header": "text",
    "small": "small",
}
_SILENT = {"style", "title", "script", "svg"}
_SVG = re.compile(rb"<svg\b.*?</svg>", re.DOTALL)
_WORDS = re.compile(rb"<desc[^>]*>(.*?)</desc>|aria-label=\"(.*?)\"", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the page, in reading order."""

    kind: str
    """title, heading, text, item, small, figure, or table (rows apart by a line break, cells by a tab)."""
    text: str
    """For a figure: what it shows, in words."""
    svg: bytes = b""
    """For a figure: a drawing that stands alone."""


def page_blocks(page: bytes) -> tuple[Block, ...]:
    """Take the page apart. Raises UnicodeDecodeError where the bytes are no page of ours."""
    reader = _Reader(_figures(page))
    reader.feed(page.decode())
    reader.close()
    return tuple(reader.blocks)


def _figures(page: bytes) -> list[Block | None]:
    """Return the page's drawings in order, each with the shared patterns inside; None for small marks and patterns."""
    drawings = _SVG.findall(page)
    definitions = b"".join(_inside(drawing) for drawing in drawings if b'class="definitions"' in drawing)
    return [_figure(drawing, definitions) if b'class="bar"' in drawing else None for drawing in drawings]


def _figure(drawing: bytes, definitions: bytes) -> Block:
    opening, rest = drawing.split(b">", 1)
    standing = opening.replace(b"<svg", b'<svg xmlns="http://www.w3.org/2000/svg"', 1) + b">" + definitions + rest
    found = _WORDS.search(drawing)
    words = next((group for group in found.groups() if group), b"") if found else b""
    return Block("figure", words.decode(), standing)


def _inside(drawing: bytes) -> bytes:
    return drawing.split(b">", 1)[1].rsplit(b"</svg>", 1)[0]


class _Reader(HTMLParser):
    def __init__(self, figures: "list[Block | None]") -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._figures = iter(figures)
        self._kinds: list[tuple[str, str]] = []
        self._silent = 0
        self._text = ""
        self._rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _SILENT:
            # A mark beside a text does not end that text.
            self._silent += 1
            if tag == "svg" and (figure := next(self._figures, None)) is not None:
                self._flush()
                self.blocks.append(figure)
        elif tag in _KINDS:
            self._flush()
            self._kinds.append((tag, _KINDS[tag]))
        elif tag == "table":
            self._flush()
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag == "br":
            self._text += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent -= 1
        elif self._kinds and self._kinds[-1][0] == tag:
            self._flush()
            self._kinds.pop()
        elif tag == "table":
            self.blocks.append(Block("table", "\n".join("\t".join(row) for row in self._rows)))
        elif tag in {"div", "section"}:
            self._flush()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text += data

    def close(self) -> None:
        super().close()
        self._flush()

    def _flush(self) -> None:
        text, self._text = " ".join(self._text.split()), ""
        kind = self._kinds[-1][1] if self._kinds else "text"
        if kind == "cell":
            self._rows[-1].append(text)
        elif text:
            self.blocks.append(Block(kind, text))
