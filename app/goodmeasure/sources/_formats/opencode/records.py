"""Sessions, messages and parts as OpenCode writes them: only what is needed."""

from typing import Annotated

import msgspec

from goodmeasure.sources._formats.jsonl import ABSENT, Count

Signed = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""Uncached input is a difference there; with some providers it falls below zero."""
Instant = Annotated[float, msgspec.Meta(ge=0, le=2**53)]
"""Milliseconds since 1970 UTC."""
Dollars = Annotated[float, msgspec.Meta(ge=0, le=10**9)]


class Cache(msgspec.Struct):
    """Tokens read from and written to the provider's cache."""

    read: Count | None = None
    write: Count | None = None


class Tokens(msgspec.Struct):
    """The usage of one call."""

    total: Count | None = None
    input: Signed | None = None
    output: Count | None = None
    reasoning: Count | None = None
    cache: Cache = msgspec.field(default_factory=Cache)


class Time(msgspec.Struct):
    """When a session, message or tool call began, changed and ended; each kind names it otherwise."""

    created: Instant | None = None
    updated: Instant | None = None
    completed: Instant | None = None
    start: Instant | None = None
    end: Instant | None = None


class ErrorData(msgspec.Struct, rename="camel"):
    """What is told of a failed request."""

    status_code: int | None = None


class Failure(msgspec.Struct):
    """Why a message failed."""

    name: str | None = None
    data: ErrorData | None = None


class ModelName(msgspec.Struct):
    """Which model a person chose."""

    provider_id: str | None = msgspec.field(default=None, name="providerID")
    model_id: str | None = msgspec.field(default=None, name="modelID")


class Message(msgspec.Struct):
    """One message: what a person said, or one call with its answer."""

    id: str | None = None
    session_id: str | None = msgspec.field(default=None, name="sessionID")
    role: str | None = None
    time: Time = msgspec.field(default_factory=Time)
    provider_id: str | None = msgspec.field(default=None, name="providerID")
    model_id: str | None = msgspec.field(default=None, name="modelID")
    agent: str | None = None
    mode: str | None = None
    cost: Dollars | None = None
    tokens: Tokens | None = None
    error: Failure | None = None
    summary: msgspec.Raw = ABSENT
    tools: dict[str, bool] | None = None


class Part(msgspec.Struct):
    """One part of a message. The parts of a tool call keep their state raw: it holds arguments and output."""

    id: str | None = None
    session_id: str | None = msgspec.field(default=None, name="sessionID")
    message_id: str | None = msgspec.field(default=None, name="messageID")
    type: str | None = None
    tokens: Tokens | None = None
    cost: Dollars | None = None
    tool: str | None = None
    call_id: str | None = msgspec.field(default=None, name="callID")
    state: msgspec.Raw = ABSENT
    text: msgspec.Raw = ABSENT
    synthetic: bool | None = None
    ignored: bool | None = None
    time: Time = msgspec.field(default_factory=Time)
    attempt: int | None = None
    error: msgspec.Raw = ABSENT


class State(msgspec.Struct):
    """How a tool call stands."""

    status: str | None = None
    error: msgspec.Raw = ABSENT
    time: Time = msgspec.field(default_factory=Time)
    metadata: msgspec.Raw = ABSENT


class Approval(msgspec.Struct):
    """Kilo only: who allowed a tool call."""

    source: str | None = None


class Metadata(msgspec.Struct):
    """What a tool wrote about its call."""

    exit: int | None = None
    """Exit code of a command."""
    approval: Approval | None = None


class Session(msgspec.Struct):
    """One session, as the file store keeps it."""

    id: str | None = None
    parent_id: str | None = msgspec.field(default=None, name="parentID")
    directory: str | None = None
    title: str | None = None
    version: str | None = None
    time: Time = msgspec.field(default_factory=Time)
