"""The parts of Cursor's values that are read; everything else in them is skipped unread."""

from typing import Any, TypeVar

import msgspec

from goodmeasure.sources._formats.file_uri import path_of
from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, Count, UnreadableLineError, second_reading

T = TypeVar("T")


class Tokens(msgspec.Struct, gc=False, rename="camel"):
    """`tokenCount`. Present builds write zeros."""

    input_tokens: Count | None = None
    output_tokens: Count | None = None


class ModelName(msgspec.Struct, gc=False, rename="camel"):
    """`modelInfo` of a bubble, `modelConfig` of a chat."""

    model_name: str | None = None


class Tool(msgspec.Struct, gc=False, rename="camel"):
    """`toolFormerData`."""

    name: str | None = None
    status: str | None = None
    tool_call_id: str | None = None
    user_decision: str | None = None


class Bubble(msgspec.Struct, gc=False, rename="camel"):
    """One thing said: by the person (type 1) or by the agent (type 2)."""

    type: int | None = None
    bubble_id: str | None = None
    text: msgspec.Raw = ABSENT
    created_at: str | int | float | None = None
    token_count: Tokens | None = None
    model_info: ModelName | None = None
    tool_former_data: Tool | None = None


class Chat(msgspec.Struct, gc=False, rename="camel"):
    """A chat; `conversation` holds its bubbles in old builds, the headers tell in newer ones that there are any."""

    name: str | None = None
    created_at: float | None = None
    last_updated_at: float | None = None
    model_config: ModelName | None = None
    conversation: list[msgspec.Raw] = []
    full_conversation_headers_only: list[msgspec.Raw] = []
    workspace_identifier: msgspec.Raw = ABSENT


class _Uri(msgspec.Struct, gc=False):
    external: str | None = None


class _Workspace(msgspec.Struct, gc=False):
    uri: _Uri | None = None


_decode_workspace = msgspec.json.Decoder(_Workspace)


def decoded(decoder: "msgspec.json.Decoder[T]", data: Any) -> T | None:
    """Return a value; None for one that is empty. Raises UnreadableLineError."""
    try:
        return decoder.decode(data)
    except FAULTS as fault:
        return second_reading(decoder, data, fault)


def folder_of(chat: Chat) -> str | None:
    """Return the folder that a chat was held in, where it says so."""
    if chat.workspace_identifier is ABSENT:
        return None
    try:
        workspace = decoded(_decode_workspace, chat.workspace_identifier)
    except UnreadableLineError:
        return None
    return path_of(workspace.uri.external) if workspace and workspace.uri else None
