"""Reads the log database of llm: the turns of newer versions, the responses of older ones."""

import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    ParseIssue,
    Relation,
    SessionFacts,
    TitleRank,
    ToolCall,
    ToolKind,
)
from goodmeasure.sources._formats.jsonl import FAULTS, Gathering, instant, title_of
from goodmeasure.sources._formats.rows import Anchors, anchored, columns_of, read_up_to, rows_after
from goodmeasure.sources._formats.sessions import merged_facts
from goodmeasure.sources.base import identity
from goodmeasure.sources.llm.tool_calls import calls_of_responses, calls_of_turns
from goodmeasure.sources.llm.usage import counters

KEY = "llm"

_ROWS_AT_ONCE = 2_000
_ULID_LENGTH = 26
_LARGEST = 2**53


class Table(NamedTuple):
    """A table that holds one row per answered request."""

    name: str
    session: str
    """Its column that names the conversation."""
    group: str
    """The table of conversations."""
    said: str
    """SQL: whether a person's words were sent with the request, and not only what tools gave back."""
    needs: tuple[tuple[str, frozenset[str]], ...]
    """Tables and columns without which that cannot be told."""
    tip: str
    """Its column that names the message with the answer's tool calls."""


_TURNS = Table(
    "turns",
    "thread_id",
    "threads",
    "EXISTS (SELECT 1 FROM messages JOIN parts ON parts.message_hash = messages.hash"
    " WHERE messages.hash = turns.parent_message_hash AND messages.role = 'user' AND parts.type <> 'tool_result')",
    (
        ("turns", frozenset({"parent_message_hash", "tip_message_hash"})),
        ("messages", frozenset({"hash", "parent_hash", "role"})),
        ("parts", frozenset({"message_hash", "position", "type", "tool_name", "payload"})),
    ),
    "tip_message_hash",
)
_RESPONSES = Table(
    "responses",
    "conversation_id",
    "conversations",
    "coalesce(prompt, '') <> ''",
    (("responses", frozenset({"prompt"})),),
    "NULL",
)
_COLUMNS = (
    "id", "model", "resolved_model", "datetime_utc", "input_tokens", "output_tokens", "token_details", "response_json",
)  # fmt: skip


class State(msgspec.Struct):
    """What has been read of each table."""

    read: dict[str, Anchors] = {}


class Served(msgspec.Struct, gc=False):
    """`response_json`: the provider's own answer."""

    model: str | None = None


_decode_state = msgspec.json.Decoder(State)
_decode_served = msgspec.json.Decoder(Served)


def read_logs(
    place: str,  # noqa: ARG001  every database is read alike
    database: sqlite3.Connection,
    state: bytes | None,
) -> Iterator[tuple[Batch, bytes | None]]:
    """Read the answers that are new; see `sources.base.DatabaseReader`. Raises ValueError for a foreign state."""
    memory = _decode_state.decode(state) if state else State()
    found = False
    for table in (_RESPONSES, _TURNS):
        columns = columns_of(database, table.name)
        if {"id", "model", table.session} <= columns:
            found = True
            yield from _Reading(database, table, columns, memory).batches()
    if not found:
        issue = ParseIssue(0, "This database has no table of turns or responses: its format is not known.")
        yield Batch(issues=[issue]), state


