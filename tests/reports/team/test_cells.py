"""From a person's rated runs to their values: against counting by hand, and blind to everything else."""

from dataclasses import replace
from datetime import UTC
from pathlib import PurePath
from random import Random

import pytest

from goodmeasure.disclosure.team import TEAM_CELLS
from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected
from goodmeasure.domain.evidence import CommitEvidence, Grade, Link
from goodmeasure.domain.runs import RatedRun
from goodmeasure.reports.exact import exact_numbers
from goodmeasure.reports.team.cells import member_values
from goodmeasure.reports.team.handing_in import clipped
from tests.reports.team.people import roster_of

HOUR_MS = 3_600_000
CHANCE = {
    AssessmentName.OUTCOME: ("used", "used", "informed", "partial", "discarded", "harmful", "excluded", "pending"),
    AssessmentName.NEED: ("essential", "helpful", "helpful", "extra", "unnecessary"),
    AssessmentName.REVIEW: ("none", "accepted", "light_edits", "heavy_edits", "rejected"),
    AssessmentName.TIME_SAVED: ("lost_5_30", "same", "saved_15_30", "saved_120_240", "saved_240_plus", "unknown"),
    AssessmentName.CONFIDENCE: ("sure", "guess"),
}


def answered(run_id: int, name: AssessmentName, value: str) -> Assessment:
    human, way = AssessmentSource.HUMAN, Collected.SELF_SELECTED
    return Assessment(run_id, run_id, name, value, human, way, None, 1, 2.0, None, None, 1)


def commit(landed_at: int | None, survival: float | None) -> CommitEvidence:
    return CommitEvidence("abc", str(PurePath("private", "shop")), Link.EXACT, 0.9, landed_at, None, survival, None)


@pytest.fixture(scope="module")
def runs() -> list[RatedRun]:
    chance = Random(8)  # noqa: S311 - fixed plausible answers, not a secret
    found = []
    for number in range(120):
        answers: dict[str, Assessment] = {
            name.value: answered(number, name, chance.choice(values))
            for name, values in CHANCE.items()
            if chance.random() < 0.8
        }
        evidence = chance.choice([(), (commit(None, None),), (commit(5, 0.8),), (commit(5, 0.0),)])
        cost = chance.choice([None, 1_400_000, 260_000])
        started = number // 6 * 24 * HOUR_MS
        found.append(RatedRun(number, "codex", "shop", started, started + 60_000, cost, answers, None, evidence))
    return found


def value_of(run: RatedRun, name: AssessmentName) -> str | None:
    found = run.answers.get(name)
    return None if found is None else found.value


def test_the_values_are_what_counting_by_hand_gives(runs: list[RatedRun]) -> None:
    values = member_values(runs, UTC, with_cost=True)
    assert list(values) == [cell.name for cell in TEAM_CELLS]
    judged = [run for run in runs if value_of(run, AssessmentName.OUTCOME) != "excluded"]
    assert values["runs_all"] == len(judged) < len(runs)
    for name in (AssessmentName.OUTCOME, AssessmentName.NEED, AssessmentName.REVIEW):
        given = [value_of(run, name) for run in judged]
        for cell in values:
            if cell.startswith(f"{name.value}_") and not cell.endswith("_members"):
                assert values[cell] == given.count(cell.removeprefix(f"{name.value}_")), cell
    assert all(values[f"{section}_members"] == 1 for section in ("runs", "outcome", "need", "review", "time", "cost"))
    assert values["cost_unpriced_runs"] == sum(run.list_cost_micros is None for run in judged)
    assert values["cost_dollars"] == (sum(run.list_cost_micros or 0 for run in judged) + 500_000) // 1_000_000


def test_times_stand_under_their_grade(runs: list[RatedRun]) -> None:
    values, numbers = member_values(runs, UTC), exact_numbers(runs, {}, UTC)
    for grade in (Grade.VERIFIED, Grade.LINKED, Grade.SELF_REPORTED):
        time, cell = numbers.times[grade], f"time_{grade.value}"
        assert time.runs >= 10
        assert values[f"{cell}_runs"] == time.runs
        assert (values[f"{cell}_low_minutes"], values[f"{cell}_high_minutes"]) == (time.low_minutes, time.high_minutes)
    # What was contradicted is not better backed than what somebody says.
    stayed = [run for run in runs if run.evidence and run.evidence[0].survival_14_days == 0.8]
    assert values["time_verified_runs"] <= len(stayed)


def test_nothing_else_about_a_run_changes_a_value(runs: list[RatedRun]) -> None:
    other = [
        replace(
            run,
            run_id=run.run_id + 1_000,
            source="claude-code",
            project="Zinnober Kumquat",
            cost_center="Z",
            work_kind="write",
            list_cost_micros=None,
            ended_at=None,
        )
        for run in runs
    ]
    assert member_values(runs, UTC) == member_values(other, UTC)


def test_who_has_nothing_counts_nowhere(runs: list[RatedRun]) -> None:
    assert set(member_values([], UTC, with_cost=True).values()) == {0}
    unrated = [replace(run, answers={}, list_cost_micros=None) for run in runs[:3]]
    found = {name: value for name, value in member_values(unrated, UTC, with_cost=True).items() if value}
    assert found == {"runs_members": 1, "runs_all": 3}


def test_cost_stays_at_home_unless_it_is_asked_for(runs: list[RatedRun]) -> None:
    values = member_values(runs, UTC)
    assert {name: value for name, value in values.items() if name.startswith("cost_") and value} == {}


def test_ranges_cut_on_both_sides() -> None:
    record = roster_of(5).record
    far = clipped(record, {cell.name: 10**9 for cell in TEAM_CELLS})
    assert far == {cell.name: cell.highest for cell in TEAM_CELLS}
    assert clipped(record, dict.fromkeys(far, -(10**9))) == {cell.name: cell.lowest for cell in TEAM_CELLS}
    assert set(clipped(record, {}).values()) == {0}
