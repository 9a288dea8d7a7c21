"""What a reader with an earlier report sees: the log goes on, or it was rewritten; figures hold, or they changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from goodmeasure.disclosure.levels import Numbers, Report, Story
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.comparing import CellState, Comparison, LogState, compared
from goodmeasure.reports.opening import open_report
from goodmeasure.reports.verifying import PageState, Verification
from tests.services.sharing_world import World

W47 = date(2026, 11, 18)
DISCARDED = {"outcome": "discarded", "need": "unnecessary", "review": "rejected"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "ledger.sqlite")
    made.runs(W47, 61)
    yield made
    made.close()


def _checked(report: Report, key: bytes = b"k" * 32) -> Verification:
    return Verification(report, "SHA256:x", key, "", expired=False, page=PageState.ABSENT)


def _shared(world: World, period: str = "2026-W47", level: str = "L1", **wanted: object) -> Verification:
    return _checked(open_report(world.share(period, level, **wanted).body))


def test_the_log_goes_on_whatever_happens_between(world: World) -> None:
    first = _shared(world)
    same_week = _shared(world, level="L2", cost=True)
    assert compared(same_week, first) == Comparison(LogState.CONTINUES, CellState.SAME, corrects=False)
    for weeks in (1, 5, 20):
        world.clock.day += timedelta(weeks=weeks)
        world.runs(world.clock.day - timedelta(days=8), 10)
        world.seal()
        later = _shared(world, level="L2", oversight=True)
        assert compared(later, first) == Comparison(LogState.CONTINUES, CellState.SAME, corrects=False)
        assert compared(later, same_week).log is LogState.CONTINUES
    world.clock.day += timedelta(weeks=60)
    assert compared(_shared(world), first).log is LogState.TOO_FAR_APART


@pytest.mark.parametrize(
    "rewriting",
    [
        "DELETE FROM audit_week",
        "DELETE FROM audit_week WHERE week >= '2026-W45'",
        "UPDATE audit_week SET link = randomblob(32) WHERE week = '2026-W48'",
        "UPDATE audit_week SET head = randomblob(32) WHERE week = '2026-W48'",
    ],
)
def test_a_log_that_was_rewritten_does_not_go_on(world: World, rewriting: str) -> None:
    first = _shared(world)
    raw = world.ledger.raw()
    raw.execute("INSERT INTO meta VALUES ('forgetting', '1')")
    raw.execute(rewriting)
    world.clock.day += timedelta(weeks=3)
    assert compared(_shared(world), first).log is LogState.REWRITTEN


def test_another_ledger_does_not_go_on(world: World, tmp_path: Path) -> None:
    first = _shared(world)
    anew = World(tmp_path / "anew.sqlite")
    anew.runs(W47, 61)
    anew.clock.day += timedelta(weeks=1)
    found = compared(_shared(anew), first)
    anew.close()
    assert found == Comparison(LogState.REWRITTEN, CellState.SAME, corrects=False)


def test_a_restatement_says_what_it_corrects(world: World) -> None:
    first = _shared(world)
    world.runs(W47, 40, DISCARDED)
    second = _shared(world, restate=True)
    assert compared(second, first) == Comparison(LogState.CONTINUES, CellState.RESTATED, corrects=True)
    later = _shared(world, level="L2")
    assert compared(later, second) == Comparison(LogState.CONTINUES, CellState.SAME, corrects=False)
    assert compared(later, first) == Comparison(LogState.CONTINUES, CellState.RESTATED, corrects=True)


def test_figures_that_change_without_a_word_are_seen(world: World) -> None:
    first = _shared(world, level="L2", cost=True)
    report = first.report
    assert isinstance(report, Numbers)
    assert report.counts.outcome is not None
    outcome = msgspec.structs.replace(report.counts.outcome, used="128-255")
    forged = msgspec.structs.replace(report, counts=msgspec.structs.replace(report.counts, outcome=outcome))
    assert compared(_checked(forged), first).cells is CellState.CHANGED
    assert compared(_shared(world), first).cells is CellState.SAME, "the story has no counts to compare"
    assert compared(_checked(msgspec.structs.replace(forged, period="2026-W46")), first).cells is (
        CellState.NOT_COMPARABLE
    )


def test_only_reports_of_one_person_in_their_order(world: World) -> None:
    first = _shared(world)
    world.clock.day += timedelta(weeks=1)
    later = _shared(world)
    with pytest.raises(Refusal, match="name them the other way round"):
        compared(first, later)
    with pytest.raises(Refusal, match="signed with different keys"):
        compared(replace(later, public_key=b"o" * 32), first)
    assert isinstance(later.report, Story)
