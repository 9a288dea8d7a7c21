"""Reads aider's analytics log: what `--analytics-log FILE` writes, one line per event."""

from collections.abc import Iterable

import msgspec

from goodmeasure.domain.events import Batch, Generation, GenerationFlag, SessionFacts, TitleRank
from goodmeasure.sources._formats.jsonl import Count, Gathering, cost_micros
from goodmeasure.sources._formats.line_rows import rows_of
from goodmeasure.sources._formats.moments import moment_of
from goodmeasure.sources.base import identity

KEY = "aider"
ESTIMATED = int(GenerationFlag.ESTIMATED)

_HIDDEN = "REDACTED"


class Properties(msgspec.Struct, gc=False):
    """`properties` of an event; other events have others."""

    main_model: str | None = None
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    cost: float | None = None
    total_cost: float | None = None


class Row(msgspec.Struct, gc=False):
    """One event."""

    event: str | None = None
    properties: Properties | None = None
    user_id: str | None = None
    time: float | None = None


class Memory(msgspec.Struct):
    """What must be remembered of the lines before."""

    launched: int | None = None
    last_at: int | None = None


_decode_row = msgspec.json.Decoder(Row)
_decode_memory = msgspec.json.Decoder(Memory)


class AnalyticsReader:
    """A `Reader` of one analytics log. Raises ValueError for a state that is not its own."""

    def __init__(self, path: str, state: bytes | None) -> None:  # noqa: ARG002  nothing in it tells anything
        self._memory = _decode_memory.decode(state) if state else Memory()
        self._gathering = Gathering(KEY)

    def state(self) -> bytes:
        """Return the instants needed to go on."""
        return msgspec.json.encode(self._memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = self._gathering = Gathering(KEY)
        for number, row in rows_of(_decode_row, lines, first_line, gathering):
            self._read(row, number)
        return gathering.batch()

    def _read(self, row: Row, number: int) -> None:
        memory, at = self._memory, moment_of(row.time)
        if row.event is None or row.properties is None:
            self._gathering.add_unknown(row.event)
        elif row.event == "launched":
            memory.launched = at
        elif row.event == "message_send":
            self._add_call(row, row.properties, number)

    def _add_call(self, row: Row, told: Properties, number: int) -> None:
        at = moment_of(row.time)
        owner = row.user_id or "aider"
        session = f"{owner}/{self._memory.launched or 'unknown start'}"
        provider, model = model_of(told.main_model)
        facts = (owner, at if at is not None else f"line {number}", told.main_model, told.prompt_tokens)
        key = identity(KEY, "sent", *facts, told.completion_tokens, str(told.total_cost))
        self._gathering.add_generation(
            Generation(
                key, session, at, provider, model, told.prompt_tokens, None, None, None, told.completion_tokens, None,
                None, cost_micros(told.cost or None), None, ESTIMATED,
            )
        )  # fmt: skip
        self._gathering.sessions[session] = SessionFacts(
            session, None, None, self._memory.launched or at, at, None, None, None, None, None, None, TitleRank.NONE
        )


def model_of(name: str | None) -> tuple[str | None, str | None]:
    """Return provider and model of aider's name for a model; of one that it does not know, the provider only."""
    if not name:
        return None, None
    provider, slash, rest = name.partition("/")
    model = None if rest == _HIDDEN else name
    return (provider if slash else None), model
