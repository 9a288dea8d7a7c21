"""An open ledger, as every other module of the room takes it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2

from goodmeasure.ledger.connecting import connected
from goodmeasure.ledger.errors import LedgerError, told

if TYPE_CHECKING:
    from sqlalchemy import Engine


class Ledger:
    """An open ledger. Every thread gets a connection of its own; close it once, when no thread uses it any more."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key
        self._local = threading.local()
        self._guard = threading.Lock()
        self._connections: list[dbapi2.Connection] = []

    def raw(self) -> dbapi2.Connection:
        """Return this thread's connection, in autocommit mode: use `writing` for a transaction. Raises LedgerError."""
        connection: dbapi2.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connected(self.path, self._key)
            with self._guard:
                self._connections.append(connection)
        return connection

    @contextmanager
    def writing(self, *, lasting: bool = False) -> Iterator[dbapi2.Connection]:
        """Run the block in one write transaction: all of it is kept, or nothing.

        `lasting`: what is committed survives even a power cut (a commit then waits for the disk), not only a crash.
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

    def changes(self) -> int:
        """Return a number that is another one as soon as a connection other than this thread's has committed.

        Costs microseconds; the number says nothing else and is comparable within one thread only. Raises LedgerError.
        """
        raw = self.raw()
        with told(self.path):
            return int(raw.execute("PRAGMA data_version").fetchone()[0])

    @property
    def revision(self) -> str:
        """The schema's revision, as the file says it. Raises LedgerError for a database that is no ledger."""
        raw = self.raw()
        with told(self.path):
            there = raw.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
            row = there and raw.execute("SELECT version_num FROM alembic_version").fetchone()
        if not row:
            raise LedgerError(f"The file {self.path} is no ledger of Good Measure: choose another with --profile-dir.")
        return str(row[0])

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
