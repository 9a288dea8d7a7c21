from collections.abc import Callable
from pathlib import Path

import pytest

from goodmeasure.intake.synthetic import write_home
from goodmeasure.intake.synthetic_work import Truth
from tests.cli.terminal import Said, Terminal


@pytest.fixture(scope="session")
def written_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """An invented home of both agents with every irregularity, and its truth."""
    home = tmp_path_factory.mktemp("home")
    return home, write_home(home, seed=11, days=200, sessions=120, text_scale=0.05)


@pytest.fixture(scope="session")
def read_profile(written_home: tuple[Path, Truth], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A profile into which that home was imported once, and what the import said. Not to be changed by a test."""
    profile = tmp_path_factory.mktemp("profile")
    said = Terminal(written_home[0], profile).apart("import", "--json")
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
