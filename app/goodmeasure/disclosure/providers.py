"""Whose model it was, as coarsely as a report may say it."""

import re
from typing import Final

from goodmeasure.disclosure.numbers import Provider

_NAMES: Final[tuple[tuple[Provider, re.Pattern[str]], ...]] = tuple(
    (provider, re.compile(rf"(^|[^a-z])({names})"))
    for provider, names in (
        (Provider.ANTHROPIC, "claude|anthropic"),
        # Before those whose models others distil: deepseek-r1-distill-llama is called after who made it.
        (Provider.DEEPSEEK, "deepseek"),
        (Provider.OPENAI, r"gpt-|chatgpt|codex|openai|o[1-9](-|$)"),
        (Provider.GOOGLE, "gemini|gemma|google"),
        (Provider.ALIBABA, "qwen|qwq|alibaba"),
        (Provider.MISTRAL, "mistral|mixtral|codestral|devstral|magistral|ministral"),
        (Provider.MOONSHOT, "kimi|moonshot"),
        (Provider.XAI, "grok|xai|x-ai"),
        (Provider.ZHIPU, "glm-|zhipu|z-ai"),
        (Provider.META, "llama|meta-"),
    )
)


def provider_of(model: str | None) -> Provider:
    """Return who makes a model, told by its name; `other` where that is unknown."""
    name = (model or "").lower()
    return next((provider for provider, pattern in _NAMES if pattern.search(name)), Provider.OTHER)
