"""What watches beside an agent: the terminal's `watch` or the open window, each in a process of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any


class Watch:
    """`goodmeasure watch` in a process of its own, and when it had stored how many calls."""

    def __init__(self, home: Path, profile: Path) -> None:
        command = [*command_of(home, profile), "watch", "--progress"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
        self.seen: list[float] = []
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
                self.seen += [time.monotonic()] * added

    def used(self) -> dict[str, Any]:
        """Return what the process that watches has used so far."""
        return {"watch": used(self._process.pid)}

    def end(self) -> int:
        """Ask it to end, as Ctrl+C does; returns its status."""
        self._process.send_signal(signal.SIGINT)
        status = self._process.wait(30)
        self._reader.join()
        return status


class Window:
    """The window in a process of its own, on a display of its own; and when it showed how many calls."""

    def __init__(self, home: Path, profile: Path, folder: Path) -> None:
        """`folder`: where its pictures are saved."""
        display = ["xvfb-run", "-a", "-s", "-screen 0 1440x900x24"]
        command = [*display, sys.executable, "-m", "tests.clients.watched_window"]
        self._process = subprocess.Popen(
            [*command, str(home), str(profile), str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment() | {"QT_QPA_PLATFORM": "xcb"},
        )  # fmt: skip
        self.seen: list[float] = []
        """The instant at which each call stood in the list."""
        self.said: dict[str, dict[str, Any]] = {}
        """What it said last under each name."""
        self.ready = threading.Event()
        self._reader = threading.Thread(target=self._read, name="window")
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            event = json.loads(line)
            self.said[event["event"]] = event
            if event["event"] == "ready":
                self.ready.set()
            elif event["event"] == "shown":
                self.seen += [event["at"]] * (event["calls"] - len(self.seen))

    def used(self) -> dict[str, Any]:
        """Return what the window and the process that reads for it have used so far."""
        return {name: used(self.said["ready"][name]) for name in ("window", "follower")}

    def end(self) -> int:
        """Have it say what it shows, and end; returns its status."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        status = self._process.wait(60)
        self._reader.join()
        return status


def used(process: int) -> dict[str, float]:
    """Return a process's processor seconds so far, and the largest memory that it had."""
    folder = Path("/proc") / str(process)
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    peak = re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text())
    return {"processor_seconds": seconds, "peak_mebibytes": round(int(peak[1]) / 1024 if peak else 0, 1)}


def usage_of(home: Path, profile: Path) -> dict[str, Any]:
    """Return what the ledger holds, by model."""
    command = [*command_of(home, profile), "usage", "--by", "model", "--json"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=environment())
    return {row["model"]: row for row in json.loads(told.stdout)["rows"]}


def command_of(home: Path, profile: Path) -> list[str]:
    """Return the terminal's command on a scratch home and profile."""
    return [sys.executable, "-m", "goodmeasure", "--home", str(home), "--profile-dir", str(profile)]


def environment() -> dict[str, str]:
    """Return what opens the scratch profile."""
    return os.environ | {"GOODMEASURE_PASSPHRASE": "a passphrase of the scene"}
