"""Reads one session file of pi, entry by entry."""

import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import ClassVar

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    NoticeKind,
    Relation,
    SessionFacts,
    TitleRank,
    ToolCall,
    ToolKind,
    ToolStatus,
)
from goodmeasure.sources._formats.jsonl import (
    COPIED,
    OUTPUT_LOWER_BOUND,
    Gathering,
    code_of,
    cost_micros,
    instant,
    nothing_known_of,
    text_of,
    title_of,
)
from goodmeasure.sources._formats.line_rows import rows_of
from goodmeasure.sources.base import identity
from goodmeasure.sources.pi.rows import Entry, Memory, Message, Part, Usage, cost_in, number_of, parts_of

KEY = "pi"

# Known, and not needed. Listed so that a new type is noticed.
_UNNEEDED = frozenset({"context_edit", "custom", "custom_message", "label", "model_change", "thinking_level_change"})
_UNNEEDED_ROLES = frozenset({
    "bashExecution", "branchSummary", "compactionSummary", "custom", "hookMessage", "system",
})  # fmt: skip

_KINDS = {
    ToolKind.READ: ("read",),
    ToolKind.EDIT: ("edit", "write", "multiedit"),
    ToolKind.RUN: ("bash",),
    ToolKind.SEARCH: ("grep", "find", "ls"),
    ToolKind.FETCH: ("fetch", "web_fetch", "web_search"),
    ToolKind.AGENT: ("subagent", "task"),
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}
_SKIPPED = "Skipped due to queued user message"
_STATUS = re.compile(r"\d{3}\b")
_MOST_OPEN_CALLS = 512

_decode_entry = msgspec.json.Decoder(Entry)
_decode_memory = msgspec.json.Decoder(Memory)


