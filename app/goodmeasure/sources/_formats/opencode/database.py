"""Reads OpenCode's database: rows that are new, and rows that were unfinished when they were last read.

Only `session`, `message` and `part` are read. Other tables hold credentials, and copies of the same messages.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from goodmeasure.domain.events import Batch, ParseIssue
from goodmeasure.sources._formats.jsonl import Gathering, UnreadableLineError
from goodmeasure.sources._formats.opencode.events import Events, Place, is_said, is_unfinished, words_of
from goodmeasure.sources._formats.opencode.records import Message, Part, Session
from goodmeasure.sources._formats.opencode.storage import decoded, read_part
from goodmeasure.sources._formats.rows import Anchors, anchored, columns_of, read_up_to, rows_after

_ROWS_PER_BATCH = 2000
_MOST_UNFINISHED = 500
_SESSION = ("id", "parent_id", "directory", "title", "version", "time_created", "time_updated")
_MESSAGE = ("id", "session_id", "data")
"""`time_created` is asked for besides, to find a session's first message."""
_PART = ("id", "session_id", "data", "message_id")
_decode_message = msgspec.json.Decoder(Message)
_decode_part = msgspec.json.Decoder(Part)


class _Mark(msgspec.Struct, omit_defaults=True):
    """How far a table has been read."""

    anchors: Anchors = []
    unfinished: list[str] = []
    """Ids of rows that their agent was still writing."""

    def note(self, key: str) -> None:
        self.unfinished = list(dict.fromkeys([*self.unfinished, key]))[-_MOST_UNFINISHED:]


class _Memory(msgspec.Struct, omit_defaults=True):
    """What is remembered of a database: numbers and ids."""

    rows: int = 0
    updated: float = 0
    """The youngest change of a session."""
    sessions: Anchors = []
    messages: _Mark = msgspec.field(default_factory=_Mark)
    parts: _Mark = msgspec.field(default_factory=_Mark)


_decode_memory = msgspec.json.Decoder(_Memory)


@dataclass(frozen=True)
class Store:
    """A `DatabaseReader` of OpenCode's database; `source`: the source's key."""

    source: str

    def __call__(
        self, place: str, database: sqlite3.Connection, state: bytes | None
    ) -> Iterator[tuple[Batch, bytes | None]]:
        """Read what is new; see `sources.base.DatabaseReader`. Raises msgspec's errors for a state not its own."""
        del place
        memory = _decode_memory.decode(state) if state else _Memory()
        yield from _Pass(self.source, database, memory).batches()


