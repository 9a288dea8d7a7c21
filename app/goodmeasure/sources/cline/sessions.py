"""Reads sessions of Cline's terminal client and of the extension's newer versions: messages, and a manifest beside."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Annotated

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    NoticeKind,
    ParseIssue,
    Relation,
    SessionFacts,
    TitleRank,
    ToolCall,
    ToolKind,
    ToolStatus,
)
from goodmeasure.sources._formats.document import decoded_document
from goodmeasure.sources._formats.jsonl import (
    ABSENT,
    COPIED,
    FAULTS,
    Count,
    Gathering,
    UnreadableLineError,
    code_of,
    instant,
    text_of,
    title_of,
)
from goodmeasure.sources._formats.moments import moment_of
from goodmeasure.sources._formats.sessions import merged_facts
from goodmeasure.sources.base import identity

KEY = "cline"
_MICROS = 1_000_000
_SLACK_MS = 1000
_INPUT = "<user_input"
_KINDS = {
    ToolKind.READ: ("read_files", "read_file", "fetch_skill", "skills"),
    ToolKind.EDIT: ("editor", "edit_file", "write_file", "apply_patch", "write_to_file", "replace_in_file"),
    ToolKind.RUN: ("run_commands", "execute_command", "bash"),
    ToolKind.SEARCH: ("search_codebase", "search_files", "list_files"),
    ToolKind.FETCH: ("fetch_web_content", "web_fetch", "web_search"),
    ToolKind.AGENT: ("spawn_agent", "start_agent", "team_spawn_teammate", "team_run_task", "new_task"),
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}


class _ModelInfo(msgspec.Struct):
    id: str | None = None
    provider: str | None = None


class _Metrics(msgspec.Struct, rename="camel"):
    """The usage of one call; the input contains what came from and went to a cache."""

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_read_tokens: Count | None = None
    cache_write_tokens: Count | None = None
    cost: Annotated[float, msgspec.Meta(ge=0, le=10**9)] | None = None


class _Shown(msgspec.Struct, rename="camel"):
    display_only: bool | None = None
    display_role: str | None = None


class _Message(msgspec.Struct, rename="camel"):
    id: str | None = None
    role: str | None = None
    content: msgspec.Raw = ABSENT
    ts: Annotated[float, msgspec.Meta(ge=0, le=2**53)] | None = None
    model_info: _ModelInfo | None = None
    metrics: _Metrics | None = None
    metadata: _Shown | None = None


class _Block(msgspec.Struct):
    type: str | None = None
    text: msgspec.Raw = ABSENT
    id: str | None = None
    name: str | None = None
    tool_use_id: str | None = None
    is_error: bool | None = None
    content: msgspec.Raw = ABSENT


class _Result(msgspec.Struct):
    """One of the answers that a tool gave in one call."""

    success: bool | None = None


class _Origin(msgspec.Struct, rename="camel"):
    source: str | None = None
    version: str | None = None
    parent_thread_id: str | None = None


class _Messages(msgspec.Struct, rename="camel"):
    """A session's messages."""

    session_id: str | None = None
    agent: str | None = None
    origin: _Origin = msgspec.field(default_factory=_Origin)
    messages: list[msgspec.Raw] = []


class _Fork(msgspec.Struct, rename="camel"):
    forked_from_session_id: str | None = None


class _Git(msgspec.Struct):
    branch: str | None = None


class _Notes(msgspec.Struct):
    title: msgspec.Raw = ABSENT
    fork: _Fork | None = None
    git: _Git | None = None


class _Manifest(msgspec.Struct):
    """What stands beside the messages."""

    session_id: str | None = None
    source: str | None = None
    started_at: str | None = None
    cwd: str | None = None
    metadata: _Notes = msgspec.field(default_factory=_Notes)


_decode_messages = msgspec.json.Decoder(_Messages)
_decode_manifest = msgspec.json.Decoder(_Manifest)
_decode_message = msgspec.json.Decoder(_Message)
_decode_blocks = msgspec.json.Decoder(list[_Block])
_decode_results = msgspec.json.Decoder(list[_Result])


def read_session_file(place: str, stream: IO[bytes]) -> Iterator[Batch]:
    """Read the messages or the manifest of a session; see `sources.base.DocumentReader`."""
    gathering = Gathering(KEY)
    name = PurePosixPath(place).name
    try:
        if name.endswith(".messages.json"):
            _Conversation(gathering, decoded_document(_decode_messages, stream), name).read()
        elif not name.endswith(".compaction.json"):
            gathering.lines = 1
            _add_manifest(gathering, decoded_document(_decode_manifest, stream))
    except UnreadableLineError as refusal:
        gathering.lines = max(1, gathering.lines)
        gathering.issues.append(ParseIssue(1, str(refusal)))
    yield gathering.batch()


def _add_manifest(gathering: Gathering, manifest: _Manifest) -> None:
    if manifest.session_id is None:
        raise UnreadableLineError("The file does not say which session it tells of.")
    notes = manifest.metadata
    title = title_of(text_of(notes.title))
    forked = notes.fork.forked_from_session_id if notes.fork else None
    gathering.sessions[manifest.session_id] = SessionFacts(
        manifest.session_id,
        forked or None,
        Relation.FORK if forked else None,
        instant(manifest.started_at),
        None,
        manifest.cwd or None,
        (notes.git.branch or None) if notes.git else None,
        None,
        None,
        code_of(manifest.source),
        title,
        TitleRank.GENERATED if title else TitleRank.NONE,
    )


