"""Runs merged and split by hand: totals stay, judgements keep their run, reading again changes nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.events import Relation
from goodmeasure.domain.period import Span
from goodmeasure.domain.runs import RunFilter
from goodmeasure.host.clock import Clock
from goodmeasure.ledger import reads
from goodmeasure.ledger.absorbing import absorb
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.forgetting import forget_runs
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.ledger.summaries import rebuild
from goodmeasure.services.arranging import Arranging
from goodmeasure.services.queries import Queries
from goodmeasure.services.rating import Rating
from tests.ledger.conftest import KEY, NOON, Teller

HOUR = 3_600_000
ALWAYS = Span(None, None)


def long_session(told: Teller, *, more: bool = False) -> None:
    """One session: a call at noon and one two hours later, each with a prompt, a tool and a sub-agent."""
    events: list[Any] = [told.session("s1", title="Fix the till", title_rank=1, ended_at=NOON + 2 * HOUR)]
    for number in range(2 + more):
        at, helper = NOON + number * 2 * HOUR, f"helper-{number}"
        events += [
            told.call(f"c{number}", at=at),
            told.prompt(f"p{number}", at=at),
            told.tool(f"t{number}", called_at=at, finished_at=at + 1000),
            told.session(helper, parent="s1", relation=Relation.SUBAGENT, started_at=at, ended_at=at + 9),
            told.call(f"h{number}", helper, at=at + 5),
        ]
    told.write(*events, path="/logs/long.jsonl", restart=more)


@pytest.fixture
def new_ledger(tmp_path: Path) -> Iterator[Callable[[str], Teller]]:
    made = []

    def make(name: str) -> Teller:
        made.append(open_ledger(tmp_path / name / "ledger.sqlite", KEY))
        return Teller(made[-1])

    yield make
    for ledger in made:
        ledger.close()


@pytest.fixture
def teller(new_ledger: Callable[[str], Teller]) -> Teller:
    told = new_ledger("one")
    long_session(told)
    told.write(
        told.session("s2", cwd="/home/robin/kitchen", started_at=NOON + 9 * HOUR, ended_at=NOON + 9 * HOUR),
        told.call("c9", "s2", at=NOON + 9 * HOUR),
        path="/logs/b.jsonl",
    )
    return told


@pytest.fixture
def arranging(teller: Teller) -> Arranging:
    return Arranging(teller.ledger, Clock())


@pytest.fixture
def queries(teller: Teller) -> Queries:
    return Queries(teller.ledger, UTC, Clock())


def run(teller: Teller, name: str) -> int:
    return reads.find_run(teller.ledger, name)


def calls(teller: Teller) -> dict[int, int]:
    """Return the calls of each run, after making sure that everybody who is asked says the same."""
    queries = Queries(teller.ledger, UTC, Clock())
    runs = queries.runs(queries.run_ids(RunFilter()))
    found = {one.id: one.counters.generations for one in runs}
    whole = teller.rows("SELECT count(*) FROM generation")[0][0]
    assert sum(found.values()) == whole
    for group in ("project", "session", "day", "source", "work_kind"):
        assert queries.usage([group], ALWAYS).totals.generations == whole
    for one in runs:
        detail = queries.run(one.id)
        assert len(detail.generations) == one.counters.generations
        assert [row for row in detail.unlogged if row.output_tokens] == []
        assert detail.log_paths
    assert teller.rows("PRAGMA foreign_key_check") == []
    before = teller.rows("SELECT * FROM run_summary ORDER BY run_id")
    buckets = teller.rows("SELECT * FROM usage_bucket ORDER BY bucket, source, project_id, model_id")
    rebuild(teller.ledger)
    assert teller.rows("SELECT * FROM run_summary ORDER BY run_id") == before
    assert teller.rows("SELECT * FROM usage_bucket ORDER BY bucket, source, project_id, model_id") == buckets
    return found


def test_a_split_makes_two_runs_and_undo_makes_them_one(arranging: Arranging, queries: Queries, teller: Teller) -> None:
    first = run(teller, "s1")
    whole = queries.runs([first])
    later = arranging.split(first, NOON + HOUR)
    assert calls(teller) == {first: 2, later: 2, run(teller, "s2"): 1}
    one, two = queries.run(first), queries.run(later)
    assert (one.run.started_at, one.run.ended_at) == (NOON, NOON + 1000)
    assert (two.run.started_at, two.run.ended_at) == (NOON + 2 * HOUR, NOON + 2 * HOUR + 1000)
    assert (one.subagents, two.subagents) == (1, 1)
    assert (one.run.prompts, two.run.prompts, one.run.tool_calls, two.run.tool_calls) == (1, 1, 1, 1)
    assert (two.run.project, two.run.title) == ("shop", "Fix the till")
    assert run(teller, two.run.key) == later
    assert arranging.undo(first).kind == "split"
    assert calls(teller) == {first: 4, run(teller, "s2"): 1}
    assert queries.runs([first]) == whole
    assert run(teller, two.run.key) == first
    assert [edit.holds for edit in arranging.history()] == [False]


def test_a_split_stays_whatever_the_log_adds(arranging: Arranging, teller: Teller) -> None:
    first = run(teller, "s1")
    later = arranging.split(first, NOON + HOUR)
    long_session(teller, more=True)
    assert calls(teller) == {first: 2, later: 4, run(teller, "s2"): 1}
    teller.write(teller.call("early", at=NOON + 1), path="/logs/c.jsonl")
    teller.write(teller.call("late", at=NOON + 8 * HOUR), teller.call("h-late", "helper-0", at=NOON + 8 * HOUR))
    assert calls(teller) == {first: 3, later: 6, run(teller, "s2"): 1}
    last = arranging.split(later, NOON + 7 * HOUR)
    assert calls(teller) == {first: 3, later: 4, last: 2, run(teller, "s2"): 1}
    arranging.undo()
    assert calls(teller) == {first: 3, later: 6, run(teller, "s2"): 1}


def test_a_run_that_a_shared_report_counts_stays_as_it_is(arranging: Arranging, teller: Teller) -> None:
    one, two = run(teller, "s1"), run(teller, "s2")
    arranging.split(one, NOON + HOUR)
    whole = calls(teller)
    with teller.ledger.writing() as connection:
        connection.execute("INSERT INTO released_run VALUES (?, '2026-W46')", (one,))
    for change in (
        lambda: arranging.merge(one, two),
        lambda: arranging.merge(two, one),
        lambda: arranging.split(one, NOON + 500),
        arranging.undo,
    ):
        with pytest.raises(LedgerError, match="a report you shared stays as it is"):
            change()
    assert calls(teller) == whole


def test_a_merge_makes_one_run_and_undo_makes_them_two(arranging: Arranging, queries: Queries, teller: Teller) -> None:
    one, two = run(teller, "s1"), run(teller, "s2")
    before = queries.runs([one, two])
    arranging.merge(two, one)
    assert calls(teller) == {one: 5}
    assert queries.runs([one])[0].ended_at == NOON + 9 * HOUR
    assert {run(teller, name) for name in ("s1", "s2", before[1].key)} == {one}
    teller.write(teller.call("c10", "s2", at=NOON + 10 * HOUR), path="/logs/b.jsonl")
    assert calls(teller) == {one: 6}
    arranging.undo()
    assert calls(teller) == {one: 4, two: 2}
    assert queries.runs([one]) == before[:1]


def test_judgements_keep_their_run(arranging: Arranging, queries: Queries, teller: Teller) -> None:
    rating = Rating(teller.ledger, Clock())
    one, two = run(teller, "s1"), run(teller, "s2")
    rating.rate_run(one, {AssessmentName.OUTCOME: "used"})
    rating.rate_run(two, {AssessmentName.OUTCOME: "discarded"})
    rows = teller.rows("SELECT * FROM assessment")
    arranging.merge(two, one)
    assert [(row.id, row.outcome) for row in queries.runs([one, two])] == [(one, "discarded")]
    assert len(queries.run(one).assessments) == 2
    arranging.undo()
    assert [(row.id, row.outcome) for row in queries.runs([one, two])] == [(one, "used"), (two, "discarded")]
    later = arranging.split(one, NOON + HOUR)
    assert [row.outcome for row in queries.runs([one, later])] == ["used", None]
    assert teller.rows("SELECT * FROM assessment") == rows


def test_a_merge_outlives_what_the_log_folds_later(arranging: Arranging, teller: Teller) -> None:
    """The log says only later that a run was a sub-agent's: the person's merge holds, and nothing is lost."""
    one, two = run(teller, "s1"), run(teller, "s2")
    arranging.merge(two, one)
    teller.write(teller.session("boss"), teller.call("b", "boss"), path="/logs/boss.jsonl")
    teller.write(teller.session("s2", parent="boss", relation=Relation.SUBAGENT), path="/logs/boss.jsonl")
    assert calls(teller) == {one: 5, run(teller, "boss"): 1}
    teller.write(teller.session("s1", parent="boss", relation=Relation.RESUME), path="/logs/boss.jsonl")
    assert calls(teller) == {one: 5, run(teller, "boss"): 1}
    arranging.undo()
    assert calls(teller) == {run(teller, "boss"): 6}


def test_split_and_merged_again(arranging: Arranging, teller: Teller) -> None:
    one, two = run(teller, "s1"), run(teller, "s2")
    later = arranging.split(one, NOON + HOUR)
    arranging.merge(later, two)
    assert calls(teller) == {one: 2, two: 3}
    long_session(teller, more=True)
    assert calls(teller) == {one: 2, two: 5}
    arranging.merge(two, one)
    assert calls(teller) == {one: 7}
    for expected in ({one: 2, two: 5}, {one: 2, later: 4, two: 1}, {one: 6, two: 1}):
        arranging.undo()
        assert calls(teller) == expected


def test_nothing_that_cannot_be(arranging: Arranging, teller: Teller) -> None:
    one = run(teller, "s1")
    with pytest.raises(LedgerError, match="one run already"):
        arranging.merge(one, one)
    with pytest.raises(LedgerError, match="no run 99"):
        arranging.merge(99, one)
    for instant in (NOON, NOON + 99 * HOUR):
        with pytest.raises(LedgerError, match="on one side"):
            arranging.split(one, instant)
    with pytest.raises(LedgerError, match="nothing to undo"):
        arranging.undo()
    teller.write(teller.session("x"), teller.call("x", "x"), path="/logs/x", source="codex")
    with pytest.raises(LedgerError, match="two agents"):
        arranging.merge(run(teller, "x"), one)
    assert arranging.history() == []


def test_the_history_is_never_changed(arranging: Arranging, teller: Teller) -> None:
    arranging.split(run(teller, "s1"), NOON + HOUR)
    for change in ("DELETE FROM run_edit", "UPDATE run_edit SET from_at = 1"):
        with pytest.raises(Exception, match="append-only"):
            teller.ledger.raw().execute(change)


def test_a_part_is_forgotten_with_the_other_or_not_at_all(arranging: Arranging, teller: Teller) -> None:
    one = run(teller, "s1")
    later = arranging.split(one, NOON + HOUR)
    for part in (one, later):
        with pytest.raises(LedgerError, match="A part of run"):
            forget_runs(teller.ledger, [part], 1)
    assert calls(teller) == {one: 2, later: 2, run(teller, "s2"): 1}
    assert forget_runs(teller.ledger, [one, later], 1).runs == 2
    long_session(teller, more=True)
    assert calls(teller) == {run(teller, "s2"): 1}


def test_another_ledger_brings_its_merges_and_splits(
    arranging: Arranging, teller: Teller, new_ledger: Callable[[str], Teller]
) -> None:
    later = arranging.split(run(teller, "s1"), NOON + HOUR)
    Rating(teller.ledger, Clock()).rate_run(later, {AssessmentName.OUTCOME: "used"})
    here = new_ledger("two")
    for _ in range(2):
        absorb(
            here.ledger,
            teller.ledger,
            "other",
            cost_of=lambda _: (1, "list_price"),
            project_of=lambda _: ("/", "x"),
            at=1,
        )
        assert sorted(calls(here).values()) == [1, 2, 2]
        assert here.rows("SELECT outcome, generations FROM run_summary WHERE outcome IS NOT NULL") == [("used", 2)]
        assert here.rows("SELECT count(*) FROM run_edit") == [(1,)]
    assert sorted(here.rows("SELECT key FROM run_summary JOIN run ON id = run_id")) == sorted(
        teller.rows("SELECT key FROM run_summary JOIN run ON id = run_id")
    )