class _Pass:
    """One pass over one database."""

    def __init__(self, source: str, database: sqlite3.Connection, memory: _Memory) -> None:
        self._source = source
        self._database = database
        self._memory = memory
        self._gathering = Gathering(source)
        self._events = Events(self._gathering)
        self._places: dict[str, Place] = {}
        self._message: tuple[str | None, Message] = (None, Message())
        self._has_sessions = False

    def batches(self) -> Iterator[tuple[Batch, bytes]]:
        if self._tables_are_known():
            self._read_sessions()
            yield from self._read_table("message", _MESSAGE, self._memory.messages, self._read_message)
            yield from self._read_table("part", _PART, self._memory.parts, self._read_part)
        yield self._batch()

    def _tables_are_known(self) -> bool:
        self._has_sessions = self._lacking("session", _SESSION) == []
        if not self._has_sessions:
            self._issue("The sessions are of another format: they have no title, folder or parent here.")
        lacking = self._lacking("message", _MESSAGE) + self._lacking("part", _PART)
        if lacking:
            self._issue(f"This database is of another format: it lacks {', '.join(lacking)}.")
        return not lacking

    def _lacking(self, table: str, columns: Sequence[str]) -> list[str]:
        there = columns_of(self._database, table)
        return [f"{table}.{column}" for column in columns if column not in there]

    def _issue(self, what: str) -> None:
        self._gathering.issues.append(ParseIssue(self._memory.rows, what))

    def _batch(self) -> tuple[Batch, bytes]:
        batch = self._gathering.batch()
        self._gathering = Gathering(self._source)
        self._events.gathering = self._gathering
        return batch, msgspec.json.encode(self._memory)

    def _count(self) -> None:
        self._memory.rows += 1
        self._gathering.lines += 1

    # ---- sessions

    def _read_sessions(self) -> None:
        """Read the sessions that changed: there are few, and their titles come late."""
        if not self._has_sessions:
            return
        memory = self._memory
        after = read_up_to(self._database, "session", "id", memory.sessions)
        names = ", ".join(("rowid", *_SESSION))
        query = f"SELECT {names} FROM session WHERE rowid > ? OR time_updated > ? ORDER BY rowid"  # noqa: S608  names of our own
        youngest, anchor = memory.updated, None
        try:
            for number, *row in self._database.execute(query, (after, memory.updated)):
                self._count()
                youngest = max(youngest, self._add_session(row))
                anchor = (number, row[0]) if isinstance(row[0], str) else anchor
        except sqlite3.DatabaseError as error:
            self._issue(f"Not every session can be read: {error}.")
        memory.updated = youngest
        if anchor and anchor[0] > after:
            memory.sessions = anchored(memory.sessions, *anchor)

    def _add_session(self, row: Sequence[Any]) -> float:
        key, parent, directory, title, version, created, updated = row
        fields = {"id": key, "parentID": parent, "directory": directory, "title": title, "version": version}
        try:
            session = msgspec.convert({**fields, "time": {"created": created, "updated": updated}}, Session)
        except msgspec.ValidationError:
            self._issue("The row of a session holds something else than expected.")
            return 0
        self._events.add_session(session)
        return session.time.updated or 0

    def _place(self, session: str) -> Place:
        place = self._places.get(session)
        if place is None:
            row = self._one(("version", "parent_id"), "session", session) if self._has_sessions else None
            version, parent = row or (None, None)
            place = Place(session, version if isinstance(version, str) else None, child=bool(parent))
            self._places[session] = place
        return place

    # ---- messages and parts

    def _read_table(
        self, table: str, columns: Sequence[str], mark: _Mark, read: Callable[..., bool]
    ) -> Iterator[tuple[Batch, bytes]]:
        again, mark.unfinished = mark.unfinished, []
        for key in again:
            row = self._one(columns, table, key)
            if row is not None:
                self._read_row(row, mark, read)
        after = read_up_to(self._database, table, "id", mark.anchors)
        anchor: tuple[int, str] | None = None
        for number, *row in rows_after(self._database, table, columns, after, self._issue):
            self._count()
            if self._read_row(row, mark, read):
                anchor = number, row[0]
            if anchor and self._gathering.lines >= _ROWS_PER_BATCH:
                mark.anchors = anchored(mark.anchors, *anchor)
                yield self._batch()
        if anchor:
            mark.anchors = anchored(mark.anchors, *anchor)

    def _read_row(self, row: Sequence[Any], mark: _Mark, read: Callable[..., bool]) -> bool:
        """Read a row, note it where it is unfinished; return whether it can be an anchor."""
        key, session, data, *rest = row
        if not isinstance(key, str) or not isinstance(session, str) or not isinstance(data, str | bytes):
            self._issue("The row of a message or a part holds something else than expected.")
            return isinstance(key, str)
        try:
            if read(key, session, data.encode() if isinstance(data, str) else data, *rest):
                mark.note(key)
        except UnreadableLineError as refusal:
            self._issue(str(refusal))
        return True

    def _read_message(self, key: str, session: str, data: bytes) -> bool:
        message = decoded(_decode_message, data)
        if message is None:
            return False
        message.id = key
        self._events.add_message(message, self._place(session), None)  # its step knows the cost better
        return is_unfinished(message)

    def _read_part(self, key: str, session: str, data: bytes, message_id: Any) -> bool:
        part = decoded(_decode_part, data)
        if part is None:
            return False
        part.id = key
        if is_said(part) or (part.type == "step-finish" and part.tokens is not None):
            message = self._message_of(message_id)
            place = self._place(session)
            if part.tokens is not None:
                self._events.add_call(message, part.tokens, part.cost, place)
            else:
                self._events.add_prompt(message, place, self._title(part, message, session))
        return read_part(self._events, part, session)

    def _message_of(self, key: Any) -> Message:
        """Return the message that a part belongs to; parts of one message follow each other."""
        if self._message[0] != key:
            row = self._one(("data",), "message", key) if isinstance(key, str) else None
            if row is None or not isinstance(row[0], str | bytes):
                raise UnreadableLineError("A part belongs to a message that is not there.")
            text = row[0]
            message = decoded(_decode_message, text.encode() if isinstance(text, str) else text) or Message()
            message.id = key
            self._message = key, message
        return self._message[1]

    def _title(self, part: Part, message: Message, session: str) -> str | None:
        """Return a prompt's text where it is the session's first: a later one is no title."""
        query = "SELECT 1 FROM message WHERE session_id = ? AND id <> ? AND time_created < ? LIMIT 1"
        earlier = self._database.execute(query, (session, message.id, message.time.created)).fetchone()
        return None if earlier else words_of(part)

    def _one(self, columns: Sequence[str], table: str, key: str) -> Sequence[Any] | None:
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?"  # noqa: S608  names of our own
        row: Sequence[Any] | None = self._database.execute(query, (key,)).fetchone()
        return row
