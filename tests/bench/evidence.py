"""Look for evidence in a repository of 10,000 commits: time, memory and git's processes. On demand, not a test.

    python -m tests.bench.evidence --commits 10000 --runs 200

The history is made with `git fast-import`; a part of its commits holds what invented runs wrote. Everything lies in a
temporary folder.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from goodmeasure.host import git_history
from goodmeasure.host.clock import Clock
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.services.evidence import Evidence
from goodmeasure.services.importing import Importing

NOW = 1_795_435_200_000
DAY = 86_400_000
DAYS = 44
FILES = 400


class FixedClock(Clock):
    """The end of the invented history."""

    def now(self) -> int:
        """Return it."""
        return NOW


def lines_of(number: int) -> list[str]:
    """Return what run `number` wrote."""
    return [f"value_{number}_{line} = compute({line}, of={number})" for line in range(30)]


def history(commits: int, runs: int) -> Iterator[str]:
    """Yield a stream for `git fast-import`: commits spread over the days, every n-th one of a run, some on a branch."""
    yield "reset refs/heads/main\n"
    every = max(1, commits // runs)
    for number in range(commits):
        at = (NOW - DAYS * DAY) // 1000 + number * DAYS * 86_400 // commits
        run = number // every if number % every == 0 else None
        lines = [f"filler {number} {line} = {line * number}" for line in range(20)] if run is None else lines_of(run)
        branch = "topic" if run is not None and run % 10 == 9 else "main"
        text = "\n".join(lines) + "\n"
        body = f"Step {number}"
        yield f"commit refs/heads/{branch}\ncommitter Robin <robin@example.invalid> {at} +0000\n"
        yield f"data {len(body)}\n{body}\n"
        if branch == "topic" and run == 9:
            yield "from refs/heads/main\n"
        name = f"src/module{number % FILES}.py" if run is None else f"src/run{run}.py"
        yield f"M 100644 inline {name}\ndata {len(text)}\n{text}\n"


def logs(home: Path, repository: Path, commits: int, runs: int) -> None:
    """Write a Claude Code session for each run, an hour before its commit."""
    folder = home / ".claude/projects/repo"
    folder.mkdir(parents=True)
    every = max(1, commits // runs)
    for run in range(runs):
        at = NOW - DAYS * DAY + run * every * DAYS * DAY // commits - 3_600_000
        session = f"0a0a0a0a-1111-4222-8333-{run:012d}"
        told = {"file_path": str(repository / f"src/run{run}.py"), "content": "\n".join(lines_of(run))}
        rows: list[tuple[str, Any]] = [
            ("user", "Invented."),
            ("assistant", [{"type": "tool_use", "id": f"toolu_{run}", "name": "Write", "input": told}]),
            ("user", [{"type": "tool_result", "tool_use_id": f"toolu_{run}", "content": "ok"}]),
        ]
        text = ""
        for number, (kind, content) in enumerate(rows):
            message: dict[str, Any] = {"role": kind, "content": content}
            if kind == "assistant":
                message |= {
                    "id": f"msg_{run}",
                    "model": "claude-opus-4-7",
                    "usage": {"input_tokens": 1, "output_tokens": 1},
                }
            when = datetime.fromtimestamp(at / 1000 + number, UTC).isoformat().replace("+00:00", "Z")
            row = {"type": kind, "uuid": f"{run:08d}-{number:04d}-4000-8000-000000000000", "sessionId": session}
            text += json.dumps(row | {"timestamp": when, "cwd": str(repository), "message": message}) + "\n"
        (folder / f"{session}.jsonl").write_text(text)


def main() -> None:
    """Make the history, look once, look again, and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        repository = folder / "repo"
        os.environ |= {"HOME": scratch, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
        git = ["git", "-C", str(repository)]
        subprocess.run([*git, "config", "user.email", "robin@example.invalid"], check=True)
        stream = "".join(history(options.commits, options.runs)).encode()
        subprocess.run([*git, "fast-import", "--quiet"], input=stream, check=True)
        subprocess.run([*git, "reset", "-q", "--hard"], check=True)
        logs(folder / "home", repository, options.commits, options.runs)
        ledger = open_ledger(folder / "ledger.sqlite", b"k" * 32)
        Importing(ledger, folder / "home").import_logs()
        processes = _counted()
        sys.stdout.write(f"peak memory before: {_peak_megabytes():.0f} MB\n")
        for what in ("first look", "again"):
            processes.clear()
            began = time.perf_counter()
            ids = [row[0] for row in ledger.raw().execute("SELECT run_id FROM run_summary")]
            looked = Evidence(ledger, FixedClock()).look(ids)
            sys.stdout.write(
                f"{what}: {time.perf_counter() - began:.1f} s, {len(processes)} git processes, peak memory"
                f" {_peak_megabytes():.0f} MB, {looked}\n"
            )
        ledger.close()


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _counted() -> list[str]:
    """Count the processes that the repository's questions start."""
    started: list[str] = []
    words = git_history.Repository._words

    def counted(self: git_history.Repository, command: Any) -> list[str]:
        started.append(command[0])
        return words(self, command)

    git_history.Repository._words = counted  # type: ignore[method-assign]  # the bench looks inside
    return started


if __name__ == "__main__":
    main()
