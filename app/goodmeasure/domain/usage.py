"""Token counters and their sums."""

from typing import NamedTuple


class Counters(NamedTuple):
    """Sums over generations.

    A counter is None when none of the generations knew it; unknown parts are counted apart.
    """

    generations: int
    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    list_cost_micros: int | None
    """Sum of the known list costs in micro-USD; whether it is the whole cost, `unpriced_generations` says."""
    unpriced_generations: int
    estimated_generations: int
    output_lower_bound_generations: int


NOTHING = Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
"""The sum over no generations: every counter is a measured zero."""


class EstimatedShare(NamedTuple):
    """How much of some usage was estimated from text, beside what providers and agents reported."""

    whole: Counters
    estimated: Counters
    """The part of `whole` that is an estimate."""

    @property
    def of_calls(self) -> float | None:
        """The estimated calls among all, from 0 to 1; None without a call."""
        return self.estimated.generations / self.whole.generations if self.whole.generations else None


def known_sum(first: int | None, second: int | None) -> int | None:
    """Add two counters of which either may be unknown; None only where both are."""
    if first is None:
        return second
    return first if second is None else first + second


def counters_sum(first: Counters, second: Counters) -> Counters:
    """Add two sums counter by counter.

    `NOTHING` is neutral only for known counters: an unknown plus it is a zero, so start from a row.
    """
    return Counters(
        first.generations + second.generations,
        known_sum(first.input_tokens, second.input_tokens),
        known_sum(first.cache_read_tokens, second.cache_read_tokens),
        known_sum(first.cache_write_5m_tokens, second.cache_write_5m_tokens),
        known_sum(first.cache_write_1h_tokens, second.cache_write_1h_tokens),
        known_sum(first.output_tokens, second.output_tokens),
        known_sum(first.reasoning_tokens, second.reasoning_tokens),
        known_sum(first.list_cost_micros, second.list_cost_micros),
        first.unpriced_generations + second.unpriced_generations,
        first.estimated_generations + second.estimated_generations,
        first.output_lower_bound_generations + second.output_lower_bound_generations,
    )


def total_of(rows: list[Counters]) -> Counters:
    """Sum any number of rows; `NOTHING` for none."""
    if not rows:
        return NOTHING
    # Counter by counter, not row by row: usage by session may have a hundred thousand rows.
    columns = ([value for value in column if value is not None] for column in zip(*rows, strict=True))
    return Counters(*(sum(known) if known else None for known in columns))  # type: ignore[arg-type]  # counts are known
