"""What was ever made to be shared: exact bytes, kept for ever."""

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
