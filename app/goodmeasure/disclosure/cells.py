"""Rounding and suppression: from counted answers to the few coarse cells that may be seen.

No cell that is published stands for fewer than five runs, and every published share is a part of the published whole:
there is no total beside the cells from which a hidden one could be worked out.
"""

from collections.abc import Iterable, Mapping
from math import ceil, floor
from typing import Final

from goodmeasure.disclosure.numbers import step_minutes
from goodmeasure.disclosure.vocabulary import COUNT_BUCKETS, MOST_MINUTES, CountBucket
from goodmeasure.domain.shares import MIN_ANSWERS, Interval, Tally, may_show_share

SMALL_CELL: Final = 5
"""A cell of fewer runs than this is merged."""
_WHOLE: Final = 100
MIN_MEMBERS: Final = 2
""""Other" stands for at least two kinds of answers: a single one would only be renamed."""


def bucket(count: int, total: int) -> str:
    """Return the bucket of `count` / `total` in tenths: `20-30` is from 20 % up to below 30 %; 100 % is in `90-100`.

    Raises ValueError where count is not within 0 and total, or total is not above 0.
    """
    if not 0 <= count <= total or total <= 0:
        raise ValueError(f"{count} of {total} is no share")
    low = min(9, 10 * count // total) * 10
    return f"{low}-{low + 10}"


def count_bucket(count: int) -> CountBucket | None:
    """Return the bucket of a number of runs: `5-7`, `8-15`, `16-31` and so on; None below 5."""
    if count < SMALL_CELL:
        return None
    return COUNT_BUCKETS[min(max(count.bit_length() - 3, 0), len(COUNT_BUCKETS) - 1)]


def minutes_outward(low: int, high: int) -> tuple[int, int]:
    """Round a time range outward, away from its middle; times beyond 1,000 hours are given as that."""
    low, high = (max(-MOST_MINUTES, min(MOST_MINUTES, end)) for end in (low, high))
    return _floor(low), -_floor(-high)


def two_digits(number: int) -> int:
    """Round a number that is not negative to its first two digits, half up: 12,500 becomes 13,000."""
    unit = 10 ** max(0, len(str(number)) - 2)
    rounded = (number + unit // 2) // unit * unit
    return rounded if unit > 1 else number


def share_cells(tally: Tally) -> dict[str, str | None] | None:
    """Return the bucket of every answer, of `other` and of `not_rated`; None below 10 answers.

    `harmful` and `unnecessary` stand alone only among 20 answers. For the rest, see `partition_cells`.
    """
    if tally.rated < MIN_ANSWERS:
        return None
    alone = {answer for answer, count in tally.counts.items() if _stands_alone(answer, count, tally.rated)}
    return partition_cells(tally.counts, tally.not_rated, "not_rated", alone)


def partition_cells(
    counts: Mapping[str, int], rest: int, rest_name: str, alone: Iterable[str] | None = None
) -> dict[str, str | None]:
    """Return the bucket of every kind, of `other` and of the rest, which is always there, even for no run.

    A kind stands alone from 5 runs on (and if it is in `alone`). What is left is `other` if that makes 5 runs of 2
    kinds or more, else it is added to the rest. A kind that nobody had and one that is too rare look the same: None.
    There is a run at least.
    """
    total = sum(counts.values()) + rest
    allowed = set(counts if alone is None else alone)
    shown = {kind: count for kind, count in counts.items() if kind in allowed and count >= SMALL_CELL}
    while sum(_low(bucket(count, total)) for count in shown.values()) == _WHOLE:
        # Each is exactly its bucket's low end, and nothing is left: a reader would know every count, the zeros too.
        del shown[min(shown, key=lambda kind: shown[kind])]
    rare = {kind: count for kind, count in counts.items() if count and kind not in shown}
    rare_runs = sum(rare.values())
    as_other = rare_runs >= SMALL_CELL and len(rare) >= MIN_MEMBERS
    return {
        **{kind: bucket(shown[kind], total) if kind in shown else None for kind in counts},
        "other": bucket(rare_runs, total) if as_other else None,
        rest_name: bucket(rest + (0 if as_other else rare_runs), total),
    }


def estimate_cells(tally: Tally) -> dict[str, str | None] | None:
    """Return the response bucket and the range of every answer estimated from drawn runs; None: not enough to say.

    An answer has a range only if it stands alone in `share_cells` too and at least 5 drawn runs got it.
    """
    estimate, shares = tally.estimate, share_cells(tally)
    if estimate is None or shares is None:
        return None
    ranges = {
        answer: outward(estimate.intervals[answer])
        if shares[answer] is not None and _stands_alone(answer, estimate.counts[answer], estimate.answered)
        else None
        for answer in tally.counts
    }
    return {"response": bucket(estimate.answered, estimate.drawn), **ranges}


def outward(interval: Interval) -> str:
    """Round an interval outward to tens of percent: 0.41 to 0.58 becomes `40-60`; never empty."""
    low = min(90, 10 * floor(10 * interval.low))
    return f"{low}-{max(low + 10, min(100, 10 * ceil(10 * interval.high)))}"


def _low(code: str) -> int:
    return int(code.split("-", maxsplit=1)[0])


def _floor(minutes: int) -> int:
    step = step_minutes(minutes)
    rounded = minutes // step * step
    # A loss may be rounded over the edge to where steps are coarser: 40 h 10 min lost is 45 h, not 41 h.
    return rounded if rounded % step_minutes(rounded) == 0 else _floor(rounded)


def _stands_alone(answer: str, count: int, answers: int) -> bool:
    return count >= SMALL_CELL and may_show_share(answer, answers)
