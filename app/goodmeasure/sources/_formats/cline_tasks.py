"""Tasks as the editor extensions of Cline's family write them: one list of screen messages per task, written anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Annotated, TypeVar

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
)
from goodmeasure.sources._formats.arrays import Fault, elements
from goodmeasure.sources._formats.jsonl import (
    ABSENT,
    FAULTS,
    RESIDUAL,
    Count,
    Gathering,
    UnreadableLineError,
    code_of,
    second_reading,
    text_of,
    title_of,
)
from goodmeasure.sources._formats.moments import moment_of
from goodmeasure.sources._formats.sessions import merged_facts
from goodmeasure.sources.base import identity

T = TypeVar("T")
INCLUSIVE_FROM = 1_761_868_800_000
"""2025-10-31: from here on Roo Code counts cached tokens in `tokensIn` (RooCodeInc/Roo-Code 8954)."""
_MICROS = 1_000_000
_FILE_TOOLS = {
    ToolKind.READ: ("readFile", "listCodeDefinitionNames", "fetchInstructions", "useSkill", "loadMcpDocumentation"),
    ToolKind.EDIT: (
        "editedExistingFile", "newFileCreated", "appliedDiff", "insertContent", "searchAndReplace", "fileDeleted",
        "generateImage", "applyPatch", "multiEdit",
    ),
    ToolKind.SEARCH: ("listFiles", "listFilesTopLevel", "listFilesRecursive", "searchFiles", "codebaseSearch"),
    ToolKind.FETCH: ("webFetch", "webSearch"),
    ToolKind.AGENT: ("newTask", "finishTask", "useSubagents"),
}  # fmt: skip
_KIND_BY_TOOL = {name: kind for kind, names in _FILE_TOOLS.items() for name in names}
_ROW_TOOLS = {
    "command": ToolKind.RUN,
    "browser_action": ToolKind.FETCH,
    "browser_action_launch": ToolKind.FETCH,
    "use_mcp_server": ToolKind.MCP,
    "use_subagents": ToolKind.AGENT,
}
_SUMS = frozenset({"deleted_api_reqs", "subagent_usage"})
_REQUESTS = frozenset({"api_req_started", "api_req_finished"})
_PROMPTS = frozenset({"user_feedback", "user_feedback_diff"})
_RETRIES = frozenset({"error_retry", "api_req_retried", "api_req_retry_delayed"})

Moment = Annotated[float, msgspec.Meta(ge=0, le=2**53)]


class _ModelInfo(msgspec.Struct, rename="camel"):
    provider_id: str | None = None
    model_id: str | None = None


class _Row(msgspec.Struct, rename="camel"):
    """One message on the extension's screen. Its text may be prose or JSON."""

    ts: Moment | None = None
    type: str | None = None
    say: str | None = None
    ask: str | None = None
    text: msgspec.Raw = ABSENT
    partial: bool | None = None
    model_info: _ModelInfo | None = None


class _Request(msgspec.Struct, rename="camel"):
    """What a row tells of a request."""

    tokens_in: Count | None = None
    tokens_out: Count | None = None
    cache_writes: Count | None = None
    cache_reads: Count | None = None
    cost: Annotated[float, msgspec.Meta(ge=0, le=10**9)] | None = None
    cancel_reason: str | None = None
    api_protocol: str | None = None


class _Tool(msgspec.Struct):
    """Which tool a row is about."""

    tool: str | None = None


class _Item(msgspec.Struct, rename="camel"):
    """One task, in Cline's index or in Roo Code's file beside the messages."""

    id: str | None = None
    ts: Moment | None = None
    task: msgspec.Raw = ABSENT
    cwd_on_task_initialization: str | None = None
    workspace: str | None = None
    parent_task_id: str | None = None


_decode_row = msgspec.json.Decoder(_Row)
_decode_request = msgspec.json.Decoder(_Request)
_decode_tool = msgspec.json.Decoder(_Tool)
_decode_item = msgspec.json.Decoder(_Item)


@dataclass(frozen=True)
class Tasks:
    """A `DocumentReader` of `ui_messages.json`, and of the files that say in which folder a task ran.

    `source`: the source's key; `mixed`: whether cached tokens may be a part of `tokensIn`, as in Roo Code's family.
    """

    source: str
    mixed: bool

    def __call__(self, place: str, stream: IO[bytes]) -> Iterator[Batch]:
        """Read one file; a damaged entry is an issue, and its neighbours stay."""
        gathering = Gathering(self.source)
        name = PurePosixPath(place)
        task = _Task(gathering, name.parent.name, mixed=self.mixed) if name.name == "ui_messages.json" else None
        for number, element in enumerate(elements(stream), 1):
            gathering.lines = number
            if isinstance(element, Fault):
                gathering.issues.append(ParseIssue(number, element))
                continue
            try:
                if task is None:
                    _add_item(gathering, _decoded(_decode_item, element))
                else:
                    task.read(_decoded(_decode_row, element))
            except UnreadableLineError as refusal:
                gathering.issues.append(ParseIssue(number, str(refusal)))
        yield gathering.batch()


