"""A roll-up for people: one self-contained HTML page that prints, made only from its bytes."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from goodmeasure.disclosure.rollup import Bar, Cost, RollUp, Runs, Time
from goodmeasure.domain.period import period_named
from goodmeasure.host.paths import resource
from goodmeasure.reports.bars import AUTONOMY, CHECKS, DATA_CLASS, NEED, OUTCOME, REVIEW
from goodmeasure.reports.numbers_told import ACTIONS, PROVIDERS
from goodmeasure.reports.periods import period_days, period_title
from goodmeasure.reports.rollup_files import open_roll_up

_WIDTH: Final = 300
"""Width of a range's drawing in its own units."""
_HEADINGS: Final = {
    "outcome": "What became of the work",
    "need": "Would it have been done without AI?",
    "review": "Human check",
    "autonomy": "What agents could do without asking",
    "data_class": "What data they worked on",
    "checks": "Did a human check what agents did outside the machine?",
    "actions": "What agents did outside the machine",
}
_BARS: Final = {
    "outcome": OUTCOME,
    "need": NEED,
    "review": REVIEW,
    "autonomy": AUTONOMY,
    "data_class": DATA_CLASS,
    "checks": CHECKS,
}
_EVIDENCE: Final = {
    "verified": "Verified: commits landed and stayed",
    "linked": "Linked to a commit",
    "self_reported": "Self-reported",
    "other": "Other or mixed evidence",
}
_KINDS: Final = {
    "list_cost_cents": "List cost",
    "input_tokens": "Tokens read",
    "cache_read_tokens": "Tokens read from a cache",
    "cache_write_tokens": "Tokens written to a cache",
    "output_tokens": "Tokens written",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """One figure: what it is, a drawing of its range, and the range in words."""

    label: str
    drawing: str
    """SVG."""
    words: str
    likely: str


@dataclass(frozen=True, slots=True)
class _Section:
    key: str
    heading: str
    people: int
    lines: tuple[_Line, ...]
    has_likely: bool
    note: str
    first: str = "Answer"
    """Head of the first column."""


def roll_up_page(data: bytes) -> bytes:
    """Return the page of these bytes; the same bytes give the same page. Raises Refusal where they are no roll-up."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - 80 ms that only a page pays

    made = open_roll_up(data)
    period = period_named(made.period)
    style = "\n".join(resource(f"report/{name}").read_text("utf-8").strip() for name in ("page.css", "rollup.css"))
    environment = Environment(
        loader=FileSystemLoader(resource("report")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("rollup.html.j2").render(
        period_title=period_title(period),
        period_days=period_days(period),
        people=made.people_at_least,
        took_part=_took_part(made),
        sections=_sections(made),
        costs=_costs(made.costs),
        style=style,
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return text.encode()


def _took_part(made: RollUp) -> str:
    if made.contribution is None:
        return "how many were invited was not said"
    low, high = made.contribution.split("-")
    return f"{_between(int(low), int(high), '%')} of those invited took part"


def roll_up_lines(made: RollUp) -> list[str]:
    """Return a roll-up as lines of text."""
    told = [f"{made.period}: {made.people_at_least} people or more, {_took_part(made)}."]
    for section in _sections(made):
        told += ["", f"{section.heading} ({section.people} people or more)"]
        for line in section.lines:
            likely = f"   likely {line.likely}" if section.has_likely else ""
            told.append(f"  {line.label:<38} {line.words:>14}{likely}")
    costs = _costs(made.costs)
    told += ["", "Cost and tokens, as background"] if costs else []
    told += [f"  {provider}: {kind.lower()} {words}" for provider, kind, words, _ in costs]
    return [line.replace("\u00a0", " ") for line in told]


def _sections(made: RollUp) -> list[_Section]:
    counted = (_runs(question, made.runs) for question in ("outcome", "need", "review", "actions"))
    found = [*map(_bar, made.bars), *filter(None, counted), *([_time(made.time)] if made.time else [])]
    order = list(_HEADINGS)
    return sorted(found, key=lambda one: _place(one.key, order))


def _place(key: str, order: list[str]) -> int:
    # Bars, each with its counts, then time, then what belongs to appendix B.
    place = order.index(key.removesuffix("-runs")) * 2 + key.endswith("-runs") if key != "time" else 5
    return place if place < 5 or key == "time" else place + 1  # noqa: PLR2004 - after the third bar


def _bar(bar: Bar) -> _Section:
    lines = tuple(
        _Line(
            _label(bar.question, share.answer),
            _drawn(share.low_percent, share.high_percent, 0, 100),
            _between(share.low_percent, share.high_percent, "%"),
            "–"
            if share.likely_low_percent is None or share.likely_high_percent is None
            else _between(share.likely_low_percent, share.likely_high_percent, "%"),
        )
        for share in bar.shares
    )
    merged = ", ".join(_label(bar.question, answer).lower() for answer in bar.merged)
    note = f"Not shown apart, since one report could make most of it: {merged}." if merged else ""
    has_likely = any(share.likely_low_percent is not None for share in bar.shares)
    return _Section(bar.question, _HEADINGS[bar.question], bar.people_at_least, lines, has_likely, note)


def _runs(question: str, runs: tuple[Runs, ...]) -> _Section | None:
    of = [one for one in runs if one.question == question]
    if not of:
        return None
    # What has no upper end is drawn to the end of the line, beyond the largest number.
    most = max(one.high_runs if one.high_runs is not None else 2 * one.low_runs for one in of) or 1
    lines = tuple(
        _Line(
            _label(question, one.answer),
            _drawn(one.low_runs, most if one.high_runs is None else one.high_runs, 0, most),
            f"{one.low_runs:,} or more" if one.high_runs is None else _between(one.low_runs, one.high_runs, "runs"),
            "",
        )
        for one in of
    )
    heading = _HEADINGS[question]
    heading = f"{heading}, in runs" if question == "actions" else f"In runs: {heading[0].lower()}{heading[1:]}"
    note = "Known only where an agent's log tells it: each number is a least." if question == "actions" else ""
    return _Section(f"{question}-runs", heading, of[0].people_at_least, lines, has_likely=False, note=note)


def _time(times: tuple[Time, ...]) -> _Section:
    least, most = min(0, *(one.low_hours for one in times)), max(0, *(one.high_hours for one in times))
    lines = tuple(
        _Line(
            _EVIDENCE[one.evidence],
            _drawn(one.low_hours, one.high_hours, least, most or 1),
            _hours(one.low_hours, one.high_hours),
            "",
        )
        for one in times
    )
    note = (
        "The line marks zero. Each range runs from the least to the most that the answers allow; nothing speaks for its"
        " middle. Time of fewer than five runs of one report is not in it. Ranges are not to be added, nor turned"
        " into money, nor reckoned up to a year."
    )
    return _Section(
        "time", "Time", min(one.people_at_least for one in times), lines, has_likely=False, note=note, first="Evidence"
    )


def _costs(costs: tuple[Cost, ...]) -> list[tuple[str, str, str, int]]:
    return [
        (
            PROVIDERS[cost.provider],
            _KINDS[cost.kind],
            _between(cost.low // 100, -(-cost.high // 100), "US $")
            if cost.kind == "list_cost_cents"
            else _between(cost.low, cost.high, "tokens"),
            cost.people_at_least,
        )
        for cost in costs
    ]


def _drawn(low: int, high: int, least: int, most: int) -> str:
    """Return a range on its line, with a mark at zero. The words beside it say the same, so it is silent."""
    scale = _WIDTH / (most - least)
    left, right, zero = ((value - least) * scale for value in (low, high, 0))
    return (
        f'<svg class="range" viewBox="0 0 {_WIDTH} 14" aria-hidden="true" focusable="false">'
        f'<rect class="track" fill="#eceef3" y="5" width="{_WIDTH}" height="4" rx="2"/>'
        f'<rect class="fill-plain" fill="#4f46e5" x="{left:.1f}" y="3" width="{max(3.0, right - left):.1f}" height="8"'
        f' rx="2"/><path class="zero" d="M{zero:.1f} 0v14" stroke="#636a7a"/></svg>'
    )


def _label(question: str, answer: str) -> str:
    return ACTIONS[answer] if question == "actions" else _BARS[question][answer][0]


def _between(low: int, high: int, unit: str) -> str:
    return f"{low:,}–{high:,}\u00a0{unit}"


def _hours(low: int, high: int) -> str:
    if low >= 0:
        return f"{low:,} to {high:,} hours saved"
    if high <= 0:
        return f"{-high:,} to {-low:,} hours lost"
    return f"from {-low:,} hours lost to {high:,} hours saved"
