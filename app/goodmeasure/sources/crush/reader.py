"""Reads Crush's database of one project: sessions with their cost, and messages."""

import sqlite3
from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

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
from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, RESIDUAL, Gathering, code_of, text_of, title_of
from goodmeasure.sources._formats.moments import moment_of
from goodmeasure.sources._formats.table import (
    Table,
    bytes_in,
    micros_in,
    missing_in,
    number_in,
    rows_of_table,
    text_in,
)
from goodmeasure.sources.base import identity

KEY = "crush"

_SESSIONS = Table("sessions", ("id", "cost", "updated_at"), ("parent_session_id", "title", "created_at"))
_MESSAGES = Table(
    "messages",
    ("id", "session_id", "role", "parts", "updated_at"),
    ("model", "provider", "created_at", "finished_at", "is_summary_message"),
)
_CHANGED = "WHERE updated_at >= ? ORDER BY updated_at, id"
_LAST_ANSWER = "WHERE session_id = ? AND role = 'assistant' AND model <> '' ORDER BY created_at DESC, id LIMIT 1"
_ROWS_AT_ONCE = 500
_UNTITLED = frozenset({"New Session", "Untitled Session"})

_KINDS = {
    ToolKind.READ: ("view", "diagnostics", "job_output", "lsp_diagnostics", "lsp_references", "references"),
    ToolKind.EDIT: ("edit", "multiedit", "patch", "write"),
    ToolKind.RUN: ("bash", "job_kill"),
    ToolKind.SEARCH: ("glob", "grep", "ls", "sourcegraph"),
    ToolKind.FETCH: ("agentic_fetch", "download", "fetch", "web_fetch", "web_search"),
    ToolKind.AGENT: ("agent",),
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}


class _Project(msgspec.Struct):
    path: str | None = None
    data_dir: str | None = None


class _Projects(msgspec.Struct):
    projects: list[_Project] = []


class _Data(msgspec.Struct, gc=False):
    """The fields of all kinds of parts that are read."""

    id: str | None = None
    name: str | None = None
    tool_call_id: str | None = None
    is_error: bool | None = None
    reason: str | None = None
    time: float | None = None
    text: msgspec.Raw = ABSENT
    hidden: bool | None = None


class _Part(msgspec.Struct, gc=False):
    type: str | None = None
    data: _Data | None = None


class _Mark(msgspec.Struct):
    """Up to which change the two tables have been read."""

    sessions: float = 0
    messages: float = 0


_decode_projects = msgspec.json.Decoder(_Projects)
_decode_parts = msgspec.json.Decoder(list[_Part])
_decode_mark = msgspec.json.Decoder(_Mark)


def project_folders(data: bytes) -> list[str]:
    """Return the data folders of the projects that Crush lists."""
    try:
        projects = _decode_projects.decode(data).projects
    except FAULTS:
        return []
    return [str(_folder(project.path, project.data_dir)) for project in projects if project.path or project.data_dir]


def _folder(path: str | None, data: str | None) -> PurePosixPath | PureWindowsPath:
    whole = path or data or ""
    kind = PureWindowsPath if "\\" in whole or whole[1:2] == ":" else PurePosixPath
    return kind(path or "") / (data or ".crush")


def read_database(
    place: str, database: sqlite3.Connection, state: bytes | None
) -> Iterator[tuple[Batch, bytes | None]]:
    """Yield what changed since the last time; see `sources.base.DatabaseReader`."""
    mark = _decode_mark.decode(state) if state else _Mark()
    for read in (_sessions_read, _messages_read):
        for gathering in read(place, database, mark):
            yield gathering.batch(), msgspec.json.encode(mark)


def _change(row: dict[str, Any]) -> float:
    """Return when a row changed; a damaged cell must not hide all later changes."""
    number = number_in(row["updated_at"])
    return number if number is not None and moment_of(number) is not None else 0


def _sessions_read(place: str, database: sqlite3.Connection, mark: _Mark) -> Iterator[Gathering]:
    gathering = Gathering(KEY)
    if not missing_in(database, _SESSIONS, gathering):
        for row in rows_of_table(database, _SESSIONS, _CHANGED, (mark.sessions,)):
            gathering.lines += 1
            mark.sessions = max(mark.sessions, _change(row))
            session = text_in(row["id"])
            if session is None:
                gathering.issues.append(ParseIssue(gathering.lines, "A session has no id."))
                continue
            _read_session(gathering, place, database, session, row)
    yield gathering


def _read_session(
    gathering: Gathering, place: str, database: sqlite3.Connection, session: str, row: dict[str, Any]
) -> None:
    parent = text_in(row["parent_session_id"])
    started = moment_of(number_in(row["created_at"]))
    title = title_of(text_in(row["title"]))
    title = None if title in _UNTITLED else title
    gathering.sessions[session] = SessionFacts(
        session,
        parent,
        Relation.SUBAGENT if parent else None,
        started,
        moment_of(number_in(row["updated_at"])),
        _project_of(place),
        None,
        None,
        None,
        None,
        title,
        TitleRank.GENERATED if title else TitleRank.NONE,
    )
    if parent is None:
        # The cost of sub-agents, and of making titles, is added to the session that started them.
        _add_entry(gathering, database, session, started, micros_in(row["cost"]))


