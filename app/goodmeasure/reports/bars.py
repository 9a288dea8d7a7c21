"""What each bar of the page says, made from one section of a report."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from goodmeasure.disclosure.fields import NeedSection, OutcomeSection, ReviewSection
from goodmeasure.reports import figures
from goodmeasure.reports.figures import Look, Part
from goodmeasure.reports.sheet import Head, Note, Piece, Row, Section, Table

Answers = OutcomeSection | NeedSection | ReviewSection
Labels = Mapping[str, tuple[str, Look]]

_OTHER: Final = {"other": ("Other", figures.RULED), "not_rated": ("Not rated", figures.GREY)}
_UNKNOWN: Final = {"other": ("Other", figures.RULED), "not_known": ("Not known", figures.GREY)}

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
AUTONOMY: Final[Labels] = {
    "asked_each": ("Asked before each step", figures.PLAIN),
    "auto_edits": ("Edits without asking", figures.SLANTED),
    "auto_all": ("All without asking", figures.DOTTED),
    "unattended": ("Nobody there", figures.CROSSED),
    **_UNKNOWN,
}
DATA_CLASS: Final[Labels] = {
    "public": ("Public", figures.PLAIN),
    "internal": ("Internal", figures.SLANTED),
    "confidential": ("Confidential", figures.DOTTED),
    "restricted": ("Restricted", figures.CROSSED),
    **_UNKNOWN,
}
CHECKS: Final[Labels] = {
    "checked": ("Checked", figures.PLAIN),
    "unchecked": ("Unchecked", figures.CROSSED),
    **_OTHER,
}


def bar_section(
    section: Answers,
    labels: Labels,
    key: str,
    heading: str,
    *,
    counts: msgspec.Struct | None = None,
    more: Sequence[Piece] = (),
) -> Section:
    """Return a bar with its table and its sentences; `more` stands under it where there is enough to say."""
    if section.shares is None:
        return empty_section(key, heading, "Not enough to say: fewer than 10 runs were rated.")
    shares = msgspec.structs.asdict(section.shares)
    likely: dict[str, str | None] = {} if section.estimate is None else msgspec.structs.asdict(section.estimate)
    shown = [name for name, code in shares.items() if code is not None]
    estimates = tuple(percent(found) if (found := likely.get(name)) else "–" for name in shown)
    rows = [Row("Likely", estimates if likely else ("not enough to say",))]
    if counts is not None:
        known: dict[str, str | None] = msgspec.structs.asdict(counts)
        rows.append(Row("Runs", tuple(number(found) if (found := known.get(name)) else "–" for name in shown)))
    return Section(
        key, heading, (*bar(shares, labels, heading, rows), *more), beside=_beside(section, section.shares.not_rated)
    )


def bar(shares: Mapping[str, Any], labels: Labels, heading: str, rows: Sequence[Row] = ()) -> tuple[Piece, ...]:
    """Return one bar of shares, its table with `rows` under the first, and what cannot be seen in it."""
    shown = {name: code for name, code in shares.items() if code is not None}
    parts = [Part(labels[name][0], *ends(code), labels[name][1]) for name, code in shown.items()]
    first = Row("Of all runs", tuple(percent(code) for code in shown.values()))
    table = Table(f"{heading} (table)", tuple(Head(*labels[name]) for name in shown), (first, *rows), led=True)
    note = _note(shares, labels)
    return (figures.stacked_bar(parts, heading), table, *((Note(note),) if note else ()))


def empty_section(key: str, heading: str, why: str) -> Section:
    """Return a section that there is not enough to fill."""
    return Section(key, heading, (figures.empty_bar(why), Note(why)))


def percent(code: str) -> str:
    """Return a range for people: `40-50` becomes `40–50 %`."""
    return f"{code.replace('-', '–')}\u00a0%"


def number(code: str) -> str:
    """Return a number of runs for people: `8-15` becomes `8–15`, `8192+` becomes `8,192 or more`."""
    if code.endswith("+"):
        return f"{int(code[:-1]):,} or more"
    return "–".join(f"{int(end):,}" for end in code.split("-"))


def complement(code: str) -> str:
    """Return the range of the rest: of `30-40` it is `60-70`."""
    low, high = ends(code)
    return f"{100 - high}-{100 - low}"


def ends(code: str) -> tuple[int, int]:
    """Return both ends of a range: of `40-50` they are 40 and 50."""
    low, high = code.split("-")
    return int(low), int(high)


def _beside(section: Answers, not_rated: str) -> str:
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
    rest = labels[list(shares)[-1]][0]
    place = "“Other”" if shares.get("other") else f"“{rest}”"
    return f"None, or too few to show apart (then in {place}): {_listed(rare)}."


def _listed(labels: list[str]) -> str:
    return ", ".join(label[0].lower() + label[1:] for label in labels)
