"""What each bar of the page says, made from one section of a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from goodmeasure.disclosure.fields import NeedSection, OutcomeSection, ReviewSection
from goodmeasure.reports import figures
from goodmeasure.reports.figures import Look, Part

Section = OutcomeSection | NeedSection | ReviewSection

_OTHER: Final = {"other": ("Other", figures.RULED), "not_rated": ("Not rated", figures.GREY)}

OUTCOME: Final[Mapping[str, tuple[str, Look]]] = {
    "used": ("Used", figures.PLAIN),
    "informed": ("Learned / decided", figures.SLANTED),
    "partial": ("Partly used", figures.DOTTED),
    "discarded": ("Not used", figures.LINED),
    "harmful": ("Made it worse", figures.CROSSED),
    **_OTHER,
}
NEED: Final[Mapping[str, tuple[str, Look]]] = {
    "essential": ("Not possible", figures.PLAIN),
    "helpful": ("Slower or worse", figures.SLANTED),
    "extra": ("Not bothered with", figures.DOTTED),
    "unnecessary": ("Done as well", figures.LINED),
    **_OTHER,
}
REVIEW: Final[Mapping[str, tuple[str, Look]]] = {
    "none": ("Unchecked", figures.CROSSED),
    "accepted": ("Unchanged", figures.PLAIN),
    "light_edits": ("Small fixes", figures.SLANTED),
    "heavy_edits": ("Reworked", figures.DOTTED),
    "rejected": ("Rejected", figures.LINED),
    **_OTHER,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table under a bar."""

    label: str
    swatch: str
    """SVG."""
    share: str
    """`40–50 %`."""
    likely: str
    """The estimate for all runs, or a dash where there is none."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its table and its sentences, ready to be placed."""

    figure: str
    """SVG."""
    columns: tuple[Column, ...]
    """Empty where there is not enough to say."""
    has_estimate: bool
    beside: str
    """Coverage and response, to stand beside the heading; empty without shares."""
    note: str
    """What cannot be seen in the bar, or empty."""


def bar_of(section: Section, labels: Mapping[str, tuple[str, Look]], title: str, name: str) -> Bar:
    """Return the bar of one section. `title` is its text alternative, `name` makes its ids unique in the page."""
    if section.shares is None:
        words = "Not enough to say: fewer than 10 runs were rated."
        return Bar(figures.empty_bar(words), (), has_estimate=False, beside="", note=words)
    shares: dict[str, str | None] = msgspec.structs.asdict(section.shares)
    likely: dict[str, str | None] = {} if section.estimate is None else msgspec.structs.asdict(section.estimate)
    shown = {key: code for key, code in shares.items() if code is not None}
    parts = [Part(labels[key][0], *_ends(code), labels[key][1]) for key, code in shown.items()]
    columns = tuple(
        Column(
            labels[key][0],
            figures.swatch(labels[key][1]),
            percent(code),
            percent(found) if (found := likely.get(key)) else "–",
        )
        for key, code in shown.items()
    )
    return Bar(
        figures.stacked_bar(parts, title, name),
        columns,
        bool(likely),
        _beside(section, section.shares.not_rated),
        _note(shares, labels),
    )


def percent(code: str) -> str:
    """Return a range for people: `40-50` becomes `40–50 %`."""
    return f"{code.replace('-', '–')}\u00a0%"


def complement(code: str) -> str:
    """Return the range of the rest: of `30-40` it is `60-70`."""
    low, high = _ends(code)
    return f"{100 - high}-{100 - low}"


def _ends(code: str) -> tuple[int, int]:
    low, high = code.split("-")
    return int(low), int(high)


def _beside(section: Section, not_rated: str) -> str:
    told = [f"{percent(complement(not_rated))} rated"]
    if section.app_drawn is not None:
        told.append(f"app picked {percent(section.app_drawn)} of these")
    if section.estimate is not None:
        told.append(f"{percent(section.estimate.response)} response")
    return " · ".join(told)


def _note(shares: Mapping[str, str | None], labels: Mapping[str, tuple[str, Look]]) -> str:
    rare = [labels[key][0] for key, code in shares.items() if code is None and key != "other"]
    if not rare:
        return ""
    place = "“Other”" if shares["other"] else "“Not rated”"
    return f"None, or too few to show apart (then in {place}): {_listed(rare)}."


def _listed(labels: list[str]) -> str:
    return ", ".join(label[0].lower() + label[1:] for label in labels)
