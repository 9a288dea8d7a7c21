"""A team sum through a real folder and real ledgers: everybody does their steps, and some do what they should not."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.errors import Refusal
from goodmeasure.host.signing import signing_key
from goodmeasure.ledger.audit import audit_entries, verify_audit
from goodmeasure.ledger.team import team_files
from goodmeasure.reports.team.folder import TeamFolder
from goodmeasure.reports.team.handing_in import closing_file
from goodmeasure.reports.team.roster import roster_file
from tests.services.team_of_seven import COORDINATOR, NAMES, PERIOD, STEWARDS, WEEK, People, found_team, people_in


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("team")
    found_team(place)
    return place


@pytest.fixture
def people(founded: Path, tmp_path: Path) -> Iterator[People]:
    """Seven people with cards and a roster that all have accepted; a sum needs five of them."""
    shutil.copytree(founded, tmp_path / "team")
    found = people_in(tmp_path / "team")
    yield found
    for desk in found.desks.values():
        desk.close()


@pytest.fixture
def closed(people: People) -> People:
    """Six have handed in, one of them abstaining; Eve stayed away."""
    for name in ("Ada", "Bo", "Cy", "Dee", "Flo", "Gus"):
        people[name].contribute(people.folder, PERIOD, abstain=name == "Flo")
    people[COORDINATOR].close(people.folder, PERIOD)
    return people


def test_the_sum_is_exactly_what_the_apps_say_even_with_a_silent_steward(closed: People) -> None:
    assert len(closed["Ada"].answer(closed.folder, PERIOD)) == 1
    with pytest.raises(Refusal, match="answers of 2 stewards, not of 1"):
        closed.total()
    assert len(closed["Cy"].answer(closed.folder, PERIOD)) == 2
    with pytest.raises(Refusal, match="the sums of 2 stewards, not of 1"):
        closed.total()
    assert len(closed["Ada"].answer(closed.folder, PERIOD)) == 2
    total, truth = closed.total(), closed.truth("Ada", "Bo", "Cy", "Dee", "Gus")
    assert truth["outcome_used"] == 1 + 2 + 3 + 4 + 7
    assert closed.sums() == {name: truth[name] for name in closed.sums()}
    members = {part.section: part.members for part in total.sections}
    assert members == {"runs": 5, "outcome": 5, "need": 5, "review": 0, "time": 5, "cost": 0}
    assert {part.section for part in total.sections if part.cells} == {"runs", "outcome", "need", "time"}
    assert (total.on_roster, total.handed_in) == (7, 6)
    before = (closed.folder / PERIOD / "total.json").read_bytes()
    closed["Bo"].answer(closed.folder, PERIOD)
    assert closed["Eve"].combine(closed.folder, PERIOD)[0] == total
    assert (closed.folder / PERIOD / "total.json").read_bytes() == before
    facts = closed["Eve"].look_at_round(closed.folder, PERIOD)
    assert (facts.missing, facts.signed_here, facts.total) == (("Eve",), False, total)
    assert facts.listed == ("Ada", "Bo", "Cy", "Dee", "Flo", "Gus")
    assert all(verify_audit(desk.ledger) is None for desk in closed.desks.values())


def test_whoever_has_the_answers_can_check_the_sum(closed: People, tmp_path: Path) -> None:
    """A manager, who is on no roster, gets the folder without the members' files."""
    for name in ("Ada", "Bo", "Ada"):
        closed[name].answer(closed.folder, PERIOD)
    shutil.copytree(closed.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("member-*", "cards"))
    with Desk(Choices(profile_dir=tmp_path / "manager", home=tmp_path / "home")) as desk:
        assert desk.team.combine(tmp_path / "copy", PERIOD)[0] == closed.total()


