"""Bars of a team: the mean of every person's range, widened to fives; a hidden answer counts as all it may be."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from goodmeasure.disclosure.adding_up import Contribution, Sums, held_by_one
from goodmeasure.disclosure.levels import Numbers, Story
from goodmeasure.disclosure.rollup import STEP, Bar, Question, Share

Range = tuple[int, int]
"""From, to, in percent; both included."""
Cells = Mapping[str, str | None]
"""Answer → bucket, as in a report; None: nobody, or too few to show apart."""

_UNKNOWN: Final[Range] = (0, 100)
_RESTS: Final = ("not_rated", "not_known")
_FROM_APPENDIX_B: Final[tuple[Question, ...]] = ("autonomy", "data_class", "checks")


def bars(sums: Sums) -> tuple[Bar, ...]:
    """Return every bar that five people or more told of."""
    story: tuple[Question, ...] = ("outcome", "need", "review")
    made = [_bar(sums, question, _shares_of(question), unknown_counts=True) for question in story]
    made += [_bar(sums, question, _oversight_of(question), unknown_counts=False) for question in _FROM_APPENDIX_B]
    return tuple(bar for bar in made if bar is not None)


def ends(code: str | None) -> Range | None:
    """Return the ends of a bucket: of `40-50`, 40 and 50."""
    if code is None:
        return None
    low, high = code.split("-")
    return int(low), int(high)


CellsOf = Callable[[Story | Numbers], Cells | None]


def _bar(sums: Sums, question: Question, cells_of: CellsOf, *, unknown_counts: bool) -> Bar | None:
    told = sums.told(question, lambda report: cells_of(report) is not None, unknown_counts=unknown_counts)
    found = _merged([cells_of(one.report) for one in told]) if told else None
    if found is None:
        sums.members.pop(question, None)
        return None
    ranges, merged = found
    likely = _likely(sums, question) if question in {"outcome", "need", "review"} else {}
    shares = tuple(Share(answer, *_mean(of), *likely.get(answer, (None, None))) for answer, of in ranges.items())
    return Bar(question, len(told) // STEP * STEP, shares, merged)


def _merged(people: Sequence[Cells | None]) -> tuple[dict[str, list[Range]], tuple[str, ...]] | None:
    """Return every person's range of each cell, and the answers that were merged; None: no cell may stand."""
    known = next(of for of in people if of is not None)
    rest = next(name for name in _RESTS if name in known)
    answers = [answer for answer in known if answer not in {"other", rest}]
    merged = [answer for answer in answers if held_by_one(_shown(of, (answer,)) for of in people)]
    alone = [answer for answer in answers if answer not in merged]
    # Like in a report, "other" stands for two kinds at least; a single one would only be renamed.
    as_other = ("other", *merged) if len(merged) > 1 or any(_shown(of, ("other",)) for of in people) else ()
    if as_other and held_by_one(_shown(of, as_other) for of in people):
        as_other = ()
    as_rest = (rest,) if as_other else (rest, "other", *merged)
    if held_by_one(_shown(of, as_rest) for of in people):
        return None
    cells = {answer: (answer,) for answer in alone} | ({"other": as_other} if as_other else {}) | {rest: as_rest}
    return {name: [_range(of, parts, rest) for of in people] for name, parts in cells.items()}, tuple(merged)


def _range(of: Cells | None, answers: Iterable[str], rest: str) -> Range:
    """Return what one report says of these answers together: a hidden one is somewhere within the cell it is in."""
    if of is None:
        return _UNKNOWN
    parts = [answer for answer in answers if answer in of]
    shown = [ends(of[answer]) or (0, 0) for answer in parts]
    low, high = sum(low for low, _ in shown), sum(high for _, high in shown)
    place = "other" if of.get("other") is not None else rest
    if place not in parts and any(of[answer] is None and answer != "other" for answer in parts):
        high += (ends(of[place]) or _UNKNOWN)[1]
    return min(low, 100), min(high, 100)


def _shown(of: Cells | None, answers: Iterable[str]) -> int:
    """Return the most that a report openly says of these answers together, in percent."""
    return 0 if of is None else sum((ends(of.get(answer)) or (0, 0))[1] for answer in answers)


def _likely(sums: Sums, question: Question) -> dict[str, Range]:
    def estimate_of(report: Story | Numbers) -> Cells | None:
        return _fields(getattr(report, question).estimate)

    told: Sequence[Contribution] = sums.told(
        f"{question} estimate", lambda report: estimate_of(report) is not None, unknown_counts=True
    )
    estimates = [estimate_of(one.report) for one in told]
    answers = next((set(of) - {"response"} for of in estimates if of is not None), set[str]())
    means = {answer: _mean([ends((of or {}).get(answer)) or _UNKNOWN for of in estimates]) for answer in answers}
    # From nothing to everything is not an estimate.
    return {answer: mean for answer, mean in means.items() if mean != _UNKNOWN}


def _mean(ranges: Sequence[Range]) -> Range:
    """Return the mean of ranges, widened to multiples of five."""
    low, high = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    return low // (STEP * len(ranges)) * STEP, -(-high // (STEP * len(ranges))) * STEP


def _shares_of(question: Question) -> CellsOf:
    return lambda report: _fields(getattr(report, question).shares)


def _oversight_of(question: Question) -> CellsOf:
    def cells(report: Story | Numbers) -> Cells | None:
        if not isinstance(report, Numbers) or report.oversight is None:
            return None
        return _fields(getattr(report.oversight, question))

    return cells


def _fields(record: Any) -> Cells | None:
    return None if record is None else msgspec.structs.asdict(record)
