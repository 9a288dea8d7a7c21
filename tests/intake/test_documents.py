"""Files that their agent writes anew as a whole, read while it does."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from goodmeasure.domain.events import Batch, ParseIssue, Prompt
from goodmeasure.intake.parse import readings
from goodmeasure.intake.tail import UNFINISHED, Known
from goodmeasure.intake.task import Task
from goodmeasure.ledger.files import FileReading
from goodmeasure.sources.base import Document


def reader(place: str, stream: IO[bytes]) -> Iterator[Batch]:
    """Read a JSON list, two of its entries a batch; half a list is an issue."""
    del place
    try:
        entries = json.load(stream)
    except ValueError:
        yield Batch(lines=1, issues=[ParseIssue(1, "cut off")])
        return
    for start in range(0, len(entries), 2):
        part = entries[start : start + 2]
        yield Batch(lines=len(part), prompts=[Prompt(b"%016d" % number, "session", number) for number in part])


class Reading:
    """What imports one after the other learn of a document, as the ledger keeps it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last: FileReading | None = None
        self.numbers: list[int] = []
        self.issues: list[ParseIssue] = []

    def task(self) -> Task:
        last = self.last
        known = last and Known(last.device, last.inode, last.size_bytes, last.mtime_ns, last.offset_bytes, None, 0)
        return Task("x", str(self.path), self.path.name, self.path.name, 0, 0, 0, known, None)

    def arriving(self) -> Iterator[FileReading]:
        for reading, batch in readings(self.task(), Document(reader)):
            expected = 0 if reading.restart or self.last is None else self.last.offset_bytes
            assert reading.start_offset == expected, "the ledger would leave this reading out"
            self.last = reading
            self.numbers += [prompt.prompted_at or 0 for prompt in batch.prompts]
            self.issues += batch.issues
            yield reading

    def read(self) -> list[FileReading]:
        self.numbers, self.issues = [], []
        return list(self.arriving())


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(tmp_path / "document.json")


def write(path: Path, count: int) -> None:
    path.write_text(json.dumps(list(range(count))))


def test_only_the_last_batch_says_that_the_file_is_read(reading: Reading) -> None:
    write(reading.path, 5)
    got = reading.read()
    assert reading.numbers == [0, 1, 2, 3, 4]
    assert [one.mtime_ns == UNFINISHED for one in got] == [True, True, False]
    assert got[-1].offset_bytes == reading.path.stat().st_size


def test_a_file_that_has_grown_is_read_whole_again(reading: Reading) -> None:
    write(reading.path, 5)
    reading.read()
    write(reading.path, 7)
    got = reading.read()
    assert reading.numbers == [0, 1, 2, 3, 4, 5, 6]
    assert [one.restart for one in got] == [True, False, False, False]


def test_a_file_that_grows_while_it_is_read_is_read_again(reading: Reading) -> None:
    write(reading.path, 5)
    for number, _ in enumerate(reading.arriving()):
        if number == 0:
            write(reading.path, 9)
    assert reading.last is not None
    assert reading.last.mtime_ns == UNFINISHED
    reading.read()
    assert reading.numbers == list(range(9))
    assert reading.last.mtime_ns != UNFINISHED


def test_a_file_that_is_replaced_while_it_is_read_is_read_again(reading: Reading, tmp_path: Path) -> None:
    write(reading.path, 5)
    write(tmp_path / "new.json", 4)
    for number, _ in enumerate(reading.arriving()):
        if number == 0:
            (tmp_path / "new.json").replace(reading.path)
    here = reading.path.stat()
    assert reading.last is not None
    assert (reading.last.inode, reading.last.mtime_ns) != (here.st_ino, here.st_mtime_ns), (
        "the next import must read it"
    )
    reading.read()
    assert reading.numbers == [0, 1, 2, 3]


def test_half_a_document_is_an_issue_until_it_is_whole(reading: Reading) -> None:
    write(reading.path, 50)
    os.truncate(reading.path, reading.path.stat().st_size // 2)
    reading.read()
    assert reading.issues == [ParseIssue(1, "cut off")]
    write(reading.path, 50)
    reading.read()
    assert (len(reading.numbers), reading.issues) == (50, [])


def test_an_empty_file_and_an_empty_list_give_one_reading_each(reading: Reading) -> None:
    reading.path.touch()
    assert len(reading.read()) == 1
    write(reading.path, 0)
    got = reading.read()
    assert [one.mtime_ns != UNFINISHED for one in got] == [True]


def test_a_huge_document_arrives_in_batches_that_nobody_gathers(reading: Reading) -> None:
    write(reading.path, 200_000)
    sizes = [reading.last is not None and len(reading.numbers) for _ in reading.arriving()]
    assert len(sizes) == 100_000
    assert len(reading.numbers) == 200_000


def test_a_file_that_vanished_gives_nothing(reading: Reading) -> None:
    assert reading.read() == []


def test_a_folder_in_its_place_is_told(reading: Reading) -> None:
    reading.path.mkdir()
    (one,) = reading.read()
    assert one.problem
    assert "could not be read" in one.problem
