"""A report told in words and figures, before it is HTML or PDF: both say the same, in the same order."""

from dataclasses import dataclass

from goodmeasure.reports.figures import Figure, Look


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence."""

    text: str
    strong: bool = False
    typed: bool = False
    """Somebody's own words: kept apart from the sentence's direction of writing."""
    exact: bool = False
    """To be read letter by letter: a hash, a command."""


Sentence = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that the person typed, each with a word at its end (or "")."""

    lines: tuple[tuple[str, str], ...]
    ruled: bool = False
    """Apart by hairlines instead of marked as items."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's label, with the look that it has in the figure above."""

    label: str
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: one cell alone reaches over all columns."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column says what each row is."""

    name: str
    """What it is, for people who do not see it."""
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    corner: str = ""
    """Label of the first column."""
    led: bool = False
    """The first row is what the table is about, the others stand behind it."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence under a figure."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why a section is empty."""

    text: str


Piece = Lines | Figure | Table | Note | Nothing


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    key: str
    """Unique in the sheet."""
    heading: str
    pieces: tuple[Piece, ...]
    beside: str = ""
    """How far to trust it, beside the heading."""
    half: bool = False
    """Stands beside the next or the last one, each on half of the width."""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One report, told."""

    title: str
    corner: str
    """The days that it is about."""
    author: str
    lead: Sentence
    banner: Sentence
    sections: tuple[Section, ...]
    appendices: tuple[Section, ...]
    """On a second sheet, where there are any."""
    footer: tuple[Sentence, ...]
    sha256: str
    """Of the signed bytes, hex."""

    @property
    def typed(self) -> tuple[str, ...]:
        """Every text that somebody typed, for measuring how much it is."""
        spans = [span.text for sentence in (self.lead, self.banner) for span in sentence if span.typed]
        pieces = (piece for section in (*self.sections, *self.appendices) for piece in section.pieces)
        return (*spans, *(line for piece in pieces if isinstance(piece, Lines) for line, _ in piece.lines))
