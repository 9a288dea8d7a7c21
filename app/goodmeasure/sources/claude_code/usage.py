"""From Claude Code's usage figures to disjoint counters."""

from typing import NamedTuple

from goodmeasure.domain.events import SessionTotal
from goodmeasure.sources._formats.jsonl import cost_micros
from goodmeasure.sources.claude_code.rows import Creation, Iteration, Message, ModelTotal, Usage


class Attempt(NamedTuple):
    """One billed attempt of a message: a number (0 for all but refused messages), the model and the counters."""

    number: int
    model: str | None
    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    web_search_requests: int | None


def attempts(message: Message, usage: Usage) -> list[Attempt]:
    """Return the billed attempts of one message: one, or one for each of several `usage.iterations`.

    Where the provider handed a refused request to another model, the top level holds the last attempt only; thinking
    tokens and web searches are known for that one.
    """
    thinking = usage.output_tokens_details.thinking_tokens if usage.output_tokens_details else None
    searches = usage.server_tool_use.web_search_requests if usage.server_tool_use else None
    tries = usage.iterations
    if tries is None or len(tries) < 2:  # noqa: PLR2004 - one entry repeats the top level
        return [Attempt(0, message.model, *_counters(usage), thinking, searches)]
    last = len(tries) - 1
    return [
        Attempt(
            number,
            entry.model or message.model,
            *_counters(entry),
            *((thinking, searches) if number == last else (None, None)),
        )
        for number, entry in enumerate(tries)
    ]


def service_tier(usage: Usage) -> str | None:
    """Return the tier where it changes the price (`fast`, `priority`, `batch`), else None."""
    if usage.speed == "fast":
        return "fast"
    return usage.service_tier if usage.service_tier in {"priority", "batch", "flex"} else None


def session_total(session: str, model: str, total: ModelTotal) -> SessionTotal:
    """Return one model's entry of a cost-state row."""
    creation = Creation(total.cache_creation_ephemeral_5m_input_tokens, total.cache_creation_ephemeral_1h_input_tokens)
    return SessionTotal(
        session,
        model,
        total.input_tokens,
        total.cache_read_input_tokens,
        *_writes(total.cache_creation_input_tokens, creation),
        total.output_tokens,
        total.thinking_tokens,
        cost_micros(total.cost_usd),
    )


def _counters(usage: Usage | Iteration) -> tuple[int | None, int | None, int | None, int | None, int | None]:
    five_minutes, one_hour = _writes(usage.cache_creation_input_tokens, usage.cache_creation)
    return usage.input_tokens, usage.cache_read_input_tokens, five_minutes, one_hour, usage.output_tokens


def _writes(total: int | None, creation: Creation | None) -> tuple[int | None, int | None]:
    """Return cache writes for 5 minutes and for 1 hour; writes whose lifetime is not stated count as 5 minutes."""
    if creation is not None and (creation.ephemeral_5m_input_tokens or creation.ephemeral_1h_input_tokens):
        return creation.ephemeral_5m_input_tokens or 0, creation.ephemeral_1h_input_tokens or 0
    return total, 0 if total == 0 else None
