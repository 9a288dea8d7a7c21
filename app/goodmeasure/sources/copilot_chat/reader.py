"""Reads one chat of Copilot in VS Code."""

import io
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any

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
from goodmeasure.sources._formats.document import decoded_document
from goodmeasure.sources._formats.jsonl import Count, Gathering, UnreadableLineError, code_of, title_of
from goodmeasure.sources._formats.moments import moment_of
from goodmeasure.sources.base import identity
from goodmeasure.sources.copilot_chat.replay import chats_of

KEY = "copilot-chat"

_TOOL_PARTS = ("toolInvocation", "toolInvocationSerialized")
_AUTO = frozenset({"auto", "copilot/auto"})
_DENIED, _BY_SETTING, _BY_RULE, _BY_PERSON = 0, 2, 3, 4
"""How a tool call was confirmed."""

_KINDS = {
    ToolKind.READ: ("getErrors", "getNotebookSummary", "readFile", "readNotebookCellOutput", "readProjectStructure",
                    "get_terminal_output", "getVSCodeAPI", "viewImage"),
    ToolKind.EDIT: ("applyPatch", "createDirectory", "createFile", "editFile", "editFiles", "editNotebook",
                    "insertEdit", "multiReplaceString", "replaceString"),
    ToolKind.RUN: ("create_and_run_task", "runInTerminal", "runNotebookCell", "runTests", "runVscodeCommand",
                   "run_in_terminal", "run_task"),
    ToolKind.SEARCH: ("findFiles", "findTestFiles", "findTextInFiles", "getChangedFiles", "getSearchResults",
                      "listCodeUsages", "listDirectory", "searchCodebase", "searchWorkspaceSymbols"),
    ToolKind.FETCH: ("fetchWebPage", "githubRepo", "openSimpleBrowser", "vscode_fetchWebPage_internal"),
    ToolKind.AGENT: ("runSubagent",),
}  # fmt: skip
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}


class _Round(msgspec.Struct, gc=False):
    timestamp: float | None = None


class _Metadata(msgspec.Struct, gc=False, rename="camel"):
    tool_call_rounds: list[_Round] = []
    resolved_model: str | None = None
    prompt_tokens: Count | None = None
    output_tokens: Count | None = None


class _Failure(msgspec.Struct, gc=False):
    code: str | int | None = None


class _Result(msgspec.Struct, gc=False, rename="camel"):
    metadata: _Metadata | None = None
    error_details: _Failure | None = None


class _Said(msgspec.Struct, gc=False):
    text: str | None = None


class _Request(msgspec.Struct, gc=False, rename="camel"):
    request_id: str | None = None
    timestamp: float | None = None
    message: _Said | str | None = None
    model_id: str | None = None
    response: list[Any] | None = None
    result: _Result | None = None
    is_canceled: bool | None = None


class _Confirmation(msgspec.Struct, gc=False):
    type: int | None = None


class _Tool(msgspec.Struct, gc=False, rename="camel"):
    tool_id: str | None = None
    tool_call_id: str | None = None
    is_confirmed: bool | _Confirmation | None = None
    is_complete: bool | None = None


_decode_any = msgspec.json.Decoder()


def read_chat(place: str, stream: IO[bytes]) -> Iterator[Batch]:
    """Yield what one chat teaches; see `sources.base.DocumentReader`."""
    gathering = Gathering(KEY)
    name = PurePosixPath(place)
    reading = _Reading(gathering, name.stem)
    if name.suffix == ".jsonl":
        for chat in chats_of(io.BytesIO(stream.read()), gathering):
            reading.read(chat)
    else:
        gathering.lines = 1
        try:
            document = decoded_document(_decode_any, stream)
        except UnreadableLineError as refusal:
            gathering.issues.append(ParseIssue(1, str(refusal)))
        else:
            reading.read(document)
    yield gathering.batch()


