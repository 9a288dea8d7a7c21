"""Reading JSON lines, and gathering what they taught: shared by the sources whose logs are JSON lines."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NoReturn, TypeVar

import msgspec

from goodmeasure.domain.events import (
    TITLE_LENGTH,
    Batch,
    Generation,
    GenerationFlag,
    Notice,
    NoticeKind,
    ParseIssue,
    Prompt,
    SessionFacts,
    SessionTotal,
    TitleRank,
    ToolCall,
)
from goodmeasure.sources.base import identity

T = TypeVar("T")

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""A number of tokens. JSON writers keep whole numbers exact up to 2**53; anything else is damage."""

ABSENT = msgspec.Raw()
"""Stands for a field that a record lacks, where the field is kept raw."""

FAULTS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, json.JSONDecodeError, OverflowError)
"""What decoding a damaged line may raise."""

_CODE_LENGTH = 128
_MOST_MINUTES = 1024
_MINUTES: dict[str, int] = {}
"""Milliseconds since 1970 of `2026-11-23T07:20:` and other starts met lately."""
_TITLE_SOURCE_LENGTH = 4000
_MICROS = 1_000_000
COPIED, RELAYED = int(GenerationFlag.COPIED), int(GenerationFlag.RELAYED)
OUTPUT_LOWER_BOUND, RESIDUAL = int(GenerationFlag.OUTPUT_LOWER_BOUND), int(GenerationFlag.RESIDUAL)
"""The flags as plain numbers: combining enum members costs as much as reading a whole row."""

_OWNERSHIP = COPIED | RELAYED


class UnreadableLineError(Exception):
    """A line that no repair makes readable; the text says why, without the line's own text."""


