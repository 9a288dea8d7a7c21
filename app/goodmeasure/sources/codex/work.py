"""What a Codex thread wrote into files, and the commits it made."""

from collections.abc import Iterable, Iterator

import msgspec

from goodmeasure.domain.work import Work, Written
from goodmeasure.sources._formats.jsonl import FAULTS, instant
from goodmeasure.sources._formats.work import commits_in, patch_texts

_FAILED = ("error", "failed", "verification failed")
_BEGIN = "*** Begin Patch"


class _Payload(msgspec.Struct):
    type: str | None = None
    id: str | None = None
    session_id: str | None = None
    name: str | None = None
    call_id: str | None = None
    input: msgspec.Raw = msgspec.Raw(b"null")
    arguments: msgspec.Raw = msgspec.Raw(b"null")
    output: msgspec.Raw = msgspec.Raw(b"null")


class _Row(msgspec.Struct):
    type: str | None = None
    timestamp: str | None = None
    payload: _Payload | None = None


class _Output(msgspec.Struct):
    """Older versions wrap a tool's output, as JSON inside a text."""

    output: str = ""
    content: str = ""


_row = msgspec.json.Decoder(_Row)
_text = msgspec.json.Decoder(str)
_output = msgspec.json.Decoder(_Output)


def work_in(place: str, lines: Iterable[bytes]) -> Iterator[Work]:
    """Yield what one thread's patches added without failing, and the commits that its commands report."""
    session = place.rpartition("/")[2].removesuffix(".zst").removesuffix(".jsonl")[-36:]
    open_calls: dict[str, list[Written]] = {}
    for line in lines:
        try:
            row = _row.decode(line)
        except FAULTS:
            continue
        told = row.payload
        if told is None:
            continue
        if row.type == "session_meta":
            session = told.id or session
        elif told.call_id and told.type in {"custom_tool_call", "function_call"}:
            patch = _patch(_plain(told.input) + _plain(told.arguments))
            if patch:
                open_calls[told.call_id] = list(patch_texts(session, instant(row.timestamp), patch))
        elif told.call_id and told.type in {"custom_tool_call_output", "function_call_output"}:
            output = _inside(_plain(told.output))
            written = open_calls.pop(told.call_id, [])
            if not output.lstrip().lower().startswith(_FAILED):
                yield from written
            yield from commits_in(session, instant(row.timestamp), output)


def _patch(told: str) -> str:
    """Return the patch inside a call's input, which may be the patch itself, JSON around it, or a command with it."""
    start = told.find(_BEGIN)
    if start < 0:
        return ""
    text = told[start:]
    # JSON inside a text keeps its line ends escaped.
    return text if "\n" in text else text.replace("\\n", "\n").replace('\\"', '"').replace("\\t", "\t")


def _inside(text: str) -> str:
    try:
        found = _output.decode(text)
    except FAULTS:
        return text
    return found.output or found.content or text


def _plain(raw: msgspec.Raw) -> str:
    try:
        return _text.decode(raw)
    except FAULTS:
        return ""
