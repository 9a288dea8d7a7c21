"""Print what the lock files are made from, one requirement a line, so that pyproject's other lines do not matter."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
lines = [f"python {project['project']['requires-python']}"]
lines += [f"app {requirement}" for requirement in project["project"]["dependencies"]]
lines += [f"dev {requirement}" for requirement in project["project"]["optional-dependencies"]["dev"]]
# `editables` is what hatchling asks for when the checkout itself is installed.
lines += [f"build {requirement}" for requirement in [*project["build-system"]["requires"], "editables>=0.5"]]
sys.stdout.write("\n".join(sorted(lines)) + "\n")
