"""Reads the chats in Cursor's state database."""

import sqlite3
from collections.abc import Iterator

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    NoticeKind,
    ParseIssue,
    SessionFacts,
    TitleRank,
    ToolCall,
    ToolKind,
    ToolStatus,
)
from goodmeasure.sources._formats.jsonl import Gathering, UnreadableLineError, code_of, instant, text_of, title_of
from goodmeasure.sources._formats.moments import moment_of
from goodmeasure.sources._formats.rows import Anchors, anchored, read_up_to
from goodmeasure.sources._formats.table import Table, bytes_in, missing_in
from goodmeasure.sources.base import identity
from goodmeasure.sources.cursor.chat import Bubble, Chat, decoded, folder_of

KEY = "cursor"

_TABLE = Table("cursorDiskKV", ("key", "value"))
_CHAT, _BUBBLE = "composerData:", "bubbleId:"
# Replacing a value gives its row a new, larger number; so what is new or changed lies behind the last row read.
_NEW = """SELECT rowid, key, value FROM cursorDiskKV WHERE rowid > ?
 AND (key GLOB 'composerData:*' OR key GLOB 'bubbleId:*') ORDER BY rowid"""
_ONE = "SELECT value FROM cursorDiskKV WHERE key = ?"
_BUBBLES_OF = "SELECT value FROM cursorDiskKV WHERE key >= ? AND key < ?"
_ROWS_AT_ONCE = 500
_PERSON, _AGENT = 1, 2
_CHOSEN_BY_CURSOR = frozenset({"default", "auto"})

_KINDS = {
    ToolKind.READ: ("read_file", "read_lints"),
    ToolKind.EDIT: ("apply_patch", "delete_file", "edit_file", "edit_notebook", "reapply", "search_replace", "write"),
    ToolKind.RUN: ("run_terminal_cmd", "run_terminal_command"),
    ToolKind.SEARCH: ("codebase_search", "file_search", "glob_file_search", "grep", "grep_search", "list_dir", "rg",
                      "ripgrep_raw_search", "semantic_search_full"),
    ToolKind.FETCH: ("web_fetch", "web_search"),
    ToolKind.AGENT: ("task",),
}  # fmt: skip
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}
_STATUSES = {
    "completed": ToolStatus.OK,
    "success": ToolStatus.OK,
    "error": ToolStatus.ERROR,
    "cancelled": ToolStatus.INTERRUPTED,
    "rejected": ToolStatus.DENIED,
}
_DECISIONS = {"accepted": NoticeKind.APPROVED, "rejected": NoticeKind.DENIED}

_decode_chat = msgspec.json.Decoder(Chat | None)
_decode_bubble = msgspec.json.Decoder(Bubble | None)
_decode_anchors = msgspec.json.Decoder(Anchors)


def read_database(
    place: str,  # noqa: ARG001  the protocol's name; all chats lie in one database
    database: sqlite3.Connection,
    state: bytes | None,
) -> Iterator[tuple[Batch, bytes | None]]:
    """Yield what is new or changed since the last time; see `sources.base.DatabaseReader`."""
    gathering = Gathering(KEY)
    if missing_in(database, _TABLE, gathering):
        yield gathering.batch(), state
        return
    anchors = _decode_anchors.decode(state) if state else []
    reading = _Reading(database)
    for number, key, value in database.execute(_NEW, (read_up_to(database, _TABLE.name, "key", anchors),)):
        reading.read(number, str(key), bytes_in(value))
        anchors = anchored(anchors, number, str(key))
        if reading.gathering.lines == _ROWS_AT_ONCE:
            yield reading.batch(), msgspec.json.encode(anchors)
            reading = _Reading(database)
    yield reading.batch(), msgspec.json.encode(anchors)


