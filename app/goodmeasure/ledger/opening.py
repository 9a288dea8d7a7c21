"""Opening a ledger: key, checks, creation, and migration where needed. A ledger at head opens without SQLAlchemy."""

import os
from pathlib import Path

from goodmeasure.ledger.errors import LedgerError, told
from goodmeasure.ledger.handle import Ledger

__all__ = ["APPLICATION_ID", "HEAD", "Ledger", "open_ledger", "statements"]

HEAD = "0010"
"""Schema revision that this version of the app reads and writes: Alembic's newest."""
APPLICATION_ID = 0x476F4D65
"""Written into the file's header (`GoMe`), so that a decrypted ledger is known for what it is."""


def open_ledger(path: Path, key: bytes, *, backups: Path | None = None) -> Ledger:
    """Open the ledger at `path` with its 32-byte key, creating or migrating it where needed.

    `backups`: folder that receives a copy before a migration (default: `backups` beside the ledger).
    Raises LedgerError, and changes nothing, where the key is wrong or the file damaged, newer than this app, no ledger,
    read-only, in use for over 10 seconds, or on a full disk.
    """
    fresh = _place_for(path)
    ledger = Ledger(path, key)
    try:
        if fresh or _is_empty(ledger):
            _create(ledger)
        revision = ledger.revision
        if revision != HEAD:
            from goodmeasure.ledger.migrating import upgrade  # noqa: PLC0415 - Alembic costs 0.35 s: only a migration pays

            upgrade(ledger, revision, backups or path.parent / "backups")
    except BaseException:
        ledger.close()
        raise
    return ledger


def _place_for(path: Path) -> bool:
    """Make sure that a file lies at `path`, readable by its owner only; True where it is new or empty."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            return os.fstat(descriptor).st_size == 0
        finally:
            os.close(descriptor)
    except OSError as error:
        raise LedgerError(
            f"The ledger {path} cannot be opened ({error.strerror}): check the permissions of the file and its folder."
        ) from error


def _is_empty(ledger: Ledger) -> bool:
    """Say whether an earlier start was killed between making the file and filling it."""
    with told(ledger.path):
        return not ledger.raw().execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _create(ledger: Ledger) -> None:
    connection = ledger.raw()
    with told(ledger.path):
        # The journal's kind is kept in the file and cannot change inside a transaction.
        connection.execute("PRAGMA journal_mode=WAL")
    with ledger.writing(lasting=True):
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return  # another process was faster
        for statement in statements(Path(__file__).with_name("schema.sql").read_text("utf-8")):
            connection.execute(statement)
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")


def statements(script: str) -> list[str]:
    """Split a schema script, in which an empty line ends a statement."""
    return [text.strip().removesuffix(";") for text in script.split(";\n\n") if text.strip()]
