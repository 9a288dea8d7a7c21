"""What goose's messages tell: what the person said, and which tools were called."""

from typing import NamedTuple

import msgspec

from goodmeasure.domain.events import ToolKind, ToolStatus
from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, code_of

_KINDS = {
    ToolKind.READ: ("read_file", "view", "read_image", "read"),
    ToolKind.EDIT: ("text_editor", "write", "edit", "write_file"),
    ToolKind.RUN: ("shell", "bash", "execute", "execute_code"),
    ToolKind.SEARCH: ("analyze", "tree", "list_windows", "search"),
    ToolKind.FETCH: ("web_scrape", "fetch"),
    ToolKind.AGENT: ("delegate", "subagent", "dynamic_task__create_task"),
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}
_OWN_EXTENSIONS = frozenset({
    "analyze", "apps", "autovisualiser", "chatrecall", "code_execution", "computercontroller", "developer",
    "extensionmanager", "memory", "orchestrator", "platform", "skills", "subagent", "summon", "todo", "tom", "tutorial",
})  # fmt: skip


class Called(msgspec.Struct, gc=False):
    """`toolCall.value`."""

    name: str | None = None


class Answered(msgspec.Struct, gc=False):
    """`toolResult.value`."""

    is_error: bool | None = msgspec.field(default=None, name="isError")


class Half(msgspec.Struct, gc=False):
    """`toolCall` or `toolResult`."""

    status: str | None = None
    value: msgspec.Raw = ABSENT


class Part(msgspec.Struct, gc=False):
    """One part of a message's content."""

    type: str | None = None
    id: str | None = None
    tool_call: Half | None = msgspec.field(default=None, name="toolCall")
    tool_result: Half | None = msgspec.field(default=None, name="toolResult")


class Seen(msgspec.Struct, gc=False):
    """`metadata_json`."""

    user_visible: bool = msgspec.field(default=True, name="userVisible")


class ToolHalf(NamedTuple):
    """A call, or its result."""

    call: str
    name: str | None
    kind: ToolKind | None
    status: ToolStatus | None


_decode_parts = msgspec.json.Decoder(list[Part])
_decode_seen = msgspec.json.Decoder(Seen | None)
_decode_called = msgspec.json.Decoder(Called)
_decode_answered = msgspec.json.Decoder(Answered)


def parts_in(content: str) -> list[Part]:
    """Return a message's parts. Raises ValueError where they cannot be read."""
    try:
        return _decode_parts.decode(content)
    except FAULTS as fault:
        raise ValueError(str(fault)) from fault


def said_by_person(role: object, parts: list[Part], metadata: str | None) -> bool:
    """Tell whether a person said it: results of tools and what goose adds for the model have the same role."""
    try:
        seen = (_decode_seen.decode(metadata) if metadata else None) or Seen()
    except FAULTS:
        seen = Seen()
    return role == "user" and seen.user_visible and any(part.type in {"text", "image"} for part in parts)


def tool_half(part: Part) -> ToolHalf | None:
    """Return the call or result that a part is; None for other parts."""
    if part.id is None:
        return None
    if part.type == "toolRequest":
        name = _name_of(part.tool_call)
        return ToolHalf(part.id, name, tool_kind(name), None)
    if part.type == "toolResponse":
        return ToolHalf(part.id, None, None, _status_of(part.tool_result or Half()))
    return None


def tool_kind(name: str | None) -> ToolKind | None:
    """Return what a tool does by its name; tools of extensions that are not goose's own are MCP."""
    if name is None:
        return None
    extension, _, own = name.partition("__")
    if own and extension not in _OWN_EXTENSIONS:
        return ToolKind.MCP
    return _KIND_BY_NAME.get(own or name, ToolKind.OTHER)


def _name_of(call: Half | None) -> str | None:
    try:
        return code_of(_decode_called.decode(call.value).name) if call and call.value is not ABSENT else None
    except FAULTS:
        return None


def _status_of(result: Half) -> ToolStatus:
    try:
        answer = _decode_answered.decode(result.value) if result.value is not ABSENT else Answered()
    except FAULTS:
        answer = Answered()
    return ToolStatus.ERROR if result.status == "error" or answer.is_error else ToolStatus.OK
