"""Reads the messages of Kimi CLI's wire files, the forerunner of Kimi Code."""

from typing import Protocol

import msgspec

from goodmeasure.domain.events import NoticeKind, ToolCall, ToolStatus
from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, Gathering, code_of, text_of
from goodmeasure.sources.base import identity
from goodmeasure.sources.kimi.rows import Memory, Named, OldMessage, OldUsage, Payload, Returned, Row, Usage
from goodmeasure.sources.kimi.tools import tool_kind

_KEY = "kimi"
_MOST_OPEN_CALLS = 512

# Known, and not needed; a SubagentEvent repeats what stands in the sub-agent's own file.
_UNNEEDED = frozenset({
    "ApprovalRequest", "BtwBegin", "BtwEnd", "CompactionBegin", "ContentPart", "HookRequest", "HookResolved",
    "HookTriggered", "MCPLoadingBegin", "MCPLoadingEnd", "MCPStatusSnapshot", "Notification", "PlanDisplay",
    "QuestionRequest", "QuestionResponse", "StepBegin", "SubagentEvent", "ToolCallPart", "ToolCallRequest", "TurnEnd",
})  # fmt: skip

_NOTED = {"StepInterrupted": NoticeKind.INTERRUPTED, "CompactionEnd": NoticeKind.COMPACTED}

_decode_message = msgspec.json.Decoder(OldMessage)
_decode_payload = msgspec.json.Decoder(Payload)
_decode_named = msgspec.json.Decoder(Named)
_decode_returned = msgspec.json.Decoder(Returned)


class Wire(Protocol):
    """What the reader of the file offers."""

    memory: Memory
    gathering: Gathering
    session: str
    line: int

    def add_call(
        self, usage: Usage | OldUsage, facts: tuple[str | int | None, ...], model: str | None, at: int | None
    ) -> None:
        """Add a call."""
        ...

    def add_prompt(self, entered: msgspec.Raw, at: int | None, fact: str | int) -> None:
        """Add a prompt."""
        ...

    def note(self, kind: NoticeKind, at: int | None, detail: str | None = None, fact: str | None = None) -> None:
        """Add a notice."""
        ...


def read_message(wire: Wire, row: Row, at: int | None) -> None:
    """Read one record of Kimi CLI."""
    try:
        message = _decode_message.decode(row.message)
        payload = _decode_payload.decode(message.payload) if message.payload is not ABSENT else Payload()
    except FAULTS:
        wire.gathering.add_unknown("message")
        return
    _read(wire, message.type or "", payload, at)


def _read(wire: Wire, kind: str, payload: Payload, at: int | None) -> None:
    if kind == "StatusUpdate":
        usage = payload.token_usage
        if usage is not None:
            counters = (usage.input_other, usage.output, usage.input_cache_read, usage.input_cache_creation)
            facts = (payload.message_id,) if payload.message_id else (at, *counters)
            wire.add_call(usage, facts, None, at)
    elif kind in {"TurnBegin", "SteerInput"}:
        wire.add_prompt(payload.user_input, at, at or f"{wire.session}/{wire.line}")
    elif kind == "ToolCall":
        _open_call(wire, payload, at)
    elif kind == "ToolResult":
        _close_call(wire, payload, at)
    elif kind == "ApprovalResponse":
        refused = text_of(payload.response) == "reject"
        wire.note(NoticeKind.DENIED if refused else NoticeKind.APPROVED, at, "person", payload.request_id)
    elif kind == "StepRetry":
        wire.note(NoticeKind.RETRIED, at, code_of(payload.status_code) or code_of(payload.error_type))
    elif kind in _NOTED:
        wire.note(_NOTED[kind], at)
    elif kind not in _UNNEEDED:
        wire.gathering.add_unknown(f"message/{code_of(kind) or '?'}")


def _open_call(wire: Wire, payload: Payload, at: int | None) -> None:
    call = text_of(payload.id)
    key = identity(_KEY, "tool", at, call or wire.line)
    try:
        name = code_of(_decode_named.decode(payload.function).name) if payload.function is not ABSENT else None
    except FAULTS:
        name = None
    wire.gathering.add_tool_call(ToolCall(key, wire.session, at, None, name, tool_kind(name), None))
    if call is not None:
        calls = wire.memory.open_calls
        calls[call] = key
        if len(calls) > _MOST_OPEN_CALLS:
            del calls[next(iter(calls))]


def _close_call(wire: Wire, payload: Payload, at: int | None) -> None:
    key = wire.memory.open_calls.pop(payload.tool_call_id or "", None)
    if key is None:
        return
    try:
        failed = payload.return_value is not ABSENT and _decode_returned.decode(payload.return_value).is_error
    except FAULTS:
        failed = False
    status = ToolStatus.ERROR if failed else ToolStatus.OK
    wire.gathering.add_tool_call(ToolCall(key, wire.session, None, at, None, None, status))
