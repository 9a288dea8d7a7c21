"""How Codex's threads hang together: identifiers with a clock in them, parents, origins."""

from uuid import UUID

import msgspec

from goodmeasure.domain.events import Relation
from goodmeasure.sources._jsonl import ABSENT, FAULTS, text_of
from goodmeasure.sources.codex.rows import Payload, Spawn, Subagent, ThreadSource

_TIME_ORDERED = 7
_UUID_LENGTH = 36
_SUBAGENT_SOURCES = frozenset({"subagent", "guardian_review"})

_decode_source: msgspec.json.Decoder[str | ThreadSource | None] = msgspec.json.Decoder(str | ThreadSource | None)


def made_at(identifier: str | None) -> int | None:
    """Return the millisecond since 1970 UTC in a version 7 UUID (RFC 9562, 5.7); None for any other text."""
    if identifier is None or len(identifier) != _UUID_LENGTH:
        return None
    try:
        parsed = UUID(identifier)
    except ValueError:
        return None
    return parsed.int >> 80 if parsed.version == _TIME_ORDERED else None


def thread_of_path(stem: str) -> str:
    """Return the thread that a file's name states; the whole name where it states none."""
    tail = stem[-_UUID_LENGTH:]
    try:
        return str(UUID(tail)) if len(tail) == _UUID_LENGTH else stem
    except ValueError:
        return stem


def parent_of(meta: Payload) -> tuple[str | None, Relation | None]:
    """Return a thread's parent and how it hangs on it, from its session_meta; the relation may be known without the parent."""
    source = _source(meta)
    subagent = source.subagent if isinstance(source, ThreadSource) else None
    spawn: Spawn | None = subagent.thread_spawn if isinstance(subagent, Subagent) else None
    if subagent is not None or meta.thread_source in _SUBAGENT_SOURCES:
        candidates = (
            spawn.parent_thread_id if spawn else None,
            meta.parent_thread_id,
            meta.forked_from_id,
            text_of(meta.session_id),
        )
        parent = next((candidate for candidate in candidates if candidate and candidate != meta.id), None)
        return parent, Relation.SUBAGENT
    if meta.forked_from_id and meta.forked_from_id != meta.id:
        return meta.forked_from_id, Relation.FORK
    return None, None


def entrypoint_of(meta: Payload) -> str | None:
    """Return how the agent was started: `cli`, `exec`, `vscode`, …; the client's name where the source is no word."""
    source = _source(meta)
    return source if isinstance(source, str) else meta.originator


def _source(meta: Payload) -> str | ThreadSource | None:
    if meta.source is ABSENT:
        return None
    try:
        return _decode_source.decode(meta.source)
    except FAULTS:
        return None
