"""Readings without titles, for a person who keeps none."""

import msgspec

from goodmeasure.domain.events import Batch, SessionFacts
from goodmeasure.ledger.files import BatchLike, FileReading


def untitled(reading: FileReading, batch: BatchLike) -> tuple[FileReading, BatchLike]:
    """Return a reading and its events without any title, also in what the reader asked to be remembered."""
    sessions = [SessionFacts._make((*facts[:10], None, 0)) for facts in batch.sessions]
    state = reading.reader_state
    for title in {facts[10] for facts in batch.sessions if facts[10] is not None}:
        # Readers remember JSON, in which a title is this text.
        state = state and state.replace(msgspec.json.encode(title), b"null")
    bare = Batch(
        batch.lines,
        sessions,
        batch.generations,  # type: ignore[arg-type]  # plain lists from another process, handed on as they are
        batch.tool_calls,  # type: ignore[arg-type]  # same
        batch.prompts,  # type: ignore[arg-type]  # same
        batch.notices,  # type: ignore[arg-type]  # same
        batch.totals,  # type: ignore[arg-type]  # same
        batch.issues,  # type: ignore[arg-type]  # same
        batch.unknown,  # type: ignore[arg-type]  # same
    )
    return reading._replace(reader_state=state), bare
