"""The import side of the ledger: events in, merged by identity, one transaction at a time. Raw driver only."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from goodmeasure.ledger.files import BatchLike, FileReading, KnownFile, Written
from goodmeasure.ledger.opening import Ledger

CostOf = Callable[[Sequence[Any]], tuple[int | None, str]]
"""A generation (plain tuple in the field order of `domain.events.Generation`) → list cost in micro-USD and `CostBasis` value."""
ProjectOf = Callable[[str], tuple[str, str]]
"""A working folder → the project's root path (its identity) and name."""


def known_files(ledger: Ledger) -> dict[str, KnownFile]:
    """Return every log file that the ledger knows, by path."""
    raise NotImplementedError


def reader_state(ledger: Ledger, path: str) -> bytes | None:
    """Return what the reader of this file asked to be remembered; None for an unknown file or where it asked for nothing."""
    raise NotImplementedError


class ImportWriter:
    """Writes what was read. One writer at a time writes; a second process waits, then skips what the first has read."""

    def __init__(self, ledger: Ledger, cost_of: CostOf, project_of: ProjectOf) -> None:
        raise NotImplementedError

    def write(self, reading: FileReading, batch: BatchLike) -> Written:
        """Write one reading in one transaction. Raises LedgerError; then nothing of it was written."""
        return self.write_many([(reading, batch)])[0]

    def write_many(self, readings: Iterable[tuple[FileReading, BatchLike]]) -> list[Written]:
        """Write several readings in one transaction, in order: many small files share the cost of one commit."""
        raise NotImplementedError

    def finish(self) -> int:
        """Fold sessions into runs, refresh what the screens read, and return how many runs changed.

        Cheap where nothing changed. Completes what an import that was killed left undone.
        """
        raise NotImplementedError
