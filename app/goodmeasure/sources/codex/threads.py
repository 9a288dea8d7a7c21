"""How Codex's threads hang together: identifiers with a clock in them, parents, origins."""

from functools import lru_cache
from uuid import UUID

import msgspec

from goodmeasure.domain.events import Relation, SessionFacts, TitleRank
from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, instant, text_of
from goodmeasure.sources.codex.rows import Git, Memory, Payload, Spawn, Subagent, ThreadSource

_TIME_ORDERED = 7
_UUID_LENGTH = 36
_SUBAGENT_SOURCES = frozenset({"subagent", "guardian_review"})

_COPY_PAUSE_MS = 10
"""A copy is written in one go; the person's first own row comes later than this after it."""

_decode_source: msgspec.json.Decoder[str | ThreadSource | None] = msgspec.json.Decoder(str | ThreadSource | None)


class Threads:
    """Where in the family of threads the current row stands."""

    def __init__(self, named_thread: str, memory: Memory) -> None:
        """`named_thread`: what the file's name says; `memory` is kept and changed."""
        self._named_thread = named_thread
        self._memory = memory
        self._origins: dict[str, SessionFacts] = {}

    def own_thread(self) -> str:
        """Return the thread that the file is of."""
        return self._memory.thread or self._named_thread

    def session(self) -> str:
        """Return the thread that the current row belongs to: in a copied stretch, the one that first wrote it."""
        memory = self._memory
        if not memory.copying or not memory.chain:
            return memory.thread or self._named_thread
        turn = made_at(memory.turn)
        if turn is not None:
            for thread in memory.chain:
                began = made_at(thread)
                if began is not None and began <= turn:
                    return thread
        return memory.chain[-1]

    def scope(self, *, own: bool = False) -> str:
        """Return what, with a running number or total, identifies an event in every copy of it.

        A turn's id is copied with its rows and unique everywhere. Before 0.115 turns have none: then it is the thread
        at the root of the family, for whose sake a copy needs no boundary; or with `own` the thread itself in its own
        part.
        """
        memory = self._memory
        if memory.turn is not None and len(memory.turn) == _UUID_LENGTH:
            return memory.turn
        thread = memory.chain[-1] if memory.chain and (memory.copying or not own) else self.own_thread()
        return thread if memory.turn is None else f"{thread}/{memory.turn}"

    def take_meta(self, meta: Payload, at: int | None) -> None:
        """Read a session_meta: the first is the file's own, one of another thread begins a copy of its history."""
        memory = self._memory
        if memory.thread is None:
            memory.thread = meta.id or self._named_thread
            memory.parent, memory.relation = parent_of(meta)
            memory.cwd, memory.entrypoint = text_of(meta.cwd), entrypoint_of(meta)
            memory.first_at = instant(text_of(meta.timestamp)) or at
            self.take_git(meta.git)
        elif meta.id is not None and meta.id != memory.thread:
            self._begin_copy(meta)
            return
        memory.version = meta.cli_version or memory.version
        memory.provider = meta.model_provider or memory.provider

    def _begin_copy(self, meta: Payload) -> None:
        """Note the thread whose rows follow here as a copy. 0.80 names a fork's parent nowhere else."""
        memory = self._memory
        if meta.id is None or meta.id in memory.chain:
            return
        memory.chain.append(meta.id)
        memory.copying = True
        if memory.parent is None:
            memory.parent, memory.relation = meta.id, memory.relation or Relation.FORK
        parent, relation = parent_of(meta)
        began, git = instant(text_of(meta.timestamp)), meta.git or Git()
        self._origins[meta.id] = SessionFacts(
            meta.id, parent, relation if parent else None, began, None, text_of(meta.cwd), git.branch,
            git.repository_url, meta.cli_version, entrypoint_of(meta), None, TitleRank.NONE,
        )  # fmt: skip

    def enter_turn(self, turn: str | None) -> None:
        """Note the turn that the rows from here on belong to: a turn older than the thread was copied."""
        memory = self._memory
        if turn is None or turn == memory.turn:
            return
        memory.turn = turn
        memory.prompts = memory.searches = memory.compactions = 0
        began, thread = made_at(turn), made_at(memory.thread)
        if memory.chain and began is not None and thread is not None:
            memory.copying = began < thread

    def end_copy(self, payload: Payload, at: int | None) -> None:
        """End a copy whose turns have no ids where the person speaks some time after the row before."""
        memory = self._memory
        if memory.turn is not None or at is None or memory.last_at is None:
            return
        asks = payload.type == "user_message" or (payload.type == "message" and payload.role == "user")
        if asks and at - memory.last_at >= _COPY_PAUSE_MS:
            memory.copying = False
            memory.prompts = memory.searches = memory.compactions = 0

    def facts(self) -> dict[str, SessionFacts]:
        """Return the facts of the file's own thread, and of those found copied here since the last time."""
        memory = self._memory
        told, self._origins = self._origins, {}
        if memory.thread is not None or memory.first_at is not None:
            told[self.own_thread()] = SessionFacts(
                self.own_thread(), memory.parent, memory.relation if memory.parent else None, memory.first_at,
                memory.last_at, memory.cwd, memory.branch, memory.repository, memory.version, memory.entrypoint,
                memory.title, memory.title_rank,
            )  # fmt: skip
        return told

    def take_git(self, git: Git | None) -> None:
        """Note branch and repository."""
        if git is not None:
            self._memory.branch, self._memory.repository = git.branch, git.repository_url


@lru_cache(maxsize=256)
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
    """Return a thread's parent and how it hangs on it, by its session_meta; a relation may lack its parent."""
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
