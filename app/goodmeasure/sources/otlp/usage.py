"""From each agent's counts to disjoint counters."""

from typing import NamedTuple

from goodmeasure.sources.otlp.attributes import Attributes, code, count


class Usage(NamedTuple):
    """Disjoint counters in the order of `domain.events.Generation`, then the tier."""

    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    tier: str | None = None


def claude_usage(sent: Attributes) -> Usage | None:
    """Return the counts of a Claude Code `api_request`, which are disjoint already; None where there are none.

    The cost beside them is the client's own estimate: it is not read, so that a call costs the same as from its log.
    """
    output = count(sent, "output_tokens")
    if output is None:
        return None
    short, long = count(sent, "cache_creation_5m_tokens"), count(sent, "cache_creation_1h_tokens")
    if not short and not long:
        short = count(sent, "cache_creation_tokens")
        long = 0 if short == 0 else None
    return Usage(
        count(sent, "input_tokens"),
        count(sent, "cache_read_tokens"),
        short,
        long,
        output,
        None,
        "fast" if sent.get("speed") == "fast" else None,
    )


def codex_usage(sent: Attributes) -> Usage | None:
    """Return the counts of a Codex `response.completed`: its input includes cached tokens and cache writes."""
    whole, output = count(sent, "input_token_count"), count(sent, "output_token_count")
    if whole is None or output is None:
        return None
    cached, written = count(sent, "cached_token_count") or 0, count(sent, "cache_write_token_count") or 0
    reasoning = count(sent, "reasoning_token_count") or 0
    return Usage(max(0, whole - cached - written), cached, written, None, output, reasoning)


def gemini_usage(sent: Attributes) -> Usage | None:
    """Return the counts of a Gemini CLI or Qwen Code `api_response`.

    Input includes cached tokens but not the tokens of tool use. Gemini's own answers count thoughts beside the output,
    answers of other providers inside it: which of the two, the total says.
    """
    whole, output = count(sent, "input_token_count"), count(sent, "output_token_count")
    if whole is None or output is None:
        return None
    cached = count(sent, "cached_content_token_count") or 0
    thoughts, tools = count(sent, "thoughts_token_count") or 0, count(sent, "tool_token_count") or 0
    total = count(sent, "total_token_count")
    inside = total is not None and total in {whole + output, whole + output + tools} and thoughts <= output
    return Usage(max(0, whole - cached) + tools, cached, None, None, output if inside else output + thoughts, thoughts)


_INPUT = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "ai.usage.inputTokens", "ai.usage.promptTokens")
_OUTPUT = (
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
)
_CACHE_READ = (
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.cachedInputTokens",
)
_CACHE_WRITE = (
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.cache_write.input_tokens",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
)
_REASONING = (
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "ai.usage.outputTokenDetails.reasoningTokens",
    "ai.usage.reasoningTokens",
)


def convention_usage(sent: Attributes, *, trusted: bool) -> Usage | None:
    """Return the counts of a span after the GenAI conventions (or the AI SDK's names); None where there are none.

    Input should include what was read from and written to a cache, output what was reasoned. Some instrumentations of
    Anthropic's models send uncached input instead. A cache larger than the input proves that; where nothing proves
    either and the sender is not known (`trusted`), the input is unknown.
    """
    whole, output = count(sent, *_INPUT), count(sent, *_OUTPUT)
    if output is None:
        return None
    read, written = count(sent, *_CACHE_READ), count(sent, *_CACHE_WRITE)
    cached = (read or 0) + (written or 0)
    uncached = count(sent, "ai.usage.inputTokenDetails.noCacheTokens")
    if uncached is None and whole is not None:
        anthropic = (code(sent, "gen_ai.provider.name", "gen_ai.system") or "").startswith("anthropic")
        if cached > whole:
            uncached = whole
        elif trusted or not cached or not anthropic:
            uncached = whole - cached
    reasoning = count(sent, *_REASONING)
    if reasoning is not None and reasoning > output:
        output += reasoning
    return Usage(uncached, read or 0, written or 0, None, output, reasoning)
