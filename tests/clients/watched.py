"""Watches a real agent at work: is each answer in the ledger soon after it is logged, and is the total the truth?

    python -m tests.clients.watched claude-code --minutes 10

Starts `goodmeasure watch` on a scratch home, then the agent at a terminal of its own, where a prompt is typed every so
often. The agent must have been installed by `tests.clients.record`. Prints its findings as one JSON document.

    python -m tests.clients.watched codex --minutes 10 --window build/watched

opens the window on a display of its own instead (`xvfb-run`), and says when each answer stood in its list of runs.
"""

import argparse
import json
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.clients import isolation
from tests.clients.expectation import FIELDS, expectation
from tests.clients.install import find
from tests.clients.model_server import serving
from tests.clients.playing import PROJECT, home_below, lay_out, start
from tests.clients.roster import AGENTS
from tests.clients.scenes import ENTER, INTERRUPT, Agent, Press, Scene, Truth
from tests.clients.scripts import prompt
from tests.clients.watching import Watch, Window, usage_of

RESPONSE = re.compile(rb"msg_01Played\d{16}|resp_played\d{26}")
SCRIPTS = ("plain", "read", "both", "steps", "think")
FIRST_SECOND, EVERY_SECONDS, LAST_SECONDS = 8, 15, 20
LOOK_SECONDS = 0.02
"""How often the logs are looked at: what comes out is exact to that."""


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


def findings(agent: Agent, scene: Scene, truth: Truth, logs: Logs, usage: dict[str, Any]) -> dict[str, Any]:
    """Lay what the ledger holds beside the truth."""
    written = b" ".join(logs.logged).decode()
    expected = expectation(agent, "", [scene], truth, written)
    differing = {
        model: {name: (usage.get(model, {}).get(name), value) for name, value in counts.items()}
        for model, counts in expected["models"].items()
        if any(usage.get(model, {}).get(name) != value for name, value in counts.items())
    }
    tokens = sum(
        counts[name] or 0 for counts in expected["models"].values() for name in FIELDS if name != "reasoning_tokens"
    )
    return {
        "agent": agent.key,
        "prompts": scene.prompts,
        "answers_served": sum(row["finished"] for row in truth),
        "answers_logged": len(logs.logged),
        "unlogged": len(expected["unlogged"]),
        "models": expected["models"],
        "tokens": tokens,
        "differing": differing,
    }


def waits(logged: Iterable[float], seen: list[float]) -> dict[str, Any]:
    """Say how long after it was logged each answer was seen, in seconds."""
    seconds = sorted(late - early for early, late in zip(sorted(logged), sorted(seen), strict=False))
    return {
        "seen": len(seen),
        "median": round(statistics.median(seconds), 3),
        "nine_in_ten": round(seconds[len(seconds) * 9 // 10], 3),
        "largest": round(seconds[-1], 3),
        "above_one": sum(wait > 1 for wait in seconds),
    }


def main() -> int:
    """Watch the agent named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.clients.watched", description="Watch a real agent at work.")
    watched = [key for key, agent in AGENTS.items() if agent.interactive is not None]
    parser.add_argument("agent", help=f"{', '.join(watched)}; @VERSION may follow")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--window", type=Path, metavar="FOLDER", help="open the window; its pictures go to FOLDER")
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
            profile = root / "profile"
            watch = Window(home, profile, options.window) if options.window else Watch(home, profile)
            logs = Logs(agent, home)
            logs.start()
            watch.ready.wait(60)
            start(agent, scene, program, root, base, {})
            time.sleep(3)  # the last line's reading may be under way
            logs.over.set()
            logs.join()
            spent = watch.used()
            status = watch.end()
            found = findings(agent, scene, stage.truth, logs, usage_of(home, profile))
    found |= {"seconds_until_seen": waits(logs.logged.values(), watch.seen), **spent}
    found |= {"version": version, "minutes": options.minutes, "status": status}
    agrees = not found["differing"] and status == 0
    if isinstance(watch, Window):
        found["said"] = watch.said
        agrees &= watch.said["end"]["runs"] == [found["tokens"], len(logs.logged)]
        agrees &= watch.said["end"]["overview_tokens"] == found["tokens"]
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
