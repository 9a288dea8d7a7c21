"""Keys that have signed reports which the person opened: trust on first use."""

from dataclasses import dataclass

from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

_COLUMNS = "name, fingerprint, public_key, first_seen_at, confirmed_at"


@dataclass(frozen=True, slots=True)
class KnownSigner:
    """One key and the name under which it first signed."""

    name: str
    fingerprint: str
    """As OpenSSH prints it."""
    public_key: bytes
    """32 bytes, Ed25519."""
    first_seen_at: int
    """Milliseconds since 1970 UTC."""
    confirmed_at: int | None
    """When the person said that they compared the fingerprint; None: not yet."""


def remember_signer(ledger: Ledger, signer: KnownSigner) -> KnownSigner:
    """Remember a key at first sight; one that is known keeps its name and first day, and may become confirmed.

    Returns what the ledger now holds of that fingerprint. Raises LedgerError.
    """
    with ledger.writing(lasting=True) as connection:
        connection.execute(
            f"INSERT INTO known_signer({_COLUMNS}) VALUES (?,?,?,?,?) ON CONFLICT(fingerprint)"  # noqa: S608 - constant names
            " DO UPDATE SET confirmed_at = coalesce(confirmed_at, excluded.confirmed_at)",
            (signer.name, signer.fingerprint, signer.public_key, signer.first_seen_at, signer.confirmed_at),
        )
        row = connection.execute(
            f"SELECT {_COLUMNS} FROM known_signer WHERE fingerprint = ?",  # noqa: S608 - constant names
            (signer.fingerprint,),
        ).fetchone()
    return KnownSigner(*row)


def known_signers(ledger: Ledger) -> list[KnownSigner]:
    """Return every key ever seen, in order of first sight; two of one name call for a warning. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(f"SELECT {_COLUMNS} FROM known_signer ORDER BY first_seen_at, id")  # noqa: S608 - constant names
        return [KnownSigner(*row) for row in rows]
