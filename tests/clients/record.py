"""Records what real agents write, offline and against a scripted model whose true counts are known.

    python -m tests.clients.record all                       the newest version of each
    python -m tests.clients.record codex@0.169.0 --scenes plain,fork

Installs each agent from npm or PyPI under `build/clients`, plays its scenes in a scratch home where only loopback
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
from pathlib import Path
from typing import Any

from tests.clients import isolation, terminal
from tests.clients.expectation import expectation
from tests.clients.install import find, install, node_folder
from tests.clients.model_server import Stage, serving
from tests.clients.reduction import Places, reduce_database, reduce_document, reduce_lines
from tests.clients.roster import AGENTS
from tests.clients.scenes import Agent, Scene
from tests.clients.scripts import NOTES, Setting

RECORDED = Path(__file__).resolve().parent / "recorded"
SCENE_SECONDS = 90.0
PROJECT = "tea-shop"


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
    stage = Stage(Setting(str(notes), agent.helper))
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
            if (scene.prompts and not answers) or (ended.status != 0 and not scene.fails and not scene.presses):
                sys.stdout.write(f"  unexpected; the agent printed: {ended.printed[-800:]}\n")
        time.sleep(0.5)  # the last answer's thread may still be writing its truth
    return stage, ends


def _start(
    agent: Agent, scene: Scene, command: list[str], root: Path, base: str, sessions: dict[str, str]
) -> terminal.Ended:
    home = root / "home" / "sam"
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
    if scene.presses:
        return terminal.run_typed([*command, *words], environment, home / PROJECT, scene.presses, seconds=8)
    return terminal.run([*command, *words], environment, home / PROJECT, SCENE_SECONDS)


def keep(agent: Agent, version: str, scenes: list[Scene], stage: Stage, root: Path) -> Path:
    """Write the fixture: reduced logs, the truth, and what a reader of the logs is expected to find."""
    target = RECORDED / f"{agent.key}-{version}"
    shutil.rmtree(target, ignore_errors=True)
    home = root / "home" / "sam"
    logs = reduced_logs(agent, home, Places(root))
    for place, text in logs.items():
        kept = target / "home" / place
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(text)
    (target / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in stage.truth))
    expected = expectation(agent, version, scenes, stage.truth, "".join(logs.values()))
    (target / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    return target


def reduced_logs(agent: Agent, home: Path, places: Places) -> dict[str, str]:
    """Return the reduced text of every log of the agent, by its place below the home; databases as `.sql`."""
    logs = {}
    for kept in agent.kept:
        for log in sorted(path for path in home.glob(kept.pattern) if path.is_file()):
            place = places.renamed(str(log.relative_to(home)))
            if kept.empty:
                logs[place] = "{}\n"
            elif kept.tables:
                logs[f"{place}.sql"] = reduce_database(log, kept.tables, places)
            else:
                reduce = reduce_lines if log.suffix == ".jsonl" else reduce_document
                logs[place] = reduce(log.read_text(), places)
    return logs


def main() -> int:
    """Record the agents named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.clients.record", description="Record real agents offline.")
    parser.add_argument("agents", nargs="+", help=f"all, or {', '.join(AGENTS)}; @VERSION may follow")
    parser.add_argument("--scenes", help="only these, separated by commas; the fixture is then not written")
    parser.add_argument("--as-installed", action="store_true", help="do not ask the registries for newer versions")
    parser.add_argument(
        "--raw", type=Path, help="copy the unreduced home here (holds the agents' own texts: never commit it)"
    )
    options = parser.parse_args()
    names = list(AGENTS) if options.agents == ["all"] else options.agents
    unknown = [name for name in names if name.partition("@")[0] not in AGENTS]
    if unknown:
        parser.error(f"unknown agent {unknown[0]!r}: known are {', '.join(AGENTS)}")
    if not options.as_installed:
        missing = install(names)
        names = [name for name in names if name not in missing]
    given = {"--scenes": options.scenes, "--raw": options.raw}
    more = [word for option, value in given.items() if value for word in (option, str(value))]
    if not isolation.enter([*names, "--as-installed", *more]):
        sys.stdout.write("No namespaces here: only the agents' own switches keep them off the network.\n")
    for name in names:
        agent, version, program = find(name)
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
