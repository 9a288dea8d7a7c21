"""A keyed connection of the driver to the encrypted file."""

from pathlib import Path

from sqlcipher3 import dbapi2

from goodmeasure.ledger.errors import LedgerError, sentence_of

KEY_BYTES = 32
BUSY_SECONDS = 10.0
"""How long a write waits for another program's."""
_CACHE_KIB = 32_000


def connected(path: Path, key: bytes) -> dbapi2.Connection:
    """Return a new connection in autocommit mode; the file is neither created nor migrated. Raises LedgerError."""
    if len(key) != KEY_BYTES:
        raise LedgerError(
            f"The key of the ledger {path} must be {KEY_BYTES} bytes long: restore it with the recovery code."
        )
    try:
        connection = dbapi2.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
    except dbapi2.Error as error:
        raise sentence_of(error, path) from error
    try:
        # SQLCipher would write to the terminal what becomes a LedgerError here.
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.Error as error:
        connection.close()
        raise sentence_of(error, path) from error
    return connection
