"""Seven invented people with ledgers and a folder that they share, for tests of services, view models and screens."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import keyring
from keyring.backends.fail import Keyring

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.disclosure.team import TeamTotal
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.period import instant
from goodmeasure.services.by_hand import Entry
from goodmeasure.services.team import Team

PERIOD, WEEK = "2026-10", "2026-W42"
NAMES = ("Ada", "Bo", "Cy", "Dee", "Eve", "Flo", "Gus")
STEWARDS = ("Ada", "Bo", "Cy")
COORDINATOR = "Gus"
IN_WEEK = instant(datetime(2026, 10, 14, 9, tzinfo=UTC))


@dataclass
class People:
    """Seven people with ledgers of their own, and the folder that they share."""

    folder: Path
    desks: dict[str, Desk]

    def __getitem__(self, name: str) -> Team:
        return self.desks[name].team

    def total(self, period: str = PERIOD) -> TeamTotal:
        return self["Ada"].combine(self.folder, period)[0]

    def sums(self, period: str = PERIOD) -> dict[str, int]:
        return {cell.name: cell.sum for part in self.total(period).sections for cell in part.cells}

    def truth(self, *names: str) -> dict[str, int]:
        """What each person's own app says, added up."""
        own = [self[name].own_values(self.folder, PERIOD) for name in names]
        return {values[0].cell.name: sum(value.value for value in values) for values in zip(*own, strict=True)}


def worked(desk: Desk, outcomes: list[str]) -> None:
    for number, outcome in enumerate(outcomes):
        key = desk.by_hand.log_run(Entry(f"Run {number}", at=IN_WEEK + number * 600_000, minutes=5)).key
        answers = {AssessmentName.OUTCOME: outcome, AssessmentName.TIME_SAVED: "saved_15_30"}
        desk.rating.rate_run(desk.queries.run_id(key), {**answers, AssessmentName.NEED: "helpful"})


def found_team(place: Path, *, with_roster: bool = True) -> None:
    """Make a profile for each in `place`, and the shared folder: cards, and a roster that all have accepted.

    Without a roster: nothing but the profiles and an empty folder.
    """
    # Each test has a keyring of its own, so the keys of ledgers that tests share must lie beside them.
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]  # keyring's initialiser has no types
    (place / "shared").mkdir()
    for number, name in enumerate(NAMES):
        with Desk(Choices(profile_dir=place / name, home=place / "home")) as desk:
            worked(desk, ["used"] * (number + 1) + ["discarded"] * (number % 2))
    if not with_roster:
        return
    for name in NAMES:
        with Desk(Choices(profile_dir=place / name, home=place / "home")) as desk:
            desk.team.join(place / "shared", name)
            if name == COORDINATOR:
                code = desk.team.write_roster(place / "shared", "Platform", STEWARDS, smallest=5).code
    for name in NAMES[:-1]:
        with Desk(Choices(profile_dir=place / name, home=place / "home")) as desk:
            desk.team.accept(place / "shared", code)


def people_in(place: Path) -> People:
    """Return the people whose profiles lie in `place`; close their desks."""
    desks = {name: Desk(Choices(profile_dir=place / name, home=place / "home")) for name in NAMES}
    return People(place / "shared", desks)
