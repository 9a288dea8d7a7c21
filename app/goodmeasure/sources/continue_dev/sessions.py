"""Reads Continue's sessions: one document each, and the list of them."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

import msgspec

from goodmeasure.domain.events import (
    Batch,
    ParseIssue,
    SessionFacts,
    TitleRank,
    ToolCall,
    ToolKind,
    ToolStatus,
)
from goodmeasure.sources._formats.document import decoded_document
from goodmeasure.sources._formats.file_uri import path_of
from goodmeasure.sources._formats.jsonl import ABSENT, Gathering, UnreadableLineError, code_of, text_of, title_of
from goodmeasure.sources._formats.line_rows import rows_of
from goodmeasure.sources._formats.moments import moment_of
from goodmeasure.sources.base import identity
from goodmeasure.sources.continue_dev.tokens import KEY

_LIST = "sessions.json"
_UNTITLED = frozenset({"New Session", "Untitled Session"})

_KINDS = {
    ToolKind.READ: ("Read", "read_currently_open_file", "read_file", "read_file_range", "view_diff", "view_repo_map"),
    ToolKind.EDIT: ("Edit", "MultiEdit", "Write", "create_new_file", "edit_existing_file", "multi_edit",
                    "single_find_and_replace"),
    ToolKind.RUN: ("Bash", "run_terminal_command"),
    ToolKind.SEARCH: ("List", "Search", "codebase", "file_glob_search", "grep_search", "ls", "view_subdirectory"),
    ToolKind.FETCH: ("Fetch", "fetch_url_content", "search_web"),
    ToolKind.AGENT: ("Subagent",),
}  # fmt: skip
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}
_STATUSES = {"done": ToolStatus.OK, "errored": ToolStatus.ERROR, "canceled": ToolStatus.DENIED}


class _Entry(msgspec.Struct, gc=False, rename="camel"):
    """One entry of the list."""

    session_id: str | None = None
    title: str | None = None
    date_created: str | float | None = None
    workspace_directory: str | None = None


class _Function(msgspec.Struct, gc=False):
    name: str | None = None


class _ToolUse(msgspec.Struct, gc=False):
    id: str | None = None
    function: _Function | None = None


class _ToolState(msgspec.Struct, gc=False, rename="camel"):
    tool_call_id: str | None = None
    status: str | None = None
    tool_call: _ToolUse | None = None


class _Part(msgspec.Struct, gc=False):
    type: str | None = None
    text: msgspec.Raw = ABSENT


class _Message(msgspec.Struct, gc=False):
    role: str | None = None
    content: str | list[_Part] | None = None


class _Item(msgspec.Struct, gc=False, rename="camel"):
    """One entry of a session's history."""

    message: _Message | None = None
    tool_call_states: list[_ToolState] | None = None
    tool_call_state: _ToolState | None = None


class _Session(msgspec.Struct, gc=False, rename="camel"):
    session_id: str | None = None
    title: str | None = None
    workspace_directory: str | None = None
    history: list[msgspec.Raw] = []


_decode_list = msgspec.json.Decoder(list[msgspec.Raw])
_decode_entry = msgspec.json.Decoder(_Entry)
_decode_session = msgspec.json.Decoder(_Session)
_decode_item = msgspec.json.Decoder(_Item)


def read_session(place: str, stream: IO[bytes]) -> Iterator[Batch]:
    """Yield what one session, or the list of sessions, teaches; see `sources.base.DocumentReader`."""
    gathering = Gathering(KEY)
    name = PurePosixPath(place)
    try:
        if name.name == _LIST:
            _read_list(gathering, decoded_document(_decode_list, stream))
        else:
            _read_session(gathering, name.stem, decoded_document(_decode_session, stream))
    except UnreadableLineError as refusal:
        gathering.lines = 1
        gathering.issues.append(ParseIssue(1, str(refusal)))
    yield gathering.batch()


def _read_list(gathering: Gathering, entries: list[msgspec.Raw]) -> None:
    for _, entry in rows_of(_decode_entry, entries, 1, gathering):
        if entry.session_id:
            created = entry.date_created
            if isinstance(created, str):
                created = float(created) if created.isdecimal() else None
            _tell(gathering, entry.session_id, entry.title, None, entry.workspace_directory, moment_of(created))


def _read_session(gathering: Gathering, stem: str, session: _Session) -> None:
    identifier = session.session_id or stem
    prompts = 0
    first: str | None = None
    for number, item in rows_of(_decode_item, session.history, 1, gathering):
        said = _said(item.message) if item.message and item.message.role == "user" else ""
        if said.strip():
            # Prompts have neither id nor instant; a session only grows, so their place tells them apart.
            prompts += 1
            gathering.add_prompt(identifier, None, identifier, prompts)
            first = first or title_of(said)
        for state in item.tool_call_states or ([item.tool_call_state] if item.tool_call_state else []):
            _add_tool_call(gathering, identifier, number, state)
    if session.history:
        _tell(gathering, identifier, session.title, first, session.workspace_directory, None)


def _said(message: _Message) -> str:
    if isinstance(message.content, list):
        return "\n".join(text_of(part.text) or "" for part in message.content if part.type == "text")
    return message.content or ""


def _add_tool_call(gathering: Gathering, session: str, number: int, state: _ToolState) -> None:
    use = state.tool_call
    name = code_of(use.function.name) if use and use.function else None
    own = state.tool_call_id or (use.id if use else None) or str(number)
    kind = (_KIND_BY_NAME.get(name, ToolKind.OTHER)) if name else None
    status = _STATUSES.get(state.status or "")
    gathering.add_tool_call(ToolCall(identity(KEY, "tool", session, own), session, None, None, name, kind, status))


def _tell(
    gathering: Gathering, session: str, title: str | None, prompt: str | None, folder: str | None, at: int | None
) -> None:
    chosen = None if title in _UNTITLED else title_of(title)
    rank = TitleRank.GENERATED if chosen else TitleRank.PROMPT if prompt else TitleRank.NONE
    cwd = path_of(folder) or (folder if folder and "://" not in folder else None)
    gathering.sessions[session] = SessionFacts(
        session, None, None, at, None, cwd, None, None, None, None, chosen or prompt, rank
    )
