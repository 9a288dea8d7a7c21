"""Where the pieces of a sheet stand on paper: sentences broken into lines, tables, figures, one below the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from goodmeasure.reports.figures import RADIUS, TILE, WIDTH, Figure, Filled, Look, Outline, Rule, Written
from goodmeasure.reports.figures import ink as ink_of
from goodmeasure.reports.pdf_canvas import PAGE, Canvas, Node
from goodmeasure.reports.pdf_fonts import MEDIUM, REGULAR, STRONG
from goodmeasure.reports.sheet import Lines, Note, Nothing, Piece, Section, Sentence, Table

TEXT: Final = "#16181d"
SOFT: Final = "#4b5160"
FAINT: Final = "#636a7a"
LINE: Final = "#e4e6ec"
GRADE: Final = ("#e9e8fb", "#3b33b8")
"""Ground and ink of the little mark at a line's end."""
_TONES: Final = {"text": TEXT, "soft": SOFT, "faint": FAINT, "line": LINE}

SIDE: Final = 44.0
TOP: Final = 34.0
BOTTOM: Final = PAGE[1] - 34.0
ACROSS: Final = PAGE[0] - 2 * SIDE


@dataclass(frozen=True, slots=True)
class Ink:
    """How a piece of text is set."""

    face: str
    size: float
    colour: str


Run = tuple[str, Ink]
WidthOf = Callable[[str, Ink], float]