class _Conversation:
    """The messages of one session, in order."""

    def __init__(self, gathering: Gathering, document: _Messages, name: str) -> None:
        self._gathering = gathering
        self._document = document
        self._session = document.session_id or name.removesuffix(".messages.json")
        parent = document.origin.parent_thread_id or None
        self._child = parent is not None or document.agent == "subagent"
        self._began = _began(self._session)
        self._titled = False
        gathering.sessions[self._session] = self._facts()._replace(
            parent=parent,
            relation=Relation.SUBAGENT if parent else None,
            agent_version=code_of(document.origin.version),
            entrypoint=code_of(document.origin.source),
        )

    def read(self) -> None:
        for number, raw in enumerate(self._document.messages, 1):
            self._gathering.lines = number
            try:
                message = _decode_message.decode(raw)
                self._add(message, _blocks_of(message.content))
            except FAULTS:
                self._gathering.issues.append(ParseIssue(number, "This message holds something else than expected."))

    def _add(self, message: _Message, blocks: list[_Block]) -> None:
        at = moment_of(message.ts)
        copied = self._began is not None and at is not None and at < self._began - _SLACK_MS
        self._tell(self._facts(None if copied else at, at))
        if message.metadata is not None and message.metadata.display_only:
            if message.metadata.display_role == "error":
                self._gathering.add_notice(NoticeKind.API_ERROR, self._session, at, None, (message.id,))
        elif message.role == "assistant":
            if message.metrics is not None:
                self._add_call(message, message.metrics, at, COPIED if copied else 0)
            for block in blocks:
                if block.type == "tool_use":
                    self._add_tool(block.id, at, None, block.name, None)
        elif message.role == "user":
            self._add_answers(message, blocks, at)
        else:
            self._gathering.add_unknown(f"message/{code_of(message.role) or '?'}")

    def _add_call(self, message: _Message, metrics: _Metrics, at: int | None, flags: int) -> None:
        model = message.model_info or _ModelInfo()
        read, written = metrics.cache_read_tokens, metrics.cache_write_tokens
        asked = metrics.input_tokens
        if not any((asked, metrics.output_tokens, read, written)):
            return
        facts = (message.id,) if message.id else (self._session, at)
        self._gathering.add_generation(
            Generation(
                identity(KEY, "message", *facts),
                self._session,
                at,
                code_of(model.provider),
                code_of(model.id),
                None if asked is None else max(0, asked - (read or 0) - (written or 0)),
                read,
                written,
                None,
                metrics.output_tokens,
                None,
                None,
                round(metrics.cost * _MICROS) if metrics.cost else None,
                None,
                flags,
            )
        )

    def _add_answers(self, message: _Message, blocks: list[_Block], at: int | None) -> None:
        """Add what came back to the agent: ends of tool calls, or what the person said."""
        texts = [block for block in blocks if block.type == "text"]
        for block in blocks:
            if block.type == "tool_result":
                self._add_tool(block.tool_use_id, None, at, block.name, _status(block))
        if self._child or not texts or len(texts) < len([b for b in blocks if b.type != "image"]):
            return
        facts = (message.id,) if message.id else (self._session, at)
        self._gathering.add_prompt(self._session, at, *facts)
        title = None if self._titled else title_of(_said(text_of(texts[0].text)))
        self._titled = True
        if title is not None:
            self._tell(self._facts()._replace(title=title, title_rank=TitleRank.PROMPT))

    def _add_tool(
        self, call: str | None, began: int | None, ended: int | None, name: str | None, status: ToolStatus | None
    ) -> None:
        if call is None:
            return
        name = code_of(name)
        kind = None if name is None else _KIND_BY_NAME.get(name, _other_kind(name))
        key = identity(KEY, "tool", self._session, call)
        self._gathering.add_tool_call(ToolCall(key, self._session, began, ended, name, kind, status))

    def _facts(self, began: int | None = None, ended: int | None = None) -> SessionFacts:
        return SessionFacts(self._session, None, None, began, ended, None, None, None, None, None, None, TitleRank.NONE)

    def _tell(self, new: SessionFacts) -> None:
        self._gathering.sessions[self._session] = merged_facts(self._gathering.sessions[self._session], new)


def _blocks_of(content: msgspec.Raw) -> list[_Block]:
    """Return the blocks of a message; one that is a plain text has one. Raises what `FAULTS` names."""
    if content is ABSENT:
        return []
    if bytes(content).startswith(b'"'):
        return [_Block("text", content)]
    return _decode_blocks.decode(content)


def _status(block: _Block) -> ToolStatus:
    """Return how a tool call ended: some tools tell of each of their parts."""
    if block.is_error:
        return ToolStatus.ERROR
    try:
        results = _decode_results.decode(block.content)
    except FAULTS:
        return ToolStatus.OK
    return ToolStatus.ERROR if any(result.success is False for result in results) else ToolStatus.OK


def _other_kind(name: str) -> ToolKind:
    return ToolKind.MCP if "__" in name else ToolKind.OTHER


def _said(text: str | None) -> str | None:
    """Return what the person typed: the client wraps it."""
    if text is None or not text.startswith(_INPUT):
        return text
    return text.partition(">")[2].removesuffix("</user_input>")


def _began(session: str) -> int | None:
    """Return when a session's id was made: it begins with the milliseconds."""
    stamp = session.partition("_")[0]
    return moment_of(int(stamp)) if len(stamp) == len("1795421812409") and stamp.isdecimal() else None