def second_reading(decoder: "msgspec.json.Decoder[T]", line: bytes | memoryview, first_fault: Exception) -> T | None:
    """Read a line that the fast decoder refused; None for a blank line.

    Some writers leave bytes that are not UTF-8, half surrogate pairs or control signs inside texts. None of that makes
    the numbers wrong, so such a line is repaired and read. Raises UnreadableLineError for everything else.
    """
    text = bytes(line).removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        return None
    if isinstance(first_fault, msgspec.ValidationError):
        _refuse(first_fault)
    try:
        parsed = json.loads(text.decode("utf-8", "replace"), strict=False)
        repaired = json.dumps(parsed, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        return decoder.decode(repaired)
    except (*FAULTS, ValueError) as fault:
        _refuse(fault)


def _refuse(fault: Exception) -> NoReturn:
    raise UnreadableLineError(_in_words(fault)) from fault


def _in_words(fault: Exception) -> str:
    if isinstance(fault, msgspec.ValidationError):
        _, _, place = str(fault).partition(" - at `$")
        return (
            f"The field {place.strip('.`')} holds something else than expected."
            if place
            else "The line is not a record."
        )
    if isinstance(fault, RecursionError):
        return "The line is nested too deeply."
    return "The line is not complete JSON: it was cut off or damaged."


def instant(text: str | None) -> int | None:
    """Return milliseconds since 1970 UTC of an ISO 8601 text (UTC where it names no zone); None where it is none."""
    if text is None:
        return None
    if text[23:] == "Z" and text[19] == ".":  # as most write it, with milliseconds
        minute = _MINUTES.get(text[:17]) or _minute(text[:17])
        rest = text[17:19] + text[20:23]
        if minute is not None and rest.isdecimal() and rest < "60":
            return minute + int(rest)
    return _any_instant(text)


def _minute(start: str) -> int | None:
    """Remember the minute: rows of one minute follow each other, and reading an instant is a good part of a row."""
    minute = _any_instant(f"{start}00Z")
    if minute is not None:
        if len(_MINUTES) >= _MOST_MINUTES:
            _MINUTES.clear()
        _MINUTES[start] = minute
    return minute


def _any_instant(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = datetime.fromisoformat(text + "+00:00")
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def title_of(text: str | None) -> str | None:
    """Return the first line with words, blanks collapsed, cut to `TITLE_LENGTH` characters; None without one."""
    for line in (text or "")[:_TITLE_SOURCE_LENGTH].splitlines():
        words = " ".join(line.split())
        if words:
            return words[:TITLE_LENGTH].rstrip()
    return None


def code_of(value: object) -> str | None:
    """Return a code or name (`429`, `overloaded_error`, `Bash`) as text; None for prose and for control signs."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and 0 < len(value) <= _CODE_LENGTH and value.isprintable() and " " not in value:
        return value
    return None


def cost_micros(dollars: float | None) -> int | None:
    """Return micro-USD of dollars; None for unknown or impossible amounts."""
    if dollars is None or not 0 <= dollars < _MICROS:
        return None
    return round(dollars * _MICROS)


def text_of(raw: msgspec.Raw) -> str | None:
    """Return the text that a raw JSON string stands for; None where it is absent, damaged or not a string."""
    if raw is ABSENT:
        return None
    try:
        return msgspec.json.decode(raw, type=str)
    except FAULTS:
        return None


def nothing_known_of(session: str) -> SessionFacts:
    """Return the facts of a session of which only the id is known."""
    return SessionFacts(session, None, None, None, None, None, None, None, None, None, None, TitleRank.NONE)


class Gathering:
    """Collects the events of one `feed`, each key once, by the ledger's own rules for two sightings of one event."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = 0
        self.sessions: dict[str, SessionFacts] = {}
        self.generations: dict[bytes, Generation] = {}
        self.tool_calls: dict[bytes, ToolCall] = {}
        self.prompts: dict[bytes, Prompt] = {}
        self.notices: dict[bytes, Notice] = {}
        self.totals: dict[tuple[str, str], SessionTotal] = {}
        self.issues: list[ParseIssue] = []
        self.unknown: Counter[str] = Counter()

    def add_generation(self, new: Generation) -> None:
        """Add a sighting of a call: the larger output wins with all its counters, only shared doubts remain."""
        old = self.generations.setdefault(new.key, new)
        if old is not new:
            self.generations[new.key] = _merged_generation(old, new)

    def add_tool_call(self, new: ToolCall) -> None:
        """Add one half (or the whole) of a tool call: known over unknown."""
        old = self.tool_calls.get(new.key)
        if old is None:
            self.tool_calls[new.key] = new
            return
        self.tool_calls[new.key] = ToolCall(
            new.key,
            old.session,
            new.called_at if old.called_at is None else old.called_at,
            new.finished_at if old.finished_at is None else old.finished_at,
            old.name or new.name,
            old.kind or new.kind,
            new.status or old.status,
        )

    def add_prompt(self, session: str, at: int | None, *facts: str | int | None) -> None:
        """Add a prompt that `facts` identify."""
        key = identity(self.source, "prompt", *facts)
        self.prompts.setdefault(key, Prompt(key, session, at))

    def add_notice(
        self, kind: NoticeKind, session: str, at: int | None, detail: str | None, facts: Sequence[str | int | None]
    ) -> None:
        """Add a notice that its kind and `facts` identify."""
        key = identity(self.source, kind, *facts)
        self.notices.setdefault(key, Notice(key, session, at, kind, detail))

    def add_unknown(self, kind: str | None) -> None:
        """Count a record type that the reader does not know."""
        self.unknown[code_of(kind) or "(no type)"] += 1

    def batch(self) -> Batch:
        """Return what was gathered, in the order of the log."""
        return Batch(
            self.lines,
            list(self.sessions.values()),
            list(self.generations.values()),
            list(self.tool_calls.values()),
            list(self.prompts.values()),
            list(self.notices.values()),
            list(self.totals.values()),
            self.issues,
            self.unknown,
        )


def _merged_generation(old: Generation, new: Generation) -> Generation:
    """Return one call from two sightings, as the ledger does: the order of sightings decides only who owns it."""
    fuller, other = (new, old) if _fullness(new) > _fullness(old) else (old, new)
    owner = new if old.flags & _OWNERSHIP and not new.flags & _OWNERSHIP else old
    instants = [at for at in (old.recorded_at, new.recorded_at) if at is not None]
    costs = [cost for cost in (old.reported_cost_micros, new.reported_cost_micros) if cost is not None]
    return fuller._replace(
        session=owner.session,
        recorded_at=min(instants, default=None),
        provider=fuller.provider or other.provider,
        model=fuller.model or other.model,
        reported_cost_micros=max(costs, default=None),
        service_tier=fuller.service_tier or other.service_tier,
        flags=old.flags & new.flags,
    )


def _fullness(call: Generation) -> tuple[int, ...]:
    counted = (
        call.output_tokens,
        call.input_tokens,
        call.cache_read_tokens,
        call.cache_write_5m_tokens,
        call.cache_write_1h_tokens,
        call.reasoning_tokens,
        call.web_search_requests,
    )
    return tuple(-1 if value is None else value for value in counted)