class _Task:
    """The rows of one task, in order."""

    def __init__(self, gathering: Gathering, task: str, *, mixed: bool) -> None:
        self._gathering = gathering
        self._task = task
        self._mixed = mixed
        self._prompted = False

    def read(self, row: _Row) -> None:
        if row.type not in {"say", "ask"}:
            self._gathering.add_unknown(row.type)
            return
        at = moment_of(row.ts)
        _tell(self._gathering, _facts(self._task, at, at))
        kind = (row.say if row.type == "say" else row.ask) or ""
        if kind in _REQUESTS or kind in _SUMS:
            self._add_request(row, kind, at)
        elif row.partial:
            return
        elif kind in _PROMPTS or (kind in {"text", "task"} and row.type == "say" and not self._prompted):
            self._add_prompt(row, at)
        elif kind == "tool" or kind in _ROW_TOOLS:
            self._add_tool(row, kind, at)
        elif kind in _RETRIES:
            self._note(NoticeKind.RETRIED, at, None)
        elif kind == "api_req_failed":
            self._note(NoticeKind.API_ERROR, at, None)
        elif kind == "condense_context":
            self._note(NoticeKind.COMPACTED, at, None)

    def _add_request(self, row: _Row, kind: str, at: int | None) -> None:
        text = text_of(row.text)
        if text is None:
            return
        try:
            request = _decode_request.decode(text)
        except FAULTS as fault:
            if text.lstrip()[:1] != "{":  # the first clients wrote prose here
                return
            raise UnreadableLineError("The figures of this request hold something else than expected.") from fault
        if request.cancel_reason is not None:
            stopped = request.cancel_reason == "user_cancelled"
            detail = None if stopped else code_of(request.cancel_reason)
            self._note(NoticeKind.INTERRUPTED if stopped else NoticeKind.API_ERROR, at, detail)
        if any((request.tokens_in, request.tokens_out, request.cache_reads, request.cache_writes)):
            self._add_call(row, request, kind, at)

    def _add_call(self, row: _Row, request: _Request, kind: str, at: int | None) -> None:
        model = row.model_info or _ModelInfo()
        self._gathering.add_generation(
            Generation(
                identity(self._gathering.source, "call", self._task, at, kind),
                self._task,
                at,
                code_of(model.provider_id),
                code_of(model.model_id),
                self._uncached(request, at),
                request.cache_reads,
                request.cache_writes,
                None,
                request.tokens_out,
                None,
                None,
                round(request.cost * _MICROS) if request.cost else None,
                None,
                RESIDUAL if kind in _SUMS else 0,
            )
        )

    def _uncached(self, request: _Request, at: int | None) -> int | None:
        """Return the input that was neither read from nor written to a cache."""
        cached = (request.cache_reads or 0) + (request.cache_writes or 0)
        asked = request.tokens_in
        if asked is None or not self._mixed or asked < cached:
            return asked
        inclusive = request.api_protocol == "openai" or (at is not None and at >= INCLUSIVE_FROM)
        return asked - cached if inclusive else asked

    def _add_prompt(self, row: _Row, at: int | None) -> None:
        self._gathering.add_prompt(self._task, at, self._task, at)
        title = None if self._prompted else title_of(text_of(row.text))
        self._prompted = True
        if title is not None:
            facts = _facts(self._task, at, at)
            _tell(self._gathering, facts._replace(title=title, title_rank=TitleRank.PROMPT))

    def _add_tool(self, row: _Row, kind: str, at: int | None) -> None:
        name = kind
        if kind == "tool":
            try:
                name = code_of(_decode_tool.decode(text_of(row.text) or "").tool) or kind
            except FAULTS:
                name = kind
        what = _ROW_TOOLS.get(kind) or _KIND_BY_TOOL.get(name, ToolKind.OTHER)
        key = identity(self._gathering.source, "tool", self._task, at, kind)
        self._gathering.add_tool_call(ToolCall(key, self._task, at, None, name, what, None))

    def _note(self, kind: NoticeKind, at: int | None, detail: str | None) -> None:
        self._gathering.add_notice(kind, self._task, at, detail, (self._task, at))


def _add_item(gathering: Gathering, item: _Item) -> None:
    if item.id is None:
        raise UnreadableLineError("The entry of a task does not say which task it is.")
    title = title_of(text_of(item.task))
    _tell(
        gathering,
        _facts(item.id, None, moment_of(item.ts))._replace(
            parent=item.parent_task_id or None,
            relation=Relation.SUBAGENT if item.parent_task_id else None,
            cwd=item.cwd_on_task_initialization or item.workspace or None,
            title=title,
            title_rank=TitleRank.PROMPT if title else TitleRank.NONE,
        ),
    )


def _facts(task: str, began: int | None, ended: int | None) -> SessionFacts:
    return SessionFacts(task, None, None, began, ended, None, None, None, None, None, None, TitleRank.NONE)


def _tell(gathering: Gathering, new: SessionFacts) -> None:
    old = gathering.sessions.get(new.session)
    gathering.sessions[new.session] = new if old is None else merged_facts(old, new)


def _decoded(decoder: "msgspec.json.Decoder[T]", data: bytes) -> T:
    try:
        return decoder.decode(data)
    except FAULTS as fault:
        record = second_reading(decoder, data, fault)
        if record is None:
            raise UnreadableLineError("The record is empty.") from fault
        return record
