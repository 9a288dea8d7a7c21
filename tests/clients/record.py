"""Records what real agents write, offline and against a scripted model whose true counts are known.

    python -m tests.clients.record claude-code codex          the newest versions
    python -m tests.clients.record codex@0.169.0 --scenes plain,fork

Installs each agent from the npm registry under `build/clients`, plays its scenes in a scratch home where only loopback
exists, and writes `tests/clients/recorded/<agent>-<version>/`: the reduced home, `truth.jsonl` (every answer given) and
`expected.json`.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.clients import isolation, terminal
from tests.clients.agents import AGENTS, Agent, Scene
from tests.clients.model_server import Stage, serving
from tests.clients.reduction import Places, reduce_log
from tests.clients.scripts import NOTES, Counts

CHECKOUT = Path(__file__).resolve().parents[2]
PREFIX = CHECKOUT / "build" / "clients"
RECORDED = Path(__file__).resolve().parent / "recorded"
SCENE_SECONDS = 90.0
PROJECT = "tea-shop"


def install(name: str) -> tuple[Agent, str, Path]:
    """Install `agent` or `agent@version`; returns it, the version that came, and its program."""
    key, _, version = name.partition("@")
    agent = AGENTS[key]
    folder = PREFIX / name
    if not folder.exists():
        folder.mkdir(parents=True)
        (folder / "package.json").write_text('{"private": true}')
        wanted = f"{agent.package}@{version or 'latest'}"
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", wanted],
            cwd=folder,
            check=True,
            timeout=900,
        )
    package = folder / "node_modules" / agent.package / "package.json"
    return agent, json.loads(package.read_text())["version"], folder / "node_modules" / ".bin" / agent.program


def play(agent: Agent, program: Path, scenes: list[Scene], root: Path) -> tuple[Stage, list[dict[str, Any]]]:
    """Play the scenes in a scratch home under `root`; returns the truth and how each scene ended."""
    home, project = root / "home" / "sam", root / "home" / "sam" / PROJECT
    project.mkdir(parents=True)
    (root / "tmp").mkdir()
    notes = project / "notes.txt"
    notes.write_text(NOTES)
    subprocess.run(
        ["git", "init", "-q", "-b", "main"],
        cwd=project,
        check=True,
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
    )
    stage = Stage(str(notes))
    sessions: dict[str, str] = {}
    ends = []
    with serving(stage) as base:
        agent.prepare(home, project, base)
        for scene in scenes:
            stage.scene = scene.name
            first = len(stage.truth)
            begun = time.monotonic()
            ended = _start(agent, scene, [str(program)], root, base, sessions)
            found = re.findall(agent.session_pattern, ended.printed)
            if found:
                sessions[scene.name] = found[0]
            answers = [f"{row['script']}/{row['step']}:{row['status']}" for row in stage.truth[first:]]
            ends.append({"scene": scene.name, "status": ended.status, "answers": len(answers)})
            took = time.monotonic() - begun
            line = f"{agent.key:12} {scene.name:14} status {ended.status} {took:5.1f} s  {' '.join(answers)}\n"
            sys.stdout.write(line)
            sys.stdout.flush()
            if not answers or (ended.status != 0 and not scene.fails and not scene.presses):
                sys.stdout.write(f"  unexpected; the agent printed: {ended.printed[-800:]}\n")
        time.sleep(0.5)  # the last answer's thread may still be writing its truth
    return stage, ends


def _start(
    agent: Agent, scene: Scene, command: list[str], root: Path, base: str, sessions: dict[str, str]
) -> terminal.Ended:
    home = root / "home" / "sam"
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "TMPDIR": str(root / "tmp"),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "SHELL": "/bin/bash",
        "USER": "sam",
        "DO_NOT_TRACK": "1",
        "NO_COLOR": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    for name, value in {**agent.environment, **scene.environment}.items():
        environment[name] = value.format(base=base, home=home)
    words = [re.sub(r"\{session:([\w-]+)\}", lambda match: sessions[match[1]], word) for word in scene.arguments]
    if scene.presses:
        return terminal.run_typed([*command, *words], environment, home / PROJECT, scene.presses, seconds=8)
    return terminal.run([*command, *words], environment, home / PROJECT, SCENE_SECONDS)


def keep(agent: Agent, version: str, scenes: list[Scene], stage: Stage, root: Path) -> Path:
    """Write the fixture: reduced logs, the truth, and what a reader of the logs is expected to find."""
    target = RECORDED / f"{agent.key}-{version}"
    shutil.rmtree(target, ignore_errors=True)
    places = Places(root)
    home = root / "home" / "sam"
    logs = ""
    for pattern in agent.kept:
        for log in sorted(path for path in home.glob(pattern) if path.is_file()):
            settings = log.name == ".claude.json"  # its presence marks the folder; its content is nobody's business
            text = "{}\n" if settings else reduce_log(log.read_text(), places)
            kept = target / "home" / places.renamed(str(log.relative_to(home)))
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(text)
            logs += text
    (target / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in stage.truth))
    (target / "expected.json").write_text(
        json.dumps(expectation(agent, version, scenes, stage.truth, logs), indent=1) + "\n"
    )
    return target


def expectation(
    agent: Agent, version: str, scenes: list[Scene], truth: list[dict[str, Any]], logs: str
) -> dict[str, Any]:
    """Say what the logs can show: each answer whose id stands in them, once, as far as it was told.

    `unlogged`: billed, but nowhere in the logs. `unfinished`: broken off; where logged, their output is a lower bound.
    """
    totals: dict[str, list[int]] = defaultdict(lambda: [0] * (1 + len(Counts._fields)))
    unlogged, unfinished, tools = [], [], 0
    for row in truth:
        if row["status"] != 200:
            continue
        logged = row["response_id"] in logs
        if not row["finished"]:
            unfinished.append({"n": row["n"], "scene": row["scene"], "logged": logged})
        if row["counts"] is not None and logged:
            totals[row["model"]] = [
                have + new for have, new in zip(totals[row["model"]], [1, *row["counts"].values()], strict=True)
            ]
            tools += len(row["tools"])
        elif row["finished"]:
            unlogged.append({"n": row["n"], "scene": row["scene"], "model": row["model"], "counts": row["counts"]})
    names = ["generations", *Counts._fields]
    return {
        "source": agent.key,
        "version": version,
        "models": {model: dict(zip(names, sums, strict=True)) for model, sums in sorted(totals.items())},
        "runs": sum(scene.goes_on is None for scene in scenes),
        "prompts": sum(scene.prompts for scene in scenes),
        "tool_calls": tools,
        "unlogged": unlogged,
        "unfinished": unfinished,
    }


def main() -> int:
    """Record the agents named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.clients.record", description="Record real agents offline.")
    parser.add_argument("agents", nargs="+", help=f"{', '.join(AGENTS)}; @VERSION may follow")
    parser.add_argument("--scenes", help="only these, separated by commas; the fixture is then not written")
    parser.add_argument(
        "--raw", type=Path, help="copy the unreduced home here (holds the agents' own texts: never commit it)"
    )
    options = parser.parse_args()
    unknown = [name for name in options.agents if name.partition("@")[0] not in AGENTS]
    if unknown:
        parser.error(f"unknown agent {unknown[0]!r}: known are {', '.join(AGENTS)}")
    installed = [install(name) for name in options.agents]
    if not isolation.enter(sys.argv[1:]):
        sys.stdout.write("No namespaces here: only the agents' own switches keep them off the network.\n")
    for agent, version, program in installed:
        chosen = options.scenes.split(",") if options.scenes else None
        scenes = [scene for scene in agent.scenes if chosen is None or scene.name in chosen]
        with tempfile.TemporaryDirectory(prefix="recording", ignore_cleanup_errors=True) as root:
            stage, _ = play(agent, program, scenes, Path(root))
            if options.raw:
                shutil.copytree(Path(root) / "home", options.raw / agent.key, dirs_exist_ok=True, symlinks=True)
            if chosen is None:
                sys.stdout.write(f"Written: {keep(agent, version, scenes, stage, Path(root))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
