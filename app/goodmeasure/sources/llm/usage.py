"""From the counts that a plugin of llm wrote down to disjoint counters."""

from typing import NamedTuple

import msgspec

from goodmeasure.sources._formats.jsonl import FAULTS, Count


class Inputs(msgspec.Struct, gc=False):
    """`prompt_tokens_details` or `input_tokens_details`, as OpenAI's interfaces name them."""

    cached_tokens: Count | None = None


class Outputs(msgspec.Struct, gc=False):
    """`completion_tokens_details` or `output_tokens_details`."""

    reasoning_tokens: Count | None = None


class Details(msgspec.Struct, gc=False):
    """`token_details`: what a provider says beyond input and output, in its own words; zeros are left out."""

    prompt_tokens_details: Inputs | None = None
    input_tokens_details: Inputs | None = None
    completion_tokens_details: Outputs | None = None
    output_tokens_details: Outputs | None = None
    cache_read_input_tokens: Count | None = None
    """Anthropic's: beside the input, not in it; so is the next."""
    cache_creation_input_tokens: Count | None = None
    cached_content_token_count: Count | None = msgspec.field(default=None, name="cachedContentTokenCount")
    """Gemini's: in the input."""
    thoughts_token_count: Count | None = msgspec.field(default=None, name="thoughtsTokenCount")


class Counters(NamedTuple):
    """Disjoint counters, in the order of `domain.events.Generation`."""

    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None


_decode_details = msgspec.json.Decoder(Details | None)


def counters(input_tokens: int | None, output_tokens: int | None, details: str | None) -> Counters:
    """Return disjoint counters: cached tokens are taken out of an input that holds them.

    Raises ValueError for details that are damaged.
    """
    try:
        told = _decode_details.decode(details) if details else None
    except FAULTS as fault:
        raise ValueError(str(fault)) from fault
    told = told or Details()
    inputs = told.prompt_tokens_details or told.input_tokens_details or Inputs()
    outputs = told.completion_tokens_details or told.output_tokens_details or Outputs()
    inside = inputs.cached_tokens if inputs.cached_tokens is not None else told.cached_content_token_count
    reasoning = outputs.reasoning_tokens if outputs.reasoning_tokens is not None else told.thoughts_token_count
    written = told.cache_creation_input_tokens
    if inside is not None and input_tokens is not None:
        return Counters(max(0, input_tokens - inside), inside, None, None, output_tokens, reasoning)
    hour = None if written is None else 0
    return Counters(input_tokens, told.cache_read_input_tokens, written, hour, output_tokens, reasoning)