def test_the_own_file_can_be_taken_out_once_the_sums_are_there(closed: People) -> None:
    with pytest.raises(Refusal, match="not there yet: the stewards need your file"):
        closed["Dee"].tidy(closed.folder, PERIOD)
    for name in ("Ada", "Bo", "Ada"):
        closed[name].answer(closed.folder, PERIOD)
    before, total = set((closed.folder / PERIOD).iterdir()), closed.total()
    gone = closed["Dee"].tidy(closed.folder, PERIOD)
    assert before - set((closed.folder / PERIOD).iterdir()) == {gone}
    assert closed.total() == total
    with pytest.raises(Refusal, match="nothing to take out"):
        closed["Dee"].tidy(closed.folder, PERIOD)
    with pytest.raises(Refusal, match="nothing to take out"):
        closed["Eve"].tidy(closed.folder, PERIOD)
    # The other steward needs the file, which its owner's app still has.
    with pytest.raises(Refusal, match="Dee, which the closing list names, is not in the folder"):
        closed["Cy"].answer(closed.folder, PERIOD)
    closed["Dee"].contribute(closed.folder, PERIOD)
    closed["Cy"].answer(closed.folder, PERIOD)
    assert closed.total() == total


def test_below_the_smallest_number_only_the_count_is_ever_opened(people: People) -> None:
    for name in NAMES:
        people[name].contribute(people.folder, PERIOD, abstain=name in {"Dee", "Eve", "Flo"})
    people[COORDINATOR].close(people.folder, PERIOD)
    for name in STEWARDS * 2:
        assert len(people[name].answer(people.folder, PERIOD)) == 1
    assert not list((people.folder / PERIOD).glob("sums-*"))
    facts = people["Ada"].look_at_round(people.folder, PERIOD)
    assert facts.members is not None
    assert (facts.members["runs"], facts.opens, facts.total) == (4, (), None)
    with pytest.raises(Refusal, match="no sum of this period is ever opened"):
        people.total()


def test_what_was_handed_in_first_stays_and_comes_back(people: People) -> None:
    path = people["Ada"].contribute(people.folder, PERIOD)
    first = path.read_bytes()
    # As after a crash between the ledger and the folder.
    path.unlink()
    assert people["Ada"].contribute(people.folder, PERIOD, abstain=True).read_bytes() == first
    path.write_bytes(b"something else")
    with pytest.raises(Refusal, match="already holds something else"):
        people["Ada"].contribute(people.folder, PERIOD)
    assert path.read_bytes() == b"something else"


def test_a_folder_that_cannot_be_written_costs_nothing(people: People) -> None:
    """What was signed is in the ledger by then, and comes out unchanged as soon as the folder is back."""
    (people.folder / PERIOD).write_bytes(b"a file where the period's folder should be")
    with pytest.raises(Refusal, match="cannot be written"):
        people["Ada"].contribute(people.folder, PERIOD)
    (kept,) = team_files(people.desks["Ada"].ledger, "contribution")
    (people.folder / PERIOD).unlink()
    assert people["Ada"].contribute(people.folder, PERIOD, abstain=True).read_bytes() == kept.body


def test_nothing_tells_an_abstention_from_a_contribution(people: People) -> None:
    """Neither the file nor the person's own ledger does."""

    def traces(name: str) -> Any:
        raw = people.desks[name].ledger.raw()
        rows = raw.execute("SELECT kind, team_roster_id, period, length(body) FROM team_file").fetchall()
        return rows, [entry.kind for entry in audit_entries(people.desks[name].ledger) if "team" in entry.kind]

    sizes = {people[name].contribute(people.folder, PERIOD, abstain=name == "Dee").stat().st_size for name in NAMES}
    assert len(sizes) == 1
    assert traces("Dee") == traces("Ada") == traces("Eve")
    assert people["Dee"].look_at_round(people.folder, PERIOD) == people["Eve"].look_at_round(people.folder, PERIOD)


def test_a_late_file_does_not_enter_a_list_that_is_signed(closed: People) -> None:
    first = (closed.folder / PERIOD / "closing.team").read_bytes()
    closed["Eve"].contribute(closed.folder, PERIOD)
    closed[COORDINATOR].close(closed.folder, PERIOD)
    assert (closed.folder / PERIOD / "closing.team").read_bytes() == first


