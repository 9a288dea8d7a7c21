"""Which token_count events are calls, and from Codex's usage figures to disjoint counters."""

from typing import NamedTuple

from goodmeasure.sources.codex.rows import Memory, TokenUsage, Vector

_MOST_HEADS = 8
_NOTHING: Vector = (0, 0, 0, 0, 0)


class Counters(NamedTuple):
    """Disjoint counters, in the order of `domain.events.Generation`."""

    input_tokens: int
    cache_read_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int | None
    output_tokens: int
    reasoning_tokens: int


def vector(usage: TokenUsage) -> Vector:
    """Return the five counters as Codex writes them."""
    return (
        usage.input_tokens,
        usage.cached_input_tokens,
        usage.cache_write_input_tokens,
        usage.output_tokens,
        usage.reasoning_output_tokens,
    )


def counters(figures: Vector) -> Counters:
    """Return disjoint counters: uncached input = input − cached − cache writes; these have one lifetime, not two.

    Clients that do not tell cache writes are older than any: there are none.
    """
    whole, cached, written, output, reasoning = figures
    return Counters(max(0, whole - cached - written), cached, written, None, output, reasoning)


class Counted(NamedTuple):
    """What one token_count event stands for; either may be absent."""

    call: Vector | None
    residual: Vector | None
    """A finished call before this one whose own event was never written: its usage is only inside the running total."""


def counted(memory: Memory, total: Vector, last: Vector) -> Counted:
    """Return the calls behind a token_count event, and note its running total in `memory`.

    Several processes may append to one file, each with its own running total, so `memory.heads` holds one total for
    each. An event whose total is known already repeats (rate limits, end of turn, before compaction). Where the total
    grew by more than the last call, the rest is a call without an event of its own. Where it fell, or started again
    at zero, another process goes on from an older total: then only the last call is new.
    """
    if total in memory.heads:
        return Counted(None, None)
    if memory.recorded == last:
        memory.recorded = None
        add_head(memory, total)
        return Counted(None, None)
    base = _difference(total, last)
    residual = None
    if base in memory.heads:
        memory.heads.remove(base)
    elif memory.heads and base != _NOTHING:
        grown = _difference(base, memory.heads[-1])
        if min(grown) >= 0:
            residual = grown
            memory.heads.pop()
    add_head(memory, total)
    return Counted(None if last == _NOTHING else last, residual)


def add_head(memory: Memory, total: Vector) -> None:
    """Note a running total; the oldest of many is forgotten."""
    memory.heads.append(total)
    del memory.heads[:-_MOST_HEADS]


def _difference(total: Vector, part: Vector) -> Vector:
    return (total[0] - part[0], total[1] - part[1], total[2] - part[2], total[3] - part[3], total[4] - part[4])
