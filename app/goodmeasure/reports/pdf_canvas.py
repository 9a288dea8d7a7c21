"""A tagged PDF, drawn: every text and figure belongs to a node of the document's structure, all else is ornament.

Lengths are in the format's own unit, 1/72 inch; y runs downwards from the top of the page. Nothing in the file tells
when, where or by whom it was made, and the same drawing gives the same bytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pydyf

from goodmeasure.reports.pdf_fonts import Face

PAGE: Final = (595.28, 841.89)
"""A4, upright. Viewers fit it to Letter paper, which is wider and 6 % shorter."""

_KAPPA: Final = 0.5523
"""How far the handles of a curve stand out that draws a quarter of a circle."""


@dataclass(slots=True)
class Node:
    """A node of the structure, by the format's own kinds: `H1`, `P`, `Table`."""

    kind: str
    alt: str = ""
    """What a figure shows, in words."""
    attributes: dict[str, Any] = field(default_factory=dict)
    kids: "list[Node | tuple[int, int]]" = field(default_factory=list)
    """Nodes, and (page, mark) of what is drawn for this one."""

    def add(self, kind: str, alt: str = "", **attributes: Any) -> "Node":
        """Return a new last node inside this one."""
        node = Node(kind, alt, attributes)
        self.kids.append(node)
        return node


class Canvas:
    """Pages under way."""

    def __init__(self, faces: tuple[str, ...]) -> None:
        self.root = Node("Document")
        self.faces = {name: Face(name) for name in faces}
        self.keys = {name: f"F{number}" for number, name in enumerate(faces)}
        self.streams: list[pydyf.Stream] = []
        self.owners: list[list[Node]] = []
        self.opacities: dict[float, str] = {}

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self.streams)

    def face(self, name: str) -> Face:
        """Return a font of the document."""
        return self.faces[name]

    def new_page(self) -> None:
        """Go on on a fresh page."""
        self.streams.append(pydyf.Stream(compress=True))
        self.owners.append([])

    @contextmanager
    def drawing(self, node: Node | None) -> Iterator[None]:
        """Draw something for a node; None: an ornament that means nothing."""
        stream = self._stream
        if node is None:
            stream.stream.append(b"/Artifact BMC")
        else:
            page, mark = len(self.streams) - 1, len(self.owners[-1])
            node.kids.append((page, mark))
            self.owners[-1].append(node)
            stream.begin_marked_content(node.kind, pydyf.Dictionary({"MCID": mark}))
        yield
        stream.end_marked_content()

    def text(self, x: float, y: float, text: str, face: str, size: float, colour: str) -> None:
        """Write one line with its baseline at `y`. A character that the font lacks is drawn as a box that says it."""
        stream, font = self._stream, self.faces[face]
        for piece, known in _pieces(text, font):
            if not known:
                spoken = pydyf.Dictionary({"ActualText": pydyf.String(piece)})
                stream.begin_marked_content("Span", spoken)
            stream.begin_text()
            stream.set_color_rgb(*_rgb(colour))
            stream.set_font_size(self.keys[face], _number(size))
            stream.set_text_matrix(1, 0, 0, 1, _number(x), _number(PAGE[1] - y))
            stream.stream.append(f"<{font.encoded(piece)}> Tj".encode())
            stream.end_text()
            if not known:
                stream.end_marked_content()
            x += font.width(piece, size)

    def rectangle(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        """Fill a rectangle."""
        self._stream.set_color_rgb(*_rgb(colour))
        self._path(x, y, width, height, radius)
        self._stream.fill()

    def outline(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        """Draw a rectangle's outline, dashed."""
        stream = self._stream
        stream.push_state()
        stream.set_color_rgb(*_rgb(colour), stroke=True)
        stream.set_line_width(0.7)
        stream.set_dash([3, 3], 0)
        self._path(x, y, width, height, radius)
        stream.stroke()
        stream.pop_state()

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 0.6, *, dashed: bool = False
    ) -> None:
        """Draw a straight line."""
        stream = self._stream
        stream.push_state()
        stream.set_color_rgb(*_rgb(colour), stroke=True)
        stream.set_line_width(_number(width))
        if dashed:
            stream.set_dash([3, 3], 0)
        self._stroke(x1, y1, x2, y2)
        stream.stroke()
        stream.pop_state()

    @contextmanager
    def clipped(self, x: float, y: float, width: float, height: float, radius: float = 0) -> Iterator[None]:
        """Draw only inside a rectangle."""
        stream = self._stream
        stream.push_state()
        self._path(x, y, width, height, radius)
        stream.clip()
        stream.end()
        yield
        stream.pop_state()

    def strokes(
        self, lines: list[tuple[float, float, float, float]], colour: str, opacity: float, width: float, *, dots: bool
    ) -> None:
        """Draw many strokes of one kind."""
        stream = self._stream
        stream.push_state()
        stream.set_state(self.opacities.setdefault(opacity, f"G{len(self.opacities)}"))
        stream.set_color_rgb(*_rgb(colour), stroke=True)
        stream.set_line_width(_number(width))
        stream.set_line_cap(1 if dots else 0)
        for line in lines:
            self._stroke(*line)
        stream.stroke()
        stream.pop_state()

    @property
    def _stream(self) -> pydyf.Stream:
        return self.streams[-1]

    def _stroke(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self._stream.move_to(_number(x1), _number(PAGE[1] - y1))
        self._stream.line_to(_number(x2), _number(PAGE[1] - y2))

    def _path(self, x: float, y: float, width: float, height: float, radius: float) -> None:
        stream, bottom = self._stream, PAGE[1] - y - height
        if not radius:
            stream.rectangle(*(_number(value) for value in (x, bottom, width, height)))
            return
        right, top, out = x + width, bottom + height, radius * (1 - _KAPPA)
        corners = (
            (right - radius, bottom, right - out, bottom, right, bottom + out, right, bottom + radius),
            (right, top - radius, right, top - out, right - out, top, right - radius, top),
            (x + radius, top, x + out, top, x, top - out, x, top - radius),
            (x, bottom + radius, x, bottom + out, x + out, bottom, x + radius, bottom),
        )
        stream.move_to(_number(x + radius), _number(bottom))
        for corner in corners:
            start, handles = corner[:2], corner[2:]
            stream.line_to(*(_number(value) for value in start))
            stream.curve_to(*(_number(value) for value in handles))
        stream.close()


def _pieces(text: str, font: Face) -> Iterator[tuple[str, bool]]:
    """Yield runs of characters that the font has (True), and each of those that it lacks alone (False)."""
    run = ""
    for character in text:
        if font.has(character):
            run += character
            continue
        if run:
            yield run, True
            run = ""
        yield character, False
    if run:
        yield run, True


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(round(int(colour[place : place + 2], 16) / 255, 4) for place in (1, 3, 5))


def _number(value: float) -> float:
    return round(value, 2)