class _Reading:
    """One chat; read several times while it is replayed."""

    def __init__(self, gathering: Gathering, session: str) -> None:
        self._gathering = gathering
        self._session = session

    def read(self, chat: Any) -> None:
        requests = chat.get("requests") if isinstance(chat, dict) else None
        if not isinstance(requests, list):
            self._gathering.issues.append(ParseIssue(1, "The file holds no list of requests."))
            return
        if isinstance(chat.get("sessionId"), str) and chat["sessionId"]:
            self._session = chat["sessionId"]
        first, last, title = _moment(chat.get("creationDate")), _moment(chat.get("lastMessageDate")), None
        for number, raw in enumerate(requests, 1):
            try:
                request = msgspec.convert(raw, _Request)
            except (msgspec.ValidationError, RecursionError):
                self._gathering.issues.append(ParseIssue(number, "A request cannot be read."))
                continue
            at = moment_of(request.timestamp)
            self._read_request(request, number, at)
            first, last = min(first or at or 0, at or first or 0) or None, max(last or 0, at or 0) or None
            title = title or title_of(_text(request))
        if requests:
            self._tell(chat, first, last, title)

    def _tell(self, chat: dict[str, Any], first: int | None, last: int | None, title: str | None) -> None:
        named = chat.get("customTitle")
        own = title_of(named) if isinstance(named, str) else None
        rank = TitleRank.GENERATED if own else TitleRank.PROMPT if title else TitleRank.NONE
        self._gathering.sessions[self._session] = SessionFacts(
            self._session, None, None, first, last, None, None, None, None, "vscode", own or title, rank
        )

    def _read_request(self, request: _Request, number: int, at: int | None) -> None:
        facts = (self._session, request.request_id or str(number))
        if _text(request).strip():
            self._gathering.add_prompt(self._session, at, *facts)
        if request.is_canceled:
            self._gathering.add_notice(NoticeKind.INTERRUPTED, self._session, at, None, facts)
        failure = request.result.error_details if request.result else None
        if failure is not None and not request.is_canceled:
            self._gathering.add_notice(NoticeKind.API_ERROR, self._session, at, code_of(failure.code), facts)
        self._add_calls(request, at, facts)
        for place, part in enumerate(request.response or ()):
            if isinstance(part, dict) and any(part.get("kind") == kind for kind in _TOOL_PARTS):
                self._read_tool(part, at, (*facts, str(place)))

    def _add_calls(self, request: _Request, at: int | None, facts: tuple[str, str]) -> None:
        """Note one call for each round of the tool loop; only of the last one the tokens may be known."""
        metadata = (request.result.metadata if request.result else None) or _Metadata()
        rounds = metadata.tool_call_rounds or ([_Round()] if request.response else [])
        model = metadata.resolved_model or (None if request.model_id in _AUTO else request.model_id)
        name = code_of(model.removeprefix("copilot/")) if model else None
        for number, one in enumerate(rounds, 1):
            last = number == len(rounds)
            counted = (metadata.prompt_tokens, metadata.output_tokens) if last else (None, None)
            key = identity(KEY, "generation", *facts, number)
            self._gathering.add_generation(
                Generation(
                    key, self._session, moment_of(one.timestamp) or at, None, name,
                    counted[0], None, None, None, counted[1], None, None, None, None, 0,
                )
            )  # fmt: skip

    def _read_tool(self, part: dict[str, Any], at: int | None, facts: tuple[str, ...]) -> None:
        try:
            tool = msgspec.convert(part, _Tool)
        except (msgspec.ValidationError, RecursionError):
            self._gathering.issues.append(ParseIssue(1, "A tool call cannot be read."))
            return
        own = (self._session, tool.tool_call_id) if tool.tool_call_id else facts
        confirmed = tool.is_confirmed
        answer = confirmed.type if isinstance(confirmed, _Confirmation) else None
        denied = confirmed is False or answer == _DENIED
        if denied:
            self._gathering.add_notice(NoticeKind.DENIED, self._session, at, "person", own)
        elif answer in {_BY_SETTING, _BY_RULE, _BY_PERSON}:
            who = "person" if answer == _BY_PERSON else "rule"
            self._gathering.add_notice(NoticeKind.APPROVED, self._session, at, who, own)
        name = code_of(tool.tool_id)
        status = ToolStatus.DENIED if denied else _status(part, tool)
        key = identity(KEY, "tool", *own)
        self._gathering.add_tool_call(ToolCall(key, self._session, at, None, name, _tool_kind(name), status))


def _status(part: dict[str, Any], tool: _Tool) -> ToolStatus | None:
    if not tool.is_complete:
        return None
    details = part.get("resultDetails")
    failed = isinstance(details, dict) and details.get("isError") is True
    return ToolStatus.ERROR if failed else ToolStatus.OK


def _text(request: _Request) -> str:
    said = request.message
    return (said.text or "") if isinstance(said, _Said) else said or ""


def _moment(value: Any) -> int | None:
    return moment_of(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _tool_kind(name: str | None) -> ToolKind | None:
    if name is None:
        return None
    if name.startswith("mcp_"):
        return ToolKind.MCP
    return _KIND_BY_NAME.get(name.removeprefix("copilot_"), ToolKind.OTHER)
