"""Reads goose's session database: sessions with their running totals, calls where it keeps them, messages."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from goodmeasure.domain.events import (
    Batch,
    Generation,
    NoticeKind,
    ParseIssue,
    Relation,
    SessionFacts,
    TitleRank,
    ToolCall,
)
from goodmeasure.sources._formats.jsonl import FAULTS, RESIDUAL, Gathering, code_of, instant, title_of
from goodmeasure.sources._formats.moments import moment_of
from goodmeasure.sources._formats.rows import Anchors, anchored, columns_of, read_up_to
from goodmeasure.sources._formats.table import Table, micros_in, missing_in, number_in, rows_of_table, text_in
from goodmeasure.sources.base import identity
from goodmeasure.sources.goose.messages import parts_in, said_by_person, tool_half

KEY = "goose"

_SESSIONS = Table(
    "sessions",
    ("id", "accumulated_input_tokens", "accumulated_output_tokens"),
    (
        "created_at", "updated_at", "name", "description", "user_set_name", "session_type", "working_dir",
        "accumulated_cache_read_tokens", "accumulated_cache_write_tokens", "accumulated_cost", "provider_name",
        "model_config_json", "goose_mode", "parent_session_id",
    ),
)  # fmt: skip
_CALLS = Table(
    "usage_ledger",
    ("id", "session_id", "created_timestamp"),
    (
        "model", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cost", "is_compaction",
    ),
)  # fmt: skip
_MESSAGES = Table(
    "messages", ("id", "session_id", "role", "content_json", "created_timestamp"), ("metadata_json",)
)  # fmt: skip
_UNNAMED = frozenset({"CLI Session", "New Chat", "New session", "Untitled"})
_ROWS_AT_ONCE = 2_000
_LARGEST = 2**53


class State(msgspec.Struct):
    """What has been read."""

    changed: str = ""
    """The latest change of a session: those changed since then are read again."""
    calls: Anchors = []
    messages: Anchors = []


class Model(msgspec.Struct, gc=False):
    """`model_config_json`."""

    model_name: str | None = None


class Counts(NamedTuple):
    """Tokens of a call or a session: input without cached tokens where those are known."""

    input_tokens: int | None
    cache_read: int | None
    cache_write: int | None
    output_tokens: int | None


_decode_state = msgspec.json.Decoder(State)
_decode_model = msgspec.json.Decoder(Model)


def read_sessions(
    place: str,  # noqa: ARG001  every database is read alike
    database: sqlite3.Connection,
    state: bytes | None,
) -> Iterator[tuple[Batch, bytes | None]]:
    """Read what is new; see `sources.base.DatabaseReader`. Raises ValueError for a foreign state."""
    memory = _decode_state.decode(state) if state else State()
    reading = _Reading(database, memory)
    if missing_in(database, _SESSIONS, reading.gathering):
        yield reading.gathering.batch(), state
        return
    for _ in reading.steps():
        batch, reading.gathering = reading.gathering.batch(), Gathering(KEY)
        yield batch, msgspec.json.encode(memory)


class _Reading:
    """One reading of one database."""

    def __init__(self, database: sqlite3.Connection, memory: State) -> None:
        self.gathering = Gathering(KEY)
        self._database = database
        self._memory = memory
        self._names: dict[str, str] = {}
        self._models: dict[str, tuple[str | None, str | None]] = {}

    def steps(self) -> Iterator[None]:
        """Read, pausing where a batch may be told."""
        for row in rows_of_table(self._database, _SESSIONS):
            self._note_name(row)
        yield from self._read_calls()
        self._read_totals()
        yield
        yield from self._read_messages()

    def _note_name(self, row: dict[str, Any]) -> None:
        """Note what a session is called here: goose gives an id again once its session was deleted."""
        key = text_in(row["id"])
        if key is not None:
            self._names[key] = f"{key}/{text_in(row['created_at']) or ''}"
            self._models[key] = (text_in(row["provider_name"]), _model_in(row["model_config_json"]))

    # ---- sessions and their totals

    def _read_totals(self) -> None:
        logged = self._logged()
        latest = self._memory.changed
        # A change within the same second may come later.
        for row in rows_of_table(self._database, _SESSIONS, "ORDER BY rowid"):
            changed = text_in(row["updated_at"]) or ""
            if changed < self._memory.changed:
                continue
            latest = max(latest, changed)
            self.gathering.lines += 1
            key = text_in(row["id"])
            if key is None:
                self.gathering.issues.append(ParseIssue(self.gathering.lines, "A session has no id."))
                continue
            self._tell_of(key, row)
            self._add_total(key, row, logged.get(key))
        self._memory.changed = latest

    def _tell_of(self, key: str, row: dict[str, Any]) -> None:
        session = self._names[key]
        created, changed = _utc(row["created_at"]), _utc(row["updated_at"])
        parent = self._names.get(text_in(row["parent_session_id"]) or "")
        title = title_of(text_in(row["name"]) or text_in(row["description"]))
        rank = TitleRank.CHOSEN if row["user_set_name"] else TitleRank.GENERATED
        if title in _UNNAMED:
            title = None
        self.gathering.sessions[session] = SessionFacts(
            session, parent, Relation.SUBAGENT if parent else None, created, changed, text_in(row["working_dir"]), None,
            None, None, code_of(row["session_type"]), title, rank if title else TitleRank.NONE,
        )  # fmt: skip
        mode = code_of(row["goose_mode"])
        if mode is not None:
            self.gathering.add_notice(NoticeKind.PERMISSION_MODE, session, created, mode, (session, mode))

    def _add_total(self, key: str, row: dict[str, Any], logged: Counts | None) -> None:
        """Add what the running total holds beyond the calls that are logged one by one, as one entry."""
        names = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")
        try:
            total = counts_of([row[f"accumulated_{name}"] for name in names])
        except ValueError:
            what = f"The totals of session {key} cannot be read."
            self.gathering.issues.append(ParseIssue(self.gathering.lines, what))
            return
        if logged is not None:
            total = Counts(*(_less(all_in, part) for all_in, part in zip(total, logged, strict=True)))
        if not any(total):
            return
        session = self._names[key]
        provider, model = self._models[key]
        cost = micros_in(row["accumulated_cost"]) if logged is None else None
        self.gathering.add_generation(
            Generation(
                identity(KEY, "total", session), session, _utc(row["created_at"]), provider, model, total.input_tokens,
                total.cache_read, total.cache_write, None, total.output_tokens,
                None, None, cost, None, RESIDUAL,
            )
        )  # fmt: skip

    def _logged(self) -> dict[str, Counts]:
        """Return the sums of each session's logged calls."""
        if not columns_of(self._database, _CALLS.name):
            return {}
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for row in rows_of_table(self._database, _CALLS):
            key = text_in(row["session_id"])
            try:
                counts = counts_of(_counted(row))
            except ValueError:
                continue
            if key is not None:
                sums[key] = [old + (new or 0) for old, new in zip(sums[key], counts, strict=True)]
        return {key: Counts(*counts) for key, counts in sums.items()}

    # ---- calls

    def _read_calls(self) -> Iterator[None]:
        if not columns_of(self._database, _CALLS.name) or missing_in(self._database, _CALLS, self.gathering):
            return
        after = read_up_to(self._database, _CALLS.name, "created_timestamp", self._memory.calls)
        for row in rows_of_table(self._database, _CALLS, "WHERE id > ? ORDER BY id", (after,)):
            self.gathering.lines += 1
            self._read_call(row)
            self._memory.calls = anchored(self._memory.calls, row["id"], str(row["created_timestamp"]))
            if self.gathering.lines >= _ROWS_AT_ONCE:
                yield

    def _read_call(self, row: dict[str, Any]) -> None:
        session = self._names.get(text_in(row["session_id"]) or "")
        try:
            counts = counts_of(_counted(row))
        except ValueError:
            self.gathering.issues.append(ParseIssue(row["id"], "A call has counts that cannot be read."))
            return
        if session is None:
            return
        provider, model = self._models[text_in(row["session_id"]) or ""]
        at = moment_of(number_in(row["created_timestamp"]))
        self.gathering.add_generation(
            Generation(
                identity(KEY, "call", session, row["id"]), session, at, provider, text_in(row["model"]) or model,
                counts.input_tokens, counts.cache_read, counts.cache_write, None, counts.output_tokens, None, None,
                micros_in(row["cost"]), None, 0,
            )
        )  # fmt: skip
        if row["is_compaction"]:
            self.gathering.add_notice(NoticeKind.COMPACTED, session, at, None, (session, row["id"]))

    # ---- messages

    def _read_messages(self) -> Iterator[None]:
        if missing_in(self._database, _MESSAGES, self.gathering):
            yield
            return
        after = read_up_to(self._database, _MESSAGES.name, "created_timestamp", self._memory.messages)
        for row in rows_of_table(self._database, _MESSAGES, "WHERE id > ? ORDER BY id", (after,)):
            self.gathering.lines += 1
            self._read_message(row)
            self._memory.messages = anchored(self._memory.messages, row["id"], str(row["created_timestamp"]))
            if self.gathering.lines >= _ROWS_AT_ONCE:
                yield
        yield

    def _read_message(self, row: dict[str, Any]) -> None:
        session = self._names.get(text_in(row["session_id"]) or "")
        content = row["content_json"]
        try:
            parts = parts_in(content if isinstance(content, str) else "")
        except ValueError:
            self.gathering.issues.append(ParseIssue(row["id"], "A message has content that cannot be read."))
            return
        if session is None:
            return
        at = moment_of(number_in(row["created_timestamp"]))
        if said_by_person(row["role"], parts, text_in(row["metadata_json"])):
            # Compaction writes the messages anew, with new numbers; their instant stays.
            self.gathering.add_prompt(session, at, session, at if at is not None else row["id"])
        for part in parts:
            half = tool_half(part)
            if half is not None:
                called, finished = (None, at) if half.status else (at, None)
                key = identity(KEY, "tool", session, half.call)
                self.gathering.add_tool_call(
                    ToolCall(key, session, called, finished, half.name, half.kind, half.status)
                )  # fmt: skip


def counts_of(cells: Sequence[object]) -> Counts:
    """Return counters of input, cache reads, cache writes and output: goose's input holds both kinds of cached tokens.

    Raises ValueError for impossible numbers.
    """
    for cell in cells:
        if cell is not None and not (isinstance(cell, int) and 0 <= cell <= _LARGEST):
            raise ValueError
    whole, read, written, output = (cell if isinstance(cell, int) else None for cell in cells)
    if whole is not None:
        whole = max(0, whole - (read or 0) - (written or 0))
    return Counts(whole, read, written, output)


def _counted(row: dict[str, Any]) -> list[object]:
    return [row["input_tokens"], row["cache_read_tokens"], row["cache_write_tokens"], row["output_tokens"]]


def _less(whole: int | None, part: int | None) -> int | None:
    return None if whole is None else max(0, whole - (part or 0))


def _utc(value: object) -> int | None:
    return instant(text_in(value))


def _model_in(config: object) -> str | None:
    try:
        return _decode_model.decode(config).model_name if isinstance(config, str) else None
    except FAULTS:
        return None