class _Reading:
    """One batch of rows."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.gathering = Gathering(KEY)
        self._database = database
        self._models: dict[str, str | None] = {}
        self._silent: dict[str, int | None] = {}
        """Chats whose agent answered without counts, and when it first did."""

    def read(self, number: int, key: str, value: bytes) -> None:
        self.gathering.lines += 1
        try:
            if key.startswith(_CHAT):
                chat = decoded(_decode_chat, value)
                if chat is not None:
                    self._read_chat(key.removeprefix(_CHAT), chat)
            else:
                session, _, identifier = key.removeprefix(_BUBBLE).partition(":")
                self._read_bubble(session, identifier, decoded(_decode_bubble, value))
        except UnreadableLineError as refusal:
            self.gathering.issues.append(ParseIssue(number, str(refusal).replace("The line", "A value", 1)))

    def batch(self) -> Batch:
        """Return what the rows taught; a chat none of whose answers was ever counted is one call of unknown size."""
        for session, at in self._silent.items():
            if not self._was_counted(session):
                key = identity(KEY, "session", session)
                self.gathering.add_generation(self._call(key, session, at, self._model_of(session), None, None))
        return self.gathering.batch()

    def _read_chat(self, session: str, chat: Chat) -> None:
        for number, raw in enumerate(chat.conversation):
            bubble = decoded(_decode_bubble, raw)
            self._read_bubble(session, (bubble.bubble_id if bubble else None) or str(number), bubble)
        if not chat.conversation and not chat.full_conversation_headers_only:
            return  # a chat that was opened and never used
        title = title_of(chat.name)
        self._tell(
            session,
            first=moment_of(chat.created_at),
            last=moment_of(chat.last_updated_at),
            cwd=folder_of(chat),
            title=title,
            rank=TitleRank.GENERATED if title else TitleRank.NONE,
        )

    def _read_bubble(self, session: str, identifier: str, bubble: Bubble | None) -> None:
        if bubble is None:
            return
        written = bubble.created_at
        at = instant(written) if isinstance(written, str) else moment_of(written)
        if bubble.type == _PERSON:
            text = text_of(bubble.text)
            if text and text.strip():
                self.gathering.add_prompt(session, at, session, identifier)
                self._tell(session, first=at, last=at, title=title_of(text), rank=TitleRank.PROMPT)
        elif bubble.type == _AGENT:
            self._read_answer(session, identifier, at, bubble)
        elif bubble.type is not None:
            self.gathering.add_unknown(f"bubble/{bubble.type}")

    def _read_answer(self, session: str, identifier: str, at: int | None, bubble: Bubble) -> None:
        tokens = bubble.token_count
        if tokens is not None and (tokens.input_tokens or tokens.output_tokens):
            named = bubble.model_info.model_name if bubble.model_info else None
            model = _model(named) or self._model_of(session)
            key = identity(KEY, "generation", session, identifier)
            # Where only one of the two was counted, the zero beside it is as unknown as two zeros.
            call = self._call(key, session, at, model, tokens.input_tokens or None, tokens.output_tokens or None)
            self.gathering.add_generation(call)
        else:
            known = [moment for moment in (at, self._silent.get(session)) if moment is not None]
            self._silent[session] = min(known, default=None)
        if bubble.tool_former_data is not None:
            self._read_tool(session, identifier, at, bubble)

    def _read_tool(self, session: str, identifier: str, at: int | None, bubble: Bubble) -> None:
        tool = bubble.tool_former_data
        name = code_of(tool.name) if tool else None
        if tool is None or name is None:
            return
        key = identity(KEY, "tool", session, tool.tool_call_id or identifier)
        decision = _DECISIONS.get(tool.user_decision or "")
        status = ToolStatus.DENIED if decision is NoticeKind.DENIED else _STATUSES.get(tool.status or "")
        self.gathering.add_tool_call(ToolCall(key, session, at, None, name, _tool_kind(name), status))
        if decision is not None:
            self.gathering.add_notice(decision, session, at, "person", (session, tool.tool_call_id or identifier))

    @staticmethod
    def _call(
        key: bytes, session: str, at: int | None, model: str | None, prompt: int | None, output: int | None
    ) -> Generation:
        return Generation(
            key, session, at, None, model, prompt, None, None, None, output, None, None, None, None, 0
        )  # fmt: skip

    def _was_counted(self, session: str) -> bool:
        if any(call.session == session for call in self.gathering.generations.values()):
            return True
        start = f"{_BUBBLE}{session}:"
        for (value,) in self._database.execute(_BUBBLES_OF, (start, start[:-1] + ";")):
            try:
                bubble = decoded(_decode_bubble, bytes_in(value))
            except UnreadableLineError:
                continue
            tokens = bubble.token_count if bubble else None
            if tokens is not None and (tokens.input_tokens or tokens.output_tokens):
                return True
        return False

    def _model_of(self, session: str) -> str | None:
        """Return the model that a chat names: the one chosen last."""
        if session not in self._models:
            row = self._database.execute(_ONE, (_CHAT + session,)).fetchone()
            try:
                chat = decoded(_decode_chat, bytes_in(row[0])) if row else None
            except UnreadableLineError:
                chat = None
            self._models[session] = _model(chat.model_config.model_name if chat and chat.model_config else None)
        return self._models[session]

    def _tell(
        self,
        session: str,
        *,
        first: int | None,
        last: int | None,
        title: str | None,
        rank: TitleRank,
        cwd: str | None = None,
    ) -> None:
        old = self.gathering.sessions.get(session)
        new = SessionFacts(session, None, None, first, last, cwd, None, None, None, None, title, rank)
        if old is not None:
            keeps_title = old.title_rank > rank or (old.title_rank == rank == TitleRank.PROMPT)
            new = new._replace(
                started_at=min((at for at in (old.started_at, first) if at is not None), default=None),
                ended_at=max((at for at in (old.ended_at, last) if at is not None), default=None),
                cwd=cwd or old.cwd,
                title=old.title if keeps_title else title,
                title_rank=old.title_rank if keeps_title else rank,
            )
        self.gathering.sessions[session] = new


def _model(name: str | None) -> str | None:
    return None if name in _CHOSEN_BY_CURSOR else code_of(name)


def _tool_kind(name: str) -> ToolKind:
    """Return what a tool does by its name, whose versions end in `_v2`."""
    if name.startswith(("mcp_", "mcp-")):
        return ToolKind.MCP
    return _KIND_BY_NAME.get(name.removesuffix("_v2"), ToolKind.OTHER)
