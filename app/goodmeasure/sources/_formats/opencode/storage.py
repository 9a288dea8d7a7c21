"""Reads OpenCode's file store: one JSON file per session, message and part, each written anew when it changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TypeVar

import msgspec

from goodmeasure.domain.events import Batch, ParseIssue
from goodmeasure.sources._formats.jsonl import FAULTS, Gathering, UnreadableLineError, second_reading
from goodmeasure.sources._formats.opencode.events import Events, Place
from goodmeasure.sources._formats.opencode.records import Message, Part, Session

T = TypeVar("T")
_decode_session = msgspec.json.Decoder(Session)
_decode_message = msgspec.json.Decoder(Message)
_decode_part = msgspec.json.Decoder(Part)


@dataclass(frozen=True)
class Storage:
    """A `DocumentReader` of one file of the store; `source`: the source's key."""

    source: str

    def __call__(self, place: str, stream: IO[bytes]) -> Iterator[Batch]:
        """Read one file; `place` begins with the kind of its record."""
        gathering = Gathering(self.source)
        gathering.lines = 1
        data = stream.read()
        try:
            _read(Events(gathering), place, data)
        except UnreadableLineError as refusal:
            gathering.issues.append(ParseIssue(1, str(refusal)))
        yield gathering.batch()


def _read(events: Events, place: str, data: bytes) -> None:
    kind = next(part for part in place.split("/") if part in {"session", "message", "part"})
    if kind == "session":
        session = decoded(_decode_session, data)
        if session is not None:
            events.add_session(session)
    elif kind == "message":
        message = decoded(_decode_message, data)
        if message is not None:
            _add_message(events, message)
    else:
        part = decoded(_decode_part, data)
        if part is not None and part.session_id is not None:
            read_part(events, part, part.session_id)


def _add_message(events: Events, message: Message) -> None:
    if message.session_id is None:
        raise UnreadableLineError("The message does not say which session it belongs to.")
    # What a parent tells its sub-agent forbids it to start others; here nothing else tells them from a person's words.
    child = message.tools is not None and message.tools.get("task") is False
    place = Place(message.session_id, None, child)
    events.add_message(message, place, message.cost)
    events.add_prompt(message, place, None)


def read_part(events: Events, part: Part, session: str) -> bool:
    """Add what a part tells by itself; see `Events.add_part`. Raises UnreadableLineError."""
    try:
        return events.add_part(part, session)
    except FAULTS as fault:
        raise UnreadableLineError("The state of a tool call is damaged.") from fault


def decoded(decoder: "msgspec.json.Decoder[T]", data: bytes) -> T | None:
    """Return the record that some bytes hold; None where they hold nothing. Raises UnreadableLineError."""
    try:
        return decoder.decode(data)
    except FAULTS as fault:
        return second_reading(decoder, data, fault)
