"""Reading what is new in another program's database, batch by batch."""

import os
import sqlite3
import time
from collections.abc import Generator, Iterator
from enum import Enum

from goodmeasure.domain.events import Batch
from goodmeasure.intake.find import found_file
from goodmeasure.intake.foreign_views import NoView, is_settled, viewed
from goodmeasure.intake.tail import UNFINISHED
from goodmeasure.intake.task import Arrived, Now, Task, unreadable
from goodmeasure.ledger.files import FileReading
from goodmeasure.sources.base import DatabaseReader

_ATTEMPTS = 8
_PAUSE_SECONDS = 0.05


def database_readings(task: Task, read: DatabaseReader) -> Iterator[Arrived]:
    """Read what is new in a database, batch by batch. Raises OSError where the file cannot be opened.

    Where its program changes the file under a view, what that view read last is thrown away and a new view goes on; so
    no batch ever mixes two states of the file.
    """
    way = _Way(task, read)
    vain = 0
    while vain < _ATTEMPTS:
        at = way.end
        try:
            ending = yield from way.through_one_view()
        except (sqlite3.Error, NoView) as error:
            yield way.failed(f"This database could not be read: {error}. The next import tries again."), Batch()
            return
        if ending is _Ending.DONE:
            return
        if ending is _Ending.DISTURBED:
            vain = vain + 1 if way.end == at else 0
            time.sleep(_PAUSE_SECONDS * vain)
    yield way.failed("This database is being written all the time. The next import tries again."), Batch()


class _Ending(Enum):
    DONE = "done"
    LEFT = "left"
    """The view has lasted long enough; another one goes on."""
    DISTURBED = "disturbed"
    """The file changed under the view."""


class _Way:
    """How far a database has been read."""

    def __init__(self, task: Task, read: DatabaseReader) -> None:
        self._task = task
        self._read = read
        known = task.known
        self._now = _facts(task.path)
        same = known is not None and (known.device, known.inode) == (self._now.device, self._now.inode)
        self._stored = known.offset_bytes if known else 0
        self._restart = known is not None and not same
        self.end = self._stored if same else 0
        """Rows read."""
        self._state = task.state if same else None

    def through_one_view(self) -> Generator[Arrived, None, _Ending]:
        """Yield the readings of one view, and return why it ended."""
        self._look_again()
        if self._now.size_bytes == 0:  # made just now: its tables will come
            yield self._reading(self.end, done=True), Batch()
            return _Ending.DONE
        begun = self._state
        with viewed(self._task.path) as view:
            settled = is_settled(self._now.mtime_ns)
            rows = self._read(self._task.place, view.database, self._state)
            while True:
                try:
                    arrived = next(rows, None)
                except Exception:
                    # Half of an old and half of a new state can look like anything.
                    if view.holds():
                        raise
                    arrived = None
                if not view.holds():
                    return _Ending.DISTURBED
                if arrived is None:
                    break
                batch, after = arrived
                leaving = view.is_old() and after != begun
                if leaving:
                    view.database.close()
                yield self._taken(batch, after), batch
                if leaving:
                    return _Ending.LEFT
        done = settled and _facts(self._task.path) == self._now
        yield self._reading(self.end, done=done), Batch()
        return _Ending.DONE

    def failed(self, problem: str) -> FileReading:
        """Return the reading that says why no more could be read."""
        if self._restart:
            return unreadable(self._task, problem)
        return self._reading(self.end, done=False)._replace(problem=problem)

    def _look_again(self) -> None:
        """Note how the file looks now; another file in its place is read from its beginning."""
        before, self._now = self._now, _facts(self._task.path)
        if (before.device, before.inode) != (self._now.device, self._now.inode):
            self.end, self._state, self._restart = 0, None, self._stored > 0

    def _taken(self, batch: Batch, after: bytes | None) -> FileReading:
        end = self.end + batch.lines
        self._state = after
        return self._reading(end, done=False)

    def _reading(self, end: int, *, done: bool) -> FileReading:
        now = self._now
        reading = FileReading(
            self._task.name,
            self._task.source,
            now.device,
            now.inode,
            now.size_bytes,
            now.mtime_ns if done else UNFINISHED,
            self.end,
            end,
            None,
            self._state,
            restart=self._restart,
        )
        self.end = self._stored = end
        self._restart = False
        return reading


def _facts(path: str) -> Now:
    """Return how a database and its write-ahead log look together, as the walk sees them. Raises OSError."""
    facts = os.stat(path)  # noqa: PTH116  beside the walk, which holds paths as text
    found = found_file("", 0, path, "", facts, database=True)
    return Now(found.device, found.inode, found.size_bytes, found.mtime_ns)
