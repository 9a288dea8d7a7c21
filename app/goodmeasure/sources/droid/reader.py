"""Reads the log of one Droid session, row by row."""

from collections.abc import Iterable

import msgspec

from goodmeasure.domain.events import (
    Batch,
    NoticeKind,
    Relation,
    SessionFacts,
    TitleRank,
    ToolCall,
    ToolKind,
    ToolStatus,
)
from goodmeasure.sources._formats.jsonl import ABSENT, Gathering, code_of, instant, text_of, title_of
from goodmeasure.sources._formats.line_rows import rows_of
from goodmeasure.sources.base import identity
from goodmeasure.sources.droid.session import KEY, session_entry, session_of

_UNNEEDED = frozenset({"session_settings", "todo_state"})
_HIDDEN = frozenset({"llm_only", "user_only"})
"""What the client tells the model, or the person, in the person's name."""
_REMINDER = "<system-reminder>"
_UNTITLED = "New Session"

_KINDS = {
    ToolKind.READ: ("Read",),
    ToolKind.EDIT: ("Edit", "MultiEdit", "Create", "ApplyPatch"),
    ToolKind.RUN: ("Execute",),
    ToolKind.SEARCH: ("Glob", "Grep", "LS"),
    ToolKind.FETCH: ("FetchUrl", "WebSearch"),
    ToolKind.AGENT: ("Task",),
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}


class _Block(msgspec.Struct, gc=False):
    type: str | None = None
    id: str | None = None
    name: str | None = None
    text: msgspec.Raw = ABSENT
    tool_use_id: str | None = None
    is_error: bool | None = None


class _Message(msgspec.Struct, gc=False):
    role: str | None = None
    content: str | list[_Block] | None = None
    model_id: str | None = msgspec.field(name="modelId", default=None)
    visibility: str | None = None


class _Row(msgspec.Struct, gc=False):
    type: str | None = None
    id: str | None = None
    timestamp: str | None = None
    message: _Message | None = None
    model_id: str | None = msgspec.field(name="modelId", default=None)
    visibility: str | None = None
    # `session_start`
    cwd: str | None = None
    title: str | None = None
    session_title: str | None = msgspec.field(name="sessionTitle", default=None)
    calling_session_id: str | None = msgspec.field(name="callingSessionId", default=None)
    # `agent_turn_outcome`
    reason: str | None = None
    result_kind: str | None = msgspec.field(name="resultKind", default=None)


class _Memory(msgspec.Struct):
    """What is remembered between two readings."""

    latest: int | None = None
    answered: bool = False
    titled: bool = False
    parent: str | None = None


_decode_row = msgspec.json.Decoder(_Row)
_decode_memory = msgspec.json.Decoder(_Memory)


