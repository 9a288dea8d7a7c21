"""Rounding and suppression: from counted answers to the few coarse cells that may be seen.

No cell that is published stands for fewer than five runs, and every published share is a part of the published whole:
there is no total beside the cells from which a hidden one could be worked out.
"""

from math import ceil, floor
from typing import Final

from goodmeasure.domain.shares import MIN_ANSWERS, Interval, Tally, may_show_share

SMALL_CELL: Final = 5
"""A cell of fewer runs than this is merged."""
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


def share_cells(tally: Tally) -> dict[str, str | None] | None:
    """Return the bucket of every answer, of `other` and of `not_rated`; None below 10 answers.

    An answer stands alone from 5 runs on (`harmful` and `unnecessary` only among 20 answers). The rest is `other` if
    that makes 5 runs of 2 kinds or more, else it is added to `not_rated`, which is always there, even for no run. An
    answer that nobody gave and one that is too rare look the same: None.
    """
    if tally.rated < MIN_ANSWERS:
        return None
    alone = {answer: count for answer, count in tally.counts.items() if _stands_alone(answer, count, tally.rated)}
    rare = {answer: count for answer, count in tally.counts.items() if count and answer not in alone}
    rare_runs = sum(rare.values())
    as_other = rare_runs >= SMALL_CELL and len(rare) >= MIN_MEMBERS
    not_rated = tally.not_rated + (0 if as_other else rare_runs)
    return {
        **{answer: bucket(alone[answer], tally.runs) if answer in alone else None for answer in tally.counts},
        "other": bucket(rare_runs, tally.runs) if as_other else None,
        "not_rated": bucket(not_rated, tally.runs),
    }


def estimate_cells(tally: Tally) -> dict[str, str | None] | None:
    """Return the response bucket and the range of every answer estimated from drawn runs; None: not enough to say.

    An answer has a range only if it stands alone in `share_cells` too and at least 5 drawn runs got it.
    """
    estimate = tally.estimate
    if estimate is None or tally.rated < MIN_ANSWERS:
        return None
    ranges = {
        answer: outward(estimate.intervals[answer])
        if min(count, estimate.counts[answer]) >= SMALL_CELL and _stands_alone(answer, count, estimate.answered)
        else None
        for answer, count in tally.counts.items()
    }
    return {"response": bucket(estimate.answered, estimate.drawn), **ranges}


def outward(interval: Interval) -> str:
    """Round an interval outward to tens of percent: 0.41 to 0.58 becomes `40-60`; never empty."""
    low = min(90, 10 * floor(10 * interval.low))
    return f"{low}-{max(low + 10, min(100, 10 * ceil(10 * interval.high)))}"


def _stands_alone(answer: str, count: int, answers: int) -> bool:
    return count >= SMALL_CELL and may_show_share(answer, answers)
