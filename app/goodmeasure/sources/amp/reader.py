"""Reads one Amp thread."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    NoticeKind,
    ParseIssue,
    SessionFacts,
    TitleRank,
    ToolCall,
    ToolKind,
    ToolStatus,
)
from goodmeasure.sources._formats.document import decoded_document
from goodmeasure.sources._formats.file_uri import path_of
from goodmeasure.sources._formats.jsonl import (
    ABSENT,
    FAULTS,
    OUTPUT_LOWER_BOUND,
    Gathering,
    UnreadableLineError,
    code_of,
    instant,
    text_of,
    title_of,
)
from goodmeasure.sources._formats.line_rows import rows_of
from goodmeasure.sources._formats.moments import moment_of
from goodmeasure.sources.amp.thread import KEY, Block, Env, Initial, Ledger, LedgerEvent, Message, Thread, Usage
from goodmeasure.sources.base import identity

_KINDS = {
    ToolKind.READ: ("Read", "look_at", "read_thread"),
    ToolKind.EDIT: ("apply_patch", "create_file", "edit_file", "undo_edit"),
    ToolKind.RUN: ("Bash", "shell_command"),
    ToolKind.SEARCH: ("Grep", "find_thread", "finder", "glob", "list_directory"),
    ToolKind.FETCH: ("read_web_page", "web_search"),
    ToolKind.AGENT: ("Task", "handoff", "librarian", "oracle"),
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}
_STATUSES = {
    "done": ToolStatus.OK,
    "error": ToolStatus.ERROR,
    "cancelled": ToolStatus.INTERRUPTED,
    "rejected-by-user": ToolStatus.DENIED,
}
_BRANCH = "refs/heads/"

_decode_thread = msgspec.json.Decoder(Thread)
_decode_message = msgspec.json.Decoder(Message)
_decode_env = msgspec.json.Decoder(Env)
_decode_ledger = msgspec.json.Decoder(Ledger)
_decode_event = msgspec.json.Decoder(LedgerEvent)


def read_thread(place: str, stream: IO[bytes]) -> Iterator[Batch]:
    """Yield what one thread teaches; see `sources.base.DocumentReader`."""
    gathering = Gathering(KEY)
    try:
        thread = decoded_document(_decode_thread, stream)
    except UnreadableLineError as refusal:
        gathering.lines = 1
        gathering.issues.append(ParseIssue(1, str(refusal)))
    else:
        _Reading(gathering, thread.id or PurePosixPath(place).stem).read(thread)
    yield gathering.batch()


class _Reading:
    def __init__(self, gathering: Gathering, session: str) -> None:
        self._gathering = gathering
        self._session = session
        self._counted: set[str] = set()
        self._prompt: str | None = None
        self._first: int | None = None
        self._last: int | None = None

    def read(self, thread: Thread) -> None:
        self._note(moment_of(thread.created))
        for number, message in rows_of(_decode_message, thread.messages, 1, self._gathering):
            self._read_message(message, str(number if message.message_id is None else message.message_id))
        self._read_ledger(thread.usage_ledger, len(thread.messages))
        self._tell(thread)

    def _read_message(self, message: Message, identifier: str) -> None:
        sent = moment_of(message.meta.sent_at) if message.meta else None
        at = instant(message.usage.timestamp) if message.usage else sent
        self._note(at)
        blocks = message.content if isinstance(message.content, list) else []
        if message.role == "assistant":
            state = message.state.type if message.state else None
            self._read_state(state, identifier, at)
            if message.usage is not None:
                self._add_call(identifier, at, message.usage, 0 if state in {None, "complete"} else OUTPUT_LOWER_BOUND)
            for block in blocks:
                self._add_tool_call(block, at)
        elif message.role == "user":
            for block in blocks:
                self._end_tool_call(block, at)
            self._read_person(message, identifier, at)

    def _read_state(self, state: str | None, identifier: str, at: int | None) -> None:
        kind = {"cancelled": NoticeKind.INTERRUPTED, "error": NoticeKind.API_ERROR}.get(state or "")
        if kind is not None:
            self._gathering.add_notice(kind, self._session, at, None, (self._session, identifier))

    def _add_call(self, identifier: str, at: int | None, usage: Usage, flags: int) -> None:
        self._counted.add(identifier)
        model = code_of(usage.model)
        uncached, written = usage.input_tokens, usage.cache_creation_input_tokens
        if model is not None and model.startswith("gpt-") and written is not None:
            # These models had no cache writes; the client books there what was not cached.
            uncached, written = (uncached or 0) + written, 0
        counted = (uncached, usage.cache_read_input_tokens, written, None, usage.output_tokens, None)
        self._gathering.add_generation(self._call(identifier, at, model, counted, flags))

    def _call(
        self,
        identifier: str,
        at: int | None,
        model: str | None,
        counted: tuple[int | None, int | None, int | None, int | None, int | None, int | None],
        flags: int,
    ) -> Generation:
        key = identity(KEY, "generation", self._session, identifier)
        return Generation(key, self._session, at, None, model, *counted, None, None, None, flags)

    def _add_tool_call(self, block: Block, at: int | None) -> None:
        if block.type == "tool_use" and block.id is not None:
            name = code_of(block.name)
            self._gathering.add_tool_call(
                ToolCall(self._tool_key(block.id), self._session, at, None, name, _tool_kind(name), None)
            )

    def _end_tool_call(self, block: Block, at: int | None) -> None:
        if block.type == "tool_result" and block.tool_use_id is not None:
            status = _STATUSES.get(block.run.status or "") if block.run else None
            key = self._tool_key(block.tool_use_id)
            self._gathering.add_tool_call(ToolCall(key, self._session, None, at, None, None, status))

    def _tool_key(self, identifier: str) -> bytes:
        return identity(KEY, "tool", self._session, identifier)

    def _read_person(self, message: Message, identifier: str, at: int | None) -> None:
        content = message.content
        if isinstance(content, list):
            if any(block.type == "tool_result" for block in content):
                return
            texts = [text_of(block.text) or "" for block in content if block.type == "text"]
        else:
            texts = [content or ""]
        said = [text for text in texts if text.strip()]
        if said or (isinstance(content, list) and any(block.type == "image" for block in content)):
            self._gathering.add_prompt(self._session, at, self._session, identifier)
            self._prompt = self._prompt or (title_of(said[0]) if said else None)

    def _read_ledger(self, raw: msgspec.Raw, before: int) -> None:
        """Read the calls of older threads, as far as no message tells them better."""
        if raw is ABSENT:
            return
        try:
            events = _decode_ledger.decode(raw).events
        except FAULTS:
            self._gathering.issues.append(ParseIssue(before + 1, "The usage ledger cannot be read."))
            return
        for number, event in rows_of(_decode_event, events, before + 1, self._gathering):
            target = event.id or str(number) if event.to_message_id is None else str(event.to_message_id)
            at = instant(event.timestamp)
            self._note(at)
            if target not in self._counted and event.tokens is not None:
                counted = (event.tokens.input, None, None, None, event.tokens.output, None)
                self._gathering.add_generation(self._call(target, at, code_of(event.model), counted, 0))

    def _note(self, at: int | None) -> None:
        if at is not None:
            self._first = at if self._first is None else min(self._first, at)
            self._last = at if self._last is None else max(self._last, at)

    def _tell(self, thread: Thread) -> None:
        try:
            initial = (_decode_env.decode(thread.env).initial if thread.env is not ABSENT else None) or Initial()
        except FAULTS:
            initial = Initial()
        tree = initial.trees[0] if initial.trees else None
        repository = tree.repository if tree else None
        ref = repository.ref if repository and repository.ref else ""
        chosen = title_of(thread.title)
        self._gathering.sessions[self._session] = SessionFacts(
            self._session,
            None,
            None,
            self._first,
            self._last,
            path_of(tree.uri) if tree else None,
            ref.removeprefix(_BRANCH) if ref.startswith(_BRANCH) else None,
            repository.url if repository else None,
            code_of(initial.platform.client_version) if initial.platform else None,
            code_of(initial.platform.client_type) if initial.platform else None,
            chosen or self._prompt,
            TitleRank.GENERATED if chosen else TitleRank.PROMPT if self._prompt else TitleRank.NONE,
        )


def _tool_kind(name: str | None) -> ToolKind | None:
    if name is None:
        return None
    return ToolKind.MCP if name.startswith("mcp__") else _KIND_BY_NAME.get(name, ToolKind.OTHER)
