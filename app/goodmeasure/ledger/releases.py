"""Every report that was ever signed here, byte for byte, for ever."""

from dataclasses import replace
from hashlib import sha256

from goodmeasure.domain.releases import Release
from goodmeasure.ledger.audit import chain_on
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

_COLUMNS = "level, period, audience, purpose, expires_after, body, signature, released_at"


def record_release(ledger: Ledger, release: Release) -> Release:
    """Keep a report's exact bytes and enter it in the audit log, in one transaction that outlives a power cut.

    Returns it with its number. Raises LedgerError.
    """
    digest = sha256(release.body).digest()
    with ledger.writing(lasting=True) as connection:
        number = connection.execute(
            f"INSERT INTO release({_COLUMNS}, sha256) VALUES (?,?,?,?,?,?,?,?,?)",  # noqa: S608 - constant names
            (
                release.level,
                release.period,
                release.audience,
                release.purpose,
                release.expires_after,
                release.body,
                release.signature,
                release.released_at,
                digest,
            ),
        ).lastrowid
        chain_on(connection, release.released_at, "release", digest)
    return replace(release, id=number)


def releases(ledger: Ledger) -> list[Release]:
    """Return every report ever signed here, oldest first. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(f"SELECT id, {_COLUMNS} FROM release ORDER BY id")  # noqa: S608 - constant names
        return [Release(*row) for row in rows]