class DroidReader:
    """A `Reader` of one `sessions/**/*.jsonl` file. Raises ValueError for a state that is not its own."""

    def __init__(self, path: str, state: bytes | None) -> None:
        self._session = session_of(path)
        self._memory = _decode_memory.decode(state) if state else _Memory()
        self._gathering = Gathering(KEY)
        self._facts = self._no_facts()

    def state(self) -> bytes:
        """Return the ids and instants needed to go on."""
        return msgspec.json.encode(self._memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = self._gathering = Gathering(KEY)
        self._facts = self._no_facts()
        for number, row in rows_of(_decode_row, lines, first_line, gathering):
            self._read(row, number)
        if self._facts != self._no_facts():
            gathering.sessions[self._session] = self._facts
        return gathering.batch()

    def _read(self, row: _Row, number: int) -> None:
        at = instant(row.timestamp)
        if at is not None:
            self._memory.latest = at
            first, last = self._facts.started_at, self._facts.ended_at
            self._facts = self._facts._replace(
                started_at=at if first is None else min(first, at), ended_at=at if last is None else max(last, at)
            )
        if row.type == "message":
            self._read_message(row, number)
        elif row.type == "session_start":
            self._read_start(row)
        elif row.type == "agent_turn_outcome":
            self._read_outcome(row, number)
        elif row.type == "compaction_state":
            self._gathering.add_notice(
                NoticeKind.COMPACTED, self._session, at or self._memory.latest, None, self._place(row, number)
            )
        elif row.type not in _UNNEEDED:
            self._gathering.add_unknown(row.type)

    def _read_start(self, row: _Row) -> None:
        if row.calling_session_id and row.calling_session_id != self._session:
            self._memory.parent = row.calling_session_id
            self._facts = self._facts._replace(parent=row.calling_session_id, relation=Relation.SUBAGENT)
        self._facts = self._facts._replace(cwd=row.cwd or self._facts.cwd)
        own = None if row.session_title == _UNTITLED else title_of(row.session_title)
        self._entitle(own or title_of(row.title), TitleRank.GENERATED if own else TitleRank.PROMPT)

    def _read_message(self, row: _Row, number: int) -> None:
        message = row.message
        if message is None:
            return
        at = instant(row.timestamp)
        blocks = message.content if isinstance(message.content, list) else []
        if message.role == "assistant":
            self._note_answer(at, message.model_id or row.model_id)
        for block in blocks:
            if block.type == "tool_use" and block.id is not None:
                name = code_of(block.name)
                self._add_tool_call(block.id, at, None, name, None)
            elif block.type == "tool_result" and block.tool_use_id is not None:
                status = ToolStatus.ERROR if block.is_error else ToolStatus.OK
                self._add_tool_call(block.tool_use_id, None, at, None, status)
        if message.role == "user" and self._memory.parent is None:
            self._read_person(row, message, number, at)

    def _note_answer(self, at: int | None, model: str | None) -> None:
        """Book the session at its first answer; how much it used stands in its settings."""
        if not self._memory.answered:
            self._memory.answered = True
            self._gathering.add_generation(session_entry(self._session, at, code_of(model)))

    def _add_tool_call(
        self, identifier: str, called: int | None, finished: int | None, name: str | None, status: ToolStatus | None
    ) -> None:
        key = identity(KEY, "tool", self._session, identifier)
        kind = _tool_kind(name) if name else None
        self._gathering.add_tool_call(ToolCall(key, self._session, called, finished, name, kind, status))

    def _read_person(self, row: _Row, message: _Message, number: int, at: int | None) -> None:
        if (message.visibility or row.visibility) in _HIDDEN:
            return
        content = message.content
        if isinstance(content, list):
            if any(block.type == "tool_result" for block in content):
                return
            texts = [text_of(block.text) or "" for block in content if block.type == "text"]
        else:
            texts = [content or ""]
        said = [text for text in texts if text.strip() and not text.startswith(_REMINDER)]
        if said or (isinstance(content, list) and any(block.type == "image" for block in content)):
            self._gathering.add_prompt(self._session, at, *self._place(row, number))
            self._entitle(title_of(said[0]) if said else None, TitleRank.PROMPT)

    def _read_outcome(self, row: _Row, number: int) -> None:
        at = instant(row.timestamp) or self._memory.latest
        place = self._place(row, number)
        if row.reason == "cancelled":
            self._gathering.add_notice(NoticeKind.INTERRUPTED, self._session, at, None, place)
        elif row.reason == "error":
            self._gathering.add_notice(NoticeKind.API_ERROR, self._session, at, code_of(row.result_kind), place)

    def _place(self, row: _Row, number: int) -> tuple[str | int | None, ...]:
        """Return what identifies a row: its own id; where it has none, its line."""
        return (self._session, row.id) if row.id else (self._session, number)

    def _entitle(self, title: str | None, rank: TitleRank) -> None:
        if title is not None and not self._memory.titled:
            self._memory.titled = True
            self._facts = self._facts._replace(title=title, title_rank=rank)

    def _no_facts(self) -> SessionFacts:
        return SessionFacts(
            self._session, None, None, None, None, None, None, None, None, None, None, TitleRank.NONE
        )  # fmt: skip


def _tool_kind(name: str) -> ToolKind:
    """Return what a tool does by its name; tools of MCP servers are named `server___tool`."""
    return ToolKind.MCP if "___" in name or name.startswith("mcp__") else _KIND_BY_NAME.get(name, ToolKind.OTHER)
