"""Parsing in other processes: files go out in order, events come back in the same order, and memory stays flat.

Each worker has one pipe. It may be one answer ahead: then it waits in the pipe until that answer's turn has come, so no
queue can grow. Events travel as msgpack of plain tuples (docs/decisions/0003).

Where Linux lets us copy this process, with one thread, a worker is a copy: it starts at once and shares the memory of
what is loaded. Elsewhere it is a new program, which never runs the main script again.
"""

import gc
import multiprocessing
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

import msgspec

from goodmeasure.domain.events import Batch
from goodmeasure.intake.parse import guarded_readings
from goodmeasure.intake.tail import UNFINISHED
from goodmeasure.intake.task import GARBAGE_THRESHOLD, Arrived, Task, crashed
from goodmeasure.ledger.files import FileReading
from goodmeasure.sources.base import Reading

_AHEAD = 2
"""Chunks that a worker holds: one being parsed or waiting in the pipe, one to go on with at once."""
_ASK_SECONDS = 0.1
"""How often a waiting parent asks whether it was cancelled."""
_END = b""
"""Ends the answers to one chunk."""
_READY = msgspec.msgpack.encode(None)
"""Said once by a worker that has started."""


def parsed_elsewhere(
    chunks: Sequence[Sequence[Task]],
    readings: Mapping[tuple[str, int], Reading],
    count: int,
    cancelled: Callable[[], bool],
) -> Generator[list[Arrived], None, None]:
    """Parse chunks of files in `count` spawned processes; lists of arrivals come in the order of the chunks.

    A worker that dies costs nothing but the one file that killed it: its other files are read by a new worker. Where
    none can be started, this process reads. Ends early where `cancelled` says so.
    """
    pool = _Pool(readings, count, cancelled)
    try:
        yield from pool.run(chunks)
    finally:
        pool.close()


def serve(pipe: Connection, readings: Mapping[tuple[str, int], Reading]) -> None:
    """Be a worker: answer chunks until the pipe closes."""
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)
    decode = msgspec.msgpack.Decoder(list[Task]).decode
    encode = msgspec.msgpack.Encoder().encode
    try:
        pipe.send_bytes(_READY)
        while True:
            for task in decode(pipe.recv_bytes()):
                for reading, batch in guarded_readings(task, readings[task.source, task.root]):
                    pipe.send_bytes(encode((reading, _packed(batch))))
            pipe.send_bytes(_END)
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        return


def _packed(batch: Batch) -> tuple[Any, ...]:
    return (
        batch.lines,
        batch.sessions,
        batch.generations,
        batch.tool_calls,
        batch.prompts,
        batch.notices,
        batch.totals,
        batch.issues,
        dict(batch.unknown),
    )


def _arrived(message: bytes) -> Arrived:
    reading, batch = msgspec.msgpack.decode(message)
    return FileReading(*reading), Batch(*batch)


def _serve_copied(pipe: Connection, readings: Mapping[tuple[str, int], Reading], near_ends: list[Connection]) -> None:
    """Be a worker that is a copy of its parent: let go of the parent's ends, or no pipe would ever close."""
    for end in near_ends:
        end.close()
    serve(pipe, readings)


def _can_be_copied() -> bool:
    """Return whether `fork` is safe: other threads would not be copied, but the locks that they hold would."""
    return threading.active_count() == 1


