"""Replays the log of operations that builds a chat: lines that set, append to and delete parts of one document."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from goodmeasure.domain.events import ParseIssue
from goodmeasure.sources._formats.jsonl import Gathering
from goodmeasure.sources._formats.line_rows import rows_of

_WHOLE, _SET, _PUSH, _DELETE = range(4)
_MOST_PARTS = 1 << 20


class _Operation(msgspec.Struct, gc=False):
    kind: int
    k: list[str | int] = []
    v: Any = None
    i: int | None = None


_decode = msgspec.json.Decoder(_Operation)


def chats_of(lines: Iterable[bytes], gathering: Gathering) -> Iterator[dict[str, Any]]:
    """Yield the document before each operation that may take requests out of it, and at the end.

    A prompt that the person changed takes back the requests after it; they were made, and are seen before they go.
    """
    state: Any = None
    for number, operation in rows_of(_decode, lines, 1, gathering):
        if operation.kind == _WHOLE or (operation.k == ["requests"] and _takes_away(state, operation)):
            yield from _whole(state)
        try:
            state = _applied(state, operation)
        except (KeyError, IndexError, TypeError, ValueError):
            gathering.issues.append(ParseIssue(number, "This change does not fit what the lines before it built."))
    yield from _whole(state)


def _takes_away(state: Any, operation: _Operation) -> bool:
    requests = state.get("requests") if isinstance(state, dict) else None
    if operation.kind == _PUSH:
        return operation.i is not None and isinstance(requests, list) and operation.i < len(requests)
    return True


def _whole(state: Any) -> Iterator[dict[str, Any]]:
    if isinstance(state, dict):
        yield state


def _applied(state: Any, operation: _Operation) -> Any:
    if operation.kind == _WHOLE:
        return operation.v
    *path, last = operation.k
    holder = state
    for step in path:
        holder = holder[step]
    if operation.kind == _SET:
        _set(holder, last, operation.v)
    elif operation.kind == _PUSH:
        _push(holder, last, operation)
    elif operation.kind == _DELETE:
        if isinstance(holder, dict):
            holder.pop(last, None)
        else:
            del holder[last]
    else:
        raise ValueError(operation.kind)
    return state


def _set(holder: Any, last: str | int, value: Any) -> None:
    if isinstance(holder, list) and last == len(holder):
        holder.append(value)
    else:
        holder[last] = value


def _push(holder: Any, last: str | int, operation: _Operation) -> None:
    """Append to a list, cut to `i` entries before where that is given."""
    if isinstance(holder, dict) and last not in holder:
        holder[last] = []
    target = holder[last]
    if not isinstance(target, list) or not isinstance(operation.v, list | None) or len(target) > _MOST_PARTS:
        raise TypeError
    if operation.i is not None:
        del target[max(0, operation.i) :]
    target.extend(operation.v or ())
