"""What a Claude Code session wrote into files, and the commits it made."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import msgspec

from goodmeasure.domain.work import Work, Written
from goodmeasure.sources._formats.jsonl import FAULTS, instant
from goodmeasure.sources._formats.work import commits_in
from goodmeasure.sources.claude_code.blocks import Block, Message, decode_blocks


class _Edit(msgspec.Struct):
    new_string: str = ""


class _Input(msgspec.Struct):
    """`Edit`, `MultiEdit`, `Write` and `NotebookEdit` have one of these each."""

    file_path: str | None = None
    notebook_path: str | None = None
    new_string: str | None = None
    content: str | None = None
    new_source: str | None = None
    edits: list[_Edit] = []

    @property
    def path(self) -> str | None:
        return self.file_path or self.notebook_path

    @property
    def text(self) -> str:
        parts = [self.new_string, self.content, self.new_source, *(edit.new_string for edit in self.edits)]
        return "\n".join(part for part in parts if part)


class _Row(msgspec.Struct, rename={"session_id": "sessionId"}):
    type: str | None = None
    session_id: str | None = None
    timestamp: str | None = None
    message: Message | None = None


class _Text(msgspec.Struct):
    text: str = ""


_EDITING = frozenset({"Edit", "MultiEdit", "Write", "NotebookEdit"})
_row = msgspec.json.Decoder(_Row)
_input = msgspec.json.Decoder(_Input)
_result = msgspec.json.Decoder(str | list[_Text])


def work_in(place: str, lines: Iterable[bytes]) -> Iterator[Work]:
    """Yield what one transcript's tools wrote without failing, and the commits that their outputs report."""
    open_calls: dict[str, Written] = {}
    own = PurePosixPath(place).stem
    for line in lines:
        try:
            row = _row.decode(line)
            blocks = decode_blocks(row.message.content) if row.message else []
        except FAULTS:
            continue  # a text, or damage: neither holds a tool's call
        at = instant(row.timestamp) if blocks else None
        for block in blocks:
            if block.type == "tool_use" and block.id and block.name in _EDITING:
                written = _written(row.session_id or own, at, block)
                if written:
                    open_calls[block.id] = written
            elif block.type == "tool_result" and block.tool_use_id:
                told = open_calls.pop(block.tool_use_id, None)
                if told and not block.is_error:
                    yield told
                yield from commits_in(row.session_id or own, at, _output(block))


def _written(session: str, at: int | None, block: Block) -> Written | None:
    try:
        told = _input.decode(block.input)
    except FAULTS:
        return None
    return Written(session, at, told.path, told.text) if told.path and told.text else None


def _output(block: Block) -> str:
    try:
        found = _result.decode(block.content)
    except FAULTS:
        return ""
    return found if isinstance(found, str) else "\n".join(part.text for part in found)
