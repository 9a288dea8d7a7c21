"""Another program's databases, written by real SQLite in processes of their own."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from goodmeasure.domain.events import Batch, Prompt
from goodmeasure.intake.databases import database_readings
from goodmeasure.intake.foreign_views import NoView, is_database, viewed
from goodmeasure.intake.tail import UNFINISHED, Known
from goodmeasure.intake.task import Task
from goodmeasure.ledger.files import FileReading
from goodmeasure.sources.base import DatabaseReader
from tests.intake.foreign_writer import body

SCRIPT = Path(__file__).with_name("foreign_writer.py")
ROWS_PER_BATCH = 40
Stood = dict[str, bytes]


class Program:
    """A running writer."""

    def __init__(self, path: Path, mode: str, *pragmas: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(path), mode, *pragmas],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.heard() == "ok"

    def tell(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def heard(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def do(self, *commands: str) -> None:
        """Run commands; each must succeed at once."""
        for command in commands:
            self.tell(command)
            if command == "die":
                self.process.wait(10)
            else:
                assert self.heard() == "ok", command

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "agent"
    folder.mkdir()
    return folder / "agent.db"


class Programs:
    """Starts writers of one database, by journal mode and pragmas."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._started: list[Program] = []

    def __call__(self, mode: str = "wal", *pragmas: str) -> Program:
        self._started.append(Program(self._path, mode, *pragmas))
        return self._started[-1]

    def end(self) -> None:
        for one in self._started:
            one.end()


