"""Reads conversations of a ChatGPT export."""

import math
from collections.abc import Iterator
from typing import IO, Any

from goodmeasure.domain.events import Batch, NoticeKind, TitleRank, ToolCall, ToolKind, ToolStatus
from goodmeasure.sources._formats.exports import Turn, add_turn, batches, conversation_facts, fields, items, text
from goodmeasure.sources._formats.jsonl import Gathering, code_of, title_of
from goodmeasure.sources.base import identity

KEY = "chatgpt-export"
_PROVIDER = "openai"
_SPEECH = frozenset({"text", "multimodal_text", "code", "execution_output", "tether_quote", "tether_browsing_display"})
_SILENT = frozenset({
    "reasoning_recap", "user_editable_context", "model_editable_context", "system_error", "app_pairing_content",
    "computer_output", "super_widget", "sonic_webpage", "citable_code_output",
})  # fmt: skip
"""Kinds of content that are notes of the app, or whose text is not what was said."""
_KINDS = {
    "python": ToolKind.RUN,
    "container": ToolKind.RUN,
    "browser": ToolKind.FETCH,
    "web": ToolKind.SEARCH,
    "file_search": ToolKind.SEARCH,
    "myfiles_browser": ToolKind.READ,
    "canmore": ToolKind.EDIT,
}
_YEAR_9999 = 253_402_300_799


def read(place: str, stream: IO[bytes]) -> Iterator[Batch]:  # noqa: ARG001 - `DocumentReader`'s signature
    """Read an export: zip or JSON. See `DocumentReader`."""
    return batches(KEY, stream, _teach)


def _teach(record: dict[str, Any], gathering: Gathering) -> str | None:
    session = code_of(record.get("conversation_id")) or code_of(record.get("id"))
    mapping = record.get("mapping")
    if not isinstance(mapping, dict):
        return "This record is no conversation of a ChatGPT export."
    if session is None:
        return "This conversation has no id."
    messages = _branch(mapping, record.get("current_node"))
    if messages:
        _Conversation(session, gathering).add(record, messages)
    return None


def _branch(mapping: dict[str, Any], current: object) -> list[tuple[str, dict[str, Any]]]:
    """Return (id, message) from the first to the current one: the branch that the person last looked at.

    `children` are empty in some exports, so parents are followed. Without a current message the newest leaf ends it.
    """
    nodes = {name: fields(node) for name, node in mapping.items()}
    at = current if isinstance(current, str) and current in nodes else _newest_leaf(nodes)
    found: list[tuple[str, dict[str, Any]]] = []
    seen: set[str] = set()
    while isinstance(at, str) and at in nodes and at not in seen:
        seen.add(at)
        message = fields(nodes[at].get("message"))
        if message:
            found.append((code_of(message.get("id")) or at, message))
        at = nodes[at].get("parent")
    return found[::-1]


def _newest_leaf(nodes: dict[str, dict[str, Any]]) -> str | None:
    parents = {parent for node in nodes.values() if isinstance(parent := node.get("parent"), str)}
    leaves = [name for name in nodes if name not in parents]
    return max(
        leaves, key=lambda name: _instant(fields(nodes[name].get("message")).get("create_time")) or 0, default=None
    )


