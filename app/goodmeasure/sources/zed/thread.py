"""The parts of a Zed thread that are read, in both versions of its document."""

from typing import Any

import msgspec
import zstandard

from goodmeasure.sources._formats.jsonl import ABSENT, Count

_MOST_BYTES = 256 << 20


class Total(msgspec.Struct, gc=False):
    """Token counts, disjoint. Zed leaves counts of zero out."""

    input_tokens: Count = 0
    output_tokens: Count = 0
    cache_creation_input_tokens: Count = 0
    cache_read_input_tokens: Count = 0


class Model(msgspec.Struct, gc=False):
    """`model`: the one chosen last."""

    provider: str | None = None
    model: str | None = None


class GitState(msgspec.Struct, gc=False):
    """`git_state` of a folder when the thread began."""

    remote_url: str | None = None
    current_branch: str | None = None


class Worktree(msgspec.Struct, gc=False):
    """One folder when the thread began."""

    worktree_path: str | None = None
    git_state: GitState | None = None


class Snapshot(msgspec.Struct, gc=False):
    """`initial_project_snapshot`."""

    worktree_snapshots: list[Worktree] = []
    timestamp: str | None = None


class Thread(msgspec.Struct, gc=False):
    """The document. Messages and surroundings stay raw, so that damage in one place costs no other."""

    messages: list[msgspec.Raw] = []
    cumulative_token_usage: Total = msgspec.field(default_factory=Total)
    model: Model | None = None
    imported: bool = False
    initial_project_snapshot: msgspec.Raw = ABSENT


class ToolUse(msgspec.Struct, gc=False):
    """A tool call."""

    id: str | None = None
    name: str | None = None


class ToolResult(msgspec.Struct, gc=False):
    """What a tool call came to."""

    tool_use_id: str | None = None
    is_error: bool | None = None


class Content(msgspec.Struct, gc=False, rename="pascal"):
    """One piece of a message: exactly one field is set."""

    text: msgspec.Raw = ABSENT
    mention: msgspec.Raw = ABSENT
    image: msgspec.Raw = ABSENT
    tool_use: ToolUse | None = None


class UserMessage(msgspec.Struct, gc=False):
    """`User`."""

    content: list[Content] = []


class AgentMessage(msgspec.Struct, gc=False):
    """`Agent`; `tool_results` by the call's id."""

    content: list[Any] = []
    tool_results: dict[str, ToolResult] = {}


class Segment(msgspec.Struct, gc=False):
    """A piece of a text in the older document."""

    type: str | None = None
    text: msgspec.Raw = ABSENT


class Message(msgspec.Struct, gc=False):
    """One entry of `messages`: `User` or `Agent`, or in the older document the other fields."""

    user: UserMessage | None = msgspec.field(name="User", default=None)
    agent: AgentMessage | None = msgspec.field(name="Agent", default=None)
    role: str | None = None
    segments: list[Segment] = []
    tool_uses: list[ToolUse] = []
    tool_results: list[ToolResult] = []


def unpacked(data_type: str | None, data: bytes) -> bytes:
    """Return the JSON of a row. Raises ValueError for what cannot be unpacked."""
    if data_type != "zstd":
        return data
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(data) as stream:
            document = stream.read(_MOST_BYTES + 1)
    except zstandard.ZstdError as error:
        raise ValueError("damaged") from error
    if len(document) > _MOST_BYTES:
        raise ValueError("too large")
    return document
