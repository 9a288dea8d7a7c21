"""Amounts of a team: runs, hours, costs and tokens of level L2, each the sum of every person's range."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal, get_args

import msgspec

from goodmeasure.disclosure.adding_bars import ends
from goodmeasure.disclosure.adding_up import Contribution, Sums, held_by_one
from goodmeasure.disclosure.levels import Numbers, Story
from goodmeasure.disclosure.rollup import STEP, Cost, Evidence, Kind, Runs, Time
from goodmeasure.domain.shares import MIN_ANSWERS

Range = tuple[int, int]
"""From, to; both included."""

EVIDENCE: Final[tuple[Evidence, ...]] = get_args(Evidence)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_COUNTED: Final[tuple[Literal["outcome", "need", "review"], ...]] = ("outcome", "need", "review")
_MOST_UNTOLD: Final = MIN_ANSWERS - 1
"""Runs behind an answer in a report of too few answers to show any."""

Told = Mapping[str, str | None]
"""Answer → bucket of a share or of a count, as in a report; None: hidden."""


def runs(sums: Sums) -> tuple[Runs, ...]:
    """Return how many runs got each answer, and did each thing outside the machine, where five people told."""
    made: list[Runs] = []
    told = _numbers(sums.told("counts", lambda report: isinstance(report, Numbers)))
    for question in _COUNTED:
        counts = [_told(getattr(report.counts, question)) for report in told]
        shares = [_told(getattr(report, question).shares) for report in told]
        made += _counted(question, list(zip(counts, shares, strict=True)))
    acting = _numbers(sums.told("actions", lambda report: isinstance(report, Numbers) and report.oversight is not None))
    actions = [_fields(report.oversight.actions) for report in acting if report.oversight is not None]
    return (*made, *_counted("actions", [(of, None) for of in actions]))


def times(sums: Sums) -> tuple[Time, ...]:
    """Return the hours saved by how well they are backed; grades that too few or mostly one told of are in `other`."""

    def cells(report: Story | Numbers) -> Mapping[str, Range]:
        found = _fields(report.time) if isinstance(report, Numbers) else {}
        return {name: (cell.low_minutes, cell.high_minutes) for name, cell in found.items() if cell is not None}

    everyone = sums.told("time", lambda report: isinstance(report, Numbers))
    step = 60 * STEP
    return tuple(
        Time(evidence, len(told) // STEP * STEP, low // step * STEP, -(-high // step) * STEP)  # type: ignore[arg-type]  # one of EVIDENCE
        for evidence, told, (low, high) in _by_cell(sums, "time", everyone, cells, EVIDENCE)
    )


def costs(sums: Sums) -> tuple[Cost, ...]:
    """Return cost and tokens by provider; providers that too few or mostly one used are in `other`."""
    everyone = sums.told("cost", lambda report: isinstance(report, Numbers) and report.cost is not None)
    made: list[Cost] = []
    for kind in KINDS:
        cells = partial(_amounts, kind)
        names = sorted({name for one in everyone for name in cells(one.report)} - {"other"})
        made += [
            Cost(provider, kind, len(told) // STEP * STEP, _two_digits_down(low), _two_digits_up(high))
            for provider, told, (low, high) in _by_cell(sums, f"cost {kind}", everyone, cells, (*names, "other"))
        ]
    return tuple(made)


def _amounts(kind: str, report: Story | Numbers) -> dict[str, Range]:
    lines = report.cost.lines if isinstance(report, Numbers) and report.cost is not None else ()
    found = {line.provider.value: getattr(line, kind) for line in lines}
    return {provider: _around(amount) for provider, amount in found.items() if amount is not None}


def _numbers(told: Sequence[Contribution]) -> list[Numbers]:
    return [one.report for one in told if isinstance(one.report, Numbers)]


def _by_cell(
    sums: Sums,
    part: str,
    everyone: Sequence[Contribution],
    cells: Callable[[Story | Numbers], Mapping[str, Range]],
    names: Sequence[str],
) -> list[tuple[str, Sequence[Contribution], Range]]:
    """Return each cell that may stand, with who is in it and its sum; what may not stand is added to `other`.

    `names`: every cell, `other` last.
    """
    merged, made = ["other"], []
    for name in names:
        parts = tuple(merged) if name == "other" else (name,)
        has = partial(_has_any, cells, parts)
        told = sums.told(f"{part} {name}", has, among=everyone)
        ranges = [_sum(cells(one.report), parts) for one in told]
        if told and not held_by_one(max(abs(low), abs(high)) for low, high in ranges):
            made.append((name, told, (sum(low for low, _ in ranges), sum(high for _, high in ranges))))
        else:
            sums.members.pop(f"{part} {name}", None)
            merged.append(name)
    return made


def _has_any(
    cells: Callable[[Story | Numbers], Mapping[str, Range]], names: Sequence[str], report: Story | Numbers
) -> bool:
    return any(name in names for name in cells(report))


def _sum(cells: Mapping[str, Range], names: Sequence[str]) -> Range:
    shown = [ends for name, ends in cells.items() if name in names]
    return sum(low for low, _ in shown), sum(high for _, high in shown)


def _counted(
    question: Literal["outcome", "need", "review", "actions"], people: Sequence[tuple[Told | None, Told | None]]
) -> list[Runs]:
    """Return the sums of counts. `people`: each one's counts, and the shares that stand beside them."""
    made = []
    for answer in next((tuple(counts) for counts, _ in people if counts is not None), ()):
        least = [_count((counts or {}).get(answer))[0] for counts, _ in people]
        if not any(least) or held_by_one(least):
            continue
        # What runs did outside the machine is known only in part: there is no most.
        highs = [None if question == "actions" else _most(counts, shares, answer) for counts, shares in people]
        most = None if None in highs else -(-sum(high or 0 for high in highs) // STEP) * STEP
        made.append(Runs(question, answer, len(people) // STEP * STEP, sum(least) // STEP * STEP, most))
    return made


def _count(code: str | None) -> tuple[int, int | None]:
    """Return the ends of a bucket of counts: of `8-15`, 8 and 15; of `8192+`, no end; of a hidden one, 0 and none."""
    if code is None or code.endswith("+"):
        return int((code or "0").rstrip("+")), None
    low, high = code.split("-")
    return int(low), int(high)


def _most(counts: Told | None, shares: Told | None, answer: str) -> int | None:
    """Return the most runs that one report can mean by an answer, shown or hidden; None: it does not say."""
    if shares is None:
        return _MOST_UNTOLD
    if counts is None:
        return None
    if counts[answer] is not None:
        return _count(counts[answer])[1]
    # A hidden answer is within `other` or the grey; how many runs that is follows from what is shown beside it.
    whole = [
        100 * most // low
        for name, code in counts.items()
        if (most := _count(code)[1]) is not None and (low := (ends(shares[name]) or (0, 0))[0])
    ]
    place = ends(shares["other"] or shares["not_rated"])
    return min(whole) * place[1] // 100 if whole and place else None


def _around(amount: int) -> Range:
    """Return what an amount of two digits may stand for: half a step of its second digit to either side."""
    half: int = 10 ** max(0, len(str(amount)) - 2) // 2
    return max(0, amount - half), amount + half


def _two_digits_down(amount: int) -> int:
    unit: int = 10 ** max(0, len(str(amount)) - 2)
    return amount // unit * unit


def _two_digits_up(amount: int) -> int:
    unit: int = 10 ** max(0, len(str(amount)) - 2)
    return -(-amount // unit) * unit


def _told(record: Any) -> Told | None:
    return None if record is None else _fields(record)


def _fields(record: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.structs.asdict(record)
    return found
