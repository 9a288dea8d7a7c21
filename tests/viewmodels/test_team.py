"""The Team page in words: whose turn it is, and sums as people read them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from goodmeasure.disclosure.team import CellTotal, SectionTotal, TeamTotal, sums_of
from goodmeasure.viewmodels.team import Action, State, TeamView, finished_periods, sum_lines, team_page
from tests.services.team_of_seven import COORDINATOR, PERIOD, People, found_team, people_in


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    place = tmp_path_factory.mktemp("team")
    found_team(place)
    found = people_in(place)
    yield found
    for desk in found.desks.values():
        desk.close()


def page(people: People, name: str, folder: Path | None = None) -> TeamView:
    desk = people.desks[name]
    return team_page(desk.team, desk.queries, folder or people.folder, PERIOD, with_cost=False)


def turns(view: TeamView) -> str:
    return " ".join(f"{step.key}:{step.state.value}" for step in view.steps)


def test_each_step_says_whose_turn_it_is(people: People) -> None:
    ada, gus = page(people, "Ada"), page(people, COORDINATOR)
    assert turns(ada) == "join:done roster:done hand_in:now close:waiting answer:waiting sums:waiting"
    assert [action for action, _ in ada.steps[2].actions] == [Action.CONTRIBUTE, Action.ABSTAIN]
    assert [(line.meaning, line.value) for line in ada.own][:2] == [
        ("Runs that may be judged, rated or not", "1"),
        ("Runs that were used", "1"),
    ]
    assert gus.steps[3].text == "It takes 5 files; 0 of them are there."
    for name in ("Ada", "Bo", "Cy", "Dee", COORDINATOR):
        people[name].contribute(people.folder, PERIOD)
    ada, gus = page(people, "Ada"), page(people, COORDINATOR)
    assert ada.own == ()
    assert turns(gus) == "join:done roster:done hand_in:done close:now answer:waiting sums:waiting"
    assert gus.steps[3].lines == (("Missing", "Eve, Flo"),)
    people[COORDINATOR].close(people.folder, PERIOD)
    assert turns(page(people, "Eve")) == "join:done roster:done hand_in:waiting close:done answer:waiting sums:waiting"
    ada = page(people, "Ada")
    assert ada.steps[4].actions == ((Action.ANSWER, "Count"),)
    people["Ada"].answer(people.folder, PERIOD)
    assert page(people, "Ada").steps[4].state is State.WAITING
    people["Bo"].answer(people.folder, PERIOD)
    ada = page(people, "Ada")
    assert ada.steps[4].actions == ((Action.ANSWER, "Give the sums"),)
    assert ada.steps[4].lines == (("Ada", "counted"), ("Bo", "gave the sums"), ("Cy", "has not answered yet"))
    people["Ada"].answer(people.folder, PERIOD)
    everybody = {turns(page(people, name)) for name in ("Ada", "Bo", COORDINATOR)}
    assert everybody == {"join:done roster:done hand_in:done close:done answer:done sums:done"}
    sums = {line.meaning: line.value for line in page(people, "Flo").sums}
    assert sums["Runs that were used"] == str(1 + 2 + 3 + 4 + 7)
    assert page(people, "Flo").sums[0].members == "5 members"


def test_a_folder_before_anything_and_one_that_is_none(people: People, tmp_path: Path) -> None:
    empty = page(people, "Ada", tmp_path)
    assert turns(empty) == "join:now roster:waiting"
    assert (empty.problem, empty.others, empty.code) == ("", (), "")
    (tmp_path / "roster.team").write_bytes(b"<b>roster</b>")
    broken = page(people, "Ada", tmp_path)
    assert broken.steps == ()
    assert "cannot be trusted" in broken.problem
    desk = people.desks["Ada"]
    none = team_page(desk.team, desk.queries, None, "", with_cost=False)
    assert (none.folder, none.steps) == ("", ())


def test_only_periods_that_are_over_can_be_chosen() -> None:
    assert [period.name for period in finished_periods(date(2026, 3, 1))] == [
        "2026-02",
        "2026-01",
        "2025-12",
        "2026-W08",
        "2026-W07",
        "2026-W06",
        "2026-W05",
        "2026-W04",
    ]


def total(**values: int) -> TeamTotal:
    parts = tuple(
        SectionTotal(section, 6, tuple(CellTotal(cell.name, values.get(cell.name, 0)) for cell in sums_of(section)))
        for section in ("runs", "time")
    )
    return TeamTotal("goodmeasure-team-total/1", "T", "0" * 64, "2026-10", "0" * 64, 6, 6, parts)


def test_a_time_is_a_range_of_five_runs_or_more() -> None:
    found = sum_lines(
        total(
            time_verified_runs=5,
            time_verified_low_minutes=-40,
            time_verified_high_minutes=600,
            time_linked_runs=4,
            time_linked_low_minutes=700,
            time_linked_high_minutes=900,
        )
    )
    lines = {line.meaning: line.value for line in found}
    assert lines["Time saved, where the work landed and stayed (5 runs)"] == "−40 min to 10 h"
    assert lines["Time saved, where commits are linked (4 runs)"] == "too few runs"
    assert not any("700" in value or "11" in value for value in lines.values())