class _Reading:
    """One reading of one table."""

    def __init__(self, database: sqlite3.Connection, table: Table, columns: frozenset[str], memory: State) -> None:
        self._database = database
        self._table = table
        self._columns = columns
        self._memory = memory
        self._gathering = Gathering(KEY)
        missing = [name for name, needed in table.needs if not needed <= columns_of(database, name)]
        self._whole = not missing
        for name in missing:
            self._damaged(f"The table {name} has not the columns that are known: prompts are not counted.")
        self._calls = calls_of_responses(database) if table is _RESPONSES else {}
        group = columns_of(database, table.group)
        self._group = [name if name in group else "NULL" for name in ("name", "forked_from")] if "id" in group else None

    def batches(self) -> Iterator[tuple[Batch, bytes | None]]:
        table = self._table
        anchors = self._memory.read.get(table.name, [])
        number = read_up_to(self._database, table.name, "id", anchors)
        told = [table.said, table.tip] if self._whole else ["0", "NULL"]
        wanted = [name if name in self._columns else "NULL" for name in _COLUMNS]
        row: tuple[Any, ...]
        for row in rows_after(self._database, table.name, [table.session, *told, *wanted], number, self._damaged):
            number = row[0]
            self._gathering.lines += 1
            self._read(number, row)
            if self._gathering.lines == _ROWS_AT_ONCE:
                yield self._told(number, str(row[4]))
        if self._gathering.lines or self._gathering.issues:
            yield self._told(number, str(row[4]) if self._gathering.lines else None)

    def _told(self, number: int, key: str | None) -> tuple[Batch, bytes]:
        name = self._table.name
        if key is not None:
            self._memory.read[name] = anchored(self._memory.read.get(name, []), number, key)
        batch, self._gathering = self._gathering.batch(), Gathering(KEY)
        return batch, msgspec.json.encode(self._memory)

    def _damaged(self, what: str) -> None:
        self._gathering.issues.append(ParseIssue(0, what))

    def _read(self, number: int, row: tuple[Any, ...]) -> None:
        _, session, said, tip, key, model, resolved, stamp, input_tokens, output_tokens, details, served = row
        if not isinstance(key, str) or not key:
            self._gathering.issues.append(ParseIssue(number, f"A row of {self._table.name} has no id."))
            return
        session = session if isinstance(session, str) and session else key
        at = instant(stamp) if isinstance(stamp, str) else None
        # Ids are unique by themselves (ULIDs) but for those of the first versions, which counted from 1.
        facts = (key,) if len(key) == _ULID_LENGTH else (key, at)
        self._tell_of(session, at)
        if said:
            self._gathering.add_prompt(session, at, *facts)
        self._read_tool_calls(key, tip, session, at, facts)
        try:
            counted = counters(_count(input_tokens), _count(output_tokens), _text(details))
        except ValueError:
            what = f"A row of {self._table.name} has counts that cannot be read."
            self._gathering.issues.append(ParseIssue(number, what))
            return
        name = _text(resolved) or _served_model(served) or _text(model)
        generation = Generation(
            identity(KEY, "call", *facts), session, at, None, name, *counted, None, None, None, 0
        )  # fmt: skip
        self._gathering.add_generation(generation)

    def _tell_of(self, session: str, at: int | None) -> None:
        """Tell of a conversation: llm names it after its first prompt."""
        facts = SessionFacts(session, None, None, at, at, None, None, None, None, None, None, TitleRank.NONE)
        old = self._gathering.sessions.get(session)
        if old is not None:
            self._gathering.sessions[session] = merged_facts(old, facts)
            return
        found = None
        if self._group is not None:
            asked = f"SELECT {', '.join(self._group)} FROM {self._table.group} WHERE id = ?"  # noqa: S608  names of our own
            found = self._database.execute(asked, (session,)).fetchone()
        name, parent = found or (None, None)
        title, parent = title_of(_text(name)), _text(parent)
        self._gathering.sessions[session] = facts._replace(
            parent=parent,
            relation=Relation.FORK if parent else None,
            title=title,
            title_rank=TitleRank.PROMPT if title else TitleRank.NONE,
        )

    def _read_tool_calls(
        self, key: str, tip: object, session: str, at: int | None, facts: tuple[str | int | None, ...]
    ) -> None:
        calls = calls_of_turns(self._database, tip) if isinstance(tip, str) else self._calls.get(key, [])
        for call in calls:
            # The tools are those of plugins and of the person: nobody's fixed set.
            kind = None if call.name is None else ToolKind.OTHER
            event = ToolCall(
                identity(KEY, "tool", *facts, call.number), session, at, None, call.name, kind, call.status
            )  # fmt: skip
            self._gathering.add_tool_call(event)


def _count(value: object) -> int | None:
    """Return a number of tokens; None where there is none. Raises ValueError for anything else."""
    if value is None:
        return None
    if not isinstance(value, int) or not 0 <= value <= _LARGEST:
        raise ValueError
    return value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _served_model(served: object) -> str | None:
    """Return the model that the provider says answered."""
    if not isinstance(served, str):
        return None
    try:
        return _decode_served.decode(served).model
    except FAULTS:
        return None
