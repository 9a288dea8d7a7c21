"""An import that is killed, or meets another import, loses nothing and counts nothing twice."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from goodmeasure.intake.report import ImportReport
from goodmeasure.intake.synthetic import write_home
from goodmeasure.intake.synthetic_work import Truth
from goodmeasure.ledger.opening import Ledger

Import = Callable[..., ImportReport]
Usage = dict[tuple[str, str, str], tuple[int | None, ...]]

SCRIPT = """
import sys
from pathlib import Path
from goodmeasure.intake import sync
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.ledger.writer import ImportWriter
from goodmeasure.sources.registry import all_sources

write_many = ImportWriter.write_many


def told(writer, readings):
    written = write_many(writer, readings)
    print("kept", flush=True)
    return written


ImportWriter.write_many = told

if __name__ == "__main__":
    sync.WORKER_BYTES = int(sys.argv[3])
    sync.CHUNK_BYTES = 400_000
    sync._TRANSACTION_BYTES = 300_000
    ledger = open_ledger(Path(sys.argv[1]), b"k" * 32)
    print("open", flush=True)
    report = sync.import_home(
        ledger, all_sources(), Path(sys.argv[2]), cost_of=lambda _: (None, "unknown"), project_of=lambda cwd: (cwd, cwd)
    )
    print(sum(part.generations_added for part in report.sources), flush=True)
    ledger.close()
"""


@pytest.fixture
def importing(tmp_path: Path, ledger: Ledger, home: Path) -> Callable[[bool], "subprocess.Popen[str]"]:
    """Start another process that imports the scratch home; returns once its ledger is open."""
    script = tmp_path / "importing.py"
    script.write_text(SCRIPT)

    def start(workers: bool) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, str(script), str(ledger.path), str(home), "0" if workers else str(1 << 60)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        return process

    return start


def test_twenty_kills_lose_nothing_and_count_nothing_twice(
    home: Path,
    ledger: Ledger,
    read: Import,
    importing: Callable[[bool], "subprocess.Popen[str]"],
    usage: Callable[[], Usage],
    expected: Callable[[Truth], Usage],
    counted: Callable[[str], dict[str, int]],
) -> None:
    truth = write_home(home, seed=11, sessions=500, text_scale=0.05)
    chance = random.Random(1)  # noqa: S311  moments to kill at, no secrets
    kills, grown = 0, set[int]()
    for trial in range(20):
        process = importing(trial % 2 == 0)
        assert process.stdout is not None
        for _ in range(trial % 3):  # transactions that it may finish; then somewhere in the next
            process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.03))
        kills += process.poll() is None
        process.kill()
        process.communicate(timeout=30)
        assert ledger.raw().execute("PRAGMA quick_check").fetchone() == ("ok",)
        grown.add(ledger.raw().execute("SELECT count(*) FROM generation").fetchone()[0])

    last = read()

    assert kills >= 10
    assert len(grown) >= 4, "the kills fell into different moments"
    assert not last.cancelled
    assert usage() == expected(truth)
    assert counted("run") == truth.runs
    assert counted("prompt") == truth.prompts
    assert counted("tool_call") == truth.tool_calls
    summed = ledger.raw().execute("SELECT count(*), sum(generations) FROM run_summary").fetchone()
    assert tuple(summed) == (sum(truth.runs.values()), sum(tally.generations for tally in truth.usage.values()))


def test_two_imports_at_once_agree(
    home: Path,
    read: Import,
    importing: Callable[[bool], "subprocess.Popen[str]"],
    usage: Callable[[], Usage],
    expected: Callable[[Truth], Usage],
    counted: Callable[[str], dict[str, int]],
) -> None:
    truth = write_home(home, seed=12, sessions=200, text_scale=0.05)

    others = [importing(True), importing(False)]
    read()
    said = [process.communicate(timeout=120) for process in others]
    read()

    assert [process.returncode for process in others] == [0, 0], said
    assert usage() == expected(truth)
    assert counted("run") == truth.runs
