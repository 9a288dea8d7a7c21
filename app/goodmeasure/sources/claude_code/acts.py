"""What a Claude Code session did: tool calls, prompts and offered tools, without their texts."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import msgspec

from goodmeasure.domain.work import Act, Called, Moved, Offered
from goodmeasure.sources._formats.acts import OpenCalls, arguments_mark, asked, called
from goodmeasure.sources._formats.jsonl import FAULTS, code_of, instant, text_of
from goodmeasure.sources._formats.work import commits_in
from goodmeasure.sources.claude_code.blocks import Message, decode_blocks
from goodmeasure.sources.claude_code.rows import Row as SpeechRow
from goodmeasure.sources.claude_code.speech import is_interruption, own_words, texts_of
from goodmeasure.sources.claude_code.tools import tool_kind

_WAITING = frozenset({"BashOutput", "TaskOutput", "Monitor", "KillBash", "KillShell", "TodoWrite"})
"""Tools whose same call over and over means nothing: they wait for what is running, or keep the agent's own list."""


class _Input(msgspec.Struct):
    file_path: str | None = None
    notebook_path: str | None = None
    command: str | None = None


class _Attachment(msgspec.Struct, rename="camel"):
    type: str | None = None
    added_names: msgspec.Raw = msgspec.Raw(b"null")
    prompt: msgspec.Raw = msgspec.Raw(b"null")
    command_mode: str | None = None


class _Row(msgspec.Struct, rename="camel"):
    type: str | None = None
    session_id: str | None = None
    agent_id: str | None = None
    is_sidechain: bool | None = None
    timestamp: str | None = None
    cwd: str | None = None
    git_branch: str | None = None
    message: Message | None = None
    attachment: _Attachment | None = None


_row = msgspec.json.Decoder(_Row)
_input = msgspec.json.Decoder(_Input)
_names = msgspec.json.Decoder(list[str])
_speech = msgspec.json.Decoder(SpeechRow)


def acts_in(place: str, lines: Iterable[bytes], salt: bytes) -> Iterator[Act]:
    """Yield what one transcript's agent was asked and did; see `sources.base.ActReader`."""
    return _Transcript(place, salt).acts(lines)


class _Transcript:
    def __init__(self, place: str, salt: bytes) -> None:
        self._own = PurePosixPath(place).stem
        self._salt = salt
        self._open = OpenCalls()
        self._seen: set[str] = set()
        self._places: dict[str, tuple[str | None, str | None]] = {}

    def acts(self, lines: Iterable[bytes]) -> Iterator[Act]:
        for line in lines:
            try:
                row = _row.decode(line)
            except FAULTS:
                continue
            session = row.session_id or self._own
            side = row.agent_id or (self._own if self._own.startswith("agent-") else "")
            if row.is_sidechain or side:
                session = f"{session}/{side or 'sidechain'}"
            at = instant(row.timestamp)
            place = (row.cwd, row.git_branch)
            if "/" not in session and row.cwd is not None and self._places.get(session) != place:
                self._places[session] = place
                yield Moved(session, at, *place)
            if row.type in {"assistant", "user"} and row.message is not None:
                yield from self._tools(row.message.content, session, at)
            if row.type == "user" and "/" not in session:
                yield from self._person(line, session, at)
            if row.attachment is not None:
                yield from self._attachment(row.attachment, session, at)
        yield from self._open.rest()

    def _tools(self, content: msgspec.Raw, session: str, at: int | None) -> Iterator[Act]:
        try:
            blocks = decode_blocks(content)
        except FAULTS:
            return  # a text
        for block in blocks:
            if block.type == "tool_use" and block.id and block.name and block.id not in self._seen:
                self._seen.add(block.id)
                self._open.begin(block.id, self._call(session, at, block.name, block.input))
            elif block.type == "tool_result" and block.tool_use_id:
                done = self._open.end(
                    block.tool_use_id, failed=bool(block.is_error), delivers=_reports_commit(session, block.content)
                )
                if done is not None:
                    yield done

    def _call(self, session: str, at: int | None, name: str, told: msgspec.Raw) -> Called:
        try:
            given = _input.decode(told)
        except FAULTS:
            given = _Input()
        path = given.file_path or given.notebook_path
        mark = None if name in _WAITING else arguments_mark(self._salt, name, told)
        paths = (path,) if path else ()
        return called(session, at, tool_kind(name), mark, paths, command=given.command or "")

    def _person(self, line: bytes, session: str, at: int | None) -> Iterator[Act]:
        try:
            row = _speech.decode(line)
        except FAULTS:
            return
        texts = texts_of(row.message.content if row.message else None)
        if texts is None or is_interruption(texts):
            return
        own = own_words(row, texts)
        if own:
            yield asked(self._salt, session, at, "\n".join(own))

    def _attachment(self, attachment: _Attachment, session: str, at: int | None) -> Iterator[Act]:
        if attachment.type == "deferred_tools_delta":
            try:
                names = _names.decode(attachment.added_names)
            except FAULTS:
                return
            yield Offered(session, at, tuple(name for name in names if code_of(name)))
        elif attachment.type == "queued_command" and attachment.command_mode in {None, "prompt"}:
            text = text_of(attachment.prompt)
            if text and "/" not in session:
                yield asked(self._salt, session, at, text)


def _reports_commit(session: str, content: msgspec.Raw) -> bool:
    return any(True for _ in commits_in(session, None, text_of(content) or ""))
