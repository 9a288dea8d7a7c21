"""Following logs: appended lines, new files, new agents, databases in the middle of a transaction, and silence."""

import json
import resource
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from goodmeasure.domain.events import Batch, Prompt
from goodmeasure.intake.report import ImportReport
from goodmeasure.intake.watch import follow
from goodmeasure.ledger.opening import Ledger
from goodmeasure.sources.base import Capability, Database, Register, Root, Source
from goodmeasure.sources.registry import all_sources

SESSION = "0a0a0a0a-1111-4222-8333-444444444444"
PATIENCE_SECONDS = 20


def line(number: int) -> str:
    return (
        json.dumps(
            {
                "type": "assistant",
                "uuid": f"{number:08d}-0000-4000-8000-000000000000",
                "sessionId": SESSION,
                "timestamp": "2026-03-02T10:00:00.000Z",
                "version": "2.1.226",
                "message": {
                    "id": f"msg_{number}",
                    "model": "claude-opus-4-7",
                    "stop_reason": "end_turn",
                    "content": [],
                    "usage": {"input_tokens": 1, "output_tokens": 10},
                },
            }
        )
        + "\n"
    )


def rows(place: str, database: sqlite3.Connection, state: bytes | None) -> Iterator[tuple[Batch, bytes | None]]:
    batch = Batch()
    seen = int(state or 0)
    for number, text in database.execute("SELECT rowid, text FROM note WHERE rowid > ?", (seen,)):
        batch.prompts.append(Prompt(f"{place}{number}".encode().rjust(16, b"."), text, None))
        batch.lines, seen = batch.lines + 1, number
    yield batch, str(seen).encode()


READING = Database(rows)
LISTED = Root(".listed", ("own.db",), READING, register=Register("projects", lambda data: data.decode().splitlines()))
NOTES = Source("notes", "Notes", (Root(".notes", ("*.db",), READING), LISTED), {"prompts": Capability.YES})


class Follower:
    """Follows in a thread of its own, as the app does."""

    def __init__(self, ledger: Ledger, home: Path) -> None:
        self.reports: list[ImportReport] = []
        self.ledger, self.stop, self.failed = ledger, threading.Event(), list[BaseException]()
        self._thread = threading.Thread(target=self._run, args=(home,))
        self._thread.start()

    def _run(self, home: Path) -> None:
        try:
            follow(
                self.ledger,
                [*all_sources(), NOTES],
                home,
                cost_of=lambda _: (None, "unknown"),
                project_of=lambda cwd: (cwd, cwd),
                told=self.reports.append,
                stop=self.stop,
            )
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.failed.append(error)

    def count(self, table: str) -> int:
        return int(self.ledger.raw().execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - this test's words

    def until(self, true: Callable[[], bool]) -> float:
        """Wait for something to become true; return the seconds that took."""
        began = time.monotonic()
        while not true():
            assert not self.failed, self.failed
            assert time.monotonic() - began < PATIENCE_SECONDS, "it never came"
            time.sleep(0.02)
        return time.monotonic() - began

    def end(self) -> None:
        self.stop.set()
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        assert not self.failed, self.failed


@pytest.fixture
def log(home: Path) -> Path:
    path = home / ".claude/projects/shop" / f"{SESSION}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(line(1))
    return path


@pytest.fixture
def follower(ledger: Ledger, home: Path, log: Path) -> Iterator[Follower]:
    assert log.exists()
    started = Follower(ledger, home)
    started.until(lambda: started.count("generation") == 1)
    yield started
    started.end()


def test_an_appended_line_is_in_the_ledger_at_once(follower: Follower, log: Path) -> None:
    with log.open("a") as stream:
        stream.write(line(2))
        stream.flush()
        follower.until(lambda: follower.count("generation") == 2)
    follower.until(lambda: len(follower.reports) == 2)
    (told,) = follower.reports[-1].sources
    assert (told.source, told.files, told.lines, told.generations_added) == ("claude-code", 1, 1, 1)
    summed = follower.ledger.raw().execute("SELECT sum(generations) FROM run_summary").fetchone()
    assert summed[0] == 2


def test_half_a_line_waits_for_its_other_half(follower: Follower, log: Path) -> None:
    text = line(2)
    with log.open("a") as stream:
        stream.write(text[:50])
        stream.flush()
        follower.until(lambda: len(follower.reports) == 2)
        stream.write(text[50:])
    follower.until(lambda: follower.count("generation") == 2)
    follower.until(lambda: follower.count("file_issue") == 0)


def test_a_new_session_in_a_new_folder_is_followed(follower: Follower, home: Path) -> None:
    folder = home / ".claude/projects/garden"
    folder.mkdir()
    (folder / "other.jsonl").write_text(line(7))
    follower.until(lambda: follower.count("generation") == 2)


def test_rows_that_wait_in_a_write_ahead_log_are_seen(ledger: Ledger, home: Path) -> None:
    (home / ".notes").mkdir()
    path = home / ".notes/own.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE note(text TEXT)")
        database.execute("INSERT INTO note VALUES ('a')")
        follower = Follower(ledger, home)
        try:
            follower.until(lambda: follower.count("prompt") == 1)
            database.execute("INSERT INTO note VALUES ('b')")
            follower.until(lambda: follower.count("prompt") == 2)
        finally:
            follower.end()


