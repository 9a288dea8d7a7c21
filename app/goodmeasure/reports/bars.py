"""What each bar of the page says, made from one section of a report."""

from collections.abc import Mapping
from typing import Final

import msgspec

from goodmeasure.disclosure.fields import NeedSection, OutcomeSection, ReviewSection
from goodmeasure.reports import figures
from goodmeasure.reports.figures import Look, Part
from goodmeasure.reports.sheet import Head, Note, Piece, Row, Table
from goodmeasure.reports.sheet import Section as SheetSection

Section = OutcomeSection | NeedSection | ReviewSection
Labels = Mapping[str, tuple[str, Look]]

_OTHER: Final = {"other": ("Other", figures.RULED), "not_rated": ("Not rated", figures.GREY)}

OUTCOME: Final[Labels] = {
    "used": ("Used", figures.PLAIN),
    "informed": ("Learned / decided", figures.SLANTED),
    "partial": ("Partly used", figures.DOTTED),
    "discarded": ("Not used", figures.LINED),
    "harmful": ("Made it worse", figures.CROSSED),
    **_OTHER,
}
NEED: Final[Labels] = {
    "essential": ("Not possible", figures.PLAIN),
    "helpful": ("Slower or worse", figures.SLANTED),
    "extra": ("Not bothered with", figures.DOTTED),
    "unnecessary": ("Done as well", figures.LINED),
    **_OTHER,
}
REVIEW: Final[Labels] = {
    "none": ("Unchecked", figures.CROSSED),
    "accepted": ("Unchanged", figures.PLAIN),
    "light_edits": ("Small fixes", figures.SLANTED),
    "heavy_edits": ("Reworked", figures.DOTTED),
    "rejected": ("Rejected", figures.LINED),
    **_OTHER,
}


def bar_section(section: Section, labels: Labels, key: str, heading: str, more: tuple[Piece, ...] = ()) -> SheetSection:
    """Return a bar with its table and its sentences; `more` stands under it where there is enough to say."""
    if section.shares is None:
        words = "Not enough to say: fewer than 10 runs were rated."
        return SheetSection(key, heading, (figures.empty_bar(words), Note(words)))
    shares: dict[str, str | None] = msgspec.structs.asdict(section.shares)
    shown = {name: code for name, code in shares.items() if code is not None}
    parts = [Part(labels[name][0], *ends(code), labels[name][1]) for name, code in shown.items()]
    note = _note(shares, labels)
    return SheetSection(
        key,
        heading,
        (
            figures.stacked_bar(parts, heading),
            _table(section, shown, labels, heading),
            *((Note(note),) if note else ()),
            *more,
        ),
        beside=_beside(section, section.shares.not_rated),
    )


def percent(code: str) -> str:
    """Return a range for people: `40-50` becomes `40–50 %`."""
    return f"{code.replace('-', '–')}\u00a0%"


def complement(code: str) -> str:
    """Return the range of the rest: of `30-40` it is `60-70`."""
    low, high = ends(code)
    return f"{100 - high}-{100 - low}"


def ends(code: str) -> tuple[int, int]:
    """Return both ends of a range: of `40-50` they are 40 and 50."""
    low, high = code.split("-")
    return int(low), int(high)


def _table(section: Section, shown: Mapping[str, str], labels: Labels, heading: str) -> Table:
    likely: dict[str, str | None] = {} if section.estimate is None else msgspec.structs.asdict(section.estimate)
    estimates = tuple(percent(found) if (found := likely.get(name)) else "–" for name in shown)
    return Table(
        f"{heading} (table)",
        tuple(Head(*labels[name]) for name in shown),
        (
            Row("Of all runs", tuple(percent(code) for code in shown.values())),
            Row("Likely", estimates if likely else ("not enough to say",)),
        ),
    )


def _beside(section: Section, not_rated: str) -> str:
    told = [f"{percent(complement(not_rated))} rated"]
    if section.app_drawn is not None:
        told.append(f"app picked {percent(section.app_drawn)} of these")
    if section.estimate is not None:
        told.append(f"{percent(section.estimate.response)} response")
    return " · ".join(told)


def _note(shares: Mapping[str, str | None], labels: Labels) -> str:
    rare = [labels[key][0] for key, code in shares.items() if code is None and key != "other"]
    if not rare:
        return ""
    place = "“Other”" if shares["other"] else "“Not rated”"
    return f"None, or too few to show apart (then in {place}): {_listed(rare)}."


def _listed(labels: list[str]) -> str:
    return ", ".join(label[0].lower() + label[1:] for label in labels)
