"""Reports of other people: their exact bytes until they are deleted, then a line in the audit log."""

from collections.abc import Sequence

from goodmeasure.domain.received import Deletion, ReceivedReport
from goodmeasure.ledger.audit import chain_on
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.forgetting import leave_no_trace, overwrite_what_is_deleted
from goodmeasure.ledger.handle import Ledger

_COLUMNS = "sha256, body, signature, fingerprint, period, level, expires_after, received_at"
_EXPIRED, _DELETED = "received-expired", "received-deleted"


def keep_received(ledger: Ledger, report: ReceivedReport) -> bool:
    """Keep a report; False where the same bytes by the same key are held already. Raises LedgerError."""
    with ledger.writing(lasting=True) as connection:
        written = connection.execute(
            f"INSERT OR IGNORE INTO received_report({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)",  # noqa: S608 - constant names
            (
                report.sha256,
                report.body,
                report.signature,
                report.fingerprint,
                report.period,
                report.level,
                report.expires_after,
                report.received_at,
            ),
        ).rowcount
    return bool(written)


def received_reports(ledger: Ledger) -> list[ReceivedReport]:
    """Return every report held: the newest period first, within it in the order of their hashes.

    That order says nothing of the people: neither their names nor who was first. Raises LedgerError.
    """
    with told(ledger.path):
        rows = ledger.raw().execute(f"SELECT id, {_COLUMNS} FROM received_report ORDER BY period DESC, sha256")  # noqa: S608 - constant names
        return [ReceivedReport(*row) for row in rows]


def received_report(ledger: Ledger, digest: bytes, fingerprint: str) -> ReceivedReport | None:
    """Return the report with this SHA-256 by this key; None where it is not held. Raises LedgerError."""
    with told(ledger.path):
        row = (
            ledger.raw()
            .execute(
                f"SELECT id, {_COLUMNS} FROM received_report WHERE sha256 = ? AND fingerprint = ?",  # noqa: S608 - constant names
                (digest, fingerprint),
            )
            .fetchone()
        )
    return None if row is None else ReceivedReport(*row)


def delete_received(ledger: Ledger, ids: Sequence[int], at: int, *, expired: bool) -> list[Deletion]:
    """Delete reports so that nothing of them can be read from the file, and note their hashes in the audit log.

    Ids that are not held are passed over. Raises LedgerError; then nothing was deleted.
    """
    if not ids:
        return []
    overwrite_what_is_deleted(ledger)
    gone = []
    with ledger.writing(lasting=True) as connection:
        for one in ids:
            row = connection.execute("DELETE FROM received_report WHERE id = ? RETURNING sha256", (one,)).fetchone()
            if row is not None:
                gone.append(Deletion(bytes(row[0]), at, expired))
                chain_on(connection, at, _EXPIRED if expired else _DELETED, bytes(row[0]))
    leave_no_trace(ledger)
    return gone


def deletions(ledger: Ledger) -> list[Deletion]:
    """Return every deletion of a received report, oldest first, as the audit log holds it. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(
            "SELECT subject, entered_at, kind FROM audit_entry WHERE kind IN (?, ?) ORDER BY id", (_EXPIRED, _DELETED)
        )
        return [Deletion(bytes(subject), at, kind == _EXPIRED) for subject, at, kind in rows]
