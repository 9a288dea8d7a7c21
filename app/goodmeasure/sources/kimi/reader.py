"""Reads one wire file of Kimi Code, record by record, and hands on the messages of Kimi CLI's older files."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import IO, ClassVar

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
    ToolStatus,
)
from goodmeasure.sources._formats.document import decoded_document
from goodmeasure.sources._formats.jsonl import (
    ABSENT,
    FAULTS,
    Gathering,
    UnreadableLineError,
    code_of,
    nothing_known_of,
    title_of,
)
from goodmeasure.sources._formats.line_rows import rows_of
from goodmeasure.sources._formats.moments import moment_of
from goodmeasure.sources.base import identity
from goodmeasure.sources.kimi.messages import read_message
from goodmeasure.sources.kimi.rows import (
    Decision,
    Disclosure,
    Event,
    Memory,
    OldUsage,
    Row,
    SessionState,
    Status,
    Usage,
    first_text,
)
from goodmeasure.sources.kimi.tools import tool_kind

KEY = "kimi"

# Known, and not needed: the part of a record's type before the first dot. Listed so that a new one is noticed.
_UNNEEDED = frozenset({
    "agent", "config", "context", "cron", "forked", "full_compaction", "goal", "interaction", "interruptionReminder",
    "llm", "mcp", "metadata", "permission", "plan", "plan_mode", "plugin", "profile", "prompt", "runtime", "staleGuard",
    "subagent", "swarm_mode", "task", "token_counting", "tools", "tower_mode", "turn", "usage",
})  # fmt: skip

_decode_row = msgspec.json.Decoder(Row)
_decode_memory = msgspec.json.Decoder(Memory)
_decode_state = msgspec.json.Decoder(SessionState)
_decode_decision = msgspec.json.Decoder(Decision)
_decode_disclosure = msgspec.json.Decoder(Disclosure)
_decode_status = msgspec.json.Decoder(Status)


class KimiReader:
    """A `Reader` of one `wire.jsonl`. Raises ValueError for a state that is not its own."""

    def __init__(self, path: str, state: bytes | None) -> None:
        self.memory = _decode_memory.decode(state) if state else Memory()
        self.session, self._parent = sessions_of_path(path)
        self.gathering = Gathering(KEY)
        self.line = 0

    def state(self) -> bytes:
        """Return instants, names and the title needed to go on."""
        return msgspec.json.encode(self.memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = self.gathering = Gathering(KEY)
        for number, row in rows_of(_decode_row, lines, first_line, gathering):
            self.line = number
            self._read(row)
        gathering.sessions = self._facts()
        return gathering.batch()

    def _read(self, row: Row) -> None:
        at = moment_of(row.time or row.timestamp or row.created_at)
        memory = self.memory
        if at is not None:
            memory.first_at = at if memory.first_at is None else min(memory.first_at, at)
            memory.last_at = at if memory.last_at is None else max(memory.last_at, at)
        if row.timestamp is not None and row.message is not ABSENT:
            read_message(self, row, at)
            return
        handle = self._ROWS.get(row.type or "")
        if handle is not None:
            handle(self, row, at)
        elif (row.type or "").partition(".")[0] not in _UNNEEDED:
            self.gathering.add_unknown(row.type)

    def _facts(self) -> dict[str, SessionFacts]:
        memory = self.memory
        title_rank = TitleRank.PROMPT if memory.title else TitleRank.NONE
        told = {self.session: SessionFacts(
            self.session, self._parent, Relation.SUBAGENT if self._parent else None, memory.first_at, memory.last_at,
            memory.cwd, None, None, None, None, memory.title, title_rank,
        )}  # fmt: skip
        if self._parent:
            told[self._parent] = nothing_known_of(self._parent)
        return told

    # ---- calls

    def _read_request(self, row: Row, _at: int | None) -> None:
        """Note what a request told of its model: the usage after it names only the person's alias."""
        if row.model is not None and row.model_alias is not None:
            self.memory.models[row.model_alias] = row.model
        self.memory.provider = row.provider or self.memory.provider

    def _read_usage(self, row: Row, at: int | None) -> None:
        if row.usage is not None:
            model = self.memory.models.get(row.model or "", row.model)
            usage = row.usage
            counters = (usage.input_other, usage.output, usage.input_cache_read, usage.input_cache_creation)
            if not any(counters):
                return  # zeros in every field are no count: the answer was broken off before its usage came
            self.add_call(usage, (at, row.model, *counters), model, at)

    def add_call(
        self, usage: Usage | OldUsage, facts: tuple[str | int | None, ...], model: str | None, at: int | None
    ) -> None:
        """Add a call that `facts` identify in every copy of the session."""
        self.gathering.add_generation(
            Generation(
                identity(KEY, "call", *facts), self.session, at, self.memory.provider, model, usage.input_other,
                usage.input_cache_read, usage.input_cache_creation, None, usage.output, None, None, None, None, 0,
            )
        )  # fmt: skip

    # ---- prompts and notices

    def _read_prompt(self, row: Row, at: int | None) -> None:
        if row.origin is None or row.origin.kind == "user":
            self.add_prompt(row.input, at, row.prompt_id or at or f"{self.session}/{self.line}")

    def add_prompt(self, entered: msgspec.Raw, at: int | None, fact: str | int) -> None:
        """Add what the person entered; a sub-agent's prompts come from its parent."""
        if self._parent is not None:
            return
        self.gathering.add_prompt(self.session, at, fact)
        if self.memory.title is None:
            self.memory.title = title_of(first_text(entered))

    def note(self, kind: NoticeKind, at: int | None, detail: str | None = None, fact: str | None = None) -> None:
        """Add a notice that its instant and `fact` identify in every copy of the session."""
        where = at if at is not None else f"{self.session}/{self.line}"
        self.gathering.add_notice(kind, self.session, at, detail, (where, fact))

    def _read_mode(self, row: Row, at: int | None) -> None:
        if row.mode is not None and row.mode != self.memory.mode:
            self.memory.mode = row.mode
            self.note(NoticeKind.PERMISSION_MODE, at, code_of(row.mode))

    def _read_retry(self, row: Row, at: int | None) -> None:
        self.note(NoticeKind.RETRIED, at, code_of(row.status_code) or code_of(row.error_name))

    def _read_turn_end(self, row: Row, at: int | None) -> None:
        if row.reason == "cancelled":
            self.note(NoticeKind.INTERRUPTED, at)
        elif row.reason == "failed":
            self.note(NoticeKind.API_ERROR, at, _failure_of(row))

    def _read_compaction(self, _row: Row, at: int | None) -> None:
        self.note(NoticeKind.COMPACTED, at)

    def _read_approval(self, row: Row, at: int | None) -> None:
        try:
            decision = _decode_decision.decode(row.result).decision if row.result is not ABSENT else None
        except FAULTS:
            return
        if decision == "approved":
            self.note(NoticeKind.APPROVED, at, "person", row.tool_call_id)
        elif decision == "rejected":
            self.note(NoticeKind.DENIED, at, "person", row.tool_call_id)

    def _read_profile(self, row: Row, _at: int | None) -> None:
        try:
            told = _decode_disclosure.decode(row.disclosure) if row.disclosure is not ABSENT else None
        except FAULTS:
            return
        self.memory.cwd = (told.cwd if told else None) or self.memory.cwd

    # ---- tool calls

    def _read_event(self, row: Row, at: int | None) -> None:
        event = row.event or Event()
        if event.type == "tool.call":
            key = identity(KEY, "tool", event.uuid or f"{self.session}/{self.line}")
            name = code_of(event.name)
            self.gathering.add_tool_call(ToolCall(key, self.session, at, None, name, tool_kind(name), None))
        elif event.type == "tool.result" and event.parent is not None:
            status = ToolStatus.ERROR if event.result and event.result.is_error else ToolStatus.OK
            key = identity(KEY, "tool", event.parent)
            self.gathering.add_tool_call(ToolCall(key, self.session, None, at, None, None, status))

    _ROWS: ClassVar[dict[str, Callable[["KimiReader", Row, int | None], None]]] = {
        "llm.request": _read_request,
        "usage.record": _read_usage,
        "turn.prompt": _read_prompt,
        "turn.steer": _read_prompt,
        "turn.ended": _read_turn_end,
        "turn.step.retrying": _read_retry,
        "full_compaction.complete": _read_compaction,
        "permission.set_mode": _read_mode,
        "permission.record_approval_result": _read_approval,
        "profile.bind": _read_profile,
        "context.append_loop_event": _read_event,
    }


