"""Reads conversations of a Claude.ai export."""

import json
from collections.abc import Iterator
from typing import IO, Any

from goodmeasure.domain.events import Batch, TitleRank, ToolCall, ToolKind, ToolStatus
from goodmeasure.sources._formats.exports import Turn, add_turn, batches, conversation_facts, fields, items, text
from goodmeasure.sources._formats.jsonl import Gathering, code_of, instant, title_of
from goodmeasure.sources.base import identity

KEY = "claude-export"
_PROVIDER = "anthropic"
_SILENT = frozenset({"token_budget", "image", "flag"})
_KINDS = {
    "web_search": ToolKind.SEARCH,
    "web_fetch": ToolKind.FETCH,
    "repl": ToolKind.RUN,
    "bash_tool": ToolKind.RUN,
    "view": ToolKind.READ,
    "artifacts": ToolKind.EDIT,
    "create_file": ToolKind.EDIT,
    "str_replace": ToolKind.EDIT,
}


def read(place: str, stream: IO[bytes]) -> Iterator[Batch]:  # noqa: ARG001 - `DocumentReader`'s signature
    """Read an export: zip or JSON. See `DocumentReader`."""
    return batches(KEY, stream, _teach)


def _teach(record: dict[str, Any], gathering: Gathering) -> str | None:
    session = code_of(record.get("uuid"))
    if not isinstance(record.get("chat_messages"), list):
        return "This record is no conversation of a Claude.ai export."
    if session is None:
        return "This conversation has no id."
    messages = _branch([fields(message) for message in record["chat_messages"]], record)
    if messages:
        _Conversation(session, gathering, code_of(record.get("model"))).add(record, messages)
    return None


def _branch(messages: list[dict[str, Any]], record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages from the first to the current one, or where that is not said to the latest.

    Older exports name no parents: there all messages are one line.
    """
    by_id = {name: message for message in messages if isinstance(name := message.get("uuid"), str)}
    parents = [message.get("parent_message_uuid") for message in messages]
    if not any(isinstance(parent, str) and parent in by_id for parent in parents):
        return messages
    at = record.get("current_leaf_message_uuid")
    if not isinstance(at, str) or at not in by_id:
        at = max(enumerate(by_id), key=lambda item: (_time(by_id[item[1]]) or 0, item[0]))[1]
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    while isinstance(at, str) and at in by_id and at not in seen:
        seen.add(at)
        found.append(by_id[at])
        at = by_id[at].get("parent_message_uuid")
    return found[::-1]


def _time(message: dict[str, Any]) -> int | None:
    at = message.get("created_at")
    return instant(at) if isinstance(at, str) else None


class _Conversation:
    """One conversation while its messages are read in order."""

    def __init__(self, session: str, gathering: Gathering, model: str | None) -> None:
        self._session = session
        self._gathering = gathering
        self._model = model
        self._read: list[str] = []
        """Texts that no answer has followed yet."""
        self._title: str | None = None

    def add(self, record: dict[str, Any], messages: list[dict[str, Any]]) -> None:
        times = [_time(record)]
        for place, message in enumerate(messages):
            name = code_of(message.get("uuid")) or f"number {place}"
            times.append(_time(message))
            match message.get("sender"):
                case "human":
                    self._person(name, message)
                case "assistant":
                    self._answer(name, message)
                case other:
                    self._gathering.add_unknown(f"sender:{code_of(other) or '?'}")
        own = title_of(text(record.get("name")))
        rank = TitleRank.GENERATED if own else TitleRank.PROMPT if self._title else TitleRank.NONE
        self._gathering.sessions[self._session] = conversation_facts(
            self._session, times, own or self._title, int(rank)
        )

    def _person(self, name: str, message: dict[str, Any]) -> None:
        said = [text(block.get("text")) for block in self._blocks(message)] or [text(message.get("text"))]
        attached = [text(fields(file).get("extracted_content")) for file in items(message.get("attachments"))]
        self._read += [*said, *attached]
        self._title = self._title or next((title for part in said if (title := title_of(part))), None)
        self._gathering.add_prompt(self._session, _time(message), self._session, name)

    def _answer(self, name: str, message: dict[str, Any]) -> None:
        written, thoughts = [], []
        call: ToolCall | None = None
        blocks = self._blocks(message)
        for number, block in enumerate(blocks):
            match block.get("type"):
                case "text" | "voice_note":
                    written.append(text(block.get("text")))
                case "thinking":
                    thoughts.append(text(block.get("thinking")))
                case "tool_use":
                    written.append(_written(block.get("input")))
                    call = self._tool_call(name, number, message, block)
                case "tool_result":
                    self._read.append(_result_text(block.get("content")))
                    self._finish(call, block)
                    call = None
        if not blocks:
            written.append(text(message.get("text")))
        model = code_of(message.get("model")) or self._model
        facts = ("message", self._session, name)
        add_turn(
            Turn(self._session, facts, _time(message), _PROVIDER, model, self._read, written, thoughts),
            self._gathering,
        )
        self._read = []

    def _blocks(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the parts of a message that are known; `text` beside them may only say that they are missing."""
        found = []
        for block in map(fields, items(message.get("content"))):
            kind = code_of(block.get("type"))
            if kind in ("text", "voice_note", "thinking", "tool_use", "tool_result"):
                found.append(block)
            elif kind not in _SILENT:
                self._gathering.add_unknown(f"content:{kind or '?'}")
        return found

    def _tool_call(self, name: str, number: int, message: dict[str, Any], block: dict[str, Any]) -> ToolCall:
        began = block.get("start_timestamp")
        at = instant(began) if isinstance(began, str) else None
        tool = code_of(block.get("name"))
        call = ToolCall(
            identity(KEY, "tool", self._session, name, number),
            self._session,
            _time(message) if at is None else at,
            None,
            tool,
            _KINDS.get(tool or "", ToolKind.OTHER),
            None,
        )
        self._gathering.add_tool_call(call)
        return call

    def _finish(self, call: ToolCall | None, block: dict[str, Any]) -> None:
        if call is None:
            return
        ended = block.get("stop_timestamp")
        at = instant(ended) if isinstance(ended, str) else None
        status = ToolStatus.ERROR if block.get("is_error") is True else ToolStatus.OK
        self._gathering.add_tool_call(call._replace(finished_at=at, status=status))


def _written(value: object) -> str:
    try:
        return text(json.dumps(value, ensure_ascii=False)) if value else ""
    except RecursionError:
        return ""


def _result_text(content: object) -> str:
    if isinstance(content, str):
        return text(content)
    return "\n".join(text(fields(part).get("text")) for part in items(content))
