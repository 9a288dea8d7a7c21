"""What was ever made to be shared: exact bytes and frozen cells, kept for ever."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Release:
    """One report that was signed. Never changed once written."""

    id: int | None
    """The ledger's number; None until written."""
    level: str
    period: str
    """ISO week or month."""
    audience: str
    purpose: str
    expires_after: str
    """ISO week after which the reader is asked to delete it."""
    body: bytes
    """The report's exact bytes."""
    signature: bytes
    """The detached signature's exact bytes."""
    released_at: int
    """Milliseconds since 1970 UTC."""
    restates_id: int | None = None
    """The release that it corrects."""


@dataclass(frozen=True, slots=True)
class FrozenPeriod:
    """What was released first of a period is released for ever, to everybody, at every level."""

    id: int
    """The ledger's number; a restatement has a later one."""
    period: str
    """ISO week or month."""
    cells: bytes
    """JSON of `disclosure.period_cells.PeriodCells`."""
    frozen_at: int
    """Milliseconds since 1970 UTC."""


@dataclass(frozen=True, slots=True)
class Freezing:
    """The cells that a release freezes, if nothing else was frozen since they were made."""

    cells: bytes
    run_ids: tuple[int, ...]
    """The runs that they count. A run counts for one period only."""
    after_id: int | None
    """The period's frozen cells when these were made; None: there were none."""
