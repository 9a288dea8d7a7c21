import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.intake.synthetic import write_home
from goodmeasure.intake.synthetic_work import Truth


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Terminal:
    """The real program, in a process of its own, on one home and one profile."""

    home: Path
    profile: Path

    def __call__(self, *arguments: str | Path, **variables: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "goodmeasure", "--profile-dir", self.profile, "--home", self.home, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            timeout=120,
        )
        return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def written_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """An invented home of both agents with every irregularity, and its truth."""
    home = tmp_path_factory.mktemp("home")
    return home, write_home(home, seed=11, days=200, sessions=120, text_scale=0.05)


@pytest.fixture(scope="session")
def read_profile(written_home: tuple[Path, Truth], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A profile into which that home was imported once, and what the import said. Not to be changed by a test."""
    profile = tmp_path_factory.mktemp("profile")
    said = Terminal(written_home[0], profile)("import", "--json")
    assert said.status == 0, said.err
    return profile, said


@pytest.fixture
def truth(written_home: tuple[Path, Truth]) -> Truth:
    return written_home[1]


@pytest.fixture
def terminal(written_home: tuple[Path, Truth], read_profile: tuple[Path, Said]) -> Terminal:
    """The program on the profile that was read: for questions only."""
    return Terminal(written_home[0], read_profile[0])


@pytest.fixture
def fresh_terminal(tmp_path: Path) -> Callable[[Path], Terminal]:
    """Make a program with a profile of its own on a home."""
    return lambda home: Terminal(home, tmp_path / "profile")