def read_state(place: str, stream: IO[bytes]) -> Iterator[Batch]:
    """Read what Kimi Code's `state.json` tells of a session; see `sources.base.DocumentReader`."""
    gathering = Gathering(KEY)
    gathering.lines = 1
    try:
        state = decoded_document(_decode_state, stream)
    except UnreadableLineError as refusal:
        gathering.issues.append(ParseIssue(1, str(refusal)))
    else:
        session = PurePosixPath(place).parent.name
        title = title_of(state.title)
        rank = TitleRank.CHOSEN if state.is_custom_title else TitleRank.GENERATED
        parent = state.forked_from if state.forked_from != session else None
        gathering.sessions[session] = SessionFacts(
            session, parent or None, Relation.FORK if parent else None, None, None, state.cwd or None, None, None, None,
            None, title, rank if title else TitleRank.NONE,
        )  # fmt: skip
        if state.id is None:
            gathering.issues.append(ParseIssue(1, "The file names no session."))
    yield gathering.batch()


def sessions_of_path(path: str) -> tuple[str, str | None]:
    """Return the session that a wire file is of, and the session that started it.

    `…/<session>/agents/<agent>/wire.jsonl` of Kimi Code, `…/<session>/wire.jsonl` and
    `…/<session>/subagents/<agent>/wire.jsonl` of Kimi CLI.
    """
    folders = PurePosixPath(path).parts[:-1]
    if len(folders) > 2 and folders[-2] in {"agents", "subagents"}:  # noqa: PLR2004  session, folder, agent
        session, agent = folders[-3], folders[-1]
        return (session, None) if agent == "main" else (f"{session}/{agent}", session)
    return (folders[-1] if folders else path), None


def _failure_of(row: Row) -> str | None:
    """Return the HTTP status of a failed turn, or Kimi's own code of the failure."""
    if row.error is None:
        return None
    try:
        status = _decode_status.decode(row.error.details).status_code if row.error.details is not ABSENT else None
    except FAULTS:
        status = None
    return code_of(status) or code_of(row.error.code)
