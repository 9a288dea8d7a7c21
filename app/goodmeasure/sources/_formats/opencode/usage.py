"""From OpenCode's token figures to disjoint counters."""

from typing import NamedTuple

from goodmeasure.sources._formats.opencode.records import Message, Tokens

_EXCLUDES_REASONING_FROM = (1, 14)
_MICROS = 1_000_000


class Counters(NamedTuple):
    """The counters of a `Generation`, in its order."""

    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None


def figures(tokens: Tokens) -> tuple[int, ...]:
    """Return the raw figures that are a part of a call's identity: a fork's copy has the same."""
    cache = tokens.cache
    return tuple(value or 0 for value in (tokens.input, tokens.output, tokens.reasoning, cache.read, cache.write))


def counters(tokens: Tokens, message: Message, version: str | None) -> Counters:
    """Return disjoint counters. The lifetime of cache writes is not told: they are taken as five minutes."""
    output, reasoning = tokens.output, tokens.reasoning
    if output is not None and reasoning and not _includes_reasoning(tokens, message, version):
        output += reasoning
    asked = tokens.input
    return Counters(
        None if asked is None or asked < 0 else asked,
        tokens.cache.read,
        tokens.cache.write,
        None,
        output,
        reasoning,
    )


def cost_micros(dollars: float | None) -> int | None:
    """Return micro-USD. Zero says that OpenCode knew no price, or a flat rate: the cost of the call is unknown."""
    return round(dollars * _MICROS) if dollars else None


def _includes_reasoning(tokens: Tokens, message: Message, version: str | None) -> bool:
    """Tell whether the output figure contains the reasoning: the total decides; before there was one, the provider."""
    asked, output, reasoning, read, written = figures(tokens)
    if reasoning > output:
        return False
    if tokens.total is not None:
        return tokens.total < asked + output + reasoning + read + written
    if version is not None and _numbers(version) >= _EXCLUDES_REASONING_FROM:
        return False
    return not (message.provider_id or "").startswith("google")


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.partition("-")[0].split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else ()
