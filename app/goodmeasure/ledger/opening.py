"""Opening a ledger: key, checks, migration where needed."""

from pathlib import Path
from typing import Any


class Ledger:
    """An open ledger. `path` is its file; connections are made per thread."""

    path: Path

    def raw(self) -> Any:
        """Return this thread's sqlcipher3 connection (autocommit: transactions are begun by hand)."""
        raise NotImplementedError

    def close(self) -> None:
        """Close every connection."""
        raise NotImplementedError


def open_ledger(path: Path, key: bytes, *, backups: Path | None = None) -> Ledger:
    """Open the ledger at `path` with its 32-byte key, creating or migrating it where needed.

    `backups`: folder that receives a copy before a migration (default: `backups` beside the ledger).
    Raises LedgerError: wrong key, damaged, newer than this app, read-only or full.
    """
    raise NotImplementedError