def another_closing(people: People, leave_out: str) -> bytes:
    """A coordinator whose program signs a second list, with one member less."""
    place = TeamFolder(people.folder)
    roster = place.roster()
    assert roster is not None
    name = {member.name: member.key for member in roster.record.members}[leave_out]
    files = [one for one in place.contributions(roster, PERIOD)[0] if one.signer != name]
    return closing_file(roster, PERIOD, files, signing_key(people.desks[COORDINATOR].profile))


def test_a_steward_answers_one_list_and_never_another(closed: People) -> None:
    closed["Ada"].answer(closed.folder, PERIOD)
    path = closed.folder / PERIOD / "closing.team"
    second = another_closing(closed, "Dee")
    (closed.folder / PERIOD / "closing (1).team").write_bytes(second)
    with pytest.raises(Refusal, match="two different closing lists"):
        closed["Bo"].answer(closed.folder, PERIOD)
    (closed.folder / PERIOD / "closing (1).team").rename(path)
    with pytest.raises(Refusal, match="another closing list"):
        closed["Ada"].answer(closed.folder, PERIOD)
    closed["Bo"].answer(closed.folder, PERIOD)
    with pytest.raises(Refusal):
        closed.total()


def test_a_second_roster_opens_nothing_twice(closed: People, tmp_path: Path) -> None:
    """The same period again with one member less: members refuse to contribute, stewards to count."""
    closed["Ada"].answer(closed.folder, PERIOD)
    closed["Bo"].answer(closed.folder, PERIOD)
    place = TeamFolder(tmp_path / "second")
    cards = [card for card in TeamFolder(closed.folder).cards()[0] if card.record.name != "Dee"]
    key, today = signing_key(closed.desks[COORDINATOR].profile), closed.desks[COORDINATOR].queries.today()
    data = roster_file("Other", cards, STEWARDS, key, today, smallest=5)
    place.put(place.roster_path, data)
    code = closed["Eve"].look(place.folder).roster
    assert code is not None
    for name in ("Ada", "Bo", "Cy", "Eve", "Flo", "Gus"):
        closed[name].accept(place.folder, code.code.upper())
        if name != "Eve":
            # Flo is refused too, though she abstained: even her own app does not know.
            with pytest.raises(Refusal, match="two sums could be subtracted: abstain"):
                closed[name].contribute(place.folder, PERIOD)
            with pytest.raises(Refusal, match="two sums could be subtracted: abstain"):
                closed[name].contribute(place.folder, WEEK)
        closed[name].contribute(place.folder, PERIOD, abstain=name != "Eve")
    with pytest.raises(Refusal, match="closed before with some of these members"):
        closed[COORDINATOR].close(place.folder, PERIOD)
    roster = place.roster()
    assert roster is not None
    place.put(place.closing_path(PERIOD), closing_file(roster, PERIOD, place.contributions(roster, PERIOD)[0], key))
    with pytest.raises(Refusal, match="closed before with some of these members"):
        closed["Ada"].answer(place.folder, PERIOD)
    # The steward who was silent the first time answers, and cannot open anything alone.
    closed["Cy"].answer(place.folder, PERIOD)
    with pytest.raises(Refusal, match="answers of 2 stewards, not of 1"):
        closed["Eve"].combine(place.folder, PERIOD)


OUT_OF_TURN: list[tuple[str, Callable[[People], object]]] = [
    ("not over yet", lambda people: people["Ada"].contribute(people.folder, "2099-01")),
    ("is not a period", lambda people: people["Ada"].contribute(people.folder, "../etc")),
    ("another code", lambda people: people["Ada"].accept(people.folder, "0000-0000")),
    ("Only Gus", lambda people: people["Ada"].close(people.folder, PERIOD)),
    ("not closed yet: ask Gus", lambda people: people["Ada"].answer(people.folder, PERIOD)),
    ("not a steward", lambda people: people["Dee"].answer(people.folder, PERIOD)),
    ("0 members have handed in", lambda people: people[COORDINATOR].close(people.folder, PERIOD)),
    ("not closed yet", lambda people: people["Ada"].combine(people.folder, PERIOD)),
    ("no roster", lambda people: people["Ada"].look_at_round(people.folder.parent, PERIOD)),
]


