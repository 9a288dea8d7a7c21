"""Whatever a coordinator signs, honest apps open no two sums that could be subtracted: real ledgers, hostile orders."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from goodmeasure.disclosure.team import Roster
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import period_named
from goodmeasure.reports.team.folder import TeamFolder
from goodmeasure.reports.team.handing_in import closing_file
from goodmeasure.reports.team.roster import card_file, opened_card, roster_file
from goodmeasure.reports.team.signed import Signed
from tests.reports.team.people import key_of
from tests.services.team_of_seven import NAMES, STEWARDS, People, found_team, people_in

CHEAT = "Mallory"
"""A coordinator whose program signs whatever it likes."""
FEW = st.frozensets(st.sampled_from(NAMES), max_size=1)


@dataclass(frozen=True)
class Attempt:
    """One try at a sum. The same roster and period may be tried again, with another list."""

    period: str
    off_the_roster: frozenset[str]
    abstaining: frozenset[str]
    off_the_list: frozenset[str]
    answering: tuple[str, ...]


ATTEMPTS = st.lists(
    st.builds(
        Attempt,
        st.sampled_from(("2026-10", "2026-W42")),
        FEW,
        FEW,
        FEW,
        st.lists(st.sampled_from(STEWARDS), min_size=2, max_size=5).map(tuple),
    ),
    min_size=2,
    max_size=3,
)


@dataclass
class World:
    """Seven honest apps, and what the coordinator has brought about so far."""

    place: Path
    people: People
    real: set[tuple[Path, str]] = field(default_factory=set)
    """Files that hold somebody's values: the folder of roster and period, and the name."""
    opened: dict[tuple[str, frozenset[str]], None] = field(default_factory=dict)
    """Period and people whose values were summed, of each sum that was opened."""

    def roster(self, attempt: Attempt) -> tuple[TeamFolder, Signed[Roster]]:
        members = [name for name in NAMES if name not in attempt.off_the_roster]
        place = TeamFolder(self.place / "-".join(members))
        if not place.roster_path.exists():
            cards = [*TeamFolder(self.people.folder).cards()[0], opened_card(card_file(CHEAT, key_of(CHEAT)))]
            today = self.people.desks["Ada"].queries.today()
            data = roster_file("T", cards, STEWARDS, key_of(CHEAT), today, members=members, smallest=5)
            place.put(place.roster_path, data)
            facts = self.people["Ada"].look(place.folder).roster
            assert facts is not None
            for name in NAMES:
                self.people[name].accept(place.folder, facts.code)
        roster = place.roster()
        assert roster is not None
        return place, roster

    def try_it(self, attempt: Attempt) -> None:
        place, roster = self.roster(attempt)
        for member in roster.record.members:
            self.hand_in(place, attempt, member.name)
        self.close(place, roster, attempt)
        for name in attempt.answering:
            try:
                self.people[name].answer(place.folder, attempt.period)
            except Refusal:
                continue
        self.look(place, attempt)

    def hand_in(self, place: TeamFolder, attempt: Attempt, name: str) -> None:
        """Hand in: the app alone decides whether values may go; where it refuses, the person abstains."""
        folder = place.folder / attempt.period
        before = set(folder.glob("member-*"))
        try:
            self.people[name].contribute(place.folder, attempt.period, abstain=name in attempt.abstaining)
        except Refusal:
            self.people[name].contribute(place.folder, attempt.period, abstain=True)
        else:
            if name not in attempt.abstaining and set(folder.glob("member-*")) != before:
                self.real.add((folder, name))

    def close(self, place: TeamFolder, roster: Signed[Roster], attempt: Attempt) -> None:
        keys = {member.key for member in roster.record.members if member.name not in attempt.off_the_list}
        files = [one for one in place.contributions(roster, attempt.period)[0] if one.signer in keys]
        path = place.closing_path(attempt.period)
        path.unlink(missing_ok=True)
        place.put(path, closing_file(roster, attempt.period, files, key_of(CHEAT)))

    def look(self, place: TeamFolder, attempt: Attempt) -> None:
        """Note who is in a sum, if one was opened; it is the sum of exactly these."""
        try:
            total, _ = self.people["Ada"].combine(place.folder, attempt.period)
        except Refusal:
            return
        listed = self.people["Ada"].look_at_round(place.folder, attempt.period).listed or ()
        names = frozenset(name for name in listed if (place.folder / attempt.period, name) in self.real)
        used = {cell.name: cell.sum for part in total.sections for cell in part.cells}["outcome_used"]
        assert used == sum(NAMES.index(name) + 1 for name in names)
        self.opened[attempt.period, names] = None


@contextmanager
def world_from(founded: Path) -> Iterator[World]:
    with TemporaryDirectory(prefix="goodmeasure-journal-") as folder:
        place = Path(folder, "team")
        shutil.copytree(founded, place)
        people = people_in(place)
        try:
            yield World(place, people)
        finally:
            for desk in people.desks.values():
                desk.close()


def overlap(one: str, other: str) -> bool:
    first, second = period_named(one), period_named(other)
    return first.first_on <= second.last_on and second.first_on <= first.last_on


def tried(founded: Path, attempts: Sequence[Attempt]) -> list[tuple[str, frozenset[str]]]:
    with world_from(founded) as world:
        for attempt in attempts:
            world.try_it(attempt)
        return list(world.opened)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("founded")
    found_team(place)
    return place


@settings(
    max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # shrinking takes minutes
@given(attempts=ATTEMPTS)
def test_no_two_opened_sums_share_a_person(founded: Path, attempts: list[Attempt]) -> None:
    for (one, members), (other, others) in combinations(tried(founded, attempts), 2):
        if overlap(one, other):
            assert not members & others


def test_the_attempts_can_open_sums_at_all(founded: Path) -> None:
    nobody, all_stewards = frozenset[str](), STEWARDS * 2
    month = Attempt("2026-10", nobody, frozenset({"Dee"}), nobody, all_stewards)
    week = Attempt("2026-W42", frozenset({"Eve"}), nobody, nobody, all_stewards)
    again = Attempt("2026-10", nobody, nobody, frozenset({"Flo"}), all_stewards)
    assert tried(founded, [month, week, again]) == [("2026-10", frozenset(NAMES) - {"Dee"})]
