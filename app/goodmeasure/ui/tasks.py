"""Work off the drawing thread: one lane that writes, a small one that reads, one for what takes its time.

Results come back on the drawing thread.

A page asks under a name of its own; when it asks again under that name, the older answer is dropped.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

_LOG = logging.getLogger(__name__)
_READERS = 2
_T = TypeVar("_T")


class Lanes(QObject):
    """Runs jobs in threads. `busy` tells how many are under way, for tests and for the closing window."""

    _finished = Signal(object)
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write-lane")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="read-lane")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="aside-lane")
        self._newest: dict[str, int] = {}
        self._asked = 0
        self.busy = 0
        self.aside_jobs = 0
        """How many jobs of the long kind are under way or wait: who can, makes room for the others."""
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def read(
        self, name: str, job: Callable[[], _T], done: Callable[[_T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Run `job` in the read lane and hand on its result or exception, unless `name` has asked anew."""
        if self._closed:
            return
        self._asked += 1
        self._newest[name] = self._asked
        self._start(self._readers, job, partial(self._if_newest, name, self._asked, done, failed))

    def write(self, job: Callable[[], _T], done: Callable[[_T], None], failed: Callable[[Exception], None]) -> None:
        """Run `job` after all earlier writes; hand its result to `done` or its exception to `failed`."""
        if self._closed:
            return
        self._start(self._writer, job, partial(_hand_over, done, failed))

    def aside(self, job: Callable[[], _T], done: Callable[[_T], None], failed: Callable[[Exception], None]) -> None:
        """Run `job` after all earlier ones of its kind: long work that neither questions nor writes wait for."""
        if self._closed:
            return
        self.aside_jobs += 1
        self._start(self._aside, job, partial(self._aside_ended, done, failed))

    def close(self) -> None:
        """Let the writes end, forget the reads that wait, and drop every answer."""
        self._closed = True
        self._newest.clear()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._aside.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)

    def _start(self, lane: ThreadPoolExecutor, job: Callable[[], Any], deliver: Callable[[Any, Any], None]) -> None:
        self.busy += 1
        lane.submit(job).add_done_callback(lambda future: self._finished.emit((future, deliver)))

    def _deliver(self, finished: tuple[Future[Any], Callable[[Any, Any], None]]) -> None:
        future, deliver = finished
        self.busy -= 1
        if not self._closed and not future.cancelled():
            error = future.exception()
            deliver(None if error else future.result(), error)
        if self.busy == 0:
            self.idle.emit()

    def _aside_ended(
        self, done: Callable[[Any], None], failed: Callable[[Exception], None], result: object, error: Exception | None
    ) -> None:  # fmt: skip
        self.aside_jobs -= 1
        _hand_over(done, failed, result, error)

    def _if_newest(
        self,
        name: str,
        asked: int,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        result: object,
        error: Exception | None,
    ) -> None:
        if self._newest.get(name) == asked:
            _hand_over(done, failed, result, error)


def _hand_over(
    done: Callable[[Any], None], failed: Callable[[Exception], None], result: object, error: Exception | None
) -> None:
    if error is None:
        done(result)
    else:
        _LOG.debug("A job failed", exc_info=error)
        failed(error)
