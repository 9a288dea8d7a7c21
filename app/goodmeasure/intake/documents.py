"""Reading a file that its agent writes anew as a whole."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from goodmeasure.domain.events import Batch
from goodmeasure.intake.tail import UNFINISHED, open_log
from goodmeasure.intake.task import Arrived, Now, Task, facts_of
from goodmeasure.ledger.files import FileReading
from goodmeasure.sources.base import Document, FolderFile

_MOST_FOLDER_BYTES = 1 << 20


def document_readings(task: Task, reading: Document, stream: IO[bytes]) -> Iterator[Arrived]:
    """Read a whole document, batch by batch. Where the agent writes it meanwhile, the next import reads it again."""
    before = facts_of(stream)
    folder = _folder_told(task.path, reading.folder) if reading.folder else None
    start, last = 0, Batch()
    # One batch is held back: only the last one may say that the file is read.
    for number, batch in enumerate(reading.read(task.place, stream)):
        if folder is not None:
            batch.sessions = [facts._replace(cwd=facts.cwd or folder) for facts in batch.sessions]
        if number:
            yield _reading(task, before, start, start + 1, done=False), last
            start += 1
        last = batch
    unchanged = facts_of(stream) == before
    yield _reading(task, before, start, max(before.size_bytes, start + 1), done=unchanged), last


def _folder_told(path: str, named: FolderFile) -> str | None:
    """Return the working folder that the file near a log names; None where there is no such file to be read."""
    try:
        with open_log(str(Path(path).parent / named.file)) as stream:
            return named.folder(stream.read(_MOST_FOLDER_BYTES))
    except OSError:
        return None


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
