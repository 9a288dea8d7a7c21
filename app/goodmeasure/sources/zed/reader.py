"""Reads Zed's database of threads."""

import io
import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
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
    FAULTS,
    RESIDUAL,
    Gathering,
    UnreadableLineError,
    code_of,
    instant,
    text_of,
    title_of,
)
from goodmeasure.sources._formats.table import Table, bytes_in, missing_in, rows_of_table, text_in
from goodmeasure.sources.base import identity
from goodmeasure.sources.zed.thread import (
    AgentMessage,
    Content,
    Message,
    Snapshot,
    Thread,
    ToolResult,
    ToolUse,
    UserMessage,
    Worktree,
    unpacked,
)

KEY = "zed"

_THREADS = Table(
    "threads", ("id", "updated_at", "data_type", "data"), ("summary", "created_at", "parent_id", "folder_paths")
)
_CHANGED = "WHERE updated_at >= ? ORDER BY updated_at, id"

_Counted = tuple[int | None, int | None, int | None, int | None, int | None]
"""Input, cache reads, cache writes for 5 minutes and 1 hour, output."""

_KINDS = {
    ToolKind.READ: ("diagnostics", "open", "read_file"),
    ToolKind.EDIT: ("copy_path", "create_directory", "create_file", "delete_path", "edit_file", "move_path",
                    "restore_file_from_disk", "save_file", "streaming_edit_file", "write_file"),
    ToolKind.RUN: ("terminal",),
    ToolKind.SEARCH: ("find_path", "grep", "list_directory", "project_notifications"),
    ToolKind.FETCH: ("fetch", "web_search"),
    ToolKind.AGENT: ("spawn_agent", "subagent"),
}  # fmt: skip
_OWN = frozenset({"now", "thinking", "update_plan", "update_title"})
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}

_decode_thread = msgspec.json.Decoder(Thread)
_decode_message = msgspec.json.Decoder(Message | str)
_decode_snapshot = msgspec.json.Decoder(Snapshot)


def read_database(
    place: str,  # noqa: ARG001  the protocol's name; all threads lie in one database
    database: sqlite3.Connection,
    state: bytes | None,
) -> Iterator[tuple[Batch, bytes | None]]:
    """Yield threads that changed since the last time; see `sources.base.DatabaseReader`."""
    mark = state.decode() if state else ""
    gathering = Gathering(KEY)
    if missing_in(database, _THREADS, gathering):
        yield gathering.batch(), state
        return
    number = 0
    for number, row in enumerate(rows_of_table(database, _THREADS, _CHANGED, (mark,)), 1):
        gathering = Gathering(KEY)
        gathering.lines = 1
        changed = text_in(row["updated_at"])
        mark = changed if changed and instant(changed) is not None else mark
        thread = text_in(row["id"])
        if thread is None:
            gathering.issues.append(ParseIssue(number, "A thread has no id."))
        else:
            _Reading(gathering, thread, number).read(row)
        yield gathering.batch(), mark.encode("utf-8", "replace")


