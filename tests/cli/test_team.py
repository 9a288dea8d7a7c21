"""A team sum over the command line: real processes, a profile for each person, files in a shared folder."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.period import instant
from goodmeasure.services.by_hand import Entry
from tests.cli.terminal import Said, Terminal

NAMES = ("Ada", "Bo", "Cy", "Dee", "Ödön of the long name")
PERIOD = ("--period", "2026-10")
BEGAN = instant(datetime(2026, 10, 14, 9, tzinfo=UTC))


@dataclass(frozen=True)
class Team:
    """Five people's own programs. What counts runs in processes, beside each other where nobody waits for another."""

    place: Path

    @property
    def shared(self) -> str:
        return str(self.place / "shared")

    def everybody(self, commands: Mapping[str, tuple[str, ...]]) -> dict[str, Said]:
        started = {
            name: subprocess.Popen(
                [sys.executable, "-m", "goodmeasure", "--profile-dir", self.place / name, "team", *command],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                stdin=subprocess.DEVNULL,
                text=True,
                env=os.environ,
            )
            for name, command in commands.items()
        }
        ended = {name: (process.communicate(timeout=120), process.returncode) for name, process in started.items()}
        return {name: Said(status, out, err) for name, ((out, err), status) in ended.items()}

    def apart(self, name: str, *command: str) -> Said:
        return self.everybody({name: command})[name]

    def __call__(self, name: str, *command: str) -> Said:
        return Terminal(self.place, self.place / name)("team", *command)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """Profiles with some rated runs; the person's number is how many were used."""
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]  # keyring's initialiser has no types
    (tmp_path / "shared").mkdir()
    for number, name in enumerate(NAMES, 1):
        with Desk(Choices(profile_dir=tmp_path / name, home=tmp_path / "home")) as desk:
            for place in range(number):
                key = desk.by_hand.log_run(Entry("Tea", at=BEGAN + place * 3_600_000, minutes=5)).key
                desk.rating.rate_run(desk.queries.run_id(key), {AssessmentName.OUTCOME: "used"})
    return Team(tmp_path)


def test_five_people_learn_their_sum_and_nothing_else(team: Team) -> None:
    done = [team(name, "join", team.shared, "--name", name) for name in NAMES]
    assert {said.status for said in done} == {0}, done
    stewards = [word for name in NAMES[:3] for word in ("--steward", name)]
    coordinator = NAMES[4]
    written = team(coordinator, "roster", team.shared, "--team", "Platform", *stewards, "--json").document
    assert written["roster"]["members"] == ["Ada", "Bo", "Cy", "Dee", coordinator]
    assert written["roster"]["smallest"] == 5
    code = written["roster"]["code"]
    accepted = {name: team(name, "roster", team.shared, "--accept", code) for name in NAMES[:4]}
    assert all(f"code        {code} (accepted)" in said.out for said in accepted.values())
    assert "you are     a member and a steward" in accepted["Cy"].out
    shown = team("Dee", "contribute", team.shared, *PERIOD, "--dry-run", "--json").document
    assert shown["values"]["outcome_used"] == 4
    handed = team.everybody(dict.fromkeys(NAMES, ("contribute", team.shared, *PERIOD)))
    assert len({Path(said.out.strip()).stat().st_size for said in handed.values()}) == 1
    closed = team.apart(coordinator, "close", team.shared, *PERIOD)
    assert f"Listed: Ada, Bo, Cy, Dee, {coordinator}" in closed.out
    first = team.apart("Cy", "answer", team.shared, *PERIOD)
    assert "The sums are next, once another steward has counted" in first.out
    assert len(team.apart("Ada", "answer", team.shared, *PERIOD).out.splitlines()) == 2
    waiting = team("Dee", "combine", team.shared, *PERIOD)
    assert (waiting.status, waiting.out) == (1, "")
    assert "the sums of 2 stewards, not of 1" in waiting.err
    assert team.apart("Cy", "answer", team.shared, *PERIOD).status == 0
    total = team.apart("Dee", "combine", team.shared, *PERIOD, "--json").document
    sections = {part["section"]: part for part in total["sections"]}
    assert sections["outcome"]["sums"]["outcome_used"] == 1 + 2 + 3 + 4 + 5
    assert sections["runs"]["sums"] == {"runs_all": 15}
    assert (sections["time"]["members"], sections["time"]["sums"]) == (0, None)
    read = team("Bo", "combine", team.shared, *PERIOD).out
    assert "Platform, 2026-10: 5 of 5 members handed in." in read
    assert "Too few have something here: not opened" in read
    assert team("Ada", "tidy", team.shared, *PERIOD).out.startswith("Deleted ")
