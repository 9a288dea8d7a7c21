"""Which attributes of telemetry are read: these and no others, so that prompts and answers are dropped unread."""

from collections.abc import Iterable

from goodmeasure.sources._formats.jsonl import code_of

Value = str | int | float | bool
Attributes = dict[str, Value]

LONGEST_TEXT = 256
"""Texts longer than this are no name, id or code: they are taken as absent."""
_MOST_TOKENS = 2**53

_RESOURCE = ("service.name", "service.version", "session.id")
_SESSION = (
    "conversation.id",
    "gen_ai.conversation.id",
    "ai.telemetry.metadata.sessionId",
    "ai.request.headers.x-parent-session-id",
    "copilot_chat.chat_session_id",
    "copilot_chat.parent_chat_session_id",
    "app.version",
    "originator",
    "app.entrypoint",
)
_EVENT = (
    "event.name",
    "event.kind",
    "event.timestamp",
    "event.sequence",
    "prompt.id",
    "prompt_id",
    "message.uuid",
    "request_id",
    "response_id",
    "role",
    "subagent_name",
    "query_source",
    "attempt",
    "duration_ms",
    "trigger",
)
_COUNTS = (
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_creation_tokens",
    "cache_creation_5m_tokens",
    "cache_creation_1h_tokens",
    "speed",
    "input_token_count",
    "output_token_count",
    "cached_token_count",
    "cache_write_token_count",
    "reasoning_token_count",
    "cached_content_token_count",
    "thoughts_token_count",
    "tool_token_count",
    "total_token_count",
)
_FAILURES = ("status_code", "http.status_code", "http.response.status_code", "error_type", "error.type")
_TOOLS = (
    "tool_name",
    "tool_use_id",
    "call_id",
    "function_name",
    "success",
    "decision",
    "source",
    "approval_policy",
    "sandbox_policy",
    "to_mode",
    "original_model",
    "gen_ai.tool.name",
    "gen_ai.tool.call.id",
    "ai.toolCall.name",
    "ai.toolCall.id",
)
_MODELS = (
    "model",
    "slug",
    "gen_ai.operation.name",
    "ai.operationId",
    "gen_ai.provider.name",
    "gen_ai.system",
    "gen_ai.request.model",
    "gen_ai.response.model",
    "gen_ai.response.id",
    "ai.model.provider",
    "ai.model.id",
    "ai.response.id",
    "ai.response.model",
)
_USAGE = (
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
    "ai.usage.cachedInputTokens",
    "ai.usage.reasoningTokens",
    "ai.usage.inputTokenDetails.noCacheTokens",
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
    "ai.usage.outputTokenDetails.reasoningTokens",
)

READ = frozenset((*_RESOURCE, *_SESSION, *_EVENT, *_COUNTS, *_FAILURES, *_TOOLS, *_MODELS, *_USAGE))
"""Every attribute that may be looked at. None of them holds what a person or a model said."""


def code(attributes: Attributes, *names: str) -> str | None:
    """Return the first of these attributes that is an id, a name or a code; None where none is."""
    for name in names:
        found = attributes.get(name)
        if found is not None and not isinstance(found, bool):
            word = code_of(found)
            if word is not None:
                return word
    return None


def count(attributes: Attributes, *names: str) -> int | None:
    """Return the first of these attributes that is a number of tokens, also where it was sent as a text."""
    for name in names:
        found = _whole(attributes.get(name))
        if found is not None:
            return found
    return None


def truth(attributes: Attributes, name: str) -> bool | None:
    """Return a yes or no, also where it was sent as a text."""
    found = attributes.get(name)
    if isinstance(found, str):
        return {"true": True, "false": False}.get(found.lower())
    return found if isinstance(found, bool) else None


def any_of(attributes: Attributes, names: Iterable[str]) -> bool:
    """Tell whether any of these attributes is there."""
    return any(name in attributes for name in names)


def _whole(value: Value | None) -> int | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdecimal() and len(value) <= len(str(_MOST_TOKENS)) else None
    if isinstance(value, float) and not value.is_integer():
        return None
    return int(value) if 0 <= value <= _MOST_TOKENS else None
