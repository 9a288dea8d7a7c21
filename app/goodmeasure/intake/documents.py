"""Reading a file that its agent writes anew as a whole."""

from collections.abc import Iterator
from typing import IO

from goodmeasure.domain.events import Batch
from goodmeasure.intake.tail import UNFINISHED
from goodmeasure.intake.task import Arrived, Now, Task, facts_of
from goodmeasure.ledger.files import FileReading
from goodmeasure.sources.base import DocumentReader


def document_readings(task: Task, read: DocumentReader, stream: IO[bytes]) -> Iterator[Arrived]:
    """Read a whole document, batch by batch. Where the agent writes it meanwhile, the next import reads it again."""
    before = facts_of(stream)
    start, last = 0, Batch()
    # One batch is held back: only the last one may say that the file is read.
    for number, batch in enumerate(read(task.place, stream)):
        if number:
            yield _reading(task, before, start, start + 1, done=False), last
            start += 1
        last = batch
    unchanged = facts_of(stream) == before
    yield _reading(task, before, start, max(before.size_bytes, start + 1), done=unchanged), last


def _reading(task: Task, now: Now, start: int, end: int, *, done: bool) -> FileReading:
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
        None,
        restart=start == 0 and task.known is not None,
    )
