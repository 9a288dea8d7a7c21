"""The letters of a PDF: measured, chosen by character, and embedded only as far as they are used."""

import io
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from goodmeasure.host.paths import resource

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

REGULAR: Final = "Inter-Regular"
MEDIUM: Final = "Inter-Medium"
STRONG: Final = "Inter-SemiBold"
DISPLAY: Final = "InterDisplay-SemiBold"

_KEPT_TABLES: Final = ("glyf", "head", "hhea", "hmtx", "loca", "maxp", "cvt ", "fpgm", "prep")
"""What a viewer needs of a font that is embedded by glyph number."""
NO_GLYPH: Final = 0
"""The glyph that stands for a character that the font does not have."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """A font's own figures, in thousandths of the type's size."""

    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    capitals: int


@dataclass(slots=True)
class Face:
    """One font as a document uses it."""

    name: str
    used: dict[int, str] = field(default_factory=dict)
    """Each glyph that was drawn, with the character that it stood for first."""

    def has(self, character: str) -> bool:
        """Say whether the font can draw this character."""
        return ord(character) in _characters(self.name)

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is at a size, in the unit of the size."""
        characters, widths = _characters(self.name), _widths(self.name)
        return size * sum(widths[characters.get(ord(character), NO_GLYPH)] for character in text) / 1000

    def encoded(self, text: str) -> str:
        """Return the text as hexadecimal glyph numbers, and remember which glyphs are used."""
        characters = _characters(self.name)
        numbers = []
        for character in text:
            number = characters.get(ord(character), NO_GLYPH)
            self.used.setdefault(number, character)
            numbers.append(number)
        return "".join(f"{number:04x}" for number in numbers)

    @property
    def glyph_widths(self) -> list[tuple[int, int]]:
        """Return each used glyph with its width in thousandths, in order."""
        widths = _widths(self.name)
        return [(number, widths[number]) for number in sorted(self.used)]

    @property
    def metrics(self) -> Metrics:
        """Return the font's own figures."""
        font = _font(self.name)
        unit = 1000 / font["head"].unitsPerEm
        head, lines = font["head"], font["hhea"]
        return Metrics(
            (round(head.xMin * unit), round(head.yMin * unit), round(head.xMax * unit), round(head.yMax * unit)),
            round(lines.ascent * unit),
            round(lines.descent * unit),
            round(font["OS/2"].sCapHeight * unit),
        )

    @property
    def label(self) -> str:
        """Return the name of the embedded part: six letters made from what is in it, and the font's name."""
        digest = sha256(repr(sorted(self.used)).encode()).digest()
        return "".join(chr(65 + byte % 26) for byte in digest[:6]) + "+" + self.name

    def embedded(self) -> bytes:
        """Return a TrueType font with the used glyphs alone, at their own numbers."""
        from fontTools.subset import Options, Subsetter  # noqa: PLC0415 - only a PDF pays for it
        from fontTools.ttLib import TTFont  # noqa: PLC0415 - as above

        options = Options()
        options.retain_gids = True
        options.hinting = False
        options.notdef_outline = True
        options.recalc_timestamp = False
        font = TTFont(resource(f"fonts/{self.name}.ttf"), recalcTimestamp=False)
        for table in ("GDEF", "GPOS", "GSUB"):
            del font[table]
        subsetter = Subsetter(options)
        subsetter.populate(gids=sorted(self.used))
        subsetter.subset(font)
        for table in [tag for tag in font.keys() if tag not in {*_KEPT_TABLES, "GlyphOrder"}]:  # noqa: SIM118 - a font is no dict
            del font[table]
        written = io.BytesIO()
        font.save(written)
        return written.getvalue()

    def unicode_map(self) -> bytes:
        """Return the CMap by which a reader turns glyph numbers back into text."""
        lines = [
            f"<{number:04x}> <{character.encode('utf-16-be').hex()}>" for number, character in sorted(self.used.items())
        ]
        blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]  # no more at once, says the format
        mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
            f"{mapped}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode()


@cache
def _font(name: str) -> "TTFont":
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only a PDF pays for it

    return TTFont(resource(f"fonts/{name}.ttf"), lazy=True)


@cache
def _characters(name: str) -> dict[int, int]:
    font = _font(name)
    number_of = font.getReverseGlyphMap()
    return {character: number_of[glyph] for character, glyph in font.getBestCmap().items()}


@cache
def _widths(name: str) -> tuple[int, ...]:
    font = _font(name)
    unit = 1000 / font["head"].unitsPerEm
    return tuple(round(font["hmtx"][glyph][0] * unit) for glyph in font.getGlyphOrder())
