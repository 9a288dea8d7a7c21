"""One file to read, and what reading it gives."""

import os
from typing import IO, NamedTuple

from goodmeasure.domain.events import Batch
from goodmeasure.intake.tail import UNFINISHED, Known
from goodmeasure.ledger.files import FileReading

GARBAGE_THRESHOLD = 50_000
"""New objects between two searches for cycles: an import makes hundreds of thousands of objects and hardly a cycle."""
Arrived = tuple[FileReading, Batch]
"""A reading and its events; the lists of a batch from another process hold plain lists in the records' field order."""


class Task(NamedTuple):
    """One file to read, with what is known of it. Plain values: it is sent to another process."""

    source: str
    path: str
    """Opens the file."""
    name: str
    """What the ledger calls it."""
    place: str
    """What the reader is told: relative to the root."""
    root: int
    """Which of the source's roots says how to read it."""
    size_bytes: int
    new_bytes: int
    """About how much there is to read."""
    known: Known | None
    state: bytes | None
    """What the reader of this file had asked to be remembered."""


class Now(NamedTuple):
    """How a file looked when it was opened."""

    device: int
    inode: int
    size_bytes: int
    mtime_ns: int


def reason(error: OSError) -> str:
    """Return the system's words for an error, to stand inside a sentence."""
    return (error.strerror or str(error) or type(error).__name__).lower()


def unreadable(task: Task, problem: str) -> FileReading:
    """Return a reading of nothing. Its time of change is none, so that every import tries again."""
    known = task.known or Known(0, 0, 0, UNFINISHED, 0, None, 0)
    return FileReading(
        task.name,
        task.source,
        known.device,
        known.inode,
        known.size_bytes,
        UNFINISHED,
        known.offset_bytes,
        known.offset_bytes,
        known.fingerprint,
        task.state,
        problem=problem,
    )


def crashed(task: Task, what: str) -> FileReading:
    """Return the reading that says that a file could not be read because its reader failed."""
    return unreadable(task, f"This file could not be read: {what}. Please report it.")


def facts_of(stream: IO[bytes]) -> Now:
    """Return how an open file looks."""
    facts = os.fstat(stream.fileno())
    return Now(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)