class _Reading:
    """One thread."""

    def __init__(self, gathering: Gathering, session: str, number: int) -> None:
        self._gathering = gathering
        self._session = session
        self._number = number
        self._told_by_agent = False
        self._prompts = 0
        self._answers = 0
        self._title: str | None = None

    def read(self, row: dict[str, Any]) -> None:
        document = self._document(row)
        if document is None:
            return
        parent = text_in(row["parent_id"])
        self._told_by_agent = parent is not None
        for raw in document.messages:
            self._read_message(raw)
        worktree, began = self._beginning(document.initial_project_snapshot)
        created, updated = instant(text_in(row["created_at"])), instant(text_in(row["updated_at"]))
        # Rows of before there was `created_at` were given their last change for it.
        started = min((at for at in (created, began, updated) if at is not None), default=None)
        self._add_entry(document, started)
        folders = text_in(row["folder_paths"])
        git = worktree.git_state if worktree else None
        chosen = title_of(text_in(row["summary"]))
        self._gathering.sessions[self._session] = SessionFacts(
            self._session,
            parent,
            Relation.SUBAGENT if parent else None,
            started,
            updated,
            folders.splitlines()[0] if folders and folders.strip() else worktree.worktree_path if worktree else None,
            git.current_branch if git else None,
            git.remote_url if git else None,
            None,
            None,
            chosen or self._title,
            TitleRank.GENERATED if chosen else TitleRank.PROMPT if self._title else TitleRank.NONE,
        )

    def _document(self, row: dict[str, Any]) -> Thread | None:
        try:
            data = unpacked(text_in(row["data_type"]), bytes_in(row["data"]))
        except ValueError:
            self._gathering.issues.append(ParseIssue(self._number, "A thread cannot be unpacked."))
            return None
        try:
            return decoded_document(_decode_thread, io.BytesIO(data))
        except UnreadableLineError as refusal:
            what = str(refusal).replace("The file", "A thread", 1)
            self._gathering.issues.append(ParseIssue(self._number, what))
            return None

    def _beginning(self, raw: msgspec.Raw) -> tuple[Worktree | None, int | None]:
        try:
            snapshot = msgspec.json.decode(raw, type=Snapshot | None) if raw is not ABSENT else None
        except FAULTS:
            return None, None
        if snapshot is None:
            return None, None
        trees = snapshot.worktree_snapshots
        return (trees[0] if trees else None), instant(snapshot.timestamp)

    def _add_entry(self, document: Thread, at: int | None) -> None:
        total = document.cumulative_token_usage
        counted: _Counted = (
            total.input_tokens,
            total.cache_read_input_tokens,
            total.cache_creation_input_tokens,
            None,
            total.output_tokens,
        )
        if not any(counted):
            if document.imported or not self._answers:
                return  # somebody else's shared thread, or nothing was asked yet
            counted = (None, None, None, None, None)
        key = identity(KEY, "session", self._session)
        chosen = document.model
        provider, model = (code_of(chosen.provider), code_of(chosen.model)) if chosen else (None, None)
        self._gathering.add_generation(
            Generation(key, self._session, at, provider, model, *counted, None, None, None, None, RESIDUAL)
        )

    def _read_message(self, raw: msgspec.Raw) -> None:
        try:
            message = _decode_message.decode(raw)
        except FAULTS:
            self._gathering.issues.append(ParseIssue(self._number, "A message of a thread cannot be read."))
            return
        if isinstance(message, str):
            if message != "Resume":
                self._gathering.add_unknown(message)
        elif message.user is not None:
            self._read_user(message.user)
        elif message.agent is not None:
            self._read_agent(message.agent)
        elif message.role is not None:
            self._read_older(message)
        else:
            self._gathering.add_unknown(None)

    def _read_user(self, message: UserMessage) -> None:
        texts = [text_of(piece.text) or "" for piece in message.content]
        attached = any(piece.mention is not ABSENT or piece.image is not ABSENT for piece in message.content)
        self._add_prompt(texts, attached=attached)

    def _read_older(self, message: Message) -> None:
        if message.role == "user":
            texts = [text_of(piece.text) or "" for piece in message.segments if piece.type == "text"]
            self._add_prompt(texts)
        elif message.role == "assistant":
            self._answers += 1
            for use in message.tool_uses:
                self._add_tool(use)
        for result in message.tool_results:
            if result.tool_use_id:
                self._end_tool(result.tool_use_id, result)

    def _add_prompt(self, texts: list[str], *, attached: bool = False) -> None:
        """Prompts are told apart by their number in the thread: an upgrade of the document gives them new ids."""
        said = [text for text in texts if text.strip()]
        if (said or attached) and not self._told_by_agent:
            self._prompts += 1
            self._gathering.add_prompt(self._session, None, self._session, self._prompts)
            self._title = self._title or (title_of(said[0]) if said else None)

    def _read_agent(self, message: AgentMessage) -> None:
        self._answers += 1
        for piece in message.content:
            if isinstance(piece, dict) and "ToolUse" in piece:
                try:
                    use = msgspec.convert(piece, Content).tool_use
                except msgspec.ValidationError:
                    self._gathering.issues.append(ParseIssue(self._number, "A tool call of a thread cannot be read."))
                    continue
                if use is not None:
                    self._add_tool(use)
        for identifier, result in message.tool_results.items():
            self._end_tool(identifier, result)

    def _add_tool(self, use: ToolUse) -> None:
        if use.id is not None:
            name = code_of(use.name)
            key = identity(KEY, "tool", self._session, use.id)
            self._gathering.add_tool_call(ToolCall(key, self._session, None, None, name, _tool_kind(name), None))

    def _end_tool(self, identifier: str, result: ToolResult) -> None:
        key = identity(KEY, "tool", self._session, identifier)
        status = ToolStatus.ERROR if result.is_error else ToolStatus.OK
        self._gathering.add_tool_call(ToolCall(key, self._session, None, None, None, None, status))


def _tool_kind(name: str | None) -> ToolKind | None:
    """Return what a tool does by its name. Tools of MCP servers have any other name."""
    if name is None:
        return None
    return _KIND_BY_NAME.get(name, ToolKind.OTHER if name in _OWN else ToolKind.MCP)
