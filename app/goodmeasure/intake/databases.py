"""Reading another program's SQLite file, also while that program writes it, without leaving a trace beside it.

SQLite wants to create its `-wal` and `-shm` files even for somebody who only reads. What avoids that depends on how the
file stands (SQLite's documentation of WAL, "Read-Only Databases"):
file stands (SQLite's documentation of the write-ahead log, "Read-Only Databases"):

- not in WAL mode: an ordinary read-only connection, whose locks wait for the writer;
- WAL mode and no write-ahead log: nobody has anything open, so the file is opened as unchangeable, and looked at again
  afterwards;
- WAL mode with log and shared memory: the writer is running, and a read-only connection joins it;
- a log without shared memory: its writer died, and only a private copy can be recovered.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from goodmeasure.domain.events import Batch
from goodmeasure.intake.find import found_file
from goodmeasure.intake.tail import UNFINISHED, open_log
from goodmeasure.intake.task import Arrived, Now, Task, unreadable
from goodmeasure.ledger.files import FileReading
from goodmeasure.sources.base import DatabaseReader

_HEADER_BYTES = 20
_MAGIC = b"SQLite format 3\0"
_WAL = b"\x02"
_WAIT_SECONDS = 2
_MOST_TEXT_BYTES = 256 << 20


def database_readings(task: Task, read: DatabaseReader) -> Iterator[Arrived]:
    """Read what is new in a database, batch by batch. Raises OSError where the file cannot be opened."""
    before = _facts(task.path)
    if before is None:
        raise FileNotFoundError(task.path)
    known = task.known
    same = known is not None and (known.device, known.inode) == (before.device, before.inode)
    start = known.offset_bytes if known and same else 0
    state = task.state if same else None
    restart = known is not None and not same
    try:
        with opened(task.path) as database:
            for batch, after in read(task.place, database, state):
                end = start + batch.lines
                yield _reading(task, before, start, end, after, restart=restart, done=False), batch
                start, state, restart = end, after, False
    except sqlite3.Error as error:
        yield unreadable(task, f"This database could not be read: {error}. The next import tries again."), Batch()
        return
    yield _reading(task, before, start, start, state, restart=restart, done=_facts(task.path) == before), Batch()


def is_database(path: str) -> bool:
    """Return whether a file is an SQLite database, by its first bytes. Raises OSError."""
    return _header(path).startswith(_MAGIC)


@contextmanager
def opened(path: str) -> Iterator[sqlite3.Connection]:
    """Open a database for reading one unchanging view of it. Raises sqlite3.Error and OSError."""
    wal_mode = _header(path)[18:19] == _WAL
    log, shared = Path(path + "-wal"), Path(path + "-shm")
    if wal_mode and log.exists() and log.stat().st_size and not shared.exists():
        with tempfile.TemporaryDirectory(prefix="goodmeasure-") as folder:
            copy = shutil.copyfile(path, Path(folder, "copy.db"))
            shutil.copyfile(log, Path(folder, "copy.db-wal"))
            with _view(str(copy), "mode=rw") as database:
                yield database
        return
    alone = wal_mode and not (shared.exists() and log.exists())
    with _view(path, "mode=ro&immutable=1" if alone else "mode=ro") as database:
        yield database


@contextmanager
def _view(path: str, how: str) -> Iterator[sqlite3.Connection]:
    uri = f"{Path(path).absolute().as_uri()}?{how}"
    with closing(sqlite3.connect(uri, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)) as database:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_TEXT_BYTES)
        # Texts that are not UTF-8 must not cost their row.
        database.text_factory = _text
        # Not `trusted_schema = OFF`: it refuses every table that has an index over a JSON field.
        for pragma in ("cell_size_check = ON", "query_only = ON"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        yield database


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _header(path: str) -> bytes:
    with open_log(path) as stream:
        return stream.read(_HEADER_BYTES)


def _facts(path: str) -> Now | None:
    """Return how the file and its write-ahead log look together, as the walk sees them; None where it has gone."""
    try:
        here = os.stat(path)  # noqa: PTH116  beside the walk, which holds paths as text
    except FileNotFoundError:
        return None
    found = found_file("", 0, path, "", here, database=True)
    return Now(found.device, found.inode, found.size_bytes, found.mtime_ns)


def _reading(
    task: Task, now: Now, start: int, end: int, state: bytes | None, *, restart: bool, done: bool
) -> FileReading:  # fmt: skip
    return FileReading(
        task.name,
        task.source,
        now.device,
        now.inode,
        now.size_bytes,
        now.mtime_ns if done else UNFINISHED,
        start,
        end,
        None,
        state,
        restart=restart,
    )