def test_databases_in_listed_projects_are_followed(ledger: Ledger, home: Path) -> None:
    register = home / ".listed/projects"
    register.parent.mkdir()
    register.write_text("/elsewhere/garden/data")
    (home / "garden/data").mkdir(parents=True)
    with closing(sqlite3.connect(home / "garden/data/own.db", isolation_level=None)) as database:
        database.execute("CREATE TABLE note(text TEXT)")
        database.execute("INSERT INTO note VALUES ('a')")
        follower = Follower(ledger, home)
        try:
            follower.until(lambda: follower.count("prompt") == 1)
            database.execute("INSERT INTO note VALUES ('b')")
            follower.until(lambda: follower.count("prompt") == 2)
        finally:
            follower.end()


def test_an_agent_that_is_installed_later_is_followed(
    ledger: Ledger, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodmeasure.intake.watch._LOOK_SECONDS", 0.3)
    follower = Follower(ledger, home)
    try:
        follower.until(lambda: len(follower.reports) == 1)
        path = home / ".claude/projects/shop" / f"{SESSION}.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text(line(1))
        follower.until(lambda: follower.count("generation") == 1)
    finally:
        follower.end()


def test_a_folder_of_logs_that_somebody_collected_is_followed(ledger: Ledger, home: Path) -> None:
    folder = home / "from a colleague"
    folder.mkdir(parents=True)
    (folder / "one.jsonl").write_text(line(1))
    follower = Follower(ledger, home)
    try:
        follower.until(lambda: follower.count("generation") == 1)
        with (folder / "one.jsonl").open("a") as stream:
            stream.write(line(2))
        follower.until(lambda: follower.count("generation") == 2)
        (folder / "two.jsonl").write_text(line(3))
        follower.until(lambda: follower.count("generation") == 3)
    finally:
        follower.end()


def test_a_named_home_without_agents_is_not_looked_through_again(
    ledger: Ledger, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodmeasure.intake.watch._LOOK_SECONDS", 0.2)
    looked: list[Path] = []

    def look(folder: Path) -> list[str]:
        looked.append(folder)
        return []

    monkeypatch.setattr("goodmeasure.intake.guess.log_files_in", look)
    (home / "notes").mkdir(parents=True)
    (home / "notes/list.json").write_text("{}")
    follower = Follower(ledger, home)
    try:
        follower.until(lambda: len(follower.reports) == 1)
        path = home / ".claude/projects/shop" / f"{SESSION}.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text(line(1))
        follower.until(lambda: follower.count("generation") == 1)
        assert looked == [home]
    finally:
        follower.end()


def test_nobodys_whole_home_is_watched(ledger: Ledger, home: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(50):
        (home / f"src/p{number}/node_modules").mkdir(parents=True)
    monkeypatch.setattr("goodmeasure.intake.watch._silent_mounts", list[str])  # whatever this machine has
    follower = Follower(ledger, home)
    try:
        follower.until(lambda: follower.count("generation") == 1)
        told = [path.read_text() for path in Path("/proc/self/fdinfo").iterdir() if path.exists()]
        watched = sum(text.count("inotify wd") for text in told)
        assert 0 < watched < 10
        analytics = home / "my-aider-analytics.jsonl"
        event = {"event": "message_send", "user_id": "u", "time": 1767225600, "properties": {"prompt_tokens": 1}}
        analytics.write_text(json.dumps(event) + "\n")
        follower.until(lambda: any(source.source == "aider" for one in follower.reports for source in one.sources))
        with log.open("a") as stream:
            stream.write(line(2))
        follower.until(lambda: follower.count("generation") >= 2)
    finally:
        follower.end()


def test_folders_without_events_are_asked(
    ledger: Ledger, home: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodmeasure.intake.watch._silent_mounts", lambda: [str(home)])
    follower = Follower(ledger, home)
    try:
        follower.until(lambda: follower.count("generation") == 1)
        with log.open("a") as stream:
            stream.write(line(2))
        follower.until(lambda: follower.count("generation") == 2)
    finally:
        follower.end()


def test_silence_costs_nothing_and_holds_no_log_open(follower: Follower, log: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    time.sleep(2)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.2
    opened = {str(link.resolve()) for link in Path("/proc/self/fd").iterdir() if link.exists()}
    assert str(log) not in opened
    assert not follower.failed
