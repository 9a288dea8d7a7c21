"""Which colour token stands for which answer. No answer is red or green: none of them is a mark for the person."""

from goodmeasure.ui.widgets.bars import Part
from goodmeasure.viewmodels.share_bars import BarPart

COLORS = {
    "used": "used",
    "informed": "informed",
    "partial": "partial",
    "discarded": "discarded",
    "harmful": "harmful",
    "not_rated": "unrated",
    "essential": "used",
    "helpful": "informed",
    "extra": "partial",
    "unnecessary": "discarded",
    "none": "partial",
    "accepted": "used",
    "light_edits": "informed",
    "heavy_edits": "discarded",
    "rejected": "harmful",
}
"""Value of the taxonomy → colour token."""


def color_of(value: str | None) -> str:
    """Return the colour token of an answer; the grey of "not rated" for anything else."""
    return COLORS.get(value or "", "unrated")


def drawn_parts(parts: tuple[BarPart, ...]) -> tuple[Part, ...]:
    """Give the parts of a bar their colours."""
    return tuple(
        Part(
            part.label,
            part.fraction,
            color_of(part.value),
            part.count,
            part.percent,
            part.value,
            part.likely,
            _beyond(part),
        )
        for part in parts
    )


def _beyond(part: BarPart) -> str:
    """Return what a number can say of the runs that nobody rated."""
    said = [f"Likely {part.likely} of all runs (80 %)." if part.likely else ""]
    said.append(f"Whatever the unrated ones were: {part.worst}." if part.worst else "")
    return " ".join(one for one in said if one)
