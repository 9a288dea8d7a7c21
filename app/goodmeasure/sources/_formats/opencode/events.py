"""From OpenCode's sessions, messages and parts to events, wherever they are stored."""

from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from goodmeasure.domain.events import (
    Generation,
    NoticeKind,
    Relation,
    SessionFacts,
    TitleRank,
    ToolCall,
    ToolStatus,
)
from goodmeasure.sources._formats.jsonl import ABSENT, COPIED, FAULTS, Gathering, code_of, text_of, title_of
from goodmeasure.sources._formats.opencode.records import Failure, Message, Part, Session, Tokens
from goodmeasure.sources._formats.opencode.tool_calls import (
    allowed_by,
    is_finished,
    refused_by,
    state_of,
    tool_kind,
    tool_status,
)
from goodmeasure.sources._formats.opencode.usage import cost_micros, counters, figures
from goodmeasure.sources._formats.sessions import merged_facts
from goodmeasure.sources.base import identity

_CLOCK_BITS = 36
"""An id begins with the milliseconds at which it was made, cut to so many bits, and a counter of twelve."""
_COUNTER_BITS = 12
_SLACK_MS = 1000
_UNNAMED = ("New session - ", "Child session - ")
_UNNEEDED_PARTS = frozenset({
    "text", "reasoning", "file", "agent", "subtask", "snapshot", "patch", "step-start", "step-finish", "compaction",
    "retry", "tool",
})  # fmt: skip
_decode_failure = msgspec.json.Decoder(Failure)


class Place(NamedTuple):
    """What is known around a message."""

    session: str
    version: str | None
    """Of the client that began the session; None where only the message is at hand."""
    child: bool
    """The session was started by another one."""