class Layout:
    """Draws pieces from the top downwards; `y` is where the next one begins. All sizes follow from one."""

    def __init__(self, canvas: Canvas, size: float) -> None:
        self.canvas = canvas
        self.size = size
        self.x, self.width = SIDE, ACROSS
        self.y = TOP
        self.flows = False
        """Goes on on a next page where this one is full."""

    def next_page(self) -> None:
        """Go on at the top of a fresh page."""
        self.canvas.new_page()
        self.y = TOP

    def sections(self, parent: Node, sections: Sequence[Section]) -> None:
        """Draw sections, halves beside each other."""
        waiting: float | None = None
        for section in sections:
            if not section.half:
                self._section(parent, section)
            elif waiting is None:
                waiting = self._half(parent, section, 0)
            else:
                self.y, waiting = max(waiting, self._half(parent, section, 1)), None
        if waiting is not None:
            self.y = waiting

    def sentence(self, node: Node, sentence: Sentence, ink: Ink, strong: Ink, leading: float = 1.45) -> None:
        """Draw a sentence of spans over the whole width."""
        self.runs(node, [(span.text, strong if span.strong else ink) for span in sentence], leading)

    def runs(self, node: Node, runs: Sequence[Run], leading: float = 1.45, width: float | None = None) -> None:
        """Draw runs of text as one paragraph."""
        size = max(ink.size for _, ink in runs)
        with self.canvas.drawing(node):
            for line in self.broken(runs, width or self.width):
                self.y += size * leading
                x = self.x
                for text, ink in line:
                    self.canvas.text(x, self.y - size * (leading - 1) / 2 - size * 0.22, text, *_set(ink))
                    x += self.canvas.face(ink.face).width(text, ink.size)

    def height(self, runs: Sequence[Run], leading: float) -> float:
        """Return how tall `runs` would be as one paragraph over the whole width."""
        return len(self.broken(runs, self.width)) * leading * max(ink.size for _, ink in runs)

    def broken(self, runs: Sequence[Run], width: float) -> list[list[Run]]:
        """Return the runs as lines that are no wider than `width`; a word that is wider is broken anywhere."""
        lines: list[list[Run]] = [[]]
        used = 0.0
        for word, ink in _words(runs, lambda text, ink: self.canvas.face(ink.face).width(text, ink.size), width):
            wide = self.canvas.face(ink.face).width(word.rstrip(" "), ink.size)
            if lines[-1] and used + wide > width:
                lines.append([])
                used = 0.0
            if lines[-1] and lines[-1][-1][1] == ink:
                lines[-1][-1] = (lines[-1][-1][0] + word, ink)
            else:
                lines[-1].append((word, ink))
            used += self.canvas.face(ink.face).width(word, ink.size)
        return lines

    def _half(self, parent: Node, section: Section, side: int) -> float:
        gap, start = 24.0, self.y
        whole_x, whole_width = self.x, self.width
        self.width = (whole_width - gap) / 2
        self.x = whole_x + side * (self.width + gap)
        self._section(parent, section)
        end, self.y = self.y, start
        self.x, self.width = whole_x, whole_width
        return end

    def _section(self, parent: Node, section: Section) -> None:
        node = parent.add("Sect")
        self.y += self.size * (1.0 if section.quiet else 1.35)
        if section.quiet:
            with self.canvas.drawing(None):
                self.canvas.line(self.x, self.y, self.x + self.width, self.y, LINE)
            self.y += self.size * 0.5
        self._break(self.size * 6)
        self._heading(node, section)
        for piece in section.pieces:
            self._piece(node, piece, quiet=section.quiet)

    def _heading(self, node: Node, section: Section) -> None:
        ink = Ink(STRONG, self.size * (1.05 if section.quiet else 1.2), TEXT)
        start = self.y
        self.runs(node.add("H2"), [(section.heading, ink)], 1.3)
        if section.beside:
            small = Ink(REGULAR, self.size * 0.86, FAINT)
            face = self.canvas.face(REGULAR)
            wide = face.width(section.beside, small.size)
            if self.canvas.face(STRONG).width(section.heading, ink.size) + 16 + wide > self.width:
                self.runs(node.add("P"), [(section.beside, small)], 1.3)
            else:
                with self.canvas.drawing(node.add("P")):
                    baseline = start + ink.size * (1.3 - 0.15 - 0.22)
                    self.canvas.text(self.x + self.width - wide, baseline, section.beside, *_set(small))
        self.y += self.size * 0.3

    def _piece(self, node: Node, piece: Piece, *, quiet: bool) -> None:
        match piece:
            case Lines(ruled=True):
                self._ruled(node, piece)
            case Lines():
                self._listed(node, piece)
            case Figure():
                self._figure(node, piece)
            case Table():
                self._table(node, piece)
            case Note():
                size = self.size * (0.95 if piece.strong else 0.86)
                self.runs(node.add("P"), [(piece.text, Ink(REGULAR, size, TEXT if piece.strong else FAINT))], 1.42)
                self.y += 0 if quiet else self.size * 0.1
            case Nothing():
                self.runs(node.add("P"), [(piece.text, Ink(REGULAR, self.size, FAINT))])

    def _ruled(self, parent: Node, lines: Lines) -> None:
        ink, small = Ink(REGULAR, self.size, TEXT), Ink(MEDIUM, self.size * 0.82, GRADE[1])
        whole = parent.add("L")
        for number, (text, mark) in enumerate(lines.lines):
            self._break(self.size * 3)
            if number:
                with self.canvas.drawing(None):
                    self.canvas.line(self.x, self.y, self.x + self.width, self.y, LINE)
            self.y += self.size * (0.3 if number else 0)
            body = whole.add("LI").add("LBody")
            start = self.y
            pill = self.canvas.face(MEDIUM).width(mark, small.size) + self.size * 1.4 if mark else 0.0
            self.runs(body, [(text, ink)], 1.4, self.width - pill - (14 if mark else 0))
            if mark:
                tall = self.size * 1.3
                left, top = self.x + self.width - pill, start + self.size * 0.03
                with self.canvas.drawing(None):
                    self.canvas.rectangle(left, top, pill, tall, GRADE[0], tall / 2)
                with self.canvas.drawing(body):
                    self.canvas.text(left + self.size * 0.7, top + tall * 0.5 + small.size * 0.36, mark, *_set(small))
            self.y += self.size * 0.3

    def _listed(self, parent: Node, lines: Lines) -> None:
        ink = Ink(REGULAR, self.size, TEXT)
        whole = parent.add("L")
        indent = self.size * 1.1
        for text, mark in lines.lines:
            self._break(self.size * 3)
            with self.canvas.drawing(None):
                self.canvas.rectangle(self.x + 1, self.y + self.size * 0.58, 2.6, 2.6, FAINT, 1.3)
            self.x, self.width = self.x + indent, self.width - indent
            told = f"{text} ({mark})" if mark else text
            self.runs(whole.add("LI").add("LBody"), [(told, ink)], 1.4)
            self.x, self.width = self.x - indent, self.width + indent
            self.y += self.size * 0.12

    def _figure(self, parent: Node, figure: Figure) -> None:
        unit = self.width / WIDTH
        tall = figure.height * unit
        self._break(tall)
        left, top = self.x, self.y
        box = [round(left, 2), round(PAGE[1] - top - tall, 2), round(left + self.width, 2), round(PAGE[1] - top, 2)]
        alt = f"{figure.title}. {figure.words}" if figure.words else figure.title
        node = parent.add("Figure", alt, O="/Layout", Placement="/Block", BBox=box)
        with self.canvas.drawing(node):
            if figure.rounded:
                with self.canvas.clipped(left, top, self.width, tall, RADIUS * unit):
                    self._shapes(figure, left, top, unit)
            else:
                self._shapes(figure, left, top, unit)
        self.y += tall + self.size * 0.5

    def _shapes(self, figure: Figure, left: float, top: float, unit: float) -> None:
        canvas = self.canvas
        for shape in figure.shapes:
            match shape:
                case Filled():
                    place = (left + shape.x * unit, top + shape.y * unit, shape.width * unit, shape.height * unit)
                    self._filled(shape.look, *place, radius=shape.radius * unit, unit=unit)
                case Rule():
                    ends = (
                        left + shape.x1 * unit,
                        top + shape.y1 * unit,
                        left + shape.x2 * unit,
                        top + shape.y2 * unit,
                    )
                    canvas.line(*ends, _TONES[shape.tone], shape.width * unit, dashed=shape.dashed)
                case Outline():
                    canvas.outline(left, top, shape.width * unit, shape.height * unit, "#a3a9b8", RADIUS * unit)
                case Written():
                    face, size = (STRONG if shape.strong else REGULAR), shape.size * unit
                    wide = canvas.face(face).width(shape.text, size)
                    shift = {"start": 0.0, "middle": wide / 2, "end": wide}[shape.anchor]
                    x, y = left + shape.x * unit - shift, top + shape.baseline * unit
                    canvas.text(x, y, shape.text, face, size, _TONES[shape.tone])

    def _filled(
        self, look: Look, x: float, y: float, width: float, height: float, *, radius: float, unit: float
    ) -> None:
        self.canvas.rectangle(x, y, width, height, look.colour, radius)
        if not look.pattern:
            return
        colour, opacity = ink_of(look)
        tile = TILE * unit
        strokes = [
            (
                x + column * tile + x1 * unit,
                y + row * tile + y1 * unit,
                x + column * tile + x2 * unit,
                y + row * tile + y2 * unit,
            )
            for row in range(int(height / tile) + 1)
            for column in range(int(width / tile) + 1)
            for x1, y1, x2, y2 in look.pattern
        ]
        dots = look.pattern[0][:2] == look.pattern[0][2:]
        with self.canvas.clipped(x, y, width, height, radius):
            self.canvas.strokes(strokes, colour, opacity, look.stroke * unit, dots=dots)

    def _table(self, parent: Node, table: Table) -> None:
        size, widths = self._columns(table)
        node = parent.add("Table")
        quiet, value, label = Ink(REGULAR, size, SOFT), Ink(STRONG, size, TEXT), Ink(REGULAR, size, FAINT)
        heads = [table.corner, *(head.label for head in table.heads)]
        looks = [None, *(head.look for head in table.heads)]
        if table.heads:
            self._row(node, heads, widths, [quiet] * len(heads), looks=looks)
        for number, row in enumerate(table.rows):
            cells = [row.label, *row.cells]
            spans = [widths[0], sum(widths[1:])] if len(row.cells) == 1 and len(table.heads) > 1 else widths
            self._row(node, cells, spans, [label, *[value if table.led and not number else quiet] * len(row.cells)])
        self.y += self.size * 0.15

    def _columns(self, table: Table) -> tuple[float, list[float]]:
        """Return the size of a table's type and the width of every column: natural, else smaller, else broken."""
        gap, swatch = 9.0, 1.15
        for size in (self.size * 0.9, self.size * 0.82, self.size * 0.74):
            face, strong = self.canvas.face(REGULAR), self.canvas.face(STRONG)
            widths = [max(face.width(text, size) for text in [table.corner, *(row.label for row in table.rows)])]
            if not table.heads:
                return size, [widths[0] + gap, self.width - widths[0] - gap]
            for column, head in enumerate(table.heads):
                cells = [row.cells[column] for row in table.rows if len(row.cells) == len(table.heads)]
                head_width = face.width(head.label, size) + (size * swatch if head.look else 0)
                widths.append(max([head_width, *(strong.width(cell, size) for cell in cells)]))
            natural = sum(widths) + gap * len(table.heads)
            if natural <= self.width:
                spare = (self.width - natural) / max(1, len(table.heads))
                return size, [widths[0] + gap, *(wide + gap + spare * 0.8 for wide in widths[1:])]
        return size, [(wide + gap) * self.width / (natural + gap) for wide in widths]

    def _row(
        self,
        table: Node,
        cells: Sequence[str],
        widths: Sequence[float],
        inks: Sequence[Ink],
        looks: Sequence[Look | None] | None = None,
    ) -> None:
        size = inks[0].size
        broken = [
            self.broken([(cell, ink)], max(20.0, wide - 6 - (size * 1.15 if looks and looks[column] else 0)))
            if cell
            else []
            for column, (cell, ink, wide) in enumerate(zip(cells, inks, widths, strict=True))
        ]
        self._break(size * 1.5 * max(len(lines) for lines in broken))
        row = table.add("TR")
        x = self.x
        for column, lines in enumerate(broken):
            head = looks is not None or column == 0
            scope = "/Column" if looks is not None else "/Row"
            node = row.add("TH", O="/Table", Scope=scope) if head and lines else row.add("TD")
            left = x
            if looks is not None and (look := looks[column]) is not None:
                with self.canvas.drawing(None):
                    self._filled(look, x, self.y + size * 0.32, size * 0.82, size * 0.82, radius=size * 0.2, unit=0.62)
                left += size * 1.15
            if lines:
                with self.canvas.drawing(node):
                    for number, line in enumerate(lines):
                        ((text, ink),) = line
                        self.canvas.text(left, self.y + size * (1.06 + 1.35 * number), text, *_set(ink))
            x += widths[column]
        self.y += size * (1.48 + 1.35 * (max(len(lines) for lines in broken) - 1))

    def _break(self, needed: float) -> None:
        if self.flows and self.y + needed > BOTTOM:
            self.next_page()


def _set(ink: Ink) -> tuple[str, float, str]:
    return ink.face, ink.size, ink.colour


def _words(runs: Sequence[Run], width_of: WidthOf, widest: float) -> Iterator[Run]:
    """Yield words with the blanks after them; a word that is too wide in as many parts as it needs."""
    for text, ink in runs:
        places = [0, *(place + 1 for place, sign in enumerate(text) if sign == " "), len(text)]
        for start, end in pairwise(places):
            word = text[start:end]
            while word and width_of(word.rstrip(" "), ink) > widest:
                fits = next(
                    most for most in range(len(word), 0, -1) if most == 1 or width_of(word[:most], ink) <= widest
                )
                yield word[:fits], ink
                word = word[fits:]
            if word:
                yield word, ink
