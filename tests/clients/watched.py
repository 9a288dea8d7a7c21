"""Watches a real agent at work: is each answer in the ledger soon after it is logged, and is the total the truth?

    python -m tests.clients.watched claude-code --minutes 10

Starts `goodmeasure watch` on a scratch home, then the agent at a terminal of its own, where a prompt is typed every so
often. The agent must have been installed by `tests.clients.record`. Prints its findings as one JSON document.
"""

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.clients import isolation
from tests.clients.expectation import expectation
from tests.clients.install import find
from tests.clients.model_server import Stage, serving
from tests.clients.playing import PROJECT, home_below, lay_out, start
from tests.clients.roster import AGENTS
from tests.clients.scenes import ENTER, INTERRUPT, Agent, Press, Scene
from tests.clients.scripts import prompt

RESPONSE = re.compile(rb"msg_01Played\d{16}|resp_played\d{26}")
SCRIPTS = ("plain", "read", "both", "steps", "think")
FIRST_SECOND, EVERY_SECONDS, LAST_SECONDS = 8, 15, 20
LOOK_SECONDS = 0.02
"""How often the logs are looked at: what comes out is exact to that."""


class Watch:
    """`goodmeasure watch` in a process of its own, and when it had stored how many calls."""

    def __init__(self, home: Path, profile: Path) -> None:
        self._command = [sys.executable, "-m", "goodmeasure", "--home", str(home), "--profile-dir", str(profile)]
        self._environment = os.environ | {"GOODMEASURE_PASSPHRASE": "a passphrase of the scene"}
        self._process = subprocess.Popen(
            [*self._command, "watch", "--progress"], stdout=subprocess.PIPE, text=True, env=self._environment
        )
        self.stored: list[float] = []
        """The instant at which each call was told to be stored."""
        self.ready = threading.Event()
        self._reader = threading.Thread(target=self._read, name="watch")
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            told = json.loads(line)
            if told["event"] == "done":
                self.ready.set()
                added = sum(source["generations_added"] for source in told["report"]["sources"])
                self.stored += [time.monotonic()] * added

    def used(self) -> dict[str, float]:
        """Return processor seconds so far and the largest memory, of the process that watches."""
        folder = Path("/proc") / str(self._process.pid)
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        peak = re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text())
        return {"processor_seconds": seconds, "peak_mebibytes": round(int(peak[1]) / 1024 if peak else 0, 1)}

    def end(self) -> int:
        """Ask it to end, as Ctrl+C does; returns its status."""
        self._process.send_signal(signal.SIGINT)
        status = self._process.wait(30)
        self._reader.join()
        return status

    def usage(self) -> dict[str, Any]:
        """Return what the ledger holds."""
        told = subprocess.run(
            [*self._command, "usage", "--by", "model", "--json"],
            capture_output=True, text=True, check=True, timeout=60, env=self._environment,
        )  # fmt: skip
        usage: dict[str, Any] = json.loads(told.stdout)
        return usage


class Logs(threading.Thread):
    """Looks at an agent's logs and notes when each answer was there for the first time."""

    def __init__(self, agent: Agent, home: Path) -> None:
        super().__init__(name="logs")
        self._agent, self._home = agent, home
        self._read: dict[Path, int] = {}
        self.logged: dict[bytes, float] = {}
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(LOOK_SECONDS):
            for kept in self._agent.kept:
                for log in self._home.glob(kept.pattern):
                    self._look(log)

    def _look(self, log: Path) -> None:
        known, size = self._read.get(log, 0), log.stat().st_size
        if size > known:
            now = time.monotonic()
            with log.open("rb") as stream:
                stream.seek(known)
                whole = stream.read(size - known).rpartition(b"\n")[0]
            self._read[log] = known + len(whole) + (1 if whole else 0)
            for answer in RESPONSE.findall(whole):
                self.logged.setdefault(answer, now)


def evening(agent: Agent, minutes: float) -> Scene:
    """Return a scene at the terminal: a prompt every quarter of a minute, and the end."""
    presses = []
    count = max(1, int((minutes * 60 - FIRST_SECOND - LAST_SECONDS) // EVERY_SECONDS))
    for number in range(count):
        at = FIRST_SECOND + number * EVERY_SECONDS
        presses += [Press(at, prompt(SCRIPTS[number % len(SCRIPTS)], f"Round {number + 1}.")), Press(at + 2, ENTER)]
    presses.append(Press(FIRST_SECOND + count * EVERY_SECONDS + 5, INTERRUPT * 2))
    return Scene("watched", agent.interactive or (), tuple(presses), prompts=count)


def findings(agent: Agent, scene: Scene, stage: Stage, logs: Logs, watch: Watch) -> dict[str, Any]:
    """Lay what the ledger holds beside the truth, and each answer's way beside the clock."""
    written = b" ".join(logs.logged).decode()
    expected = expectation(agent, "", [scene], stage.truth, written)
    usage = {row["model"]: {name: row[name] for name in row} for row in watch.usage()["rows"]}
    differing = {
        model: {name: (usage.get(model, {}).get(name), value) for name, value in counts.items()}
        for model, counts in expected["models"].items()
        if any(usage.get(model, {}).get(name) != value for name, value in counts.items())
    }
    waits = [
        stored - logged for logged, stored in zip(sorted(logs.logged.values()), sorted(watch.stored), strict=False)
    ]
    return {
        "agent": agent.key,
        "prompts": scene.prompts,
        "answers_served": sum(row["finished"] for row in stage.truth),
        "answers_logged": len(logs.logged),
        "calls_stored_while_watching": len(watch.stored),
        "unlogged": len(expected["unlogged"]),
        "models": expected["models"],
        "differing": differing,
        "seconds_from_logged_to_stored": {
            "median": round(statistics.median(waits), 3),
            "largest": round(max(waits), 3),
            "above_one": sum(wait > 1 for wait in waits),
        },
    }


def main() -> int:
    """Watch the agent named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.clients.watched", description="Watch a real agent at work.")
    watched = [key for key, agent in AGENTS.items() if agent.interactive is not None]
    parser.add_argument("agent", help=f"{', '.join(watched)}; @VERSION may follow")
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    if options.agent.partition("@")[0] not in watched:
        parser.error(f"{options.agent!r} is not watched: {', '.join(watched)} are")
    isolation.enter("tests.clients.watched", sys.argv[1:])
    agent, version, program = find(options.agent)
    scene = evening(agent, options.minutes)
    with tempfile.TemporaryDirectory(prefix="watched", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        stage, home = lay_out(agent, root), home_below(root)
        stage.scene = scene.name
        with serving(stage) as base:
            agent.prepare(home, home / PROJECT, base)
            watch, logs = Watch(home, root / "profile"), Logs(agent, home)
            logs.start()
            watch.ready.wait(60)
            start(agent, scene, program, root, base, {})
            time.sleep(3)  # the last line's reading may be under way
            used = watch.used()
            logs.over.set()
            logs.join()
            status = watch.end()
            found = findings(agent, scene, stage, logs, watch)
    found |= {"version": version, "minutes": options.minutes, "watch_status": status, **used}
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0 if not found["differing"] and status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
