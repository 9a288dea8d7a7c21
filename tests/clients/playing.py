"""Plays an agent's scenes against the loopback model, in a scratch home."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.clients import terminal
from tests.clients.install import node_folder
from tests.clients.model_server import Stage, serving
from tests.clients.scenes import Agent, Scene
from tests.clients.scripts import NOTES, Setting

SCENE_SECONDS = 90.0
PROJECT = "tea-shop"
INTERRUPTED_AFTER_SECONDS = 2.5
"""So long after a slow answer began: some of it is on the wire by then."""


def home_below(root: Path) -> Path:
    """Return the scratch home below the folder of a recording."""
    return root / "home" / "sam"


def lay_out(agent: Agent, root: Path) -> Stage:
    """Make a scratch home with a project under `root`, and the stage for what happens there."""
    project = home_below(root) / PROJECT
    project.mkdir(parents=True)
    (root / "tmp").mkdir()
    notes = project / "notes.txt"
    notes.write_text(NOTES)
    subprocess.run(
        ["git", "init", "-q", "-b", "main"],
        cwd=project,
        check=True,
        env={"HOME": str(home_below(root)), "PATH": os.environ["PATH"]},
    )
    return Stage(Setting(str(notes), agent.helper))


def play(agent: Agent, program: Path, scenes: list[Scene], root: Path) -> Stage:
    """Play the scenes in a scratch home under `root`; returns the stage with the truth."""
    stage = lay_out(agent, root)
    sessions: dict[str, str] = {}
    with serving(stage) as base:
        agent.prepare(home_below(root), home_below(root) / PROJECT, base)
        for scene in scenes:
            stage.scene = scene.name
            first = len(stage.truth)
            begun = time.monotonic()
            ended = start(agent, scene, program, root, base, sessions, _slow_answer_begun(stage, scene))
            found = re.findall(agent.session_pattern, ended.printed)
            if found:
                sessions[scene.name] = found[0]
            answers = [f"{row['script']}/{row['step']}:{row['status']}" for row in stage.truth[first:]]
            took = time.monotonic() - begun
            line = f"{agent.key:12} {scene.name:14} status {ended.status} {took:5.1f} s  {' '.join(answers)}\n"
            sys.stdout.write(line)
            sys.stdout.flush()
            silent = not answers and any("play:" in word for word in scene.arguments)
            if silent or (ended.status != 0 and not (scene.fails or scene.presses or scene.interrupted)):
                sys.stdout.write(f"  unexpected; the agent printed: {ended.printed[-800:]}\n")
        time.sleep(0.5)  # the last answer's thread may still be writing its truth
    return stage


def _slow_answer_begun(stage: Stage, scene: Scene) -> Callable[[], bool]:
    """Return what tells, in a scene that is interrupted, that a slow answer has been under way for a moment."""
    begun: list[float] = []

    def told() -> bool:
        if not begun and any(row["scene"] == scene.name and row["script"] == "slow" for row in stage.truth):
            begun.append(time.monotonic())
        return scene.interrupted and bool(begun) and time.monotonic() > begun[0] + INTERRUPTED_AFTER_SECONDS

    return told


def start(
    agent: Agent,
    scene: Scene,
    program: Path,
    root: Path,
    base: str,
    sessions: dict[str, str],
    interrupt_when: Callable[[], bool] = lambda: False,
) -> terminal.Ended:
    """Start the agent for one scene and wait until it ends. `sessions`: those of earlier scenes, by name."""
    home = home_below(root)
    environment = {
        "HOME": str(home),
        "PATH": f"{node_folder()}:{os.environ['PATH']}",
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
    words = [
        re.sub(r"\{session:([\w-]+)\}", lambda match: sessions[match[1]], word).replace("{base}", base)
        for word in scene.arguments
    ]
    command = [str(program), *words]
    if scene.presses:
        return terminal.run_typed(command, environment, home / PROJECT, scene.presses, seconds=8)
    return terminal.run(command, environment, home / PROJECT, SCENE_SECONDS, interrupt_when)
