"""Records what real agents write, offline and against a scripted model whose true counts are known.

    python -m tests.clients.record all                       the newest version of each
    python -m tests.clients.record codex@0.169.0 --scenes plain,fork

Installs each agent from npm or PyPI under `build/clients`, plays its scenes in a scratch home where only loopback
exists, and writes `tests/clients/recorded/<agent>-<version>/`: the reduced home, `truth.jsonl` (every answer given) and
`expected.json`.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.clients import isolation
from tests.clients.expectation import expectation
from tests.clients.install import find, install
from tests.clients.model_server import Stage
from tests.clients.playing import home_below, play
from tests.clients.reduction import Places, reduce_database, reduce_document, reduce_lines
from tests.clients.roster import AGENTS
from tests.clients.scenes import Agent, Scene

RECORDED = Path(__file__).resolve().parent / "recorded"


def keep(agent: Agent, version: str, scenes: list[Scene], stage: Stage, root: Path) -> Path:
    """Write the fixture: reduced logs, the truth, and what a reader of the logs is expected to find."""
    target = RECORDED / f"{agent.key}-{version}"
    shutil.rmtree(target, ignore_errors=True)
    home = home_below(root)
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
        if not names:
            return 1
    given = {"--scenes": options.scenes, "--raw": options.raw}
    more = [word for option, value in given.items() if value for word in (option, str(value))]
    if not isolation.enter("tests.clients.record", [*names, "--as-installed", *more]):
        sys.stdout.write("No namespaces here: only the agents' own switches keep them off the network.\n")
    for name in names:
        agent, version, program = find(name)
        chosen = options.scenes.split(",") if options.scenes else None
        scenes = [scene for scene in agent.scenes if chosen is None or scene.name in chosen]
        with tempfile.TemporaryDirectory(prefix="recording", ignore_cleanup_errors=True) as root:
            stage = play(agent, program, scenes, Path(root))
            if options.raw:
                shutil.copytree(Path(root) / "home", options.raw / agent.key, dirs_exist_ok=True, symlinks=True)
            if chosen is None:
                sys.stdout.write(f"Written: {keep(agent, version, scenes, stage, Path(root))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
