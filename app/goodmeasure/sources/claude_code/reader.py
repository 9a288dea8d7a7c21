"""Reads one Claude Code transcript, row by row."""

from collections.abc import Callable, Iterable
from typing import ClassVar

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    NoticeKind,
    ParseIssue,
    TitleRank,
    ToolCall,
    ToolStatus,
)
from goodmeasure.sources._formats.jsonl import (
    ABSENT,
    COPIED,
    FAULTS,
    OUTPUT_LOWER_BOUND,
    RELAYED,
    Gathering,
    UnreadableLineError,
    code_of,
    cost_micros,
    instant,
    second_reading,
    text_of,
    title_of,
)
from goodmeasure.sources.base import identity
from goodmeasure.sources.claude_code.rows import (
    ApiError,
    Attachment,
    Block,
    Connection,
    Decision,
    Memory,
    Message,
    Progress,
    Row,
)
from goodmeasure.sources.claude_code.sessions import Sessions
from goodmeasure.sources.claude_code.speech import is_interruption, own_words, texts_of
from goodmeasure.sources.claude_code.tools import tool_kind, tool_status
from goodmeasure.sources.claude_code.usage import attempts, service_tier, session_total

KEY = "claude-code"

# Written by the client for its own use; nothing in them is needed. Listed so that a new type is noticed.
_UNNEEDED = frozenset({
    "agent-name", "agent-setting", "api-request", "api-request-blob", "api-request-shape", "atis-latch",
    "bridge-session",
    "file-history-delta", "file-history-snapshot", "frame-link", "last-prompt", "mode", "pr-link", "queue-operation",
    "tag", "tools-used", "worktree-state",
})  # fmt: skip
_UNNEEDED_SYSTEM = frozenset({
    "away_summary", "bridge_status", "informational", "local_command", "microcompact_boundary", "stop_hook_summary",
    "turn_duration",
})  # fmt: skip

_MOST_OPEN_CALLS = 512

_decode_row = msgspec.json.Decoder(Row)
_decode_progress = msgspec.json.Decoder(Progress)
_decode_error = msgspec.json.Decoder(ApiError)
_decode_cause = msgspec.json.Decoder(Connection)
_decode_blocks = msgspec.json.Decoder(str | list[Block])
_decode_memory = msgspec.json.Decoder(Memory)


