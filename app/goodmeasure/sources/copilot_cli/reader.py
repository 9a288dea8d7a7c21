"""Reads Copilot CLI's events, line by line."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any, ClassVar

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    NoticeKind,
    ParseIssue,
    Relation,
    SessionFacts,
    SessionTotal,
    TitleRank,
    ToolCall,
    ToolStatus,
)
from goodmeasure.sources._formats.jsonl import ABSENT, COPIED, FAULTS, Gathering, code_of, instant, text_of, title_of
from goodmeasure.sources._formats.line_rows import rows_of
from goodmeasure.sources.base import identity
from goodmeasure.sources.copilot_cli.calls import KEY, Counters, call_key, counters, provider_of, tool_kind
from goodmeasure.sources.copilot_cli.rows import (
    Answer,
    Begun,
    Compaction,
    Failure,
    Memory,
    Mode,
    ModelMetrics,
    Pending,
    Permission,
    Recorded,
    Row,
    Said,
    Shutdown,
    Titled,
    Tool,
    Trouble,
    Usage,
)

# Known, and not needed. Listed so that a new type is noticed.
_UNNEEDED = frozenset({
    "assistant.intent", "assistant.reasoning", "assistant.turn_end", "assistant.turn_start", "command.completed",
    "command.queued", "hook.end", "hook.start", "permission.requested", "session.background_tasks_changed",
    "session.compaction_start", "session.context_changed", "session.custom_agents_updated", "session.handoff",
    "session.idle", "session.info", "session.mcp_servers_loaded", "session.model_change", "session.plan_changed",
    "session.skills_loaded", "session.snapshot_rewind", "session.task_complete", "session.tools_updated",
    "session.truncation", "session.usage_checkpoint", "session.usage_info", "session.warning",
    "session.workspace_file_changed", "skill.invoked", "subagent.completed", "subagent.configured",
    "subagent.deselected", "subagent.failed", "subagent.selected", "subagent.started", "system.message",
    "system.notification", "tool.execution_partial_result", "tool.execution_progress", "tool.user_requested",
})  # fmt: skip
_NOTICE = "<system_notification"
_NO_SUM = (0, 0, 0, 0, 0, 0)

_decode_row = msgspec.json.Decoder(Row)
_decode_memory = msgspec.json.Decoder(Memory)


class CopilotReader:
    """A `Reader` of one session's events. Raises ValueError for a state that is not its own."""

    def __init__(self, path: str, state: bytes | None) -> None:
        place = PurePosixPath(path)
        self._named = place.parent.name if place.stem == "events" else place.stem
        self._memory = _decode_memory.decode(state) if state else Memory()
        self._gathering = Gathering(KEY)
        self._others: dict[str, SessionFacts] = {}
        self._line = 0

    def state(self) -> bytes:
        """Return ids, instants, counters and the title needed to go on."""
        return msgspec.json.encode(self._memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = self._gathering = Gathering(KEY)
        self._others = {}
        for self._line, row in rows_of(_decode_row, lines, first_line, gathering):
            self._read(row)
        gathering.sessions = self._facts()
        return gathering.batch()

    def _read(self, row: Row) -> None:
        at = instant(row.timestamp)
        self._note_time(at)
        handler = self._HANDLERS.get(row.type or "")
        if handler is None:
            if row.type not in _UNNEEDED:
                self._gathering.add_unknown(row.type)
            return
        decoder, handle = handler
        try:
            data = decoder.decode(b"{}" if row.data is ABSENT else row.data)
        except FAULTS:
            what = f"The event {row.type} holds something else than expected."
            self._gathering.issues.append(ParseIssue(self._line, what))
            return
        handle(self, row, data, at)

    # ---- the session

    def _read_begin(self, _row: Row, begun: Begun, _at: int | None) -> None:
        memory = self._memory
        memory.session = memory.session or begun.session_id
        memory.version = begun.copilot_version or memory.version
        self._note_time(instant(begun.start_time))
        if begun.context is not None:
            memory.cwd = memory.cwd or begun.context.cwd
            memory.branch = begun.context.branch or memory.branch
            memory.repository = begun.context.repository or memory.repository

    def _read_title(self, _row: Row, titled: Titled, _at: int | None) -> None:
        title = title_of(text_of(titled.title))
        if title is not None:
            self._memory.title, self._memory.title_rank = title, TitleRank.GENERATED

    def _session(self, row: Row, at: int | None) -> str:
        """Return the session of an event: the sub-agent's, which hangs on the file's, or the file's own."""
        own = self._memory.session or self._named
        if row.agent_id is None:
            return own
        known = self._others.get(row.agent_id)
        instants = [
            moment for moment in (known and known.started_at, known and known.ended_at, at) if moment is not None
        ]
        self._others[row.agent_id] = SessionFacts(
            row.agent_id, own, Relation.SUBAGENT, min(instants, default=None), max(instants, default=None),
            None, None, None, None, None, None, TitleRank.NONE,
        )  # fmt: skip
        return row.agent_id

    def _note_time(self, at: int | None) -> None:
        memory = self._memory
        if at is not None:
            memory.first_at = at if memory.first_at is None else min(memory.first_at, at)
            memory.last_at = at if memory.last_at is None else max(memory.last_at, at)

    def _facts(self) -> dict[str, SessionFacts]:
        memory = self._memory
        told = self._others
        if memory.session is not None or memory.first_at is not None:
            own = memory.session or self._named
            told[own] = SessionFacts(
                own, memory.parent, Relation.FORK if memory.parent else None, memory.first_at, memory.last_at,
                memory.cwd, memory.branch, memory.repository, memory.version, None, memory.title, memory.title_rank,
            )  # fmt: skip
        return told

    # ---- calls

    def _read_record(self, row: Row, record: Recorded, at: int | None) -> None:
        usage = record.usage
        if usage is None:
            return
        memory = self._memory
        memory.recorded = True
        session, flags = self._session(row, at), 0
        origin = usage.accounting.source_session_id if usage.accounting else None
        if row.agent_id is None and origin is not None and origin != session:
            session, flags = origin, COPIED
            memory.parent = memory.parent or origin
        key = call_key(memory.seen, session, usage.output_tokens)
        who = (provider_of(usage.model_provider), usage.model)
        call = Generation(key, session, at, *who, *counters(usage), None, None, None, flags)
        self._gathering.add_generation(call)

    def _read_answer(self, row: Row, answer: Answer, at: int | None) -> None:
        """Read what up to about 1.0.64 is all that is told of a call: its output."""
        output, memory = answer.output_tokens, self._memory
        if output is None:
            return
        session = self._session(row, at)
        key = call_key(memory.seen, session, output)
        figures = Counters(None, None, None, None, output, None)
        self._gathering.add_generation(Generation(key, session, at, None, answer.model, *figures, None, None, None, 0))
        if answer.model is not None and not memory.recorded:
            before = memory.pending.get(answer.model)
            memory.pending[answer.model] = Pending(key, session, at, output, 1 + (before.count if before else 0))

    def _read_shutdown(self, _row: Row, shutdown: Shutdown, _at: int | None) -> None:
        """Read the sums over the session. Where one call was made since the last sums, they tell its input."""
        memory = self._memory
        session = memory.session or self._named
        for model, metrics in (shutdown.model_metrics or {}).items():
            usage = metrics.usage or Usage()
            self._gathering.totals[session, model] = SessionTotal(session, model, *counters(usage), None)
            self._complete(model, metrics, usage)
        memory.pending = {}

    def _complete(self, model: str, metrics: ModelMetrics, usage: Usage) -> None:
        memory = self._memory
        requests = metrics.requests.count if metrics.requests else None
        fields = (usage.input_tokens, usage.cache_read_tokens, usage.cache_write_tokens, usage.output_tokens)
        now = tuple(value or 0 for value in (requests, *fields, usage.reasoning_tokens))
        grown = [after - before for after, before in zip(now, memory.sums.get(model, _NO_SUM), strict=True)]
        memory.sums[model] = (now[0], now[1], now[2], now[3], now[4], now[5])
        last = memory.pending.get(model)
        alone = last is not None and last.count == 1 and grown[0] == 1 and min(grown) >= 0
        if memory.recorded or last is None or not alone or last.output != grown[4] or None in fields:
            return
        figures = counters(Usage(grown[1], grown[4], grown[2], grown[3], grown[5]))
        self._gathering.add_generation(
            Generation(last.key, last.session, last.at, None, model, *figures, None, None, None, 0)
        )

    # ---- prompts, tools, notices

    def _read_user(self, row: Row, said: Said, at: int | None) -> None:
        text = text_of(said.content)
        if not text or row.agent_id is not None or said.source not in {None, "", "user"} or text.startswith(_NOTICE):
            return
        self._gathering.add_prompt(self._session(row, at), at, *self._identity(row))
        memory = self._memory
        if memory.title_rank < TitleRank.PROMPT and (title := title_of(text)):
            memory.title, memory.title_rank = title, TitleRank.PROMPT

    def _read_tool_start(self, row: Row, tool: Tool, at: int | None) -> None:
        if tool.tool_call_id is not None:
            name = code_of(tool.tool_name)
            kind = tool_kind(name, tool.mcp_server_name)
            self._add_tool_call(row, tool, ToolCall(b"", "", at, None, name, kind, None), at)

    def _read_tool_end(self, row: Row, tool: Tool, at: int | None) -> None:
        if tool.tool_call_id is not None:
            self._add_tool_call(row, tool, ToolCall(b"", "", None, at, None, None, _status(tool)), at)

    def _add_tool_call(self, row: Row, tool: Tool, half: ToolCall, at: int | None) -> None:
        session = self._session(row, at)
        key = identity(KEY, "tool", self._memory.session or self._named, tool.tool_call_id)
        self._gathering.add_tool_call(half._replace(key=key, session=session))

    def _read_permission(self, row: Row, permission: Permission, at: int | None) -> None:
        kind = (permission.result.kind if permission.result else None) or ""
        if kind.startswith("approved"):
            self._note(row, NoticeKind.APPROVED, at, "rule" if "rule" in kind else "person")
        elif kind.startswith("denied"):
            self._note(row, NoticeKind.DENIED, at, "person" if "user" in kind and "could-not" not in kind else "rule")

    def _read_mode(self, row: Row, mode: Mode, at: int | None) -> None:
        told = code_of(mode.new_mode)
        if mode.allow_all_permissions is not None:
            told = "allow-all" if mode.allow_all_permissions else "ask"
        if told is not None and told != self._memory.mode:
            self._memory.mode = told
            self._note(row, NoticeKind.PERMISSION_MODE, at, told)

    def _read_error(self, row: Row, trouble: Trouble, at: int | None) -> None:
        self._note(row, NoticeKind.API_ERROR, at, code_of(trouble.status_code) or code_of(trouble.error_type))

    def _read_retry(self, row: Row, trouble: Trouble, at: int | None) -> None:
        self._note(row, NoticeKind.RETRIED, at, code_of(trouble.status_code) or code_of(trouble.error_type))

    def _read_abort(self, row: Row, _nothing: Trouble, at: int | None) -> None:
        self._note(row, NoticeKind.INTERRUPTED, at, None)

    def _read_compaction(self, row: Row, compaction: Compaction, at: int | None) -> None:
        if compaction.success is not False:
            self._note(row, NoticeKind.COMPACTED, at, None)

    def _note(self, row: Row, kind: NoticeKind, at: int | None, detail: str | None) -> None:
        self._gathering.add_notice(kind, self._session(row, at), at, detail, self._identity(row))

    def _identity(self, row: Row) -> tuple[str | int | None, ...]:
        """Return what identifies an event: its own id, which copies keep; where it has none, its place."""
        return (row.id,) if row.id else (self._memory.session or self._named, row.timestamp, self._line)

    _HANDLERS: ClassVar[dict[str, tuple[Any, Callable[["CopilotReader", Row, Any, int | None], None]]]] = {
        "session.start": (msgspec.json.Decoder(Begun), _read_begin),
        "session.resume": (msgspec.json.Decoder(Begun), _read_begin),
        "session.title_changed": (msgspec.json.Decoder(Titled), _read_title),
        "session.usage_record": (msgspec.json.Decoder(Recorded), _read_record),
        "assistant.message": (msgspec.json.Decoder(Answer), _read_answer),
        "session.shutdown": (msgspec.json.Decoder(Shutdown), _read_shutdown),
        "user.message": (msgspec.json.Decoder(Said), _read_user),
        "tool.execution_start": (msgspec.json.Decoder(Tool), _read_tool_start),
        "tool.execution_complete": (msgspec.json.Decoder(Tool), _read_tool_end),
        "permission.completed": (msgspec.json.Decoder(Permission), _read_permission),
        "session.mode_changed": (msgspec.json.Decoder(Mode), _read_mode),
        "session.permissions_changed": (msgspec.json.Decoder(Mode), _read_mode),
        "session.error": (msgspec.json.Decoder(Trouble), _read_error),
        "model.call_failure": (msgspec.json.Decoder(Trouble), _read_retry),
        "abort": (msgspec.json.Decoder(Trouble), _read_abort),
        "session.compaction_complete": (msgspec.json.Decoder(Compaction), _read_compaction),
    }


def _status(tool: Tool) -> ToolStatus:
    """Return how a tool call ended; a command that ran and failed is an error."""
    if tool.success is False:
        code = tool.error.code if isinstance(tool.error, Failure) else None
        return ToolStatus.DENIED if code in {"denied", "rejected"} else ToolStatus.ERROR
    failed = tool.shell_execution is not None and tool.shell_execution.exit_code not in {None, 0}
    return ToolStatus.ERROR if failed else ToolStatus.OK
