"""The parts of Codex rollout lines that are read; everything else in a line is skipped unread."""

import msgspec

from goodmeasure.sources._formats.jsonl import ABSENT, Count


class TokenUsage(msgspec.Struct, gc=False):
    """Usage as Codex writes it: input includes cached reads and cache writes, output includes reasoning."""

    input_tokens: Count = 0
    cached_input_tokens: Count = 0
    cache_write_input_tokens: Count = 0
    output_tokens: Count = 0
    reasoning_output_tokens: Count = 0


class TokenInfo(msgspec.Struct, gc=False):
    """`info` of a token_count event."""

    total_token_usage: TokenUsage | None = None
    last_token_usage: TokenUsage | None = None


class Git(msgspec.Struct, gc=False):
    """`git` of a session_meta."""

    branch: str | None = None
    repository_url: str | None = None


class Item(msgspec.Struct, gc=False):
    """`item` of an item_completed event (from 0.161 on)."""

    type: str | None = None
    id: str | None = None
    status: msgspec.Raw = ABSENT
    exit_code: int | None = None
    content: msgspec.Raw = ABSENT


class Payload(msgspec.Struct, gc=False):
    """`payload` of any row. What differs in type from row to row stays raw."""

    type: str | None = None
    id: str | None = None
    # session_meta
    session_id: msgspec.Raw = ABSENT
    parent_thread_id: str | None = None
    forked_from_id: str | None = None
    timestamp: msgspec.Raw = ABSENT
    cwd: msgspec.Raw = ABSENT
    originator: str | None = None
    cli_version: str | None = None
    source: msgspec.Raw = ABSENT
    thread_source: str | None = None
    model_provider: str | None = None
    git: Git | None = None
    history_base: msgspec.Raw = ABSENT
    # turn_context and events of a turn
    turn_id: str | None = None
    model: str | None = None
    approval_policy: msgspec.Raw = ABSENT
    sandbox_policy: msgspec.Raw = ABSENT
    info: TokenInfo | None = None
    error: msgspec.Raw = ABSENT
    item: Item | None = None
    thread_name: str | None = None
    message: msgspec.Raw = ABSENT
    kind: msgspec.Raw = ABSENT
    # token_usage_record
    response_id: str | None = None
    thread_id: str | None = None
    usage: TokenUsage | None = None
    thread_token_usage: TokenUsage | None = None
    # response_item and ends of tool calls
    role: str | None = None
    name: str | None = None
    namespace: str | None = None
    call_id: str | None = None
    arguments: msgspec.Raw = ABSENT
    output: msgspec.Raw = ABSENT
    exit_code: int | None = None
    success: bool | None = None
    result: msgspec.Raw = ABSENT


class Row(msgspec.Struct, gc=False):
    """One line: an envelope with a payload; up to 0.34 the bare record itself."""

    timestamp: str | None = None
    type: str | None = None
    payload: Payload | None = None
    record_type: str | None = None
    id: str | None = None
    git: Git | None = None
    role: str | None = None
    name: str | None = None
    call_id: str | None = None
    content: msgspec.Raw = ABSENT
    arguments: msgspec.Raw = ABSENT
    output: msgspec.Raw = ABSENT


class Spawn(msgspec.Struct, gc=False):
    """`source.subagent.thread_spawn` of a session_meta."""

    parent_thread_id: str | None = None


class Subagent(msgspec.Struct, gc=False):
    """`source.subagent` where it is an object."""

    thread_spawn: Spawn | None = None


class ThreadSource(msgspec.Struct, gc=False):
    """`source` where it is an object."""

    subagent: Subagent | str | None = None


class Typed(msgspec.Struct, gc=False):
    """Any object of which only the type is wanted: `sandbox_policy` (`mode` up to 0.44), `error`."""

    type: str | None = None
    mode: str | None = None
    codex_error_info: msgspec.Raw = ABSENT


class Part(msgspec.Struct, gc=False):
    """One part of a message's content."""

    text: msgspec.Raw = ABSENT


class OutputMetadata(msgspec.Struct, gc=False):
    """`metadata` of an older tool output."""

    exit_code: int | None = None


class ToolOutput(msgspec.Struct, gc=False):
    """A tool output that is itself JSON text (up to about 0.80)."""

    metadata: OutputMetadata | None = None


Vector = tuple[int, int, int, int, int]
"""Input, cached, cache write, output, reasoning: the five counters of a `TokenUsage`."""


class OpenCall(msgspec.Struct, array_like=True):
    """A tool call without its result so far."""

    key: bytes
    escalated: bool = False
    status: str | None = None


class Memory(msgspec.Struct, omit_defaults=True):
    """A reader's state between two readings of one file: ids, instants, counters and the title, never message text."""

    thread: str | None = None
    parent: str | None = None
    relation: str | None = None
    chain: list[str] = []
    """Threads whose history stands copied in this file: the nearest first, the family's origin last."""
    copying: bool = False
    origin_open: bool = True
    """No call was seen so far: the totals of a thread of its own start at zero."""
    turn: str | None = None
    prompts: int = 0
    """Prompts, and further down web searches, so far in this turn (in this file where turns have no ids)."""
    searches: int = 0
    compactions: int = 0
    model: str | None = None
    provider: str | None = None
    mode: str | None = None
    policy: str | None = None
    heads: list[Vector] = []
    """The newest running total of each process that writes here, the latest last."""
    recorded: Vector | None = None
    """Usage of the last token_usage_record; the token_count event that repeats it is no call."""
    last_at: int | None = None
    first_at: int | None = None
    cwd: str | None = None
    branch: str | None = None
    repository: str | None = None
    version: str | None = None
    entrypoint: str | None = None
    title: str | None = None
    title_rank: int = 0
    open_calls: dict[str, OpenCall] = {}
    running_calls: dict[str, bytes] = {}
    """Keys of calls whose output came while their command still ran: its end is told later."""
