"""The audit log: a chain of hashes, so that rewriting the past shows once somebody else holds a head of it."""

from dataclasses import dataclass
from hashlib import sha256

from sqlcipher3 import dbapi2

from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

NO_ENTRIES = bytes(32)
"""The chain's head before the first entry."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry. It holds a hash of what was done, never the thing itself."""

    id: int
    entered_at: int
    """Milliseconds since 1970 UTC."""
    kind: str
    subject: bytes
    """32 bytes: hash of what was released or judged."""
    chain: bytes
    """32 bytes: hash over the chain before, and this entry."""


def append_audit(ledger: Ledger, entered_at: int, kind: str, subject: bytes) -> bytes:
    """Append an entry and return the new head. `subject`: 32 bytes. Raises LedgerError."""
    with ledger.writing(lasting=True) as connection:
        return chain_on(connection, entered_at, kind, subject)


def chain_on(connection: dbapi2.Connection, entered_at: int, kind: str, subject: bytes) -> bytes:
    """Append an entry within the caller's transaction and return the new head."""
    previous = _head(connection)
    chain = _link(previous, entered_at, kind, subject)
    connection.execute(
        "INSERT INTO audit_entry(entered_at, kind, subject, previous, chain) VALUES (?, ?, ?, ?, ?)",
        (entered_at, kind, subject, previous, chain),
    )
    return chain


def audit_head(ledger: Ledger) -> bytes:
    """Return the newest link of the chain, 32 bytes; `NO_ENTRIES` where nothing was entered. Raises LedgerError."""
    with told(ledger.path):
        return _head(ledger.raw())


def audit_entries(ledger: Ledger) -> list[AuditEntry]:
    """Return every entry, oldest first. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute("SELECT id, entered_at, kind, subject, chain FROM audit_entry ORDER BY id")
        return [AuditEntry(*row) for row in rows]


def verify_audit(ledger: Ledger) -> int | None:
    """Return the id of the first entry that does not follow from those before it; None where the whole chain holds."""
    previous = NO_ENTRIES
    for entry in audit_entries(ledger):
        previous = _link(previous, entry.entered_at, entry.kind, entry.subject)
        if entry.chain != previous:
            return entry.id
    return None


def _head(connection: dbapi2.Connection) -> bytes:
    row = connection.execute("SELECT chain FROM audit_entry ORDER BY id DESC LIMIT 1").fetchone()
    return bytes(row[0]) if row else NO_ENTRIES


def _link(previous: bytes, entered_at: int, kind: str, subject: bytes) -> bytes:
    word = kind.encode()
    # Every part has a fixed length or says its own, so that no two entries give the same bytes.
    return sha256(
        previous + entered_at.to_bytes(8, "big", signed=True) + len(word).to_bytes(2, "big") + word + subject
    ).digest()
