"""Reads a Droid session's settings file: its running token total, model and mode."""

from collections.abc import Iterator
from typing import IO

import msgspec

from goodmeasure.domain.events import Batch, NoticeKind, ParseIssue, SessionFacts, TitleRank
from goodmeasure.sources._formats.document import decoded_document
from goodmeasure.sources._formats.jsonl import Count, Gathering, UnreadableLineError, code_of, instant
from goodmeasure.sources.droid.session import KEY, session_entry, session_of

_PROVIDERS = frozenset({"anthropic", "google", "openai"})
"""Other words in `providerLock` name a protocol or Factory's own gateway, not who serves the model."""


class _Total(msgspec.Struct, gc=False):
    """`tokenUsage`: input, cache reads and writes are disjoint. Sub-agents have totals in files of their own."""

    input_tokens: Count | None = msgspec.field(name="inputTokens", default=None)
    output_tokens: Count | None = msgspec.field(name="outputTokens", default=None)
    cache_creation_tokens: Count | None = msgspec.field(name="cacheCreationTokens", default=None)
    cache_read_tokens: Count | None = msgspec.field(name="cacheReadTokens", default=None)
    thinking_tokens: Count | None = msgspec.field(name="thinkingTokens", default=None)


class _Routed(msgspec.Struct, gc=False):
    model_id: str | None = msgspec.field(name="modelId", default=None)


class _Settings(msgspec.Struct, gc=False, rename="camel"):
    model: str | None = None
    provider_lock: str | None = None
    provider_lock_timestamp: str | None = None
    autonomy_level: str | None = None
    autonomy_mode: str | None = None
    effective_factory_router_model: _Routed | None = None
    token_usage: _Total | None = None


_decode = msgspec.json.Decoder(_Settings)


def read_settings(place: str, stream: IO[bytes]) -> Iterator[Batch]:
    """Yield what one settings file teaches; see `sources.base.DocumentReader`."""
    gathering = Gathering(KEY)
    gathering.lines = 1
    try:
        settings = decoded_document(_decode, stream)
    except UnreadableLineError as refusal:
        gathering.issues.append(ParseIssue(1, str(refusal)))
    else:
        _read(gathering, session_of(place), settings)
    yield gathering.batch()


def _read(gathering: Gathering, session: str, settings: _Settings) -> None:
    at = instant(settings.provider_lock_timestamp)
    total = settings.token_usage
    # A total of zeros is what a session has before its first call, and what providers leave that report no usage.
    if total is not None and any((total.input_tokens, total.output_tokens, total.cache_read_tokens)):
        provider = settings.provider_lock if settings.provider_lock in _PROVIDERS else None
        # No lifetime is stated: cache writes are taken as for five minutes.
        counted = (
            total.input_tokens,
            total.cache_read_tokens,
            total.cache_creation_tokens,
            None,
            total.output_tokens,
            total.thinking_tokens,
        )
        gathering.add_generation(session_entry(session, at, _model(settings), provider, counted))
    elif total is None:
        return
    mode = code_of(settings.autonomy_level) or code_of(settings.autonomy_mode)
    if mode is not None:
        gathering.add_notice(NoticeKind.PERMISSION_MODE, session, at, mode, (session, mode))
    gathering.sessions[session] = SessionFacts(
        session, None, None, None, None, None, None, None, None, None, None, TitleRank.NONE
    )


def _model(settings: _Settings) -> str | None:
    """Return the model chosen last; behind Factory's router the one that it chose last, as far as it says so."""
    routed = settings.effective_factory_router_model
    if settings.model == "auto":
        return code_of(routed.model_id) if routed else None
    return code_of(settings.model)