class ClaudeReader:
    """A `Reader` of one `projects/**/*.jsonl` file. Raises ValueError for a state that is not its own."""

    def __init__(self, path: str, state: bytes | None) -> None:
        self._memory = _decode_memory.decode(state) if state else Memory()
        self._gathering = Gathering(KEY)
        self._sessions = Sessions(path, self._memory)
        self._latest: tuple[str, str | None, int | None, int] | None = None
        self._line = 0

    def state(self) -> bytes:
        """Return ids, instants and titles needed to go on."""
        return msgspec.json.encode(self._memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = self._gathering = Gathering(KEY)
        self._latest = None
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
        gathering.sessions = self._sessions.facts()
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
        at = instant(row.timestamp)
        memory = self._memory
        if memory.began is None:
            self._sessions.begin(row.session_id, at)
        handle = self._HANDLERS.get(row.type or "")
        if handle is None:
            if row.type not in _UNNEEDED:
                self._gathering.add_unknown(row.type)
            return
        if row.session_id is None and at is None:
            if memory.last_session is None:
                return
            session = memory.last_session  # `summary` rows name no session of their own
        else:
            session = memory.last_session = self._sessions.of(row, at)
        handle(self, row, session, at)
        if row.uuid is not None:
            memory.last_uuid = row.uuid

    # ---- assistant rows

    def _read_assistant(self, row: Row, session: str, at: int | None) -> None:
        message = row.message
        if message is None:
            return
        if row.is_api_error_message:
            detail = code_of(row.api_error_status) or code_of(text_of(row.error))
            self._gathering.add_notice(NoticeKind.API_ERROR, session, at, detail, self._facts(row, session))
        if message.model != "<synthetic>":
            self._add_generations(row, message, session, at, COPIED if self._sessions.copied(at) else 0)
            self._add_tool_calls(row, message, session, at)

    def _add_generations(self, row: Row, message: Message, session: str, at: int | None, flags: int) -> None:
        usage = message.usage
        if usage is None:
            return
        if message.stop_reason is None:
            flags |= OUTPUT_LOWER_BOUND
        sighting = (session, message.id, usage.output_tokens, flags)
        if message.id and sighting == self._latest:
            return  # the next content block of the same message, with the same usage
        self._latest = sighting
        facts = (message.id,) if message.id else self._facts(row, session)
        if message.id and not row.is_sidechain:
            self._sessions.join_conversation(session, message.id)
        tier = service_tier(usage)
        for attempt in attempts(message, usage):
            number, model = attempt[0], attempt[1]
            key = identity(KEY, "generation", *facts, *((number,) if number else ()))
            cost = None if number or row.cost_usd is None else cost_micros(row.cost_usd)
            self._gathering.add_generation(
                Generation(key, session, at, _provider(model), model, *attempt[2:], cost, tier, flags)
            )

    def _add_tool_calls(self, row: Row, message: Message, session: str, at: int | None) -> None:
        if message.content is None or isinstance(message.content, str):
            return
        for block in message.content:
            if block.id is not None and block.type == "tool_use":
                # Behind some gateways tool ids are only counted within a message, so the message names them too.
                key = identity(KEY, "tool", message.id or row.uuid, block.id)
                name = code_of(block.name)
                self._gathering.add_tool_call(ToolCall(key, session, at, None, name, tool_kind(name), None))
                self._memory.open_calls[block.id] = key
                if len(self._memory.open_calls) > _MOST_OPEN_CALLS:
                    del self._memory.open_calls[next(iter(self._memory.open_calls))]

    # ---- user rows

    def _read_user(self, row: Row, session: str, at: int | None) -> None:
        content = row.message.content if row.message else None
        spoken = True
        if isinstance(content, list):
            for block in content:
                if block.type == "tool_result":
                    spoken = False
                    if block.tool_use_id is not None:
                        self._finish_tool_call(row, block, session, at)
        if row.permission_decision is not None:
            self._note_decision(row, row.permission_decision, session, at)
        if row.permission_mode:
            self._note_mode(row.permission_mode, session, at, self._facts(row, session))
        if spoken and not row.is_sidechain and self._sessions.agent is None:
            self._read_person(row, content, session, at)

    def _finish_tool_call(self, row: Row, block: Block, session: str, at: int | None) -> None:
        identifier = block.tool_use_id
        if identifier is None:
            return
        key = self._memory.open_calls.pop(identifier, None) or identity(KEY, "tool", None, identifier)
        status = tool_status(row, block)
        self._gathering.add_tool_call(ToolCall(key, session, None, at, None, None, status))
        if status is ToolStatus.DENIED and row.permission_decision is None:
            who = "person" if row.tool_denial_kind in {None, "user-rejected"} else "rule"
            self._gathering.add_notice(NoticeKind.DENIED, session, at, who, self._facts(row, session))

    def _note_decision(self, row: Row, decision: Decision, session: str, at: int | None) -> None:
        if decision.decision in {"accept", "reject"}:
            kind = NoticeKind.APPROVED if decision.decision == "accept" else NoticeKind.DENIED
            who = "person" if (decision.source or "").startswith("user") else "rule"
            self._gathering.add_notice(kind, session, at, who, self._facts(row, session))

    def _note_mode(self, mode: str, session: str, at: int | None, facts: tuple[str | int | None, ...]) -> None:
        note = self._sessions.note(session)
        if note.mode != mode:
            note.mode = mode
            self._gathering.add_notice(NoticeKind.PERMISSION_MODE, session, at, code_of(mode), facts)

    def _read_person(self, row: Row, content: str | list[Block] | None, session: str, at: int | None) -> None:
        texts = texts_of(content)
        if texts is None:
            return
        if is_interruption(texts) and not row.is_meta:
            self._gathering.add_notice(NoticeKind.INTERRUPTED, session, at, None, self._facts(row, session))
        elif own := own_words(row, texts):
            self._gathering.add_prompt(session, at, *self._facts(row, session))
            self._sessions.entitle(session, title_of(own[0]), TitleRank.PROMPT)

    # ---- other rows

    def _read_attachment(self, row: Row, session: str, at: int | None) -> None:
        """Read a prompt typed while the agent was busy: it stands in a `queued_command` attachment."""
        attachment: Attachment | None = row.attachment
        if (
            attachment is None
            or attachment.type != "queued_command"
            or row.is_sidechain
            or self._sessions.agent is not None
        ):
            return
        if attachment.command_mode not in {None, "prompt"} or attachment.prompt is ABSENT:
            return
        try:
            texts = texts_of(_decode_blocks.decode(attachment.prompt))
        except FAULTS:
            return
        if texts is not None and own_words(row, texts):
            self._gathering.add_prompt(session, at, *self._facts(row, session))

    def _read_system(self, row: Row, session: str, at: int | None) -> None:
        facts = self._facts(row, session)
        if row.subtype == "api_error":
            self._gathering.add_notice(NoticeKind.RETRIED, session, at, _error_code(row), facts)
        elif row.subtype == "compact_boundary":
            self._gathering.add_notice(NoticeKind.COMPACTED, session, at, None, facts)
        elif row.subtype == "model_refusal_fallback":
            self._gathering.add_notice(NoticeKind.REFUSED, session, at, code_of(row.original_model), facts)
        elif row.subtype not in _UNNEEDED_SYSTEM:
            self._gathering.add_unknown(f"system/{code_of(row.subtype) or '?'}")

    def _read_progress(self, row: Row, session: str, at: int | None) -> None:
        """Clients 2.1.12 to 2.1.71 relay each row of a sub-agent; where its own file is lost, only this remains."""
        if row.data is ABSENT:
            return
        try:
            progress = _decode_progress.decode(row.data)
            if progress.type != "agent_progress" or progress.message is ABSENT:
                return
            relayed = _decode_row.decode(progress.message)
        except FAULTS as fault:
            if not isinstance(fault, msgspec.ValidationError) or b"agent_progress" in bytes(row.data):
                self._gathering.issues.append(ParseIssue(self._line, "The relayed row of a sub-agent cannot be read."))
            return
        relayed.session_id, relayed.agent_id, relayed.is_sidechain = row.session_id, progress.agent_id, True
        relayed.cwd, relayed.git_branch, relayed.version = row.cwd, row.git_branch, row.version
        at = instant(relayed.timestamp) or at
        session = self._sessions.of(relayed, at)
        message = relayed.message
        if message is not None and relayed.type == "assistant" and message.model != "<synthetic>":
            self._add_generations(relayed, message, session, at, RELAYED)
            self._add_tool_calls(relayed, message, session, at)
        elif relayed.type == "user":
            self._read_user(relayed, session, at)

    def _read_cost_state(self, row: Row, session: str, _at: int | None) -> None:
        for model, total in (row.model_usage or {}).items():
            self._gathering.totals[session, model] = session_total(session, model, total)

    def _read_permission_mode(self, row: Row, session: str, _at: int | None) -> None:
        if row.permission_mode:
            note = self._sessions.note(session)
            self._note_mode(
                row.permission_mode, session, note.last, (self._memory.last_uuid or session, row.permission_mode)
            )

    def _read_title(self, row: Row, session: str, _at: int | None) -> None:
        if row.custom_title:
            self._sessions.entitle(session, title_of(row.custom_title), TitleRank.CHOSEN)
        elif row.ai_title:
            self._sessions.entitle(session, title_of(row.ai_title), TitleRank.GENERATED)

    def _read_summary(self, row: Row, session: str, _at: int | None) -> None:
        """Summaries of other sessions stand at the top of a file; its own names the last row before it."""
        if row.leaf_uuid is not None and row.leaf_uuid == self._memory.last_uuid:
            self._sessions.entitle(session, title_of(row.summary), TitleRank.SUMMARY)

    def _facts(self, row: Row, session: str) -> tuple[str | int | None, ...]:
        """Return what identifies a row: its own id; where it has none, its place."""
        return (row.uuid,) if row.uuid else (session, row.timestamp, self._line)

    _HANDLERS: ClassVar[dict[str, Callable[["ClaudeReader", Row, str, int | None], None]]] = {
        "assistant": _read_assistant,
        "user": _read_user,
        "attachment": _read_attachment,
        "system": _read_system,
        "progress": _read_progress,
        "cost-state": _read_cost_state,
        "permission-mode": _read_permission_mode,
        "custom-title": _read_title,
        "ai-title": _read_title,
        "summary": _read_summary,
    }


def _provider(model: str | None) -> str | None:
    """Guess from the name of the model, for the log names no provider: Anthropic's own names, else unknown."""
    return "anthropic" if model is not None and model.startswith("claude-") and "@" not in model else None


def _error_code(row: Row) -> str | None:
    """Return the HTTP status, else the network error's code, of a failed request that is tried again."""
    try:
        error = _decode_error.decode(row.error) if row.error is not ABSENT else ApiError()
        cause = (
            error.connection or error.cause or (_decode_cause.decode(row.cause) if row.cause is not ABSENT else None)
        )
    except FAULTS:
        return None
    return code_of(error.status) or code_of(cause.code if cause else None) or code_of(error.code)
