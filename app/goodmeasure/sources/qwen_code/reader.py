"""Reads Qwen Code's sessions, row by row."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import ClassVar

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    NoticeKind,
    ParseIssue,
    SessionFacts,
    SessionTotal,
    TitleRank,
    ToolCall,
    ToolStatus,
)
from goodmeasure.sources._formats.gemini import Part, spoken, tool_kind
from goodmeasure.sources._formats.jsonl import ABSENT, COPIED, FAULTS, Gathering, code_of, instant, title_of
from goodmeasure.sources._formats.line_rows import rows_of
from goodmeasure.sources.base import identity
from goodmeasure.sources.qwen_code.rows import (
    FunctionCall,
    Memory,
    ModelTotal,
    Payload,
    Row,
    UiEvent,
    Usage,
    UsageRecord,
)
from goodmeasure.sources.qwen_code.sessions import Sessions, agent_of_prompt

KEY = "qwen-code"

# Known, and not needed. Listed so that a new type is noticed.
_UNNEEDED = frozenset({
    "agent_bootstrap", "agent_launch_prompt", "agent_retry", "agent_session_ready", "at_command",
    "attribution_snapshot", "background_task_completed", "branch_checkpoint", "cron", "file_history_snapshot",
    "goal_runtime", "goal_state", "goal_turn_end", "notification", "omni_recall", "realtime_message", "rewind",
    "session_artifact_event", "session_artifact_snapshot", "session_execution_engine", "session_model",
    "session_notes", "session_source", "session_sources_snapshot", "slash_command", "turn_result",
    "user_text_elements",
})  # fmt: skip
_STATUSES = {"success": ToolStatus.OK, "error": ToolStatus.ERROR, "cancelled": ToolStatus.INTERRUPTED}
_DECISIONS = {
    "accept": (NoticeKind.APPROVED, "person"),
    "modify": (NoticeKind.APPROVED, "person"),
    "auto_accept": (NoticeKind.APPROVED, "rule"),
    "reject": (NoticeKind.DENIED, "person"),
}
_ABORTED = "APIUserAbortError"
_COMPRESSED = 1
_LATEST = 2**53

_decode_row = msgspec.json.Decoder(Row)
_decode_payload = msgspec.json.Decoder(Payload)
_decode_parts = msgspec.json.Decoder(list[Part])
_decode_call = msgspec.json.Decoder(FunctionCall)
_decode_record = msgspec.json.Decoder(UsageRecord)
_decode_memory = msgspec.json.Decoder(Memory)


class QwenReader:
    """A `Reader` of one `chats/*.jsonl` or `subagents/**/*.jsonl` file. Raises ValueError for a foreign state."""

    def __init__(self, path: str, state: bytes | None) -> None:
        self._memory = _decode_memory.decode(state) if state else Memory()
        self._sessions = Sessions(PurePosixPath(path).stem, self._memory)
        self._gathering = Gathering(KEY)
        self._line = 0

    def state(self) -> bytes:
        """Return ids, instants and the title needed to go on."""
        return msgspec.json.encode(self._memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = self._gathering = Gathering(KEY)
        for self._line, row in rows_of(_decode_row, lines, first_line, gathering):
            self._read(row)
        gathering.sessions = self._sessions.facts()
        return gathering.batch()

    def _read(self, row: Row) -> None:
        handle = self._TYPES.get(row.type or "")
        if handle is None:
            self._gathering.add_unknown(row.type)
            return
        at = instant(row.timestamp)
        handle(self, row, self._sessions.of(row, at), at)

    # ---- what the person and the model said

    def _read_user(self, row: Row, session: str, at: int | None) -> None:
        typed = row.provenance in {None, "real_user"} and row.subtype in {None, "mid_turn_user_message"}
        text = spoken(row.message.parts) if row.message and typed and row.agent_id is None else None
        if text is not None:
            self._gathering.add_prompt(session, at, *self._facts(row, session))
            self._sessions.entitle(session, title_of(text), TitleRank.PROMPT)

    def _read_answer(self, row: Row, session: str, at: int | None) -> None:
        memory = self._memory
        usage = row.usage_metadata
        for call in _calls_in(row):
            self._add_tool_call(session, call.id, ToolCall(b"", session, at, None, code_of(call.name), None, None))
        if row.agent_id is not None:
            return  # the telemetry of the session that started the sub-agent holds its calls
        if usage is not None and not memory.telemetry:
            key = identity(KEY, "generation", *self._facts(row, session))
            self._add_generation(row, key, session, at, row.model, _counters(usage))
        elif usage is None and memory.telemetry and not memory.answered:
            self._note(row, NoticeKind.INTERRUPTED, session, at, None)
        memory.answered = False

    def _read_tool_result(self, row: Row, session: str, at: int | None) -> None:
        result = row.tool_call_result
        if result is not None:
            status = _STATUSES.get(result.status or "")
            self._add_tool_call(session, result.call_id, ToolCall(b"", session, None, at, None, None, status))

    # ---- system rows

    def _read_system(self, row: Row, session: str, at: int | None) -> None:
        handle = self._SUBTYPES.get(row.subtype or "")
        if handle is None:
            if row.subtype not in _UNNEEDED:
                self._gathering.add_unknown(f"system/{code_of(row.subtype) or '?'}")
            return
        try:
            payload = _decode_payload.decode(row.system_payload) if row.system_payload is not ABSENT else Payload()
        except FAULTS:
            what = f"The record of kind {row.subtype} holds something else than expected."
            self._gathering.issues.append(ParseIssue(self._line, what))
            return
        handle(self, row, payload, session, at)

    def _read_telemetry(self, row: Row, payload: Payload, session: str, _at: int | None) -> None:
        event = payload.ui_event or UiEvent()
        at = instant(event.timestamp)
        if at is None:
            at = instant(row.timestamp)
        if event.name == "qwen-code.api_response":
            self._read_response(row, event, session, at)
        elif event.name == "qwen-code.tool_call":
            self._read_tool_end(row, event, session, at)
        elif event.name == "qwen-code.api_error":
            aborted = event.error_type == _ABORTED
            detail = None if aborted else code_of(event.status_code) or code_of(event.error_type)
            self._note(row, NoticeKind.INTERRUPTED if aborted else NoticeKind.API_ERROR, session, at, detail)
            self._memory.answered = True  # the message that may follow is no second sign of the same end

    def _read_response(self, row: Row, event: UiEvent, session: str, at: int | None) -> None:
        agent = event.subagent_id or agent_of_prompt(event.prompt_id)
        self._memory.telemetry = True
        self._memory.answered = self._memory.answered or agent is None
        owner = self._sessions.of_subagent(session, agent, at, row)
        # Servers that give every answer the same id exist, so its instant is part of what identifies it.
        facts = (event.response_id, event.timestamp) if event.response_id else self._facts(row, session)
        figures = Usage(
            event.input_token_count,
            event.cached_content_token_count,
            event.output_token_count,
            event.thoughts_token_count,
        )
        self._add_generation(row, identity(KEY, "generation", *facts), owner, at, event.model, _counters(figures))

    def _read_tool_end(self, row: Row, event: UiEvent, session: str, at: int | None) -> None:
        owner = self._sessions.of_subagent(session, agent_of_prompt(event.prompt_id), at, row)
        status = ToolStatus.DENIED if event.decision == "reject" else _STATUSES.get(event.status or "")
        began = None if at is None or event.duration_ms is None else at - round(min(event.duration_ms, at))
        name = code_of(event.function_name)
        self._add_tool_call(session, event.call_id, ToolCall(b"", owner, began, at, name, None, status))
        if event.decision in _DECISIONS:
            kind, who = _DECISIONS[event.decision]
            self._note(row, kind, owner, at, who)

    def _read_compression(self, row: Row, payload: Payload, session: str, at: int | None) -> None:
        if payload.info is None or payload.info.compression_status in {None, _COMPRESSED}:
            self._note(row, NoticeKind.COMPACTED, session, at, None)

    def _read_title(self, _row: Row, payload: Payload, session: str, _at: int | None) -> None:
        rank = TitleRank.GENERATED if payload.title_source == "auto" else TitleRank.CHOSEN
        self._sessions.entitle(session, title_of(payload.custom_title), rank)

    def _read_mode(self, row: Row, payload: Payload, session: str, at: int | None) -> None:
        mode = code_of(payload.mode)
        if mode is not None and mode != self._memory.mode:
            self._memory.mode = mode
            self._note(row, NoticeKind.PERMISSION_MODE, session, at, mode)

    def _read_parent(self, _row: Row, payload: Payload, session: str, _at: int | None) -> None:
        if payload.parent_session_id and session == self._memory.session:
            self._sessions.belongs_to(payload.parent_session_id)

    # ---- adding

    def _add_generation(
        self, row: Row, key: bytes, session: str, at: int | None, model: str | None, figures: tuple[int | None, ...]
    ) -> None:
        flags = COPIED if row.forked_from is not None else 0
        uncached, cached, output, thoughts = figures
        self._gathering.add_generation(
            Generation(
                key, session, at, None, model, uncached, cached, None, None, output, thoughts, None, None, None, flags
            )
        )

    def _add_tool_call(self, session: str, call_id: str | None, half: ToolCall) -> None:
        """Add a half of a tool call; a sub-agent's stands in its own file and in its parent's telemetry."""
        if call_id is not None:
            key = identity(KEY, "tool", session.partition("/")[0], call_id)
            self._gathering.add_tool_call(half._replace(key=key, kind=tool_kind(half.name)))

    def _note(self, row: Row, kind: NoticeKind, session: str, at: int | None, detail: str | None) -> None:
        self._gathering.add_notice(kind, session, at, detail, self._facts(row, session))

    def _facts(self, row: Row, session: str) -> tuple[str | int | None, ...]:
        """Return what identifies a row: its own id, which copies keep; where it has none, its place."""
        return (row.uuid,) if row.uuid else (session, row.timestamp, self._line)

    _TYPES: ClassVar[dict[str, Callable[["QwenReader", Row, str, int | None], None]]] = {
        "user": _read_user,
        "assistant": _read_answer,
        "tool_result": _read_tool_result,
        "system": _read_system,
    }
    _SUBTYPES: ClassVar[dict[str, Callable[["QwenReader", Row, Payload, str, int | None], None]]] = {
        "ui_telemetry": _read_telemetry,
        "chat_compression": _read_compression,
        "custom_title": _read_title,
        "session_approval_mode": _read_mode,
        "parent_session": _read_parent,
    }


class TotalsReader:
    """A `Reader` of `usage_record.jsonl`: the client's own running totals, one line for each process that ended."""

    def __init__(self, path: str, state: bytes | None) -> None:
        if state:
            raise ValueError(f"The reader of {path} has no state.")

    def state(self) -> bytes:
        """Return nothing: each line speaks for itself."""
        return b""

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = Gathering(KEY)
        for _, record in rows_of(_decode_record, lines, first_line, gathering):
            if record.session_id is None:
                gathering.add_unknown(None)
                continue
            before = gathering.sessions.get(record.session_id)
            instants = [record.start_time, record.timestamp, *((before.started_at, before.ended_at) if before else ())]
            known = [at for at in instants if at is not None and 0 < at < _LATEST]
            gathering.sessions[record.session_id] = SessionFacts(
                record.session_id, None, None, min(known, default=None), max(known, default=None), record.project,
                None, None, None, None, None, TitleRank.NONE,
            )  # fmt: skip
            for model, total in (record.models or {}).items():
                gathering.totals[record.session_id, model] = _total(record.session_id, model, total)
        return gathering.batch()


def _calls_in(row: Row) -> list[FunctionCall]:
    """Return the tool calls that an answer asks for."""
    if row.message is None or row.message.parts is ABSENT:
        return []
    try:
        parts = _decode_parts.decode(row.message.parts)
        return [_decode_call.decode(part.function_call) for part in parts if part.function_call is not ABSENT]
    except FAULTS:
        return []


def _counters(usage: Usage) -> tuple[int | None, ...]:
    """Return uncached input, cache reads, output and the thoughts in it; all unknown where the server gave no usage."""
    whole, cached = usage.prompt_token_count, usage.cached_content_token_count
    output, thoughts = usage.candidates_token_count, usage.thoughts_token_count
    if not any((whole, cached, output, thoughts)):
        return None, None, None, None
    return None if whole is None else max(0, whole - (cached or 0)), cached, output, thoughts


def _total(session: str, model: str, total: ModelTotal) -> SessionTotal:
    whole, cached = total.input_tokens, total.cached_tokens
    uncached = None if whole is None else max(0, whole - (cached or 0))
    return SessionTotal(session, model, uncached, cached, None, None, total.output_tokens, total.thoughts_tokens, None)