@pytest.fixture
def program(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    """Start writers of the scratch database; private copies of it lie in a folder of the test."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    programs = Programs(path)
    yield programs
    programs.end()


def reader(place: str, database: sqlite3.Connection, state: bytes | None) -> Iterator[tuple[Batch, bytes | None]]:
    """Read the rows after the last one; raise where a row is not as it was written."""
    del place
    after = int(state or 0)
    query = "SELECT n, body, (SELECT count(*) FROM pair WHERE pair.n = log.n) FROM log WHERE n > ? ORDER BY n LIMIT ?"
    while rows := database.execute(query, (after, ROWS_PER_BATCH)).fetchall():
        for number, text, pairs in rows:
            assert (text, pairs) == (body(number, len(text)), 1)
        after = rows[-1][0]
        prompts = [Prompt(b"%016d" % row[0], "session", row[0]) for row in rows]
        yield Batch(lines=len(rows), prompts=prompts), str(after).encode()


def slow_reader(place: str, database: sqlite3.Connection, state: bytes | None) -> Iterator[tuple[Batch, bytes | None]]:
    """Read as `reader` does, and take some time for it, all locks held that there are."""
    for arrived in reader(place, database, state):
        time.sleep(0.005)
        yield arrived


class Reading:
    """What imports one after the other learn of a database, as the ledger keeps it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.numbers: list[int] = []
        self.last: FileReading | None = None
        self.problems: list[str] = []

    def task(self) -> Task:
        last = self.last
        known = last and Known(last.device, last.inode, last.size_bytes, last.mtime_ns, last.offset_bytes, None, 0)
        return Task("x", str(self.path), self.path.name, self.path.name, 0, 0, 0, known, last and last.reader_state)

    def take(self, reading: FileReading, batch: Batch) -> None:
        expected = 0 if reading.restart or self.last is None else self.last.offset_bytes
        assert reading.start_offset == expected, "the ledger would leave this reading out"
        assert reading.offset_bytes == reading.start_offset + batch.lines
        self.last = reading
        self.numbers += [prompt.prompted_at or 0 for prompt in batch.prompts]
        if reading.problem:
            self.problems.append(reading.problem)

    def read(self, read: DatabaseReader = reader) -> int:
        """Read what is new; return the number of rows."""
        before = len(self.numbers)
        for reading, batch in database_readings(self.task(), read):
            self.take(reading, batch)
        return len(self.numbers) - before

    def all_rows(self, count: int) -> bool:
        return self.problems == [] and self.numbers == list(range(1, count + 1))


@pytest.fixture
def reading(path: Path) -> Reading:
    return Reading(path)


def stood(path: Path, *leave_out: str) -> Stood:
    """Return every file beside the database with its bytes; the shared memory only by name: joining writes there."""
    return {
        one.name: b"" if one.name.endswith("-shm") else one.read_bytes()
        for one in sorted(path.parent.iterdir())
        if one.name not in leave_out
    }


# ---- every way a database can stand: all rows read, nothing beside it changed


def quiet_wal(start: Programs, _path: Path) -> None:
    start().do("add 100", "close")


def live_writer(start: Programs, _path: Path) -> None:
    start().do("add 100")


def live_writer_with_an_empty_log(start: Programs, _path: Path) -> None:
    start().do("add 100", "sql PRAGMA wal_checkpoint(TRUNCATE)")


def live_writer_inside_a_transaction(start: Programs, _path: Path) -> None:
    start("wal", "cache_size = 2").do("add 100", "sql BEGIN IMMEDIATE", "add 500 2000")


def dead_writer(start: Programs, _path: Path) -> None:
    start().do("add 60", "sql PRAGMA wal_checkpoint(PASSIVE)", "add 40", "die")


def dead_writer_inside_a_transaction(start: Programs, _path: Path) -> None:
    start("wal", "cache_size = 2").do("add 100", "sql BEGIN IMMEDIATE", "add 500 2000", "die")


def log_without_shared_memory(start: Programs, path: Path) -> None:
    dead_writer(start, path)
    Path(f"{path}-shm").unlink()


def shared_memory_without_log(start: Programs, path: Path) -> None:
    quiet_wal(start, path)
    Path(f"{path}-shm").write_bytes(bytes(32768))


def writer_that_keeps_the_file_to_itself(start: Programs, _path: Path) -> None:
    start("wal", "locking_mode = EXCLUSIVE").do("add 100")


def big_log(start: Programs, _path: Path) -> None:
    start("wal", "wal_autocheckpoint = 0").do("add 99 200000", "add 1")


def rollback_journal(start: Programs, _path: Path) -> None:
    start("delete").do("add 100")


def emptied_journal(start: Programs, _path: Path) -> None:
    start("truncate").do("add 100")


def kept_journal(start: Programs, _path: Path) -> None:
    start("persist").do("add 100")


def no_journal(start: Programs, _path: Path) -> None:
    start("memory").do("add 100")


def journal_in_use(start: Programs, _path: Path) -> None:
    start("delete", "cache_size = 2").do("add 100", "sql BEGIN IMMEDIATE", "add 500 2000")


def hot_journal(start: Programs, path: Path) -> None:
    start("delete", "cache_size = 2").do("add 100", "sql BEGIN IMMEDIATE", "add 500 2000", "die")
    assert Path(f"{path}-journal").stat().st_size > 0


def hot_kept_journal(start: Programs, _path: Path) -> None:
    start("persist", "cache_size = 2").do("add 100", "sql BEGIN IMMEDIATE", "add 500 2000", "die")


WAYS = [
    quiet_wal, live_writer, live_writer_with_an_empty_log, live_writer_inside_a_transaction, dead_writer,
    dead_writer_inside_a_transaction, log_without_shared_memory, shared_memory_without_log,
    writer_that_keeps_the_file_to_itself, big_log, rollback_journal, emptied_journal, kept_journal, no_journal,
    journal_in_use, hot_journal, hot_kept_journal,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_all_committed_rows_are_read_and_nothing_beside_the_database_changes(
    way: Callable[..., None], path: Path, program: Programs, reading: Reading
) -> None:
    way(program, path)
    before = stood(path)

    read = [reading.read(), reading.read()]

    assert reading.all_rows(100)
    assert read == [100, 0]
    assert stood(path) == before
    assert list(Path(tempfile.gettempdir()).iterdir()) == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_agent_goes_on_as_if_nobody_had_read(
    way: Callable[..., None], path: Path, program: Programs, reading: Reading
) -> None:
    way(program, path)
    reading.read()
    program.end()
    with closing(sqlite3.connect(path, timeout=0)) as database:
        assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM log").fetchone() == (100,)
        database.execute("INSERT INTO log VALUES (9999, '')")
    assert sorted(one.name for one in path.parent.iterdir()) in (["agent.db"], ["agent.db", "agent.db-journal"])


# ---- while the program writes


@pytest.mark.parametrize("mode", ["wal", "delete", "truncate", "persist"])
def test_a_busy_writer_never_fails_and_no_row_is_lost(mode: str, program: Programs, reading: Reading) -> None:
    writer = program(mode, "wal_autocheckpoint = 20")
    writer.do("add 500")
    writer.tell("each 400")
    for _ in range(30):
        reading.read(slow_reader)
    assert writer.heard() == "ok", "somebody made the writer wait"
    writer.do("add 10", "close")
    reading.problems.clear()  # "is being written all the time" is an answer, too
    reading.read()
    assert reading.all_rows(910)


def test_no_view_is_kept_open_while_a_batch_waits(
    path: Path, program: Programs, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodmeasure.intake.foreign_views._JOINED_SECONDS", 0.0)
    writer = program()
    writer.do("add 200")
    for count, (one, batch) in enumerate(database_readings(reading.task(), reader)):
        reading.take(one, batch)
        if count == 1:
            writer.do("sql PRAGMA wal_checkpoint(TRUNCATE)", "add 5")
    writer.do("close")
    reading.read()
    assert reading.all_rows(205)
    assert sorted(one.name for one in path.parent.iterdir()) == ["agent.db"]


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_change_between_two_batches_of_a_quiet_file_is_noticed(
    mode: str, program: Programs, reading: Reading
) -> None:
    program(mode).do("add 200", "close")
    for count, (one, batch) in enumerate(database_readings(reading.task(), reader)):
        reading.take(one, batch)
        if count == 1:
            program(mode).do("sql UPDATE log SET n = n + 0", "sql VACUUM", "add 300", "close")
    reading.read()
    assert reading.all_rows(500)


def test_a_file_that_is_replaced_is_read_from_its_beginning(path: Path, program: Programs, reading: Reading) -> None:
    program().do("add 300", "close")
    shutil.copyfile(path, path.with_name("old"))
    program().do("add 100", "close")
    for count, (one, batch) in enumerate(database_readings(reading.task(), reader)):
        reading.take(one, batch)
        if count == 1:
            path.with_name("old").replace(path)
    assert reading.problems == []
    assert reading.numbers == [*range(1, 81), *range(1, 301)]
    assert reading.last is not None
    assert reading.last.offset_bytes == 300


@pytest.mark.skipif(os.name == "nt", reason="files that are open keep their names there")
@pytest.mark.parametrize("way", [log_without_shared_memory, hot_journal], ids=lambda way: way.__name__)
def test_a_private_copy_has_no_name_while_it_is_read(
    way: Callable[..., None], path: Path, program: Programs, reading: Reading
) -> None:
    way(program, path)
    for one, batch in database_readings(reading.task(), reader):
        assert [file for file in Path(tempfile.gettempdir()).rglob("*") if file.is_file()] == []
        reading.take(one, batch)
    assert reading.all_rows(100)


def test_the_log_of_a_linked_file_lies_beside_the_file(path: Path, reading: Reading) -> None:
    real = path.parent.parent / "real.db"
    path.symlink_to(real)
    writer = Program(real, "wal")
    writer.do("add 100")
    reading.read()
    writer.do("add 5")
    reading.read()
    writer.end()
    assert reading.all_rows(105)
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_vanishes_is_no_error_of_the_import(path: Path, reading: Reading) -> None:
    with pytest.raises(FileNotFoundError):
        reading.read()
    assert list(path.parent.iterdir()) == []


# ---- reading again


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_one_new_row_costs_one_row(mode: str, program: Programs, reading: Reading) -> None:
    writer = program(mode)
    writer.do("add 5000")
    assert reading.read() == 5000
    writer.do("add 1")
    steps = 0

    def counted(place: str, database: sqlite3.Connection, state: bytes | None) -> Iterator[tuple[Batch, bytes | None]]:
        nonlocal steps

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        database.set_progress_handler(step, 1)
        yield from reader(place, database, state)

    for one, batch in database_readings(reading.task(), counted):
        reading.take(one, batch)
    assert reading.all_rows(5001)
    assert steps < 200, "SQLite's own steps, not seconds"


def test_a_known_database_is_not_copied(program: Programs, reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = program()
    writer.do("add 100")

    def refused(*_: object) -> None:
        pytest.fail("copied")

    monkeypatch.setattr(shutil, "copyfile", refused)
    reading.read()
    writer.do("add 1")
    assert reading.read() == 1


def test_a_quiet_file_is_done_with_and_a_written_one_is_not(program: Programs, reading: Reading) -> None:
    writer = program()
    writer.do("add 10", "close")
    reading.read()
    reading.read()
    assert reading.last is not None
    assert reading.last.mtime_ns != UNFINISHED


# ---- what is no database, or a damaged one


@pytest.mark.parametrize("data", [b"no database at all", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_database_is_told_in_a_sentence(path: Path, reading: Reading, data: bytes) -> None:
    path.write_bytes(data)
    assert reading.read() == 0
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith("This database could not be read: ")
    assert stood(path) == {"agent.db": data}


def test_an_empty_file_is_a_database_to_come(path: Path, reading: Reading) -> None:
    path.touch()
    assert reading.read() == 0
    assert reading.problems == []
    assert not is_database(str(path))
    with pytest.raises(NoView), viewed(str(path)):
        pytest.fail("there is nothing to see")


def test_a_damaged_page_keeps_what_was_read_before_it(path: Path, program: Programs, reading: Reading) -> None:
    program("delete").do("add 400", "close")
    data = bytearray(path.read_bytes())
    page = data.index(body(300).encode()) // 4096
    data[page * 4096 : page * 4096 + 100] = b"\xaa" * 100
    path.write_bytes(data)
    reading.read()
    assert 200 <= len(reading.numbers) < 300
    assert "malformed" in reading.problems[0]
    reading.read()
    assert len(set(reading.numbers)) == len(reading.numbers), "nothing twice"


def test_a_truncated_database_is_told(path: Path, program: Programs, reading: Reading) -> None:
    program("delete").do("add 400", "close")
    os.truncate(path, path.stat().st_size // 2)
    reading.read()
    assert len(reading.problems) == 1


def test_a_log_that_ends_in_rubbish_gives_what_was_committed(path: Path, program: Programs, reading: Reading) -> None:
    dead_writer(program, path)
    Path(f"{path}-shm").unlink()
    with Path(f"{path}-wal").open("ab") as log:
        log.write(b"\x5a" * 9000)
    reading.read()
    assert reading.all_rows(100)


READ_AS_SOMEBODY_ELSE = """
import os, sys
from pathlib import Path
from tests.intake.test_databases import Reading
# Now that all is loaded: this Python may lie in a folder that only root may enter.
os.setgid(65534)
os.setuid(65534)
reading = Reading(Path(sys.argv[1]))
reading.read()
print(len(reading.numbers), reading.problems)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_folder_that_we_may_only_read_is_enough(way: Callable[..., None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder, "agent.db")
        start = Programs(path)
        way(start, path)
        before = stood(path)
        script = [sys.executable, "-c", READ_AS_SOMEBODY_ELSE, str(path)]
        done = subprocess.run(script, capture_output=True, text=True, check=False, timeout=60)
        start.end()
        assert (done.stdout.strip(), done.stderr) == ("100 []", "")
        assert stood(path) == before
