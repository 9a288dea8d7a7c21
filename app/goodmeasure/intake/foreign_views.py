"""Looking into another program's SQLite file, also while that program writes it, without leaving a trace beside it.

An ordinary connection would create `-wal` and `-shm` files, and its locks would make the other program wait or fail. So
the way in depends on how the file stands (SQLite's documentation, "Write-Ahead Logging" and "File Locking"):

- quiet (no write-ahead log, or an empty one, and no journal in use): opened as unchangeable, without any lock; whoever
  reads asks before each use of what was read whether the file is still the same;
- a write-ahead log and its shared memory: a read-only connection joins, which makes no writer wait. It is left again
  soon, because while it lasts the log cannot be emptied;
- a log without shared memory, or a journal that stays: its writer died, or keeps the file to itself. A private copy of
  both files is recovered, never the original.
"""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from goodmeasure.intake.tail import open_log

_MAGIC = b"SQLite format 3\0"
_JOURNAL_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
_HEADER_BYTES = 100
_LOG_HEADER_BYTES = 32
_WAL = b"\x02"
_JOINED_SECONDS = 0.5
"""How long a joined view lasts at most before the next use."""
_WAIT_SECONDS = 2
_COMMIT_SECONDS = 0.05
_COMMIT_WAITS = 6
_COPY_ATTEMPTS = 5
_RACY_NS = 50_000_000
"""File systems count time in steps: a change within this time after another one may bear the same time."""
_MOST_TEXT_BYTES = 256 << 20


class NoView(Exception):  # noqa: N818  the sentence is what a person reads
    """The file cannot be looked into now; the text says why."""


class _Look(NamedTuple):
    """How a quiet file looks; every change of its contents changes this."""

    device: int
    inode: int
    size_bytes: int
    mtime_ns: int
    header: bytes
    """The first page's begin, with the counter of changes."""
    disturbed: bool
    """A log or a journal is in use."""


@dataclass(slots=True)
class View:
    """One unchanging view of a database."""

    database: sqlite3.Connection
    _path: str
    _quiet: _Look | None
    _until: float = field(default=float("inf"))

    def holds(self) -> bool:
        """Tell whether everything read so far belongs to one state of the file."""
        return self._quiet is None or _look(self._path) == self._quiet

    def is_old(self) -> bool:
        """Tell whether the view should be left soon, for the sake of the program that writes."""
        return time.monotonic() > self._until


@contextmanager
def viewed(path: str) -> Iterator[View]:
    """Look into a database. Raises sqlite3.Error, OSError, and NoView where this is not the moment."""
    path = os.path.realpath(path)  # SQLite keeps log and journal beside the file that a link names
    header = header_of(path)
    if not header.startswith(_MAGIC):
        raise NoView("it is no SQLite database")
    if header[18:19] == _WAL and _size(path + "-wal"):
        if Path(path + "-shm").exists():
            with _connected(path, "mode=ro") as database:
                yield View(database, path, None, time.monotonic() + _JOINED_SECONDS)
        else:
            with _copied(path, "-wal") as database:
                yield View(database, path, None)
        return
    quiet = _calm(path)
    if quiet.disturbed:
        with _copied(path, "-journal") as database:
            yield View(database, path, None)
        return
    with _connected(path, "mode=ro&immutable=1") as database:
        yield View(database, path, quiet)


def header_of(path: str) -> bytes:
    """Return the first bytes of a file. Raises OSError."""
    with open_log(path) as stream:
        return stream.read(_HEADER_BYTES)


def is_database(path: str) -> bool:
    """Tell whether a file is an SQLite database, by its first bytes. Raises OSError."""
    return header_of(path).startswith(_MAGIC)


def is_settled(mtime_ns: int) -> bool:
    """Tell whether a file's time of change is so long ago that a further change would have got another one."""
    return time.time_ns() - mtime_ns > _RACY_NS


def _calm(path: str) -> _Look:
    """Return how a file looks; where somebody is just writing it, wait for the end of what mostly takes a moment."""
    look = _look(path)
    for _ in range(_COMMIT_WAITS):
        if not look.disturbed and is_settled(look.mtime_ns):
            break
        time.sleep(_COMMIT_SECONDS)
        look = _look(path)
    return look


def _look(path: str) -> _Look:
    header = header_of(path)
    facts = os.stat(path)  # noqa: PTH116  beside the walk, which holds paths as text
    disturbed = _journal_in_use(path) or (header[18:19] == _WAL and _size(path + "-wal") > 0)
    return _Look(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, header, disturbed)


def _journal_in_use(path: str) -> bool:
    with suppress(OSError):
        return header_of(path + "-journal").startswith(_JOURNAL_MAGIC)
    return False


def _size(path: str) -> int:
    with suppress(OSError):
        return os.stat(path).st_size  # noqa: PTH116  as above
    return 0


@contextmanager
def _connected(path: str, how: str) -> Iterator[sqlite3.Connection]:
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


@contextmanager
def _copied(path: str, beside: str) -> Iterator[sqlite3.Connection]:
    """Open a private copy of a database and of the log or journal beside it, recovered."""
    with tempfile.TemporaryDirectory(prefix="goodmeasure-") as folder:
        copy = Path(folder, "copy.db")
        for attempt in range(_COPY_ATTEMPTS):
            time.sleep(attempt * _COMMIT_SECONDS)
            before = _pair(path, beside)
            shutil.copyfile(path, copy)
            with suppress(FileNotFoundError):
                shutil.copyfile(path + beside, f"{copy}{beside}")
            if _pair(path, beside) == before:
                break
            Path(f"{copy}{beside}").unlink(missing_ok=True)
        else:
            raise NoView("its program keeps writing it")
        with _connected(str(copy), "mode=rw") as database:
            database.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # recovers it, and opens all its files
            if os.name != "nt":
                # Open files outlive their names: whatever ends this program, nobody's words stay behind.
                for file in Path(folder).iterdir():
                    file.unlink()
            yield database


def _pair(path: str, beside: str) -> tuple[object, ...]:
    """Return what must stay the same while both files are copied. A log may grow: what it says first stays."""
    look = _look(path)
    with suppress(OSError):
        header = header_of(path + beside)
        if beside == "-wal":
            return (*look, header[:_LOG_HEADER_BYTES])
        facts = os.stat(path + beside)  # noqa: PTH116  as above
        return (*look, header, facts.st_size, facts.st_mtime_ns)
    return (*look, None)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