@dataclass(slots=True)
class Events:
    """Gathers the events of sessions, messages and parts of one store."""

    gathering: Gathering

    def add_session(self, session: Session) -> None:
        """Add what a session's own record tells."""
        if session.id is None:
            return
        title = title_of(session.title)
        named = title is not None and not title.startswith(_UNNAMED)
        parent = session.parent_id or None
        self._tell(
            SessionFacts(
                session.id,
                parent,
                Relation.SUBAGENT if parent else None,
                whole(session.time.created),
                None,
                session.directory or None,
                None,
                None,
                code_of(session.version),
                None,
                title if named else None,
                TitleRank.GENERATED if named else TitleRank.NONE,
            )
        )

    def add_message(self, message: Message, place: Place, cost: float | None) -> None:
        """Add the call and the notices of a message of the agent. What the person said comes from its parts.

        `cost`: dollars of the call. A message's own cost sums up its steps, and in Kilo the sub-agents' calls too.
        """
        if message.role != "assistant":
            if message.role != "user":
                self.gathering.add_unknown(f"message/{code_of(message.role) or '?'}")
            return
        created, ended = whole(message.time.created), whole(message.time.completed)
        if message.tokens is not None:
            self.add_call(message, message.tokens, cost, place)
        if message.error is not None:
            self._add_failure(message, message.error, place)
        if bytes(message.summary) == b"true":
            self.gathering.add_notice(NoticeKind.COMPACTED, place.session, created, None, facts_of(message))
        self.touch(place.session, ended or created, began=None if is_copy(message) else created)

    def add_call(self, message: Message, tokens: Tokens, cost: float | None, place: Place) -> None:
        """Add a call, from a message or from one of its steps; all zeros stand for a call that gave nothing."""
        if not any(figures(tokens)):
            return
        source = self.gathering.source
        self.gathering.add_generation(
            Generation(
                identity(source, "call", *facts_of(message), *figures(tokens)),
                place.session,
                whole(message.time.created),
                code_of(message.provider_id),
                code_of(message.model_id),
                *counters(tokens, message, place.version),
                None,
                cost_micros(cost),
                None,
                COPIED if is_copy(message) else 0,
            )
        )

    def add_prompt(self, message: Message, place: Place, text: str | None) -> None:
        """Add what the person said; what a parent tells its sub-agent is none."""
        if place.child or message.role != "user":
            return
        at = whole(message.time.created)
        self.gathering.add_prompt(place.session, at, *facts_of(message))
        title = title_of(text)
        if title is not None:
            facts = self.touch(place.session, at)
            self._tell(facts._replace(title=title, title_rank=TitleRank.PROMPT))

    def add_part(self, part: Part, session: str) -> bool:
        """Add a tool call or a retry. Return whether the part is still being written."""
        if part.type == "tool":
            return self._add_tool(part, session)
        if part.type == "retry":
            at = whole(part.time.created)
            self.gathering.add_notice(
                NoticeKind.RETRIED, session, at, _failure_code(_failure_of(part)), (at, part.attempt)
            )
        elif part.type not in _UNNEEDED_PARTS:
            self.gathering.add_unknown(f"part/{code_of(part.type) or '?'}")
        return False

    def touch(self, session: str, at: int | None, began: int | None = None) -> SessionFacts:
        """Note that something happened in a session at an instant."""
        facts = SessionFacts(session, None, None, began, at, None, None, None, None, None, None, TitleRank.NONE)
        self._tell(facts)
        return facts

    def _add_tool(self, part: Part, session: str) -> bool:
        state = state_of(part.state)
        if not is_finished(state):
            return True
        began, ended = whole(state.time.start), whole(state.time.end)
        status = tool_status(state)
        name = code_of(part.tool)
        facts = ("tool", part.call_id, name, began, ended)
        key = identity(self.gathering.source, *facts)
        self.gathering.add_tool_call(ToolCall(key, session, began, ended, name, tool_kind(name), status))
        if status is ToolStatus.DENIED:
            self.gathering.add_notice(NoticeKind.DENIED, session, ended, refused_by(state), facts)
        elif (allowed := allowed_by(state)) is not None:
            self.gathering.add_notice(NoticeKind.APPROVED, session, began, allowed, facts)
        self.touch(session, ended or began)
        return False

    def _add_failure(self, message: Message, error: Failure, place: Place) -> None:
        kind = NoticeKind.INTERRUPTED if error.name == "MessageAbortedError" else NoticeKind.API_ERROR
        detail = None if kind is NoticeKind.INTERRUPTED else _failure_code(error)
        self.gathering.add_notice(kind, place.session, whole(message.time.created), detail, facts_of(message))

    def _tell(self, new: SessionFacts) -> None:
        old = self.gathering.sessions.get(new.session)
        self.gathering.sessions[new.session] = new if old is None else merged_facts(old, new)


def facts_of(message: Message) -> tuple[str | int | None, ...]:
    """Return what identifies a message: its id would not do, as a fork copies messages under new ids."""
    return (whole(message.time.created), message.provider_id, message.model_id, message.role, message.agent)


def is_copy(message: Message) -> bool:
    """Tell whether a fork copied a message: its id is younger than the message."""
    text, created = message.id or "", whole(message.time.created)
    if created is None or not text.startswith("msg_"):
        return False
    try:
        made = int(text[4:16], 16) >> _COUNTER_BITS
    except ValueError:
        return False
    later = (made - created) % (1 << _CLOCK_BITS)
    return _SLACK_MS < later < 1 << _CLOCK_BITS - 1


def whole(instant: float | None) -> int | None:
    """Return an instant in whole milliseconds."""
    return None if instant is None else int(instant)


def is_unfinished(message: Message) -> bool:
    """Tell whether the agent is still writing a message (or was killed while it did)."""
    return message.role == "assistant" and message.time.completed is None and message.error is None


def is_said(part: Part) -> bool:
    """Tell whether a part holds words that somebody wrote, and not the client."""
    return part.type == "text" and not part.synthetic and not part.ignored


def words_of(part: Part) -> str | None:
    """Return the text of a part, for a title."""
    return text_of(part.text)


def _failure_of(part: Part) -> Failure | None:
    if part.error is ABSENT:
        return None
    try:
        return _decode_failure.decode(part.error)
    except FAULTS:
        return None


def _failure_code(error: Failure | None) -> str | None:
    if error is None:
        return None
    status = error.data.status_code if error.data else None
    return code_of(status) or code_of(error.name)
