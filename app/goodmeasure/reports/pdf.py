"""The page as a PDF: one sheet of real text, tagged to be read aloud, with the signed report attached.

Made from the same sheet as the HTML page, without Qt, and from nothing else: no date, no user, no machine.
"""

import unicodedata
from typing import Final

from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.pdf_canvas import Canvas
from goodmeasure.reports.pdf_fonts import DISPLAY, MEDIUM, REGULAR, STRONG, Face
from goodmeasure.reports.pdf_layout import ACROSS, BOTTOM, FAINT, LINE, SIDE, SOFT, TEXT, TOP, Ink, Layout
from goodmeasure.reports.pdf_writer import pdf_file
from goodmeasure.reports.sheet import Sheet
from goodmeasure.reports.telling import told

_SIZES: Final = (9.4, 8.9, 8.4, 7.9, 7.4, 6.9, 6.4, 6.0, 5.6)
"""Sizes of type, the largest that fits on one page is taken."""
_OF_SIGNS: Final = "\ufe0e\ufe0f\u20e3"
"""Marks that belong to a sign: keyboards send a heart as a heart and U+FE0F."""
_ACCENT: Final = "#4f46e5"
_WASH: Final = "#f5f5fb"


def pdf_bytes(report: bytes, signature: bytes) -> bytes:
    """Return the PDF of these exact bytes; the same bytes give the same PDF.

    Raises Refusal where the bytes are no report or hold writing that the app's own fonts do not have; SignatureError
    where the signature does not fit them.
    """
    sheet = told(report, signature)
    _demand_letters(sheet)
    for size in _SIZES:
        canvas = Canvas((REGULAR, MEDIUM, STRONG, DISPLAY))
        if _drawn(canvas, sheet, size):
            break
    else:
        raise Refusal(
            "The PDF cannot be made, for the texts do not fit on one page: open report.html and print it there."
        )
    attachments = {"report.json": report, "report.json.sig": signature}
    return pdf_file(canvas, f"{sheet.title} – {sheet.author}", attachments, sheet.sha256[:32])


def _demand_letters(sheet: Sheet) -> None:
    # A sign that is missing (an emoji) is a box that still says what it is; a script that is missing is no page.
    face = Face(REGULAR)
    for text in sheet.typed:
        for character in text:
            is_letter = unicodedata.category(character)[0] in "LMN" and character not in _OF_SIGNS
            if is_letter and not face.has(character):
                raise Refusal(
                    f"The PDF cannot be made, for its fonts have no “{character}”: open report.html and print it there."
                )


def _drawn(canvas: Canvas, sheet: Sheet, size: float) -> bool:
    """Draw the sheet at a size; say whether all but its appendices fit on the first page."""
    layout = Layout(canvas, size)
    layout.next_page()
    _top(layout, sheet)
    layout.sections(canvas.root, sheet.sections)
    small = Ink(REGULAR, size * 0.78, FAINT)
    exact = Ink(REGULAR, size * 0.74, SOFT)
    feet = [[(span.text, exact if span.exact else small) for span in line] for line in sheet.footer]
    tall = sum(layout.height(runs, 1.4) for runs in feet) + size * 0.8
    fits = layout.y + tall + size * 0.8 <= BOTTOM
    layout.y = max(BOTTOM - tall, layout.y + size * 0.8)
    with canvas.drawing(None):
        canvas.line(SIDE, layout.y, SIDE + ACROSS, layout.y, LINE)
    layout.y += size * 0.5
    foot = canvas.root.add("Sect")
    for runs in feet:
        layout.runs(foot.add("P"), runs, 1.4)
    if sheet.appendices:
        layout.flows = True
        layout.next_page()
        layout.sections(canvas.root, sheet.appendices)
    return fits


def _top(layout: Layout, sheet: Sheet) -> None:
    canvas, size = layout.canvas, layout.size
    side = 15.0
    with canvas.drawing(None):
        canvas.rectangle(SIDE, TOP, side, side, _ACCENT, side * 0.27)
        for x, high in ((5.5, 5.0), (9.8, 2.6), (14.2, 2.6), (18.5, 5.0)):
            place = SIDE + side * x / 24
            canvas.line(place, TOP + side * 15.5 / 24, place, TOP + side * (15.5 - high) / 24, "#ffffff", 1.1)
        canvas.line(SIDE + side * 0.22, TOP + side * 0.65, SIDE + side * 0.78, TOP + side * 0.65, "#ffffff", 1.1)
    with canvas.drawing(canvas.root.add("P")):
        canvas.text(SIDE + side + 6, TOP + side * 0.72, "Good Measure", STRONG, 9.6, TEXT)
    with canvas.drawing(canvas.root.add("P")):
        wide = canvas.face(REGULAR).width(sheet.corner, 8.4)
        canvas.text(SIDE + ACROSS - wide, TOP + side * 0.7, sheet.corner, REGULAR, 8.4, FAINT)
    layout.y = TOP + side + size * 0.9
    layout.runs(canvas.root.add("H1"), [(sheet.title, Ink(DISPLAY, size * 2.05, TEXT))], 1.25)
    layout.y += size * 0.15
    lead = size * 1.08
    layout.sentence(canvas.root.add("P"), sheet.lead, Ink(REGULAR, lead, SOFT), Ink(STRONG, lead, TEXT))
    layout.y += size * 0.55
    _banner(layout, sheet)


def _banner(layout: Layout, sheet: Sheet) -> None:
    canvas, size = layout.canvas, layout.size
    soft, strong = Ink(REGULAR, size * 0.95, SOFT), Ink(STRONG, size * 0.95, TEXT)
    runs = [(span.text, strong if span.strong else soft) for span in sheet.banner]
    inset, pad = 10.0, size * 0.45
    layout.x, layout.width = SIDE + inset, ACROSS - 2 * inset
    tall = layout.height(runs, 1.4) + 2 * pad
    with canvas.drawing(None):
        canvas.rectangle(SIDE, layout.y, ACROSS, tall, _WASH, 5)
        canvas.rectangle(SIDE, layout.y, 2.2, tall, _ACCENT, 1)
    end = layout.y + tall
    layout.y += pad
    layout.runs(canvas.root.add("P"), runs, 1.4)
    layout.x, layout.width, layout.y = SIDE, ACROSS, end
