"""Reads Continue's log of generated tokens."""

from collections.abc import Iterable

import msgspec

from goodmeasure.domain.events import Batch, Generation, GenerationFlag, SessionFacts, TitleRank
from goodmeasure.sources._formats.jsonl import Count, Gathering, code_of, instant
from goodmeasure.sources._formats.line_rows import rows_of
from goodmeasure.sources.base import identity

KEY = "continue"

_PAUSE_MS = 30 * 60_000
"""A call that comes later than this after the one before it begins a new run."""


class _Row(msgspec.Struct, gc=False, rename="camel"):
    timestamp: str | None = None
    model: str | None = None
    provider: str | None = None
    prompt_tokens: Count | None = None
    generated_tokens: Count | None = None


class _Memory(msgspec.Struct):
    """What is remembered between two readings."""

    session: str | None = None
    latest: int | None = None


_decode_row = msgspec.json.Decoder(_Row)
_decode_memory = msgspec.json.Decoder(_Memory)


class TokensReader:
    """A `Reader` of one log of generated tokens. Raises ValueError for a state that is not its own."""

    def __init__(self, path: str, state: bytes | None) -> None:
        self._path = path
        self._memory = _decode_memory.decode(state) if state else _Memory()

    def state(self) -> bytes:
        """Return the run and the instant needed to go on."""
        return msgspec.json.encode(self._memory)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines; see `sources.base.Reader`."""
        gathering = Gathering(KEY)
        for number, row in rows_of(_decode_row, lines, first_line, gathering):
            if row.prompt_tokens is None and row.generated_tokens is None:
                gathering.add_unknown(None)
                continue
            self._read(gathering, row, number)
        return gathering.batch()

    def _read(self, gathering: Gathering, row: _Row, number: int) -> None:
        at = instant(row.timestamp)
        session = self._run_of(at)
        # A row has no id. What it says, to the millisecond, tells it apart; a row without an instant its line.
        facts = (row.timestamp, row.model) if at is not None else (self._path, number)
        key = identity(KEY, "generation", *facts, row.prompt_tokens, row.generated_tokens)
        gathering.add_generation(
            Generation(
                key, session, at, code_of(row.provider), code_of(row.model), row.prompt_tokens, None, None, None,
                row.generated_tokens, None, None, None, None, int(GenerationFlag.ESTIMATED),
            )
        )  # fmt: skip
        old = gathering.sessions.get(session)
        first, last = (old.started_at, old.ended_at) if old else (None, None)
        gathering.sessions[session] = SessionFacts(
            session,
            None,
            None,
            min((moment for moment in (first, at) if moment is not None), default=None),
            max((moment for moment in (last, at) if moment is not None), default=None),
            None,
            None,
            None,
            None,
            None,
            None,
            TitleRank.NONE,
        )

    def _run_of(self, at: int | None) -> str:
        """Return the run that a call belongs to: the log names none, so a longer pause begins a new one."""
        memory = self._memory
        if at is None:
            return f"tokens/{self._path}"
        if memory.session is None or memory.latest is None or at - memory.latest > _PAUSE_MS:
            memory.session = f"tokens/{at}"
        memory.latest = at if memory.latest is None else max(memory.latest, at)
        return memory.session