def test_a_step_out_of_turn_is_refused_and_writes_nothing(people: People) -> None:
    before = sorted(people.folder.rglob("*"))
    for why, step in OUT_OF_TURN:
        with pytest.raises(Refusal, match=why):
            step(people)
    assert sorted(people.folder.rglob("*")) == before
    assert not any(desk.ledger.raw().execute("SELECT 1 FROM team_file").fetchall() for desk in people.desks.values())


def test_a_roster_that_was_not_compared_is_not_used(people: People) -> None:
    """Somebody swaps the roster after the team has agreed on one."""
    place = TeamFolder(people.folder)
    cards = place.cards()[0]
    key = signing_key(people.desks["Dee"].profile)
    place.roster_path.write_bytes(roster_file("Platform", cards, STEWARDS, key, people.desks["Dee"].queries.today()))
    facts = people["Ada"].look(people.folder).roster
    assert facts is not None
    assert (facts.accepted, facts.coordinator) == (False, "Dee")
    with pytest.raises(Refusal, match="not accepted this roster"):
        people["Ada"].contribute(people.folder, PERIOD)
    assert not (people.folder / PERIOD).exists()


def test_what_is_no_file_of_the_team_is_left_aside_and_named(people: People, tmp_path: Path) -> None:
    for name in NAMES:
        people[name].contribute(people.folder, PERIOD)
    place = people.folder / PERIOD
    good = people["Ada"].contribute(people.folder, PERIOD).read_bytes()
    # A link is not followed, not even to a good file.
    good_elsewhere = people["Gus"].contribute(people.folder, PERIOD).rename(tmp_path / "elsewhere")
    (place / "member-link.team").symlink_to(good_elsewhere)
    os.mkfifo(place / "member-pipe.team")
    (place / "member-garbage.team").write_bytes(b"\x00" * 50)
    (place / "member-huge.team").write_bytes(b"x" * 400_000)
    (place / "member-copy.team").write_bytes(good)
    people["Ada"].contribute(people.folder, "2026-09", abstain=True).rename(place / "member-old.team")
    facts = people["Bo"].look_at_round(people.folder, PERIOD)
    assert facts.handed_in == NAMES[:-1]
    assert sorted(problem.partition(":")[0] for problem in facts.problems) == [
        "member-garbage.team",
        "member-huge.team",
        "member-link.team",
        "member-old.team",
        "member-pipe.team",
    ]
    people[COORDINATOR].close(people.folder, PERIOD)
    assert people["Bo"].look_at_round(people.folder, PERIOD).listed == NAMES[:-1]


def test_a_listed_file_that_is_gone_stops_the_steward(closed: People) -> None:
    next((closed.folder / PERIOD).glob("member-*.team")).unlink()
    with pytest.raises(Refusal, match="is not in the folder: wait for it"):
        closed["Ada"].answer(closed.folder, PERIOD)


def test_values_beyond_a_range_are_cut_and_the_person_is_told(people: People) -> None:
    values = {one.cell.name: one for one in people["Ada"].own_values(people.folder, PERIOD)}
    assert (values["outcome_used"].value, values["outcome_used"].cut) == (1, False)
    assert values["cost_dollars"].value == 0


def test_cost_is_handed_in_only_where_it_is_ticked(people: People) -> None:
    for desk in people.desks.values():
        desk.ledger.raw().execute("UPDATE run_summary SET cost_micros = 5000000")
    ticked = people["Ada"].own_values(people.folder, PERIOD, with_cost=True)
    assert {one.cell.name: one.value for one in ticked}["cost_dollars"] == 5
    assert [one.value for one in people["Ada"].own_values(people.folder, PERIOD) if one.cell.section == "cost"] == [
        0
    ] * 3
    for name in NAMES:
        people[name].contribute(people.folder, PERIOD, with_cost=name == "Ada")
    people[COORDINATOR].close(people.folder, PERIOD)
    for name in ("Ada", "Cy"):
        people[name].answer(people.folder, PERIOD)
    members = people["Ada"].look_at_round(people.folder, PERIOD).members
    assert members is not None
    assert (members["runs"], members["cost"]) == (7, 1)
