"""What other people shared with this one: exact bytes, kept until they expire; and what was added up from them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReceivedReport:
    """One report that somebody handed in. Its signature fitted when it came."""

    id: int | None
    """The ledger's number; None until written."""
    sha256: bytes
    """32 bytes: hash of `body`."""
    body: bytes
    """The report's exact bytes."""
    signature: bytes
    """The detached signature's exact bytes."""
    fingerprint: str
    """Of the signer's key, as OpenSSH prints it."""
    period: str
    """ISO week or month."""
    level: str
    expires_after: str
    """ISO week after whose end it is deleted."""
    received_at: int
    """Milliseconds since 1970 UTC."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """One received report that was deleted: all that is left of it."""

    sha256: bytes
    """32 bytes: hash of the report's exact bytes."""
    deleted_at: int
    """Milliseconds since 1970 UTC."""
    expired: bool
    """Deleted because its time was over; False: the person deleted it."""


@dataclass(frozen=True, slots=True)
class MadeRollUp:
    """One roll-up that was made, and who was in it: what later ones of the same period are held against."""

    period: str
    """ISO week or month."""
    body: bytes
    """The roll-up's exact bytes: canonical JSON."""
    members: dict[str, frozenset[str]]
    """Part of the roll-up → marks of the reports in it. A mark is a hash; it names nobody."""
    made_at: int
    """Milliseconds since 1970 UTC."""
