"""From one found file to what the ledger writes: each kind of file is read in its own way."""

from collections.abc import Iterator

from goodmeasure.domain.events import Batch
from goodmeasure.intake.documents import document_readings
from goodmeasure.intake.line_files import LineFile
from goodmeasure.intake.tail import open_log
from goodmeasure.intake.task import Arrived, Task, crashed, reason, unreadable
from goodmeasure.sources.base import Database, Document, Reading


def readings(task: Task, reading: Reading) -> Iterator[Arrived]:
    """Read what is new in a file, batch by batch; a file that cannot be read yields one reading that says why.

    A file that has vanished since it was found yields none: agents tidy up. All readings but the last carry
    `UNFINISHED` as time of change, so that an import which ends between them is gone on with.
    """
    try:
        if isinstance(reading, Database):
            from goodmeasure.intake.databases import database_readings  # noqa: PLC0415  most homes hold none

            yield from database_readings(task, reading.read)
            return
        with open_log(task.path) as stream:
            if isinstance(reading, Document):
                yield from document_readings(task, reading, stream)
            else:
                yield from LineFile(task, reading.reader, stream).batches()
    except FileNotFoundError:
        return
    except OSError as error:
        yield unreadable(task, f"This file could not be read: {reason(error)}."), Batch()


def guarded_readings(task: Task, reading: Reading) -> Iterator[Arrived]:
    """Yield a file's readings as `readings` does; a reader that fails costs this file's rest, not the import."""
    try:
        yield from readings(task, reading)
    except Exception as error:  # noqa: BLE001  whatever a reader does wrong, the other files are read
        yield crashed(task, f"the reader failed ({type(error).__name__})"), Batch()
