"""Reads one Claude Code transcript, row by row."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import ClassVar

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    GenerationFlag,
    NoticeKind,
    ParseIssue,
    Relation,
    SessionFacts,
    TitleRank,
    ToolCall,
    ToolStatus,
)
from goodmeasure.sources._jsonl import (
    ABSENT,
    FAULTS,
    Gathering,
    UnreadableLineError,
    code_of,
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
    Memory,
    Message,
    Progress,
    Row,
    SessionNote,
)
from goodmeasure.sources.claude_code.tools import tool_kind, tool_status
from goodmeasure.sources.claude_code.usage import attempts, cost_micros, service_tier, session_total

KEY = "claude-code"

# Written by the client for its own use; nothing in them is needed. Listed so that a new type is noticed.
_UNNEEDED = frozenset({
    "agent-name", "agent-setting", "api-request", "api-request-blob", "api-request-shape", "atis-latch", "bridge-session",
    "file-history-delta", "file-history-snapshot", "frame-link", "last-prompt", "mode", "pr-link", "queue-operation",
    "tag", "tools-used", "worktree-state",
})  # fmt: skip
_UNNEEDED_SYSTEM = frozenset({
    "away_summary", "bridge_status", "informational", "local_command", "microcompact_boundary", "stop_hook_summary", "turn_duration",
})  # fmt: skip

_WRAPPERS = (
    "<command-", "<local-command-", "<task-notification", "<system-reminder", "<bash-", "<ide_", "<user-memory-input",
    "<teammate-message", "Caveat: The messages below",
)  # fmt: skip
"""How texts begin that stand in a user row but that no person said."""
_INTERRUPTION = "[Request interrupted by user"
_RESUME_COPIES_UP_TO = (2, 0, 14)
"""Up to this version, going on with a session wrote a new file that copies its history."""
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
        place = PurePosixPath(path)
        self._stem = place.name.removesuffix(".jsonl")
        self._agent = self._stem.removeprefix("agent-") if self._stem.startswith("agent-") else None
        self._family = place.parent.parent.name if self._agent and place.parent.name == "subagents" else None
        self._memory = _decode_memory.decode(state) if state else Memory()
        self._gathering = Gathering(KEY)
        self._touched: dict[str, SessionNote] = {}
        self._place: tuple[str | None, str | None, bool | None] | None = None
        self._session_here, self._note_here = self._stem, SessionNote()
        self._latest: tuple[str, str | None, int | None, int] | None = None
        self._line = 0

    def state(self) -> bytes:
        """Return ids, instants and titles needed to go on."""
        return msgspec.json.encode(self._memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = self._gathering = Gathering(KEY)
        self._touched = {}
        self._place, self._latest = None, None
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
        for session, note in self._touched.items():
            self._add_facts(session, note)
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
        handle = self._HANDLERS.get(row.type or "")
        if handle is None:
            if row.type not in _UNNEEDED:
                self._gathering.add_unknown(row.type)
            elif row.timestamp is not None and self._memory.began is None:
                self._memory.began = instant(row.timestamp)
            return
        at = instant(row.timestamp)
        if self._memory.began is None:
            self._memory.began = at
        if row.session_id is None and at is None:
            session = self._memory.last_session  # `summary` rows name no session of their own
            if session is None:
                return
        else:
            session = self._memory.last_session = self._session(row, at)
        handle(self, row, session, at)
        if row.uuid is not None:
            self._memory.last_uuid = row.uuid

    # ---- sessions

    def _session(self, row: Row, at: int | None) -> str:
        """Return the session that a row belongs to, and remember what the row tells of it."""
        place = (row.session_id, row.agent_id, row.is_sidechain)
        if place != self._place:
            self._place = place
            self._session_here, self._note_here = self._find_session(row)
        self._tell(self._note_here, row, at)
        return self._session_here

    def _find_session(self, row: Row) -> tuple[str, SessionNote]:
        main = row.session_id or self._family or self._stem
        agent = self._agent or row.agent_id
        if agent is None and row.is_sidechain:
            agent = "sidechain"  # up to 2.0.14 sub-agents write into the session's own file and have no id
        if agent is None or main == self._stem == f"agent-{agent}":
            return main, self._note(main)
        session = f"{main}/{agent}"
        note = self._note(session)
        note.parent, note.relation = main, Relation.SUBAGENT
        return session, note

    def _note(self, session: str) -> SessionNote:
        note = self._touched.get(session)
        if note is None:
            note = self._memory.sessions.setdefault(session, SessionNote())
            self._touched[session] = note
        return note

    def _tell(self, note: SessionNote, row: Row, at: int | None) -> None:
        if at is not None:
            if self._copied(at):
                self._tell_copied(note, row, at)
            else:
                _extend(note, at)
        if note.cwd is None:
            note.cwd = row.cwd
        if note.branch is None:
            note.branch = row.git_branch or None
        if note.entrypoint is None:
            note.entrypoint = row.entrypoint
        if row.version is not None:
            note.version = row.version

    def _tell_copied(self, note: SessionNote, row: Row, at: int) -> None:
        """Date a fork's own session by its own rows only.

        Up to about 2.1.60 copied rows keep the parent's session id: the only pointer from a fork to its parent.
        """
        if row.session_id is None or row.session_id == self._stem:
            return
        _extend(note, at)
        fork = self._note(self._stem)
        if fork.parent is None and not row.is_sidechain:
            fork.parent, fork.relation = row.session_id, Relation.FORK

    def _copied(self, at: int | None) -> bool:
        """Tell whether a row is older than its file: then a fork copied it here, with its old instant."""
        return at is not None and self._memory.began is not None and at < self._memory.began

    def _add_facts(self, session: str, note: SessionNote) -> None:
        root = note.conversation or None
        parent, relation = (root, Relation.RESUME) if root else (note.parent, note.relation)
        facts = SessionFacts(
            session, parent, relation, note.first, note.last, note.cwd, note.branch, None, note.version, note.entrypoint,
            note.title, note.rank,
        )  # fmt: skip
        self._gathering.sessions[session] = facts
        if root:
            self._gathering.sessions[root] = facts._replace(session=root, parent=None, relation=None)

    def _join_conversation(self, note: SessionNote, message_id: str) -> None:
        """Old clients copied the history into a new file on resume: files with the same first call are one conversation."""
        if note.conversation is None and note.parent is None:
            old = note.version is not None and _version(note.version) <= _RESUME_COPIES_UP_TO
            note.conversation = f"conversation/{message_id}" if old else ""

    # ---- assistant rows

    def _read_assistant(self, row: Row, session: str, at: int | None) -> None:
        message = row.message
        if message is None:
            return
        if row.is_api_error_message:
            detail = code_of(row.api_error_status) or code_of(text_of(row.error))
            self._gathering.add_notice(NoticeKind.API_ERROR, session, at, detail, self._facts(row, session))
        if message.model != "<synthetic>":
            self._add_generations(row, message, session, at, GenerationFlag.COPIED if self._copied(at) else 0)
            self._add_tool_calls(row, message, session, at)

    def _add_generations(self, row: Row, message: Message, session: str, at: int | None, flags: int) -> None:
        usage = message.usage
        if usage is None:
            return
        if message.stop_reason is None:
            flags |= GenerationFlag.OUTPUT_LOWER_BOUND
        sighting = (session, message.id, usage.output_tokens, flags)
        if message.id and sighting == self._latest:
            return  # the next content block of the same message, with the same usage
        self._latest = sighting
        facts = (message.id,) if message.id else self._facts(row, session)
        if message.id and not row.is_sidechain:
            self._join_conversation(self._note(session), message.id)
        for attempt in attempts(message, usage):
            key = identity(KEY, "generation", *facts, *((attempt.number,) if attempt.number else ()))
            self._gathering.add_generation(
                Generation(
                    key,
                    session,
                    at,
                    _provider(attempt.model),
                    attempt.model,
                    *attempt[2:],
                    None if attempt.number else cost_micros(row.cost_usd),
                    service_tier(usage),
                    flags,
                )  # fmt: skip
            )

    def _add_tool_calls(self, row: Row, message: Message, session: str, at: int | None) -> None:
        if message.content is None or isinstance(message.content, str):
            return
        for block in message.content:
            if block.type == "tool_use" and block.id is not None:
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
        if isinstance(content, list):
            for block in content:
                if block.type == "tool_result" and block.tool_use_id is not None:
                    self._finish_tool_call(row, block, session, at)
        self._note_decision(row, session, at)
        if row.permission_mode:
            self._note_mode(row.permission_mode, session, at, self._facts(row, session))
        if not row.is_sidechain and self._agent is None:
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

    def _note_decision(self, row: Row, session: str, at: int | None) -> None:
        decision = row.permission_decision
        if decision is not None and decision.decision in {"accept", "reject"}:
            kind = NoticeKind.APPROVED if decision.decision == "accept" else NoticeKind.DENIED
            who = "person" if (decision.source or "").startswith("user") else "rule"
            self._gathering.add_notice(kind, session, at, who, self._facts(row, session))

    def _note_mode(self, mode: str, session: str, at: int | None, facts: tuple[str | int | None, ...]) -> None:
        note = self._note(session)
        if note.mode != mode:
            note.mode = mode
            self._gathering.add_notice(NoticeKind.PERMISSION_MODE, session, at, code_of(mode), facts)

    def _read_person(self, row: Row, content: str | list[Block] | None, session: str, at: int | None) -> None:
        texts = _said(content)
        if texts is None or row.is_meta or row.is_compact_summary or row.is_visible_in_transcript_only:
            return
        if any(text.startswith(_INTERRUPTION) for text in texts):
            self._gathering.add_notice(NoticeKind.INTERRUPTED, session, at, None, self._facts(row, session))
            return
        if row.prompt_source == "system" or (row.origin is not None and row.origin.kind not in {None, "human"}):
            return
        own = [text for text in texts if not text.startswith(_WRAPPERS)]
        if own:
            self._gathering.add_prompt(session, at, *self._facts(row, session))
            self._entitle(session, title_of(own[0]), TitleRank.PROMPT)

    # ---- other rows

    def _read_attachment(self, row: Row, session: str, at: int | None) -> None:
        """Read a prompt typed while the agent was busy: it stands in a `queued_command` attachment."""
        attachment: Attachment | None = row.attachment
        if attachment is None or attachment.type != "queued_command" or row.is_sidechain or self._agent is not None:
            return
        if attachment.command_mode not in {None, "prompt"} or attachment.prompt is ABSENT:
            return
        if row.origin is not None and row.origin.kind not in {None, "human"}:
            return
        try:
            texts = _said(_decode_blocks.decode(attachment.prompt))
        except FAULTS:
            return
        if texts is not None and any(not text.startswith(_WRAPPERS) for text in texts):
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
        session = self._session(relayed, at)
        message = relayed.message
        if message is not None and relayed.type == "assistant" and message.model != "<synthetic>":
            self._add_generations(relayed, message, session, at, GenerationFlag.RELAYED)
            self._add_tool_calls(relayed, message, session, at)
        elif relayed.type == "user":
            self._read_user(relayed, session, at)

    def _read_cost_state(self, row: Row, session: str, _at: int | None) -> None:
        for model, total in (row.model_usage or {}).items():
            self._gathering.totals[session, model] = session_total(session, model, total)

    def _read_permission_mode(self, row: Row, session: str, _at: int | None) -> None:
        if row.permission_mode:
            note = self._note(session)
            self._note_mode(
                row.permission_mode, session, note.last, (self._memory.last_uuid or session, row.permission_mode)
            )

    def _read_title(self, row: Row, session: str, _at: int | None) -> None:
        if row.custom_title:
            self._entitle(session, title_of(row.custom_title), TitleRank.CHOSEN)
        elif row.ai_title:
            self._entitle(session, title_of(row.ai_title), TitleRank.GENERATED)

    def _read_summary(self, row: Row, session: str, _at: int | None) -> None:
        """Summaries of other sessions stand at the top of a file; its own names the last row before it."""
        if row.leaf_uuid is not None and row.leaf_uuid == self._memory.last_uuid:
            self._entitle(session, title_of(row.summary), TitleRank.SUMMARY)

    def _entitle(self, session: str, title: str | None, rank: TitleRank) -> None:
        note = self._note(session)
        if title is not None and (rank > note.rank or (rank == note.rank and rank is not TitleRank.PROMPT)):
            note.title, note.rank = title, rank

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


def _extend(note: SessionNote, at: int) -> None:
    if note.first is None or at < note.first:
        note.first = at
    if note.last is None or at > note.last:
        note.last = at


def _said(content: str | list[Block] | None) -> list[str] | None:
    """Return the texts of a user row, with an empty one for each image or document; None where tools or nobody spoke."""
    if isinstance(content, str):
        return [content.lstrip()] if content.strip() else None
    texts = []
    for block in content or ():
        if block.type == "tool_result":
            return None
        if block.type == "text":
            texts.append((text_of(block.text) or "").lstrip())
        elif block.type in {"image", "document"}:
            texts.append("")
    return texts or None


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


def _version(text: str) -> tuple[int, ...]:
    parts = text.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else (99,)
