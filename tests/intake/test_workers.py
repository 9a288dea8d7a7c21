"""Worker processes: order, death, failure."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from goodmeasure.domain.events import Batch, Prompt
from goodmeasure.intake import workers
from goodmeasure.intake.sync import _parsed_here as parsed_here
from goodmeasure.intake.task import Arrived, Task
from goodmeasure.intake.workers import parsed_elsewhere
from goodmeasure.sources.base import Lines


class Numbers:
    """Makes a prompt of every line; dies or fails where a line says so."""

    def __init__(self, path: str, state: bytes | None) -> None:
        self._path = path
        self._count = int(state or 0)

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        batch = Batch()
        for number, line in enumerate(lines, first_line):
            text = bytes(line)
            if text == b"die":
                os._exit(7)
            if text == b"fail":
                raise ValueError(text)
            batch.prompts.append(Prompt(text, self._path, number))
            batch.lines += 1
        self._count += batch.lines
        return batch

    def state(self) -> bytes:
        return str(self._count).encode()


READINGS = {("numbers", 0): Lines(Numbers)}


def _tasks(folder: Path, texts: list[str]) -> list[Task]:
    tasks = []
    for number, text in enumerate(texts):
        path = folder / f"{number:03d}.jsonl"
        path.write_text(text)
        tasks.append(Task("numbers", str(path), path.name, path.name, 0, len(text), len(text), None, None))
    return tasks


def _told(arrivals: Iterable[list[Arrived]]) -> list[str]:
    """Every prompt, or the problem, in order of arrival."""
    told = []
    for group in arrivals:
        for reading, batch in group:
            told += [bytes(prompt[0]).decode() for prompt in batch.prompts]
            if reading.problem:
                told.append(f"{reading.path}: {reading.problem}")
    return told


@pytest.fixture(params=["copied", "spawned"])
def started(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways in which a worker may start, whatever the system and its threads."""
    if request.param == "copied" and sys.platform != "linux":
        pytest.skip("only Linux copies processes safely")
    monkeypatch.setattr(workers, "_can_be_copied", lambda: request.param == "copied")
    return str(request.param)


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("size", [1, 2, 7])
def test_answers_come_in_the_order_of_the_files(tmp_path: Path, count: int, size: int) -> None:
    tasks = _tasks(tmp_path, [f"{number}a\n{number}b\n" for number in range(20)])
    chunks = [tasks[start : start + size] for start in range(0, len(tasks), size)]

    told = _told(parsed_elsewhere(chunks, READINGS, count, lambda: False))

    assert told == _told(parsed_here(tasks, READINGS))
    assert told == [f"{number}{letter}" for number in range(20) for letter in "ab"]


def test_more_than_a_pipe_holds_comes_through(tmp_path: Path) -> None:
    tasks = _tasks(tmp_path, ["".join(f"{n}-{'x' * 500}\n" for n in range(3000)) for _ in range(6)])

    told = _told(parsed_elsewhere([[task] for task in tasks], READINGS, 2, lambda: False))

    assert len(told) == 18_000


@pytest.mark.parametrize("deadly", [{0}, {3}, {19}, {4, 5}, {0, 7, 8, 13, 19}])
@pytest.mark.parametrize("size", [1, 4])
def test_a_worker_that_dies_costs_only_its_file(tmp_path: Path, deadly: set[int], size: int) -> None:
    tasks = _tasks(tmp_path, ["die\n" if number in deadly else f"{number}\n" for number in range(20)])
    chunks = [tasks[start : start + size] for start in range(0, len(tasks), size)]

    told = _told(parsed_elsewhere(chunks, READINGS, 2, lambda: False))

    ended = "This file could not be read: the program that parses ended unexpectedly. Please report it."
    assert told == [f"{number:03d}.jsonl: {ended}" if number in deadly else f"{number}" for number in range(20)]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_reader_that_fails_costs_only_its_file(tmp_path: Path, elsewhere: bool) -> None:
    tasks = _tasks(tmp_path, ["a\n", "b\nfail\n", "c\n"])

    told = _told(parsed_elsewhere([tasks], READINGS, 1, lambda: False) if elsewhere else parsed_here(tasks, READINGS))

    assert told == [
        "a",
        "001.jsonl: This file could not be read: the reader failed (ValueError). Please report it.",
        "c",
    ]


def test_a_cancelled_pool_ends_at_once(tmp_path: Path) -> None:
    tasks = _tasks(tmp_path, [f"{number}\n" for number in range(50)])
    seen: list[str] = []

    def enough() -> bool:
        return len(seen) >= 5

    for group in parsed_elsewhere([[task] for task in tasks], READINGS, 2, enough):
        seen.extend(_told([group]))

    assert seen == [f"{number}" for number in range(5)]


def test_where_no_worker_can_start_this_process_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = _tasks(tmp_path, [f"{number}a\n{number}b\n" for number in range(9)])
    monkeypatch.setattr(workers, "_can_be_copied", lambda: False)
    monkeypatch.setattr("multiprocessing.spawn.get_executable", lambda: b"/bin/false")

    told = _told(parsed_elsewhere([tasks[:2], tasks[2:5], tasks[5:]], READINGS, 2, lambda: False))

    assert told == [f"{number}{letter}" for number in range(9) for letter in "ab"]


UNGUARDED = """
import sys
from pathlib import Path
from goodmeasure.intake import workers
from goodmeasure.intake.task import Task
from goodmeasure.sources.registry import all_sources

print("main", flush=True)
workers._can_be_copied = lambda: False
source = next(source for source in all_sources() if source.key == "codex")
path = Path(sys.argv[1])
size = path.stat().st_size
task = Task(source.key, str(path), path.name, path.name, 0, size, size, None, None)
for group in workers.parsed_elsewhere([[task]], {(source.key, 0): source.roots[0].reading}, 1, lambda: False):
    print([reading.problem for reading, _ in group], flush=True)
"""


def test_a_script_without_a_main_guard_runs_once(tmp_path: Path) -> None:
    script, log = tmp_path / "script.py", tmp_path / "rollout.jsonl"
    script.write_text(UNGUARDED)
    log.write_text('{"type":"turn_context","payload":{"model":"gpt-5"}}\n')

    ran = subprocess.run(
        [sys.executable, str(script), str(log)], capture_output=True, text=True, timeout=60, check=True
    )

    assert ran.stdout.splitlines() == ["main", "[None]"]