class PiReader:
    """A `Reader` of one `sessions/**/*.jsonl` file. Raises ValueError for a state that is not its own."""

    def __init__(self, path: str, state: bytes | None) -> None:
        self._memory = _decode_memory.decode(state) if state else Memory()
        self._named = session_of_path(path)
        self._gathering = Gathering(KEY)
        self._line = 0

    def state(self) -> bytes:
        """Return ids, instants and the title needed to go on."""
        return msgspec.json.encode(self._memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = self._gathering = Gathering(KEY)
        for self._line, entry in rows_of(_decode_entry, lines, first_line, gathering):
            self._read(entry)
        gathering.sessions = self._facts()
        return gathering.batch()

    def _read(self, entry: Entry) -> None:
        at = instant(entry.timestamp)
        handle = self._ENTRIES.get(entry.type or "")
        if handle is not None:
            handle(self, entry, at)
        elif entry.type not in _UNNEEDED:
            self._gathering.add_unknown(entry.type)
        memory = self._memory
        if at is not None and memory.session is not None and not self._is_copy(at):
            memory.first_at = at if memory.first_at is None else min(memory.first_at, at)
            memory.last_at = at if memory.last_at is None else max(memory.last_at, at)

    # ---- sessions

    def _read_header(self, header: Entry, at: int | None) -> None:
        memory = self._memory
        if memory.session is not None:
            return  # some versions wrote the header of a fork twice
        memory.session = header.id or self._named
        memory.began, memory.cwd = at, text_of(header.cwd) or None
        parent = text_of(header.parent_session) or text_of(header.branched_from)
        if parent:
            named = session_of_path(parent.replace("\\", "/"))
            memory.parent = named if named != memory.session else None

    def _is_copy(self, at: int | None) -> bool:
        """Tell whether an entry was copied from the parent: it is older than the file. Only forks hold copies."""
        memory = self._memory
        return memory.parent is not None and at is not None and memory.began is not None and at < memory.began

    def _session(self, at: int | None) -> str:
        memory = self._memory
        return memory.parent if memory.parent and self._is_copy(at) else memory.session or self._named

    def _facts(self) -> dict[str, SessionFacts]:
        memory = self._memory
        own = memory.session or self._named
        told = {own: SessionFacts(
            own, memory.parent, Relation.FORK if memory.parent else None, memory.first_at, memory.last_at, memory.cwd,
            None, None, None, None, memory.title, memory.title_rank,
        )}  # fmt: skip
        if memory.parent:
            told[memory.parent] = nothing_known_of(memory.parent)
        return told

    def _read_name(self, entry: Entry, _at: int | None) -> None:
        title = title_of(text_of(entry.name))
        if title is not None:
            self._memory.title, self._memory.title_rank = title, TitleRank.CHOSEN

    # ---- messages

    def _read_message(self, entry: Entry, at: int | None) -> None:
        message = entry.message or Message()
        stamp = number_of(message.timestamp)
        at = stamp if at is None else at
        # Both instants stand unchanged in every copy; ids do not: old files got theirs when they were brought to the
        # second version of the format.
        facts: tuple[str | int | None, ...] = (at, stamp)
        if at is None:
            facts = (self._session(None), entry.id or self._line)
        handle = self._ROLES.get(message.role or "")
        if handle is not None:
            handle(self, message, at, facts)
        elif message.role not in _UNNEEDED_ROLES:
            self._gathering.add_unknown(f"message/{code_of(message.role) or '?'}")

    def _read_reply(self, message: Message, at: int | None, facts: tuple[str | int | None, ...]) -> None:
        broken = message.stop_reason in {"error", "aborted"}
        if message.usage is not None and (not broken or has_counts(message.usage)):
            self._add_generation(message, message.usage, at, facts)
        for number, part in enumerate(parts_of(message.content)):
            if part.type == "toolCall":
                self._open_call(part, at, (*facts, part.id or number))
        if message.stop_reason == "aborted":
            self._gathering.add_notice(NoticeKind.INTERRUPTED, self._session(at), at, None, facts)
        elif message.stop_reason == "error":
            detail = error_code_of(text_of(message.error_message))
            self._gathering.add_notice(NoticeKind.API_ERROR, self._session(at), at, detail, facts)

    def _add_generation(
        self, message: Message, usage: Usage, at: int | None, facts: tuple[str | int | None, ...]
    ) -> None:
        counters = (usage.input, usage.output, usage.cache_read, usage.cache_write)
        key = identity(KEY, "call", *facts, message.response_id, message.model, *counters)
        hour = 0 if usage.cache_write == 0 else usage.cache_write_1h
        writes = None if usage.cache_write is None else max(0, usage.cache_write - (hour or 0))
        flags = (OUTPUT_LOWER_BOUND if message.stop_reason in {"error", "aborted"} else 0) | (
            COPIED if self._is_copy(at) else 0
        )
        self._gathering.add_generation(
            Generation(
                key, self._session(at), at, message.provider, message.model, usage.input, usage.cache_read, writes,
                hour, usage.output, usage.reasoning, None,
                cost_micros(cost_in(usage)), None, flags,
            )
        )  # fmt: skip

    def _read_prompt(self, message: Message, at: int | None, facts: tuple[str | int | None, ...]) -> None:
        self._gathering.add_prompt(self._session(at), at, *facts)
        memory = self._memory
        if memory.title_rank < TitleRank.PROMPT and not self._is_copy(at):
            texts = (text_of(part.text) for part in parts_of(message.content))
            title = title_of(text_of(message.content) or next((text for text in texts if text), None))
            if title is not None:
                memory.title, memory.title_rank = title, TitleRank.PROMPT

    def _read_compaction(self, _entry: Entry, at: int | None) -> None:
        facts = (at if at is not None else f"{self._session(None)}/{self._line}",)
        self._gathering.add_notice(NoticeKind.COMPACTED, self._session(at), at, None, facts)

    # ---- tool calls

    def _open_call(self, part: Part, at: int | None, facts: tuple[str | int | None, ...]) -> None:
        key = identity(KEY, "tool", *facts)
        name = code_of(part.name)
        self._gathering.add_tool_call(ToolCall(key, self._session(at), at, None, name, tool_kind(name), None))
        if part.id is not None:
            calls = self._memory.open_calls
            calls[part.id] = key
            if len(calls) > _MOST_OPEN_CALLS:
                del calls[next(iter(calls))]

    def _read_result(self, message: Message, at: int | None, _facts: tuple[str | int | None, ...]) -> None:
        key = self._memory.open_calls.pop(message.tool_call_id or "", None)
        if key is None:
            return
        status = ToolStatus.ERROR if message.is_error else ToolStatus.OK
        parts = parts_of(message.content) if message.is_error else []
        if parts and (text_of(parts[0].text) or "").startswith(_SKIPPED):
            status = ToolStatus.INTERRUPTED
        self._gathering.add_tool_call(ToolCall(key, self._session(at), None, at, None, None, status))

    _ENTRIES: ClassVar[dict[str, Callable[["PiReader", Entry, int | None], None]]] = {
        "session": _read_header,
        "session_info": _read_name,
        "message": _read_message,
        "compaction": _read_compaction,
    }
    _ROLES: ClassVar[dict[str, Callable[["PiReader", Message, int | None, tuple[str | int | None, ...]], None]]] = {
        "assistant": _read_reply,
        "user": _read_prompt,
        "toolResult": _read_result,
    }


def session_of_path(path: str) -> str:
    """Return the session that a file's name states: what follows the instant; the whole name where it has none."""
    stem = PurePosixPath(path).name.removesuffix(".jsonl")
    return stem.partition("_")[2] or stem


def has_counts(usage: Usage) -> bool:
    """Tell whether any counter is more than zero: a reply that broke off before its usage has zeros only."""
    return any((usage.input, usage.output, usage.cache_read, usage.cache_write))


def error_code_of(text: str | None) -> str | None:
    """Return the HTTP status at the start of an error's text, or the text where it is one word; else None."""
    found = _STATUS.match(text or "")
    return found[0] if found else code_of(text)


def tool_kind(name: str | None) -> ToolKind | None:
    """Return what a tool does by its name; None without a name."""
    if name is None:
        return None
    if name.startswith("mcp"):
        return ToolKind.MCP
    return _KIND_BY_NAME.get(name, ToolKind.OTHER)
