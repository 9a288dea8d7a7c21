"""What a Codex thread did: tool calls and prompts, without their texts."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from goodmeasure.domain.events import ToolKind, ToolStatus
from goodmeasure.domain.work import Act, Called, Moved
from goodmeasure.sources._formats.acts import OpenCalls, arguments_mark, asked, called
from goodmeasure.sources._formats.jsonl import FAULTS, instant
from goodmeasure.sources._formats.work import commits_in
from goodmeasure.sources.codex.reader import WRAPPERS
from goodmeasure.sources.codex.tools import output_status, tool_kind

_CALLS = frozenset({"custom_tool_call", "function_call", "local_shell_call"})
_OUTPUTS = frozenset({"custom_tool_call_output", "function_call_output"})
_WAITING = frozenset({"write_stdin", "wait", "wait_agent", "update_plan"})
_BY_AGENT = (b'"subagent"', b'"guardian_review"')
_PATCHED = re.compile(r"\*\*\* (?:Add|Update|Delete) File: ([^\n\\]+)")


class _Payload(msgspec.Struct):
    type: str | None = None
    id: str | None = None
    name: str | None = None
    namespace: str | None = None
    call_id: str | None = None
    message: msgspec.Raw = msgspec.Raw(b"null")
    input: msgspec.Raw = msgspec.Raw(b"null")
    arguments: msgspec.Raw = msgspec.Raw(b"null")
    action: msgspec.Raw = msgspec.Raw(b"null")
    output: msgspec.Raw = msgspec.Raw(b"null")
    item: msgspec.Raw = msgspec.Raw(b"null")
    thread_source: msgspec.Raw = msgspec.Raw(b"null")
    source: msgspec.Raw = msgspec.Raw(b"null")
    cwd: msgspec.Raw = msgspec.Raw(b"null")


class _Row(msgspec.Struct):
    type: str | None = None
    timestamp: str | None = None
    payload: _Payload | None = None


class _Part(msgspec.Struct):
    text: str = ""


class _Item(msgspec.Struct):
    type: str | None = None
    content: list[_Part] = []


_row = msgspec.json.Decoder(_Row)
_text = msgspec.json.Decoder(str)
_item = msgspec.json.Decoder(_Item)


def acts_in(place: str, lines: Iterable[bytes], salt: bytes) -> Iterator[Act]:
    """Yield what one thread's agent was asked and did; see `sources.base.ActReader`.

    A copied stretch (of a fork) is told under the thread that the file is of: its instants are older than the thread.
    """
    session = place.rpartition("/")[2].removesuffix(".zst").removesuffix(".jsonl")[-36:]
    named = by_agent = False
    open_calls = OpenCalls()
    for line in lines:
        try:
            row = _row.decode(line)
        except FAULTS:
            continue
        told, at = row.payload, instant(row.timestamp)
        if told is None:
            continue
        if row.type == "session_meta" and not named:
            session, named = told.id or session, True
            by_agent = b"subagent" in bytes(told.source) or bytes(told.thread_source) in _BY_AGENT
        elif row.type == "turn_context":
            yield Moved(session, at, _plain(told.cwd) or None, None)
        elif row.type == "event_msg":
            yield from () if by_agent else _asked(session, at, told, salt)
        elif told.type in _CALLS and told.call_id:
            open_calls.begin(told.call_id, _call(session, at, told, salt))
        elif told.type in _OUTPUTS and told.call_id:
            failed = output_status(told.output) is not ToolStatus.OK
            committed = any(True for _ in commits_in(session, at, _plain(told.output)))
            done = open_calls.end(told.call_id, failed=failed, delivers=committed)
            if done is not None:
                yield done
    yield from open_calls.rest()


def _call(session: str, at: int | None, told: _Payload, salt: bytes) -> Called:
    name = told.name or "local_shell"
    given = _plain(told.input) + _plain(told.arguments) + bytes(told.action).decode("utf-8", "replace")
    files = tuple(dict.fromkeys(path.strip() for path in _PATCHED.findall(given.replace("\\n", "\n"))))
    kind = ToolKind.EDIT if files else tool_kind(name, told.namespace)
    mark = None if name in _WAITING else arguments_mark(salt, name, given.encode("utf-8", "surrogatepass"))
    return called(session, at, kind, mark, files, command="" if files else given)


def _asked(session: str, at: int | None, told: _Payload, salt: bytes) -> Iterator[Act]:
    prompt = _prompt(told)
    if prompt:
        yield asked(salt, session, at, prompt)


def _prompt(told: _Payload) -> str | None:
    """Return what the person said; None where a wrapper of the client, or something else, stands there."""
    text = None
    if told.type == "user_message":
        text = _plain(told.message)
    elif told.type == "item_completed":
        try:
            item = _item.decode(told.item)
        except FAULTS:
            return None
        if item.type == "UserMessage":
            text = next((part.text for part in item.content if part.text), None)
    return None if text is None or text.lstrip().startswith(WRAPPERS) else text


def _plain(raw: msgspec.Raw) -> str:
    try:
        return _text.decode(raw)
    except FAULTS:
        return ""
