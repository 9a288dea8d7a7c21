"""What is released first stays; what came too late goes on; what would say more is refused."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from goodmeasure.disclosure.levels import Numbers, Receipt, SingleRuns, Story
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import period_named, week_of
from goodmeasure.ledger.releases import RELEASED_ELSEWHERE, frozen_periods, released_runs
from goodmeasure.reports.canonical import canonical_bytes
from goodmeasure.reports.opening import open_report
from goodmeasure.services.report_requests import ImprovedLine, PickedRun
from goodmeasure.services.sealing import Sealing
from tests.services.sharing_world import World

W46, W47, W48 = date(2026, 11, 11), date(2026, 11, 18), date(2026, 11, 25)
DISCARDED = {"outcome": "discarded", "need": "unnecessary", "review": "rejected"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "ledger.sqlite")
    made.runs(W46, 30)
    made.runs(W47, 37)
    made.runs(W47, 24, DISCARDED)
    yield made
    made.close()


def _cells(report: object) -> object:
    assert isinstance(report, Story | Numbers)
    return report.outcome, report.need, report.review


def test_what_was_released_first_stays_at_every_level_and_for_every_reader(world: World) -> None:
    first = world.draft("2026-W47").report
    world.share("2026-W47")
    world.runs(W47, 40, DISCARDED)
    for run in range(1, 20):
        world.say(run, DISCARDED)
    assert canonical_bytes(world.draft("2026-W47").report) == canonical_bytes(first)
    richer = world.draft("2026-W47", "L2", cost=True, oversight=True).report
    assert _cells(richer) == _cells(first)
    assert isinstance(richer, Numbers)
    assert richer.counts.outcome is not None
    assert richer.counts.outcome.discarded == "16-31", "the late runs are not in it"
    assert richer.cost is not None
    assert richer.cost.lines[0].list_cost_cents == 31_000, "61 runs of 5 USD"


def test_late_runs_go_to_the_next_open_period(world: World) -> None:
    world.share("2026-W46")
    late = world.runs(W46, 10, DISCARDED)
    world.share("2026-W47")
    assert {released_runs(world.ledger)[run] for run in late} == {"2026-W47"}
    later = world.run(W46)
    world.runs(W48, 20)
    with pytest.raises(Refusal, match="still holds"):
        world.draft("2026-W47", restate=True)
    drafted = world.draft("2026-W48", "L2")
    assert drafted.freezing is not None
    assert set(drafted.freezing.run_ids) == {later, *range(later + 1, later + 21)}, "none that counts already"
    world.share("2026-W48")
    assert released_runs(world.ledger)[later] == "2026-W48"
    assert len(released_runs(world.ledger)) == 30 + 61 + 10 + 1 + 20


def test_nothing_is_frozen_of_a_period_that_has_not_begun(world: World) -> None:
    world.share("2026-W46")
    world.runs(W46, 10)  # late: they would go to any later period
    with pytest.raises(Refusal, match="2099-01 has not begun"):
        world.draft("2099-01")


def test_runs_that_a_merged_profile_released_count_for_no_period_here(world: World) -> None:
    theirs = world.runs(W46, 20, DISCARDED)
    before = world.draft("2026-W46", "L2", cost=True).report
    for run in theirs:
        world.ledger.raw().execute("INSERT INTO released_run VALUES (?, ?)", (run, RELEASED_ELSEWHERE))
    after = world.draft("2026-W46", "L2", cost=True).report
    assert _cells(after) != _cells(before)
    assert isinstance(after, Numbers)
    assert after.cost is not None
    assert after.cost.lines[0].list_cost_cents == 15_000, "30 runs of 5 USD"
    world.share("2026-W46", "L2")
    world.share("2026-W47", "L2")
    assert {released_runs(world.ledger)[run] for run in theirs} == {RELEASED_ELSEWHERE}


@pytest.mark.parametrize(("first", "then"), [("2026-W47", "2026-11"), ("2026-11", "2026-W47"), ("2026-W49", "2026-12")])
def test_periods_are_the_same_or_share_no_day(world: World, first: str, then: str) -> None:
    world.runs(date(2026, 12, 1), 10)
    world.share(first)
    with pytest.raises(Refusal, match=f"{first} was shared before, and {then} shares days with it"):
        world.draft(then, "L2")
    world.share(first, "L2")


def test_two_windows_cannot_freeze_two_truths(world: World) -> None:
    one, month = world.draft("2026-W47"), world.draft("2026-11", "L2")
    world.run(W47, DISCARDED)
    other = world.draft("2026-W47", "L2")
    world.keep(one)
    for late in (other, month):
        with pytest.raises(Refusal, match="was released meanwhile"):
            world.keep(late)
    assert list(frozen_periods(world.ledger)) == ["2026-W47"]


def test_a_restatement_shows_first_what_a_reader_can_subtract(world: World) -> None:
    first = world.share("2026-W47")
    with pytest.raises(Refusal, match="Nothing was shared of 2026-W46"):
        world.draft("2026-W46", restate=True)
    world.runs(W47, 20, DISCARDED)
    drafted = world.draft("2026-W47", restate=True)
    changes = {change.path: (change.before, change.after) for change in drafted.changes}
    assert changes["outcome.shares.used"] == ("60-70", "40-50")
    assert all(path.split(".")[0] in {"outcome", "need", "review"} for path in changes), "numbers were never shown"
    assert drafted.changes == world.drafting.changes(period_named("2026-W47"))
    second = world.keep(drafted)
    report = open_report(second.body)
    assert isinstance(report, Story)
    assert report.restates == sha256(first.body).hexdigest()
    # From now on the corrected cells are those of the period, and every report of it says so.
    again = world.draft("2026-W47", "L2").report
    assert isinstance(again, Numbers)
    assert again.restates == report.restates
    assert _cells(again) == _cells(report)


def test_a_restatement_shows_the_appendices_that_were_shown(world: World) -> None:
    world.share("2026-W47", "L2", cost=True)
    world.runs(W47, 20, DISCARDED)
    paths = {change.path for change in world.draft("2026-W47", "L2", restate=True).changes}
    assert "cost.lines.anthropic.list_cost_cents" in paths
    assert {path.split(".")[0] for path in paths} == {"outcome", "need", "review", "counts", "cost"}


def test_a_restatement_takes_no_late_run_of_another_period(world: World) -> None:
    """It would be in a period that was shared, and tell of itself in the difference."""
    world.share("2026-W46")
    world.share("2026-W47")
    late = world.run(W46)
    own = world.runs(W47, 20, DISCARDED)
    freezing = world.draft("2026-W47", restate=True).freezing
    assert freezing is not None
    assert set(own) <= set(freezing.run_ids)
    assert late not in freezing.run_ids


def test_a_noisy_number_is_drawn_once_and_its_price_is_kept(world: World) -> None:
    draft = world.draft("2026-W47", "L2", noise_tenths=5).report
    assert world.draft("2026-W47", "L2", noise_tenths=5).report == draft, "the preview is the file"
    world.share("2026-W47", "L2", noise_tenths=5)
    world.runs(W47, 30)
    assert isinstance(draft, Numbers)
    for _ in range(3):
        again = world.draft("2026-W47", "L2", noise_tenths=5).report
        assert isinstance(again, Numbers)
        assert again.noisy_runs == draft.noisy_runs
        world.share("2026-W47", "L2", noise_tenths=5)
    assert world.drafting.epsilon_tenths() == 5
    with pytest.raises(Refusal, match=r"was shared with epsilon 0\.5: only that one"):
        world.draft("2026-W47", "L2", noise_tenths=6)
    world.share("2026-W46", "L2", noise_tenths=10)
    world.share("2026-W47", "L2", noise_tenths=5, restate=True)
    assert world.drafting.epsilon_tenths() == 20


def test_a_line_is_as_well_backed_as_the_weakest_of_its_runs(world: World) -> None:
    strong, weak = 1, 2
    world.ledger.raw().execute(
        "INSERT INTO evidence(run_id, kind, reference, repository, link, found_at, landed_at, survival_14_days)"
        " VALUES (?, 'commit', 'abc', '/repo', 'exact', 1, 1, 0.9)",
        (strong,),
    )
    world.ledger.raw().execute(
        "INSERT INTO evidence(run_id, kind, reference, repository, link, found_at, landed_at, reverted_at)"
        " VALUES (?, 'commit', 'abd', '/repo', 'exact', 1, 1, 2)",
        (weak,),
    )
    lines = (ImprovedLine("Strong", (strong,)), ImprovedLine("Both", (strong, weak)), "Mere words")
    report = world.draft("2026-W46", improved=lines).report
    assert isinstance(report, Story)
    assert [line.evidence for line in report.words.improved] == ["verified", "self_reported", "self_reported"]
    assert [line.text for line in report.words.improved] == ["Strong", "Both", "Mere words"], "as typed"
    with pytest.raises(Refusal, match="Run 80 is not of 2026-W46"):
        world.draft("2026-W46", improved=(ImprovedLine("Elsewhere", (80,)),))


def test_a_receipt_of_each_finished_week(world: World) -> None:
    with pytest.raises(Refusal, match="There is no receipt of 2026-W48 yet"):
        world.draft("2026-W48", "L0")
    assert world.seal() == 1
    assert world.seal() == 0
    first = world.draft("2026-W48", "L0").report
    world.runs(W48, 3)
    world.clock.day += timedelta(days=2)
    assert world.draft("2026-W48", "L0").report == first, "a receipt never changes"
    with pytest.raises(Refusal, match="about one ISO week"):
        world.draft("2026-11", "L0")
    world.clock.day = date(2026, 12, 22)
    assert world.seal() == 3
    leaves = world.ledger.raw().execute("SELECT count(*) FROM receipt_leaf GROUP BY receipt_id").fetchall()
    assert leaves == [(91,), (3,)], "what was sealed and did not change is not sealed again"
    hidden = (
        world.ledger.raw().execute("SELECT count(DISTINCT salt), count(DISTINCT place) FROM receipt_run").fetchone()
    )
    assert hidden[0] == 94, "every salt is used once"
    assert hidden[1] > 90, "places are taken by chance, not in order"
    assert world.ledger.raw().execute("SELECT max(place) FROM receipt_leaf").fetchone()[0] > 1000


def test_the_receipt_of_an_older_week_is_made_when_it_is_asked_for(world: World) -> None:
    sealing = Sealing(world.ledger, UTC, world.clock)
    assert not sealing.seal_week("2026-W49"), "it is not over"
    world.say(31, {"outcome": "harmful"})
    assert sealing.seal_week("2026-W47")
    assert not sealing.seal_week("2026-W47"), "once"
    receipt = world.draft("2026-W47", "L0").report
    assert isinstance(receipt, Receipt)
    opened = world.draft("2026-W47", "L3", runs=(PickedRun(31),)).report
    assert isinstance(opened, SingleRuns)
    assert opened.runs[0].runs_root == receipt.runs_root, "its runs are opened from it"
    assert opened.runs[0].record.outcome == "harmful"


def test_picked_runs_are_opened_from_the_receipt_that_holds_them(world: World) -> None:
    with pytest.raises(Refusal, match="is in no receipt yet"):
        world.draft("2026-W47", "L3", runs=(PickedRun(31),))
    world.seal()
    world.say(31, {"outcome": "harmful"})
    references = (("commit", "1a2b3c4d" * 5), ("ticket", "ABC-123"))
    picked = (PickedRun(31, references), PickedRun(75))
    report = world.draft("2026-W47", "L3", runs=picked, improved=("The export works again.",)).report
    assert isinstance(report, SingleRuns)
    assert open_report(canonical_bytes(report)) == report
    assert report.runs[0].record.outcome == "used", "as it was said then"
    assert report.runs[1].record.outcome == "discarded"
    # A week later the changed answer is sealed, too; the later record is the one that is shown.
    world.clock.day += timedelta(days=7)
    world.seal()
    later = world.draft("2026-W47", "L3", runs=picked).report
    assert isinstance(later, SingleRuns)
    assert [(run.sealed_in, run.record.outcome) for run in later.runs] == [
        ("2026-W49", "harmful"),
        ("2026-W48", "discarded"),
    ]


def test_a_changed_run_does_not_fit_its_receipt(world: World) -> None:
    world.seal()
    report = world.draft("2026-W47", "L3", runs=(PickedRun(31),)).report
    assert isinstance(report, SingleRuns)
    run = report.runs[0]
    wrong = [
        msgspec.structs.replace(run, record=msgspec.structs.replace(run.record, outcome="informed")),
        msgspec.structs.replace(run, place=run.place ^ 1),
        msgspec.structs.replace(run, salt="0" * 64),
        msgspec.structs.replace(run, path=(*run.path[:-1], "0" * 64)),
        msgspec.structs.replace(run, runs_root="0" * 64),
    ]
    for changed in wrong:
        with pytest.raises(Refusal, match="Run 1 of the report does not fit its receipt"):
            open_report(canonical_bytes(msgspec.structs.replace(report, runs=(changed,))))


@pytest.mark.parametrize(
    ("level", "wanted", "words"),
    [
        ("L4", {}, "There is no level 'L4'"),
        ("L1", {"cost": True}, "belong to level L2, not to L1"),
        ("L1", {"noise_tenths": 5}, "belong to level L2, not to L1"),
        ("L2", {"noise_tenths": 21}, "Epsilon is from 0.1"),
        ("L2", {"runs": (PickedRun(31),)}, "at level L3 only"),
        ("L3", {}, "Pick from 1 to 10 different runs"),
        ("L3", {"runs": (PickedRun(31), PickedRun(31))}, "Pick from 1 to 10 different runs"),
        ("L3", {"runs": (PickedRun(1),)}, "Run [0-9a-f]{8} did not start in 2026-W47"),
        ("L3", {"restate": True, "runs": (PickedRun(31),)}, "Only levels L1 and L2 can be restated"),
        ("L3", {"runs": (PickedRun(31, (("commit", "main"),)),)}, "'main' is no commit"),
        ("L3", {"runs": (PickedRun(31, (("branch", "main"),)),)}, "no kind of reference"),
        ("L3", {"runs": (PickedRun(31, (("ticket", "two words"),)),)}, "without blanks"),
        ("L3", {"runs": (PickedRun(31, (("ticket", "ghp_" + "abcdefghij0123456789"),)),)}, "seems to hold"),
    ],
)
def test_what_does_not_go_together_is_refused(world: World, level: str, wanted: dict[str, object], words: str) -> None:
    world.seal()
    with pytest.raises(Refusal, match=words):
        world.draft("2026-W47", level, **wanted)


def test_runs_left_out_leave_no_trace_at_any_level(world: World) -> None:
    before = world.draft("2026-W47", "L2", cost=True, oversight=True, noise_tenths=10).report
    world.runs(W47, 25, {"outcome": "excluded"}, model=2)
    assert world.draft("2026-W47", "L2", cost=True, oversight=True, noise_tenths=10).report == before


def test_a_noisy_number_is_not_the_true_one(world: World) -> None:
    true, noises = {}, {}
    for week in range(8):
        day = date(2026, 9, 2) + timedelta(weeks=week)
        name = week_of(day).name
        true[name] = len(world.runs(day, 10 + week))
        report = world.draft(name, "L2", noise_tenths=1).report
        assert isinstance(report, Numbers)
        assert report.noisy_runs is not None
        noises[name] = report.noisy_runs.runs - true[name]
    # Each is zero in one of twenty ledgers: all eight are in none.
    assert len(set(noises.values())) > 1
    assert max(map(abs, noises.values())) < 1000
