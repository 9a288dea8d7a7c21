"""The audit log: a chain of hashes, so that rewriting the past shows once somebody else holds a head of it."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlcipher3 import dbapi2

from goodmeasure.domain.audit_trail import (
    AUDIT_WEEKS,
    BEFORE,
    AuditTrail,
    week_before,
    week_head,
    week_link,
    weeks_between,
)
from goodmeasure.domain.period import period_named, week_of
from goodmeasure.ledger.errors import LedgerError, told
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


def verify_audit(ledger: Ledger) -> str | None:
    """Return the first entry (`entry 12`) or closed week (`week 2026-W46`) that does not follow; None: all hold."""
    previous = NO_ENTRIES
    for entry in audit_entries(ledger):
        previous = _link(previous, entry.entered_at, entry.kind, entry.subject)
        if entry.chain != previous:
            return f"entry {entry.id}"
    week = _first_wrong_week(ledger)
    return week if week is None else f"week {week}"


def audit_trail(ledger: Ledger, week: str) -> AuditTrail:
    """Return what a report written in this ISO week says of the log; weeks before it are closed where they are not.

    A closed week never changes. Raises LedgerError; also where the week lies before the log's first one.
    """
    last = week_before(week)
    with told(ledger.path):
        closed = ledger.raw().execute("SELECT max(week) FROM audit_week").fetchone()[0]
    if closed is None or closed < last:
        with ledger.writing(lasting=True) as connection:
            _close_weeks(connection, last)
    with told(ledger.path):
        rows = ledger.raw().execute(
            "SELECT head, link FROM audit_week WHERE week <= ? ORDER BY week DESC LIMIT ?", (last, AUDIT_WEEKS)
        )
        found = rows.fetchall()
    if len(found) < AUDIT_WEEKS:
        raise LedgerError(f"The audit log begins after week {week}: set this computer's clock.")
    return AuditTrail(bytes(found[0][0]), tuple(bytes(link) for _, link in reversed(found)))


def _close_weeks(connection: dbapi2.Connection, through: str) -> None:
    """Close every week up to one. The first time, also a year of weeks before it, so that a start does not show."""
    row = connection.execute("SELECT week, head, up_to FROM audit_week ORDER BY week DESC LIMIT 1").fetchone()
    first = week_of(period_named(through).first_on - timedelta(weeks=AUDIT_WEEKS)).name
    week, head, up_to = row or (first, BEFORE, 0)
    chain = connection.execute("SELECT id, chain FROM audit_entry ORDER BY id DESC LIMIT 1").fetchone()
    for later in weeks_between(week, through):
        if later == through and chain is not None:
            up_to = chain[0]
        covered = bytes(chain[1]) if chain is not None and up_to == chain[0] else _chain_at(connection, up_to)
        salt = secrets.token_bytes(32)
        link = week_link(salt, covered)
        head = week_head(bytes(head), later, link)
        connection.execute(
            "INSERT INTO audit_week(week, salt, up_to, link, head) VALUES (?, ?, ?, ?, ?)",
            (later, salt, up_to, link, head),
        )


def _first_wrong_week(ledger: Ledger) -> str | None:
    head = BEFORE
    with told(ledger.path):
        connection = ledger.raw()
        rows = connection.execute("SELECT week, salt, up_to, link, head FROM audit_week ORDER BY week").fetchall()
        for week, salt, up_to, link, kept in rows:
            head = week_head(head, week, bytes(link))
            if head != kept or week_link(bytes(salt), _chain_at(connection, up_to)) != link:
                return str(week)
    return None


def _chain_at(connection: dbapi2.Connection, entry: int) -> bytes:
    row = connection.execute("SELECT chain FROM audit_entry WHERE id = ?", (entry,)).fetchone()
    return bytes(row[0]) if row else NO_ENTRIES


def _head(connection: dbapi2.Connection) -> bytes:
    row = connection.execute("SELECT chain FROM audit_entry ORDER BY id DESC LIMIT 1").fetchone()
    return bytes(row[0]) if row else NO_ENTRIES


def _link(previous: bytes, entered_at: int, kind: str, subject: bytes) -> bytes:
    word = kind.encode()
    # Every part has a fixed length or says its own, so that no two entries give the same bytes.
    return sha256(
        previous + entered_at.to_bytes(8, "big", signed=True) + len(word).to_bytes(2, "big") + word + subject
    ).digest()