@contextmanager
def _main_unseen() -> Iterator[None]:
    """Hide the main script from a process being spawned, which would run it again.

    One without a `__main__` guard would import there, too, and start workers of its own.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class _Worker:
    """One process and the chunks it has been given, oldest first."""

    def __init__(self, readings: Mapping[tuple[str, int], Reading], others: Sequence["_Worker"] = ()) -> None:
        """`others`: the workers that there are already."""
        self.pipe, far_end = multiprocessing.Pipe()
        self.chunks: deque[int] = deque()
        self.ready = False
        """It has started: whatever ends it from now on is a file."""
        self._process: BaseProcess
        if sys.platform == "linux" and _can_be_copied():
            near_ends = [self.pipe, *(worker.pipe for worker in others)]
            self._process = multiprocessing.get_context("fork").Process(
                target=_serve_copied, args=(far_end, readings, near_ends), daemon=True
            )
            self._process.start()
        else:
            self._process = multiprocessing.get_context("spawn").Process(
                target=serve, args=(far_end, dict(readings)), daemon=True
            )
            with _main_unseen():
                self._process.start()
        far_end.close()

    def give(self, number: int, chunk: Sequence[Task]) -> None:
        self.chunks.append(number)
        self.pipe.send_bytes(msgspec.msgpack.encode(chunk))

    def close(self) -> None:
        self.pipe.close()
        self._process.join(timeout=1)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()
        self._process.close()


class _Pool:
    """Hands out chunks and takes their answers in order."""

    def __init__(self, readings: Mapping[tuple[str, int], Reading], count: int, cancelled: Callable[[], bool]) -> None:
        self._readings = readings
        self._cancelled = cancelled
        self._workers: list[_Worker] = []
        for _ in range(count):
            self._workers.append(_Worker(readings, self._workers))
        self._owner: dict[int, _Worker] = {}
        self._next = 0

    def close(self) -> None:
        for worker in self._workers:
            worker.close()

    def run(self, chunks: Sequence[Sequence[Task]]) -> Iterator[list[Arrived]]:
        for _ in range(_AHEAD):
            for worker in self._workers:
                self._hand_out(worker, chunks)
        for number in range(len(chunks)):
            worker = self._owner.pop(number)
            yield from self._answers(worker, chunks[number], chunks)
            if self._cancelled():
                return

    def _hand_out(self, worker: _Worker, chunks: Sequence[Sequence[Task]]) -> None:
        if self._next >= len(chunks):
            return
        self._owner[self._next] = worker
        # it has died: whoever waits for its answer finds out
        with suppress(BrokenPipeError, ConnectionResetError):
            worker.give(self._next, chunks[self._next])
        self._next += 1

    def _answers(
        self, worker: _Worker, chunk: Sequence[Task], chunks: Sequence[Sequence[Task]]
    ) -> Iterator[list[Arrived]]:
        """Yield what one worker says about one chunk."""
        names = [task.name for task in chunk]
        done = 0
        while True:
            message = self._receive(worker)
            if message == _READY:
                worker.ready = True
                continue
            if message is None and worker.ready:
                yield from self._after_death(worker, list(chunk[done:]), chunks)
                return
            if message is None:
                yield from self._parsed_here(chunk)
            if message is None or message == _END:
                worker.chunks.popleft()
                self._hand_out(worker, chunks)
                return
            reading, batch = _arrived(message)
            complete = reading.mtime_ns != UNFINISHED or reading.problem is not None
            done = names.index(reading.path, done) + complete
            yield [(reading, batch)]
            if self._cancelled():
                return

    def _parsed_here(self, chunk: Sequence[Task]) -> Iterator[list[Arrived]]:
        """Read in this process what was given to a worker that could not even start; another would fare no better."""
        for task in chunk:
            for arrived in guarded_readings(task, self._readings[task.source, task.root]):
                yield [arrived]
                if self._cancelled():
                    return

    def _receive(self, worker: _Worker) -> bytes | None:
        """Return the next message; None where the worker is dead, the chunk's end where the import is cancelled."""
        try:
            while not worker.pipe.poll(_ASK_SECONDS):
                if self._cancelled():
                    return _END
            return worker.pipe.recv_bytes()
        except (EOFError, ConnectionResetError, BrokenPipeError):
            return None

    def _after_death(
        self, worker: _Worker, rest: list[Task], chunks: Sequence[Sequence[Task]]
    ) -> Iterator[list[Arrived]]:
        """Read on with a new worker, leaving out the file at which the old one died."""
        if rest:
            yield [(crashed(rest[0], "the program that parses ended unexpectedly"), Batch())]
        fresh = _Worker(self._readings, self._workers)
        self._workers[self._workers.index(worker)] = fresh
        later = [number for number in worker.chunks if number in self._owner]
        worker.chunks.clear()
        worker.close()
        for number in later:
            self._owner[number] = fresh
        if len(rest) > 1:
            fresh.give(-1, rest[1:])
        for number in later:
            fresh.give(number, chunks[number])
        if len(rest) > 1:
            yield from self._answers(fresh, rest[1:], chunks)
        elif not later:
            self._hand_out(fresh, chunks)
