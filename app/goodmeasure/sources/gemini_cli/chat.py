"""What one Gemini CLI chat teaches, message by message, whichever way its client wrote it down."""

import re
from pathlib import PurePosixPath

import msgspec

from goodmeasure.domain.events import (
    Generation,
    NoticeKind,
    Relation,
    SessionFacts,
    TitleRank,
    ToolCall,
    ToolStatus,
)
from goodmeasure.sources._formats.gemini import provider_of, spoken, tool_kind
from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, Gathering, code_of, instant, text_of, title_of
from goodmeasure.sources.base import identity
from goodmeasure.sources.gemini_cli.rows import Call, Memory, Message, Patch, Row, Tokens, Whole

KEY = "gemini-cli"

_CONTEXT = "<session_context>"
_FOLDER = re.compile(r"Workspace Directories:\*\*\s+- (.+)|currently working in the directory: (.+)")
_CONTEXT_LENGTH = 4000
_ERROR_CODE = re.compile(r"(?:code|status)\W{1,4}([45]\d\d)\b", re.IGNORECASE)
_REQUEST_FAILED = "[API Error"
_CANCELLED = "Request cancelled"
_REFUSED_BYTES = b"User did not allow"
_UUID_LENGTH = 36
_STATUSES = {"success": ToolStatus.OK, "error": ToolStatus.ERROR, "cancelled": ToolStatus.INTERRUPTED}

_decode_directories = msgspec.json.Decoder(list[str])


