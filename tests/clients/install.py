"""Installs agents from their registries below `build/clients`, and finds them there."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.clients.roster import AGENTS
from tests.clients.scenes import Agent

PREFIX = Path(__file__).resolve().parents[2] / "build" / "clients"
NODE = "node@22"
"""Several agents need a newer Node.js than systems have; it comes from npm as well."""
INSTALL_SECONDS = 900


class Installed(NamedTuple):
    """An agent that can be started."""

    agent: Agent
    version: str
    program: Path


def node_folder() -> Path:
    """Return the folder of the Node.js that the agents run on."""
    return PREFIX / "node" / "node_modules" / ".bin"


def install(names: list[str]) -> list[str]:
    """Install or renew `agent` or `agent@version`; returns the names that could not be installed."""
    _npm(PREFIX / "node", NODE)
    return [name for name in names if not _came(name)]


def _came(name: str) -> bool:
    key, _, version = name.partition("@")
    agent = AGENTS[key]
    try:
        if agent.registry == "npm":
            _npm(PREFIX / name, f"{agent.package}@{version or 'latest'}")
        else:
            _pip(PREFIX / name, f"{agent.package}=={version}" if version else agent.package)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        sys.stdout.write(f"{name} could not be installed from {agent.registry}: {error}\n")
        return False
    return True


def _npm(folder: Path, wanted: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}')
    command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", wanted]
    subprocess.run(command, cwd=folder, check=True, timeout=INSTALL_SECONDS)


def _pip(folder: Path, wanted: str) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True, timeout=INSTALL_SECONDS)
    command = [str(folder / "bin" / "pip"), "install", "--quiet", wanted]
    subprocess.run(command, check=True, timeout=INSTALL_SECONDS)


def find(name: str) -> Installed:
    """Return an agent that `install` brought."""
    agent = AGENTS[name.partition("@")[0]]
    folder = PREFIX / name
    if agent.registry == "npm":
        modules = folder / "node_modules"
        version = json.loads((modules / agent.package / "package.json").read_text())["version"]
        linked = "/" not in agent.program
        return Installed(agent, version, (modules / ".bin" if linked else modules / agent.package) / agent.program)
    asked = f"import importlib.metadata as m; print(m.version({agent.package!r}))"
    told = subprocess.run([str(folder / "bin/python"), "-c", asked], check=True, capture_output=True, text=True)
    return Installed(agent, told.stdout.strip(), folder / "bin" / agent.program)
