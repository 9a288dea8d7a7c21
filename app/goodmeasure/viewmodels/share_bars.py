"""The parts of a 100 % bar with what must stand beside them: coverage, and whether there is enough to say."""

from dataclasses import dataclass

from goodmeasure.domain.shares import Tally, may_show_share
from goodmeasure.value.shares import bounds
from goodmeasure.value.taxonomy import choice
from goodmeasure.viewmodels.wording import counted, percent

NOT_RATED = "not_rated"


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of a bar."""

    value: str
    """A value of the taxonomy, or `not_rated`."""
    label: str
    fraction: float
    """Of all runs that may be judged, 0 to 1."""
    count: str
    percent: str
    likely: str = ""
    """Of all runs, at 80 %: `31 – 52 %`; "" where there is not enough to say."""
    worst: str = ""
    """Of all runs, whatever the unrated ones were: `12 – 70 %`."""


@dataclass(frozen=True, slots=True)
class ShareBar:
    """One question's answers over all runs of a period."""

    question: str
    parts: tuple[BarPart, ...]
    """Every answer in the taxonomy's order, then not rated; empty without runs."""
    sentence: str
    """The result in one sentence, or that there is not enough to say."""
    enough: bool
    beside: str
    """Coverage and how the answers were collected."""
    description: str
    """The whole bar in words."""


def share_bar(tally: Tally, question: str) -> ShareBar:
    """Say one tally. Shares of too few answers have no percentage; the counts stay."""
    parts = _parts(tally)
    enough, sentence = _headline(tally)
    said = "; ".join(f"{part.label}: {part.count}" + (f" ({part.percent})" if part.percent else "") for part in parts)
    return ShareBar(question, parts, sentence, enough, _beside(tally), f"{question} {said}." if parts else sentence)


def _parts(tally: Tally) -> tuple[BarPart, ...]:
    if not tally.runs:
        return ()
    answered = [
        _part(tally, value, choice(tally.name, value).label.removeprefix("…"), count)
        for value, count in tally.counts.items()
    ]
    return (*answered, _part(tally, NOT_RATED, "Not rated", tally.not_rated))


def _part(tally: Tally, value: str, label: str, count: int) -> BarPart:
    fraction = count / tally.runs
    shown = value == NOT_RATED or may_show_share(value, tally.rated)
    name, said = label[:1].upper() + label[1:], percent(fraction) if shown else ""
    if value == NOT_RATED:
        return BarPart(value, name, fraction, f"{count:,}", said)
    found = tally.estimate.intervals[value] if tally.estimate is not None else None
    likely = _between(found.low, found.high) if found is not None else ""
    return BarPart(
        value, name, fraction, f"{count:,}", said, likely, _between(*bounds(count, tally.not_rated, tally.runs))
    )


def _between(low: float, high: float) -> str:
    return f"{percent(low).removesuffix(' %')} – {percent(high)}"


def _headline(tally: Tally) -> tuple[bool, str]:
    if not tally.runs:
        return False, "No runs in this period."
    if tally.estimate is None:
        return False, "Not enough to say yet: the counts below are what you rated, not a share of all runs."
    leading = max(tally.estimate.intervals.items(), key=lambda item: item[1].share)
    label = choice(tally.name, leading[0]).label.removeprefix("…")
    low, high = percent(leading[1].low), percent(leading[1].high)
    return True, f"Of all runs, {low.removesuffix(' %')} to {high} most likely were: {label.lower()}."


def _beside(tally: Tally) -> str:
    if not tally.runs:
        return ""
    rated = f"{tally.rated:,} of {counted(tally.runs, 'run')} rated ({percent(tally.rated / tally.runs)})"
    if tally.estimate is None:
        return rated
    answered, drawn = tally.estimate.answered, tally.estimate.drawn
    return f"{rated} · {answered:,} of {drawn:,} drawn runs answered ({percent(answered / drawn)})"
