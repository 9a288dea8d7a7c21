"""The key that opens reports which were encrypted to this person: as safe as the ledger, and comes back with it."""

from collections.abc import Callable

from goodmeasure.ledger.handle import Ledger

_KEY = "reading-key"


def reading_key(ledger: Ledger, make: Callable[[], str]) -> str:
    """Return the secret key, made by `make` where there is none yet. Raises LedgerError."""
    with ledger.writing(lasting=True) as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
        if row is None:
            row = connection.execute("INSERT INTO meta VALUES (?, ?) RETURNING value", (_KEY, make())).fetchone()
    return str(row[0])
