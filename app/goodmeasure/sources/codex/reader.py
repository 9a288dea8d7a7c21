"""Reads one Codex rollout, row by row."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import ClassVar, TypeVar

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    NoticeKind,
    ParseIssue,
    Relation,
    TitleRank,
    ToolCall,
    ToolStatus,
)
from goodmeasure.sources._formats.jsonl import (
    ABSENT,
    COPIED,
    FAULTS,
    RESIDUAL,
    Gathering,
    UnreadableLineError,
    code_of,
    instant,
    second_reading,
    text_of,
    title_of,
)
from goodmeasure.sources.base import identity
from goodmeasure.sources.codex.fields import error_code_of, first_text, keys_of, typed_of
from goodmeasure.sources.codex.rows import Memory, OpenCall, Payload, Row, Vector
from goodmeasure.sources.codex.threads import Threads, thread_of_path
from goodmeasure.sources.codex.tools import output_status, tool_kind
from goodmeasure.sources.codex.usage import add_head, counted, counters, vector

KEY = "codex"
T = TypeVar("T")

# Known, and not needed. Listed so that a new type is noticed.
_UNNEEDED = frozenset({
    "additional_tools", "agent_message", "agent_reasoning", "agent_reasoning_raw_content",
    "agent_reasoning_section_break", "collab_agent_interaction_begin", "collab_agent_interaction_end",
    "collab_agent_spawn_begin", "collab_agent_spawn_end", "collab_close_begin", "collab_close_end",
    "collab_waiting_begin", "collab_waiting_end", "compaction", "compaction_summary", "context_compacted",
    "dynamic_tool_call_request", "dynamic_tool_call_response", "dynamic_tools_updated", "entered_review_mode",
    "exec_command_begin", "exited_review_mode", "ghost_snapshot", "image_generation_call", "image_generation_end",
    "inter_agent_communication", "inter_agent_communication_metadata", "mcp_tool_call_begin", "message",
    "patch_apply_begin", "plan_update", "realtime_item", "reasoning", "security_risk_score", "sub_agent_activity",
    "thread_goal_updated", "thread_rolled_back", "thread_settings_applied", "tool_search_output", "turn_diff",
    "undo_completed", "view_image_tool_call", "warning", "web_search_begin", "web_search_end", "world_state",
})  # fmt: skip

WRAPPERS = (
    "<environment_context",
    "<user_instructions",
    "<turn_aborted",
    "# AGENTS.md instructions",
    "<user_shell_command",
)
_EDITOR_REQUEST = "## My request for Codex:"
_MOST_OPEN_CALLS = 512
_MOST_RUNNING_CALLS = 64

_decode_row = msgspec.json.Decoder(Row)
_decode_memory = msgspec.json.Decoder(Memory)


class CodexReader:
    """A `Reader` of one rollout. Raises ValueError for a state that is not its own."""

    def __init__(self, path: str, state: bytes | None) -> None:
        name = PurePosixPath(path).name.removesuffix(".zst")
        self._memory = _decode_memory.decode(state) if state else Memory()
        self._threads = Threads(thread_of_path(name.removesuffix(".jsonl")), self._memory)
        self._gathering = Gathering(KEY)
        self._line = 0
        self._stamp: str | None = None

    def state(self) -> bytes:
        """Return ids, instants, counters and the title needed to go on."""
        return msgspec.json.encode(self._memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = self._gathering = Gathering(KEY)
        decode = _decode_row.decode
        number = first_line - 1
        for number, line in enumerate(lines, first_line):
            self._line = number
            try:
                row = decode(line)
            except FAULTS as fault:
                self._read_damaged(line, fault)
                continue
            self._read(row)
        gathering.lines = number - first_line + 1
        self._keep_time()
        gathering.sessions = self._threads.facts()
        return gathering.batch()

    def _read_damaged(self, line: bytes | memoryview, fault: Exception) -> None:
        try:
            row = second_reading(_decode_row, line, fault)
        except UnreadableLineError as refusal:
            self._gathering.issues.append(ParseIssue(self._line, str(refusal)))
        else:
            if row is not None:
                self._read(row)

    def _read(self, row: Row) -> None:
        payload = row.payload
        if row.timestamp is not None:
            self._stamp = row.timestamp
        if payload is None:
            self._read_bare(row, instant(row.timestamp))
            return
        family = self._FAMILIES.get(row.type or "")
        kind = row.type if family is None else payload.type
        handle = self._ROWS.get(kind or "") if family is None else family.get(kind or "")
        if self._memory.copying:
            self._threads.end_copy(payload, instant(row.timestamp))
            self._keep_time()
        if handle is not None:
            at = instant(row.timestamp)
            if self._memory.first_at is None and not self._memory.copying:
                self._memory.first_at = at
            handle(self, payload, at)
        elif kind is not None and kind not in _UNNEEDED:
            self._gathering.add_unknown(kind if family is None else f"{row.type}/{code_of(kind) or '?'}")

    def _keep_time(self) -> None:
        """Note the instant of the latest row; only a copy wants it after every row."""
        self._memory.last_at = instant(self._stamp) or self._memory.last_at

    def _read_meta(self, meta: Payload, at: int | None) -> None:
        self._threads.take_meta(meta, at)

    # ---- calls

    def _read_turn(self, context: Payload, at: int | None) -> None:
        self._threads.enter_turn(context.turn_id)
        memory = self._memory
        memory.model = context.model or memory.model
        memory.policy = text_of(context.approval_policy) or memory.policy
        sandbox = typed_of(context.sandbox_policy)
        mode = "/".join(word for word in (memory.policy, sandbox.type or sandbox.mode) if word)
        if mode and mode != memory.mode:
            memory.mode = mode
            facts = (self._threads.scope(own=True), memory.prompts, mode)
            self._gathering.add_notice(NoticeKind.PERMISSION_MODE, self._threads.session(), at, code_of(mode), facts)

    def _read_record(self, record: Payload, at: int | None) -> None:
        """Read what from 0.161 on stands for each response, compaction included."""
        if record.usage is None or record.response_id is None:
            return
        self._threads.enter_turn(record.turn_id)
        figures = vector(record.usage)
        if record.thread_token_usage is not None:
            add_head(self._memory, vector(record.thread_token_usage))
        else:
            self._memory.recorded = figures
        session = record.thread_id or self._threads.session()
        self._add_generation(identity(KEY, "response", record.response_id), session, at, figures)

    def _read_token_count(self, event: Payload, at: int | None) -> None:
        """Read what up to about 0.160 stands for each response; without `info` it only tells rate limits."""
        info = event.info
        if info is None or info.total_token_usage is None or info.last_token_usage is None:
            return
        total, last = vector(info.total_token_usage), vector(info.last_token_usage)
        call, residual = counted(self._memory, total, last)
        if residual is not None:
            key = identity(KEY, "residual", self._threads.scope(), *total, *last)
            self._add_generation(key, self._threads.session(), at, residual, RESIDUAL)
        if call is not None:
            key = identity(KEY, "call", self._threads.scope(), *total, *last)
            self._add_generation(key, self._threads.session(), at, call)

    def _add_generation(self, key: bytes, session: str, at: int | None, figures: Vector, flags: int = 0) -> None:
        memory = self._memory
        if session != self._threads.own_thread():
            flags |= COPIED
        self._gathering.add_generation(
            Generation(
                key,
                session,
                at,
                memory.provider,
                memory.model,
                *counters(figures),
                None,
                None,
                None,
                flags,
            )
        )

    # ---- prompts, titles, notices

    def _read_user_message(self, event: Payload, at: int | None) -> None:
        if text_of(event.kind) in {None, "plain"}:
            self._add_prompt(text_of(event.message), at, None)

    def _add_prompt(self, text: str | None, at: int | None, identifier: str | None) -> None:
        """Add what the person said; a sub-agent's own messages come from its parent."""
        memory = self._memory
        own = not memory.copying
        if (own and memory.relation == Relation.SUBAGENT) or (text or "").lstrip().startswith(WRAPPERS):
            return
        memory.prompts += 1
        facts = (identifier,) if identifier else (self._threads.scope(own=True), memory.prompts)
        self._gathering.add_prompt(self._threads.session(), at, *facts)
        if own and memory.title_rank < TitleRank.PROMPT and text:
            title = title_of(text.partition(_EDITOR_REQUEST)[2] or text)
            if title is not None:
                memory.title, memory.title_rank = title, TitleRank.PROMPT

    def _read_name(self, event: Payload, _at: int | None) -> None:
        title = title_of(event.thread_name)
        if title is not None and not self._memory.copying:
            self._memory.title, self._memory.title_rank = title, TitleRank.GENERATED

    def _read_turn_start(self, event: Payload, _at: int | None) -> None:
        self._threads.enter_turn(event.turn_id)

    def _read_turn_end(self, event: Payload, at: int | None) -> None:
        if event.error is not ABSENT and bytes(event.error) != b"null":
            self._note(NoticeKind.API_ERROR, at, error_code_of(event.error), event.turn_id)

    def _read_abort(self, event: Payload, at: int | None) -> None:
        self._note(NoticeKind.INTERRUPTED, at, None, event.turn_id)

    def _read_error(self, event: Payload, at: int | None) -> None:
        kind = NoticeKind.RETRIED if event.type == "stream_error" else NoticeKind.API_ERROR
        self._note(kind, at, None, f"{event.type}/{at}")

    def _read_compacted(self, _row: Payload, at: int | None) -> None:
        self._memory.compactions += 1
        self._note(NoticeKind.COMPACTED, at, None, str(self._memory.compactions))

    def _note(self, kind: NoticeKind, at: int | None, detail: str | None, fact: str | None) -> None:
        self._gathering.add_notice(kind, self._threads.session(), at, detail, (self._threads.scope(own=True), fact))

    # ---- tool calls

    def _tool_key(self, call_id: str | None) -> bytes:
        return identity(KEY, "tool", self._threads.scope(), call_id or f"line {self._line}")

    def _read_tool_call(self, item: Payload, at: int | None) -> None:
        name = item.name or ("local_shell" if item.type == "local_shell_call" else "tool_search")
        self._open_call(code_of(name), item.namespace, item.call_id, item.arguments, at)

    def _open_call(
        self, name: str | None, namespace: str | None, call_id: str | None, arguments: msgspec.Raw, at: int | None
    ) -> None:
        key = self._tool_key(call_id)
        kind = tool_kind(name, namespace)
        self._gathering.add_tool_call(ToolCall(key, self._threads.session(), at, None, name, kind, None))
        if call_id is not None:
            call = OpenCall(key, arguments is not ABSENT and b"require_escalated" in bytes(arguments))
            _remember(self._memory.open_calls, call_id, call, _MOST_OPEN_CALLS)

    def _read_output(self, item: Payload, at: int | None) -> None:
        self._close_call(item.call_id, output_status(item.output), at)

    def _close_call(self, call_id: str | None, status: ToolStatus, at: int | None) -> None:
        if call_id is None:
            return
        call = self._memory.open_calls.pop(call_id, None) or OpenCall(self._tool_key(call_id))
        if call.status is None:
            _remember(self._memory.running_calls, call_id, call.key, _MOST_RUNNING_CALLS)
        elif status is ToolStatus.OK:
            status = ToolStatus(call.status)
        session = self._threads.session()
        self._gathering.add_tool_call(ToolCall(call.key, session, None, at, None, None, status))
        if status is ToolStatus.DENIED:
            self._gathering.add_notice(NoticeKind.DENIED, session, at, "person", (call_id, self._threads.scope()))
        elif call.escalated and self._memory.policy != "never":
            self._gathering.add_notice(NoticeKind.APPROVED, session, at, None, (call_id, self._threads.scope()))

    def _read_tool_end(self, event: Payload, at: int | None) -> None:
        """Read the event beside a tool's output: it knows for certain how the call ended."""
        failed = event.success is False or (event.exit_code or 0) != 0
        if event.type == "mcp_tool_call_end":
            failed = "Err" in keys_of(event.result)
        self._settle_call(event.call_id, ToolStatus.ERROR if failed else ToolStatus.OK, at)

    def _settle_call(self, call_id: str | None, status: ToolStatus, at: int | None) -> None:
        """Note how a command ended. One that no call started runs inside another call and is not counted."""
        call = self._memory.open_calls.get(call_id or "")
        if call is not None:
            call.status = status
            return
        key = self._memory.running_calls.pop(call_id or "", None)
        if key is not None:
            self._gathering.add_tool_call(ToolCall(key, self._threads.session(), None, at, None, None, status))

    def _read_web_search(self, _item: Payload, at: int | None) -> None:
        self._memory.searches += 1
        key = identity(KEY, "web search", self._threads.scope(own=True), self._memory.searches)
        kind = tool_kind("web_search", None)
        self._gathering.add_tool_call(ToolCall(key, self._threads.session(), at, at, "web_search", kind, ToolStatus.OK))

    def _read_item(self, event: Payload, at: int | None) -> None:
        """Read an item_completed event, which from 0.161 on stands for the older events."""
        item = event.item
        if item is None:
            return
        if item.type == "UserMessage":
            self._add_prompt(first_text(item.content), at, item.id)
        elif item.type == "CommandExecution":
            failed = ToolStatus.ERROR if item.exit_code else ToolStatus.OK
            self._settle_call(item.id, ToolStatus.DENIED if text_of(item.status) == "declined" else failed, at)

    # ---- up to 0.34: bare records

    def _read_bare(self, row: Row, at: int | None) -> None:
        memory = self._memory
        if row.type is None:
            if row.record_type is None and row.id is not None:
                memory.thread, memory.first_at = row.id, at
                self._threads.take_git(row.git)
            elif row.record_type is None:
                self._gathering.add_unknown(None)
        elif row.type == "message":
            if row.role == "user":
                self._read_bare_message(first_text(row.content))
        elif row.type in {"function_call", "local_shell_call", "custom_tool_call"}:
            self._open_call(code_of(row.name or "local_shell"), None, row.call_id, row.arguments, at)
        elif row.type in {"function_call_output", "custom_tool_call_output"}:
            self._close_call(row.call_id, output_status(row.output), at)
        elif row.type not in _UNNEEDED:
            self._gathering.add_unknown(row.type)

    def _read_bare_message(self, text: str | None) -> None:
        if text is not None and text.startswith("<environment_context") and self._memory.cwd is None:
            self._memory.cwd = text.partition("<cwd>")[2].partition("</cwd>")[0].strip() or None
        self._add_prompt(text, None, None)

    _ROWS: ClassVar[dict[str, Callable[["CodexReader", Payload, int | None], None]]] = {
        "session_meta": _read_meta,
        "turn_context": _read_turn,
        "token_usage_record": _read_record,
        "compacted": _read_compacted,
    }
    _EVENTS: ClassVar[dict[str, Callable[["CodexReader", Payload, int | None], None]]] = {
        "token_count": _read_token_count,
        "user_message": _read_user_message,
        "task_started": _read_turn_start,
        "turn_started": _read_turn_start,
        "task_complete": _read_turn_end,
        "turn_complete": _read_turn_end,
        "turn_aborted": _read_abort,
        "error": _read_error,
        "stream_error": _read_error,
        "thread_name_updated": _read_name,
        "exec_command_end": _read_tool_end,
        "patch_apply_end": _read_tool_end,
        "mcp_tool_call_end": _read_tool_end,
        "item_completed": _read_item,
    }
    _ITEMS: ClassVar[dict[str, Callable[["CodexReader", Payload, int | None], None]]] = {
        "function_call": _read_tool_call,
        "custom_tool_call": _read_tool_call,
        "local_shell_call": _read_tool_call,
        "tool_search_call": _read_tool_call,
        "function_call_output": _read_output,
        "custom_tool_call_output": _read_output,
        "web_search_call": _read_web_search,
    }
    _FAMILIES: ClassVar[dict[str, dict[str, Callable[["CodexReader", Payload, int | None], None]]]] = {
        "event_msg": _EVENTS,
        "response_item": _ITEMS,
    }


def _remember(calls: dict[str, T], call_id: str, call: T, most: int) -> None:
    calls[call_id] = call
    if len(calls) > most:
        del calls[next(iter(calls))]
