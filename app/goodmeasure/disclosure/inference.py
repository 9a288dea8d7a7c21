"""What a reader could work out who lays all bars of a period beside each other. Exact, in whole numbers.

The bars are about the same runs, so each narrows how many there can have been, and with that what the others hide. A
hidden answer may be anything from 0 to 4; cells may leave only if, for all that they say, it still could.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from goodmeasure.disclosure.cells import SMALL_CELL
from goodmeasure.disclosure.vocabulary import CountBucket

_LARGEST_HIDDEN: Final = SMALL_CELL - 1
_SEARCHED_RUNS: Final = 40_000
"""Beyond, tenths of runs are so many that no bar narrows any other."""


@dataclass(frozen=True, slots=True)
class BarSeen:
    """One bar as a reader sees it; its parts make up all runs."""

    alone: tuple[tuple[str, CountBucket | None], ...]
    """Share and, where given, number of each kind that stands alone."""
    other: str | None
    """Share of the hidden kinds together, where shown."""
    rest: str
    """Share of what is not rated or not known; it holds the hidden kinds where there is no `other`."""
    hidden: int
    """Kinds that are not shown, whether they occurred or not."""


def keeps_hidden(bars: Sequence[BarSeen], runs: int, at_least: int = 0, at_most: int = _SEARCHED_RUNS) -> bool:
    """Say whether every hidden kind of every bar could be anything from 0 to 4 (in `other`: 1 to 4).

    `runs`: the true number, near which the search begins. `at_least`, `at_most`: what else is said of that number.
    """
    open_questions = {number for number, bar in enumerate(bars) if bar.hidden}
    for total in _totals(runs):
        if not open_questions:
            return True
        if at_least <= total <= at_most and all(_possible(bar, total) for bar in bars):
            open_questions -= {number for number in open_questions if _leaves_room(bars[number], total)}
    return not open_questions


def _totals(runs: int) -> Iterator[int]:
    """Yield numbers of runs, the true one first, then around it, then all above."""
    yield runs
    for distance in range(1, runs):
        yield runs + distance
        yield runs - distance
    yield from range(2 * runs, _SEARCHED_RUNS, max(1, runs // 4))


def _possible(bar: BarSeen, total: int) -> bool:
    spans = [*_fixed(bar, total), _rest(bar, total)]
    return all(low <= high for low, high in spans) and sum(low for low, _ in spans) <= total <= sum(
        high for _, high in spans
    )


def _leaves_room(bar: BarSeen, total: int) -> bool:
    """Say whether a possible bar of so many runs leaves every hidden kind free."""
    if bar.other is None:
        low, high = _rest(bar, total)
        most = min(high, total - sum(low for low, _ in _fixed(bar, total)))
        return low <= _LARGEST_HIDDEN <= most or (low > _LARGEST_HIDDEN and most >= low)
    # Five runs of two kinds can be 1 + 4 or 4 + 1; six can no longer be 1 and anything.
    spans = [*_fixed(bar, total), _rest(bar, total)]
    others = spans.pop(len(bar.alone))
    least = max(others[0], total - sum(high for _, high in spans))
    return least <= SMALL_CELL <= min(others[1], total - sum(low for low, _ in spans))


def _fixed(bar: BarSeen, total: int) -> list[tuple[int, int]]:
    """Return least and most runs of each kind that stands alone, and of `other`."""
    spans = [
        _both(_of_share(share, total), (SMALL_CELL, total) if count is None else count_span(count))
        for share, count in bar.alone
    ]
    if bar.other is not None:
        spans.append(_both(_of_share(bar.other, total), (SMALL_CELL, _LARGEST_HIDDEN * bar.hidden)))
    return spans


def _rest(bar: BarSeen, total: int) -> tuple[int, int]:
    return _of_share(bar.rest, total)


def _both(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return max(one[0], other[0]), min(one[1], other[1])


def _of_share(code: str, total: int) -> tuple[int, int]:
    low, high = (int(end) for end in code.split("-"))
    return -(-low * total // 100), total if high == 100 else -(-high * total // 100) - 1  # noqa: PLR2004 - all of it


def count_span(code: CountBucket) -> tuple[int, int]:
    """Return least and most of a bucket of runs; the last one has no end that matters here."""
    low, _, high = code.rstrip("+").partition("-")
    return int(low), int(high or _SEARCHED_RUNS)