def _instant(seconds: object) -> int | None:
    """Return milliseconds since 1970 of a number of seconds; None where it is none."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if not math.isfinite(seconds) or not 0 < seconds < _YEAR_9999:
        return None
    return round(seconds * 1000)


class _Conversation:
    """One conversation while its messages are read in order."""

    def __init__(self, session: str, gathering: Gathering) -> None:
        self._session = session
        self._gathering = gathering
        self._read: list[str] = []
        """Texts that no answer has followed yet."""
        self._first: str | None = None
        """Id of the first message of the answer that is being read."""
        self._answered_at: int | None = None
        self._model: str | None = None
        self._written: list[str] = []
        self._thoughts: list[str] = []
        self._call: ToolCall | None = None
        self._title: str | None = None

    def add(self, record: dict[str, Any], messages: list[tuple[str, dict[str, Any]]]) -> None:
        times = [_instant(record.get("create_time"))]
        for name, message in messages:
            at = _instant(message.get("create_time"))
            times.append(at)
            match fields(message.get("author")).get("role"):
                case "user":
                    self._person(name, message, at)
                case "assistant":
                    self._answer(name, message, at)
                case "tool":
                    self._result(message, at)
                case "system":
                    pass
                case other:
                    self._gathering.add_unknown(f"author:{code_of(other) or '?'}")
        self._end_turn()
        own = title_of(text(record.get("title")))
        rank = TitleRank.GENERATED if own else TitleRank.PROMPT if self._title else TitleRank.NONE
        self._gathering.sessions[self._session] = conversation_facts(
            self._session, times, own or self._title, int(rank)
        )

    def _person(self, name: str, message: dict[str, Any], at: int | None) -> None:
        self._end_turn()
        content = fields(message.get("content"))
        hidden = fields(message.get("metadata")).get("is_visually_hidden_from_conversation") is True
        if hidden or content.get("content_type") in _SILENT:
            return
        said = self._texts(content)
        self._read += said
        self._title = self._title or next((title for part in said if (title := title_of(part))), None)
        self._gathering.add_prompt(self._session, at, self._session, name)

    def _answer(self, name: str, message: dict[str, Any], at: int | None) -> None:
        if self._first is None:
            self._first, self._answered_at = name, at
        content, metadata = fields(message.get("content")), fields(message.get("metadata"))
        slug = code_of(metadata.get("model_slug"))
        if slug != "auto":
            self._model = self._model or slug
        if content.get("content_type") == "thoughts":
            self._thoughts += [text(fields(thought).get("content")) for thought in items(content.get("thoughts"))]
        else:
            self._written += self._texts(content)
        if content.get("content_type") == "system_error":
            self._notice(NoticeKind.API_ERROR, name, at, code_of(content.get("name")))
        if fields(metadata.get("finish_details")).get("type") == "interrupted":
            self._notice(NoticeKind.INTERRUPTED, name, at, None)
        recipient = code_of(message.get("recipient"))
        if recipient not in (None, "all"):
            self._tool_call(name, recipient, at)
        elif message.get("end_turn") is True:
            self._end_turn()

    def _tool_call(self, name: str, recipient: str | None, at: int | None) -> None:
        kind = _KINDS.get((recipient or "").partition(".")[0], ToolKind.OTHER)
        key = identity(KEY, "tool", self._session, name)
        self._call = ToolCall(key, self._session, at, None, recipient, kind, None)
        self._gathering.add_tool_call(self._call)

    def _result(self, message: dict[str, Any], at: int | None) -> None:
        content = fields(message.get("content"))
        self._read += self._texts(content)
        if self._call is not None:
            failed = content.get("content_type") == "system_error"
            status = ToolStatus.ERROR if failed else ToolStatus.OK
            self._gathering.add_tool_call(self._call._replace(finished_at=at, status=status))
            self._call = None

    def _texts(self, content: dict[str, Any]) -> list[str]:
        kind = content.get("content_type")
        if kind not in _SPEECH:
            if kind not in _SILENT:
                self._gathering.add_unknown(f"content:{code_of(kind) or '?'}")
            return []
        parts = [part if isinstance(part, str) else fields(part).get("text") for part in items(content.get("parts"))]
        return [said for part in (*parts, content.get("text"), content.get("result")) if (said := text(part))]

    def _notice(self, kind: NoticeKind, name: str, at: int | None, detail: str | None) -> None:
        self._gathering.add_notice(kind, self._session, at, detail, (self._session, name))

    def _end_turn(self) -> None:
        if self._first is None:
            return
        facts = ("turn", self._session, self._first)
        read, written, thoughts = self._read, self._written, self._thoughts
        turn = Turn(self._session, facts, self._answered_at, _PROVIDER, self._model, read, written, thoughts)
        add_turn(turn, self._gathering)
        self._first = self._answered_at = self._model = self._call = None
        self._read, self._written, self._thoughts = [], [], []