def _add_entry(
    gathering: Gathering, database: sqlite3.Connection, session: str, at: int | None, cost: int | None
) -> None:
    last = None
    if not missing_in(database, _MESSAGES, Gathering(KEY)):
        last = next(rows_of_table(database, _MESSAGES, _LAST_ANSWER, (session,)), None)
    if last is None and cost is None:
        return
    model, provider = (code_of(last["model"]), code_of(last["provider"])) if last else (None, None)
    key = identity(KEY, "session", session)
    gathering.add_generation(
        Generation(key, session, at, provider, model, None, None, None, None, None, None, None, cost, None, RESIDUAL)
    )


def _messages_read(_place: str, database: sqlite3.Connection, mark: _Mark) -> Iterator[Gathering]:
    gathering = Gathering(KEY)
    if missing_in(database, _MESSAGES, gathering):
        yield gathering
        return
    children = _children(database)
    for row in rows_of_table(database, _MESSAGES, _CHANGED, (mark.messages,)):
        gathering.lines += 1
        mark.messages = max(mark.messages, _change(row))
        _read_message(gathering, row, children)
        if gathering.lines == _ROWS_AT_ONCE:
            yield gathering
            gathering = Gathering(KEY)
    yield gathering


def _children(database: sqlite3.Connection) -> frozenset[str]:
    """Return the sessions that another started: what stands there as said by the person was said by an agent."""
    if missing_in(database, _SESSIONS, Gathering(KEY)):
        return frozenset()
    rows = rows_of_table(database, _SESSIONS)
    return frozenset(str(row["id"]) for row in rows if row["parent_session_id"])


def _read_message(gathering: Gathering, row: dict[str, Any], children: frozenset[str]) -> None:
    session, identifier = text_in(row["session_id"]), text_in(row["id"])
    try:
        parts = _decode_parts.decode(bytes_in(row["parts"]))
    except FAULTS:
        gathering.issues.append(ParseIssue(gathering.lines, "The parts of a message cannot be read."))
        return
    if session is None or identifier is None:
        gathering.issues.append(ParseIssue(gathering.lines, "A message has no id or no session."))
        return
    at = moment_of(number_in(row["created_at"]))
    if row["is_summary_message"] == 1:
        gathering.add_notice(NoticeKind.COMPACTED, session, at, None, (identifier,))
    for part in parts:
        if part.data is not None:
            _read_part(gathering, session, identifier, at, part.type, part.data)
    if row["role"] == "user" and session not in children:
        _read_person(gathering, session, identifier, at, parts)


def _read_part(gathering: Gathering, session: str, message: str, at: int | None, kind: str | None, data: _Data) -> None:
    if kind == "tool_call" and data.id:
        key = identity(KEY, "tool", session, data.id)
        name = code_of(data.name)
        gathering.add_tool_call(ToolCall(key, session, at, None, name, _tool_kind(name), None))
    elif kind == "tool_result" and data.tool_call_id:
        key = identity(KEY, "tool", session, data.tool_call_id)
        status = ToolStatus.ERROR if data.is_error else ToolStatus.OK
        gathering.add_tool_call(ToolCall(key, session, None, at, None, None, status))
    elif kind == "finish":
        finished = moment_of(data.time) or at
        if data.reason == "canceled":
            gathering.add_notice(NoticeKind.INTERRUPTED, session, finished, None, (message,))
        elif data.reason in {"error", "content_filter"}:
            gathering.add_notice(NoticeKind.API_ERROR, session, finished, data.reason, (message,))
        elif data.reason == "permission_denied":
            gathering.add_notice(NoticeKind.DENIED, session, finished, "person", (message,))


def _read_person(gathering: Gathering, session: str, message: str, at: int | None, parts: list[_Part]) -> None:
    """Note a prompt; commands for the shell (`!…`) and texts that the client goes on with by itself are none."""
    said = [part.data for part in parts if part.type == "text" and part.data and not part.data.hidden]
    texts = [text for data in said if (text := text_of(data.text)) and text.strip()]
    if texts or any(part.type in {"binary", "image_url"} for part in parts):
        gathering.add_prompt(session, at, message)
        title = title_of(texts[0]) if texts else None
        if title is not None and session not in gathering.sessions:
            gathering.sessions[session] = SessionFacts(
                session, None, None, at, at, None, None, None, None, None, title, TitleRank.PROMPT
            )


def _tool_kind(name: str | None) -> ToolKind | None:
    if name is None:
        return None
    return ToolKind.MCP if name.startswith("mcp_") else _KIND_BY_NAME.get(name, ToolKind.OTHER)


def _project_of(place: str) -> str | None:
    """Return the project's folder where the data folder lies in it; a data folder elsewhere tells of no project."""
    folder = PureWindowsPath(place).parent if place[1:2] == ":" else PurePosixPath(place).parent
    return str(folder.parent) if folder.name == ".crush" and folder.is_absolute() else None
