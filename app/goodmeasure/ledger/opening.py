"""Opening a ledger: key, checks, creation, and migration where needed. A ledger at head opens without SQLAlchemy."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2

from goodmeasure.ledger.errors import LedgerError, sentence_of, told

if TYPE_CHECKING:
    from sqlalchemy import Engine

HEAD = "0001"
"""Schema revision that this version of the app reads and writes: Alembic's newest."""
APPLICATION_ID = 0x476F4D65
"""Written into the file's header (`GoMe`), so that a decrypted ledger is known for what it is."""
KEY_BYTES = 32
BUSY_SECONDS = 10.0
_CACHE_KIB = 32_000


class Ledger:
    """An open ledger. Every thread gets a connection of its own; close it once, when no thread uses it any more."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key
        self._local = threading.local()
        self._guard = threading.Lock()
        self._connections: list[dbapi2.Connection] = []

    def raw(self) -> dbapi2.Connection:
        """Return this thread's connection. It is in autocommit mode: use `writing` for a transaction. Raises LedgerError."""
        connection: dbapi2.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connected(self.path, self._key)
            with self._guard:
                self._connections.append(connection)
        return connection

    @contextmanager
    def writing(self, *, lasting: bool = False) -> Iterator[dbapi2.Connection]:
        """Run the block in one write transaction: all of it is kept, or nothing.

        `lasting`: what is committed survives even a power cut (a commit then waits for the disk); otherwise only a crash of the app.
        Raises LedgerError for every error of the database.
        """
        connection = self.raw()
        with told(self.path):
            connection.execute(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @property
    def revision(self) -> str:
        """The schema's revision, as the file says it."""
        return schema_revision(self)

    @cached_property
    def engine(self) -> "Engine":
        """SQLAlchemy's engine over the same file, in autocommit mode: for reads."""
        from goodmeasure.ledger.engine import engine_for  # noqa: PLC0415 - SQLAlchemy costs 0.2 s: an import never needs it

        return engine_for(self.path, self._key)

    def close(self) -> None:
        """Close every connection, of every thread."""
        if "engine" in self.__dict__:
            self.engine.dispose()
            del self.__dict__["engine"]
        with self._guard:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()


def connected(path: Path, key: bytes) -> dbapi2.Connection:
    """Return a new connection in autocommit mode, keyed and set up; the file is neither created nor migrated. Raises LedgerError."""
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


def open_ledger(path: Path, key: bytes, *, backups: Path | None = None) -> Ledger:
    """Open the ledger at `path` with its 32-byte key, creating or migrating it where needed.

    `backups`: folder that receives a copy before a migration (default: `backups` beside the ledger).
    Raises LedgerError, and changes nothing, where the key is wrong or the file damaged, newer than this app, no ledger,
    read-only, in use for over 10 seconds, or on a full disk.
    """
    fresh = _place_for(path)
    ledger = Ledger(path, key)
    try:
        if fresh:
            _create(ledger)
        revision = schema_revision(ledger)
        if revision != HEAD:
            from goodmeasure.ledger.migrating import upgrade  # noqa: PLC0415 - Alembic costs 0.35 s: only a migration pays

            upgrade(ledger, revision, backups or path.parent / "backups")
    except BaseException:
        ledger.close()
        raise
    return ledger


def schema_revision(ledger: Ledger) -> str:
    """Return the ledger's schema revision. Raises LedgerError for a database that is no ledger."""
    with told(ledger.path):
        tables = {row[0] for row in ledger.raw().execute("SELECT name FROM sqlite_master WHERE type='table'")}
        if not tables:
            _create(ledger)
            return HEAD
        row = "alembic_version" in tables and ledger.raw().execute("SELECT version_num FROM alembic_version").fetchone()
    if not row:
        raise LedgerError(f"The file {ledger.path} is no ledger of Good Measure: choose another with --profile-dir.")
    return str(row[0])


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


def _create(ledger: Ledger) -> None:
    connection = ledger.raw()
    with told(ledger.path):
        # The journal's kind is kept in the file and cannot change inside a transaction.
        connection.execute("PRAGMA journal_mode=WAL")
    with ledger.writing(lasting=True):
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return  # another process was faster
        for statement in statements((files("goodmeasure.ledger") / "schema.sql").read_text("utf-8")):
            connection.execute(statement)
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")


def statements(script: str) -> list[str]:
    """Split a schema script, in which an empty line ends a statement."""
    return [text.strip().removesuffix(";") for text in script.split(";\n\n") if text.strip()]