class Chat:
    """Turns messages into events; `memory` is kept and changed."""

    def __init__(self, place: str, memory: Memory, gathering: Gathering) -> None:
        """`place`: the file relative to its root."""
        path = PurePosixPath(place)
        self._named = path.stem
        self._parent = path.parent.name if path.parent.parent.name == "chats" else None
        self._memory = memory
        self.gathering = gathering

    def begin(self, told: Row | Whole) -> None:
        """Read the session's facts: at the head of a document, and of each stretch of lines."""
        memory = self._memory
        memory.session = memory.session or told.session_id
        memory.subagent = memory.subagent or told.kind == "subagent"
        self._note_time(instant(told.start_time))
        self._note_time(instant(told.last_updated))
        self._take_directories(told.directories)
        self._take_summary(told.summary)

    def patch(self, patch: Patch) -> None:
        """Read changed facts. A history told anew has lost counts, so it only adds to what was read."""
        self._note_time(instant(patch.last_updated))
        self._take_directories(patch.directories)
        self._take_summary(patch.summary)
        if patch.messages is None:
            return
        memory = self._memory
        if memory.oldest_prompt and all(message.id != memory.oldest_prompt for message in patch.messages):
            facts = (self.session(), memory.oldest_prompt)
            self.gathering.add_notice(NoticeKind.COMPACTED, self.session(), memory.last_at, None, facts)
            memory.oldest_prompt = None
        for message in patch.messages:
            self.read(message, repeated=True)

    def rewind(self, target: str | None) -> None:
        """Note that the person took messages back: they were billed all the same."""
        if target == self._memory.oldest_prompt:
            self._memory.oldest_prompt = None

    def read(self, message: Message, *, repeated: bool = False) -> None:
        """Read one message; `repeated`: it stands in a history told anew, under the instant of telling."""
        at = instant(message.timestamp)
        if not repeated:
            self._note_time(at)
        if message.type == "gemini":
            self._read_answer(message, at)
        elif message.type == "user":
            self._read_user(message, at, repeated=repeated)
        elif message.type in {"error", "info"}:
            self._read_notice(message, at)
        elif message.type != "warning":
            self.gathering.add_unknown(message.type)

    def session(self) -> str:
        """Return the session's id; the file's name where the log does not tell it."""
        return self._memory.session or self._named

    def facts(self) -> dict[str, SessionFacts]:
        """Return what is known of the session so far; nothing of a file that told nothing."""
        memory = self._memory
        if memory.session is None and memory.first_at is None:
            return {}
        parent = self._parent if self._parent != self.session() else None
        return {
            self.session(): SessionFacts(
                self.session(), parent, Relation.SUBAGENT if parent else None, memory.first_at, memory.last_at,
                memory.cwd, None, None, None, None, memory.title, memory.title_rank,
            )
        }  # fmt: skip

    # ---- messages

    def _read_answer(self, message: Message, at: int | None) -> None:
        scope = self._scope(message)
        tokens = message.tokens
        # A message of zeros only holds the end of a tool call that an earlier answer asked for.
        if tokens is not None and any((tokens.input, tokens.output, tokens.cached, tokens.thoughts, tokens.tool)):
            key = identity(KEY, "generation", *scope)
            who = (provider_of(message.model), message.model)
            figures = (*who, *_counters(tokens))
            self.gathering.add_generation(Generation(key, self.session(), at, *figures, None, None, None, 0))
        for number, call in enumerate(message.tool_calls or ()):
            self._read_tool_call(call, at, (*scope, call.id or number))

    def _read_tool_call(self, call: Call, at: int | None, facts: tuple[str | int | None, ...]) -> None:
        status = _STATUSES.get(call.status or "")
        if status is ToolStatus.INTERRUPTED and _REFUSED_BYTES in bytes(call.result):
            status = ToolStatus.DENIED
            self.gathering.add_notice(NoticeKind.DENIED, self.session(), instant(call.timestamp) or at, "person", facts)
        name = code_of(call.name)
        ended = instant(call.timestamp) if status else None
        key = identity(KEY, "tool", *facts)
        self.gathering.add_tool_call(ToolCall(key, self.session(), at, ended, name, tool_kind(name), status))

    def _read_user(self, message: Message, at: int | None, *, repeated: bool) -> None:
        text = spoken(message.content)
        memory = self._memory
        if text is None:
            return
        if text.startswith(_CONTEXT):
            self._take_folder(text)
        elif not repeated and self._parent is None and not memory.subagent:
            self.gathering.add_prompt(self.session(), at, *self._scope(message))
            memory.oldest_prompt = memory.oldest_prompt or message.id
            if memory.title_rank < TitleRank.PROMPT and (title := title_of(text)):
                memory.title, memory.title_rank = title, TitleRank.PROMPT

    def _read_notice(self, message: Message, at: int | None) -> None:
        text = spoken(message.content) or ""
        facts = self._scope(message)
        code = _ERROR_CODE.search(text)
        if message.type == "info":
            if text.startswith(_CANCELLED):
                self.gathering.add_notice(NoticeKind.INTERRUPTED, self.session(), at, None, facts)
        elif code or text.startswith(_REQUEST_FAILED):
            self.gathering.add_notice(NoticeKind.API_ERROR, self.session(), at, code[1] if code else None, facts)

    def _scope(self, message: Message) -> tuple[str | None, ...]:
        """Return what identifies a message everywhere: its random id; others are only counted within a session."""
        if message.id is not None and len(message.id) == _UUID_LENGTH:
            return (message.id,)
        return (self.session(), message.id or message.timestamp)

    # ---- facts

    def _note_time(self, at: int | None) -> None:
        memory = self._memory
        if at is not None:
            memory.first_at = at if memory.first_at is None else min(memory.first_at, at)
            memory.last_at = at if memory.last_at is None else max(memory.last_at, at)

    def _take_directories(self, raw: msgspec.Raw) -> None:
        if raw is ABSENT or self._memory.cwd is not None:
            return
        try:
            self._memory.cwd = next(iter(_decode_directories.decode(raw)), None)
        except FAULTS:
            return

    def _take_folder(self, context: str) -> None:
        """Take the working folder from the words with which the client tells it to the model: nothing else names it."""
        found = _FOLDER.search(context[:_CONTEXT_LENGTH])
        if found and self._memory.cwd is None:
            self._memory.cwd = (found[1] or found[2]).strip()

    def _take_summary(self, raw: msgspec.Raw) -> None:
        title = title_of(text_of(raw))
        if title is not None:
            self._memory.title, self._memory.title_rank = title, TitleRank.SUMMARY


def _counters(tokens: Tokens) -> tuple[int | None, int | None, None, None, int | None, int | None]:
    """Return disjoint counters: what tools put into the prompt is input; writing to the cache is not billed apart."""
    whole, cached = tokens.input, tokens.cached
    uncached = None if whole is None else max(0, whole - (cached or 0)) + (tokens.tool or 0)
    output = None if tokens.output is None else tokens.output + (tokens.thoughts or 0)
    return uncached, cached, None, None, output, tokens.thoughts
