"""Tool calls in both forms of llm's log."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from goodmeasure.domain.events import ToolStatus
from goodmeasure.sources._formats.jsonl import FAULTS, code_of
from goodmeasure.sources._formats.rows import columns_of

_CALLS = (
    "SELECT position, tool_name, payload FROM parts WHERE message_hash = ? AND type = 'tool_call' ORDER BY position"
)
_RESULTS = (
    "SELECT parts.payload FROM messages JOIN parts ON parts.message_hash = messages.hash"
    " WHERE messages.parent_hash = ? AND parts.type = 'tool_result'"
)


class Called(NamedTuple):
    """One tool call of an answer."""

    number: int | None
    name: str | None
    status: ToolStatus | None


class Part(msgspec.Struct, gc=False):
    """`payload` of a call's or result's part."""

    tool_call_id: str | None = None
    exception: str | None = None


_decode_part = msgspec.json.Decoder(Part | None)


def calls_of_turns(database: sqlite3.Connection, tip: str) -> Iterator[Called]:
    """Yield the calls in the message that a turn ended with. Raises sqlite3.Error where columns are missing."""
    calls = database.execute(_CALLS, (tip,)).fetchall()
    results = [_part(payload) for (payload,) in database.execute(_RESULTS, (tip,))] if calls else []
    ended = {result.tool_call_id: result.exception is not None for result in results}
    for position, name, payload in calls:
        yield Called(position, code_of(name), _status(ended.get(_part(payload).tool_call_id)))


def calls_of_responses(database: sqlite3.Connection) -> dict[str, list[Called]]:
    """Return all calls by the response that asked for them; none where the log has no tables of them."""
    if not {"id", "response_id", "name", "tool_call_id"} <= columns_of(database, "tool_calls"):
        return {}
    results = columns_of(database, "tool_results")
    failed = "exception IS NOT NULL" if "exception" in results else "0"
    ended: dict[str, bool] = {}
    seen = Counter[str]()
    if "tool_call_id" in results:
        for key, error in database.execute(f"SELECT tool_call_id, {failed} FROM tool_results"):  # noqa: S608  names of our own
            ended[key] = bool(error)
            seen[key] += 1
    calls: dict[str, list[Called]] = {}
    for number, response, name, key in database.execute(
        "SELECT id, response_id, name, tool_call_id FROM tool_calls ORDER BY id"
    ):
        # An id that stands for several results tells of none: some providers count their calls from zero each time.
        status = _status(ended.get(key)) if seen[key] == 1 else None
        calls.setdefault(response, []).append(Called(number, code_of(name), status))
    return calls


def _part(payload: object) -> Part:
    if not isinstance(payload, str):
        return Part()
    try:
        return _decode_part.decode(payload) or Part()
    except FAULTS:
        return Part()


def _status(failed: bool | None) -> ToolStatus | None:  # noqa: FBT001  the one thing that it is about
    if failed is None:
        return None
    return ToolStatus.ERROR if failed else ToolStatus.OK
