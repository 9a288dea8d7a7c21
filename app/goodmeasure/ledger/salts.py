"""Secrets of a ledger under which it hashes, so that nobody else can look for a known text or name in the hashes."""

import secrets

from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

EVIDENCE = "evidence_salt"
"""Under which lines that runs wrote are hashed."""
GUESSES = "guess_salt"
"""Under which runs are picked to be guessed about."""
_BYTES = 32


def salt(ledger: Ledger, name: str) -> bytes:
    """Return the ledger's 32 bytes of this name, made at the first call. Raises LedgerError."""
    with told(ledger.path):
        row = ledger.raw().execute("SELECT value FROM meta WHERE key = ?", (name,)).fetchone()
    if row:
        return bytes.fromhex(row[0])
    with ledger.writing() as connection:
        connection.execute("INSERT OR IGNORE INTO meta(key, value) VALUES (?, ?)", (name, secrets.token_hex(_BYTES)))
    return salt(ledger, name)
