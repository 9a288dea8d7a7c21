"""Lists of runs, one run whole, and the counts around them."""

from typing import Any

import pytest

from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected
from goodmeasure.domain.costs import CostBasis
from goodmeasure.domain.files import FileIssue
from goodmeasure.domain.period import Span
from goodmeasure.domain.runs import RunFilter, RunOrder, UnloggedUsage
from goodmeasure.domain.usage import NOTHING
from goodmeasure.ledger import reads
from goodmeasure.ledger.assessments import append_assessments
from goodmeasure.ledger.codes import ENDED_AFTER_MS
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.runs import PENDING_RETURNS_MS
from goodmeasure.ledger.sessions import run_key

DAY = 86_400_000


def judged(run_id: int, name: str, value: str | None, at: int = 1000) -> Assessment:
    return Assessment(
        None,
        run_id,
        AssessmentName(name),
        value,
        AssessmentSource.HUMAN,
        Collected.SAMPLED,
        0.5,
        at,
        None,
        None,
        None,
        1,
    )


def five_runs(teller: Any) -> None:
    """Five runs a day apart: soups of growing size in two projects, the last one without a start."""
    for index, title in enumerate(("Parsnip soup", "Carrot soup", "Élan vital", "carrot-cake", None)):
        session = f"session-{index}"
        start = None if index == 4 else teller.noon + index * DAY
        end = None if start is None else start + (5 - index) * 1000
        teller.write(
            teller.session(
                session,
                title=title,
                title_rank=1,
                cwd="/home/robin/shop" if index % 2 else "/home/robin/kitchen",
                started_at=start,
                ended_at=end,
            ),
            teller.call(f"c{index}", session, at=start, output_tokens=index * 10, model=f"model-{index % 2}"),
            path=f"/logs/{index}",
            source="codex" if index == 3 else "claude-code",
        )


def sessions(teller: Any, wanted: RunFilter) -> list[int]:
    found = reads.runs_by_id(teller.ledger, reads.run_ids(teller.ledger, wanted))
    return [int(run.session[-1]) for run in found]


def test_runs_are_filtered(teller: Any) -> None:
    five_runs(teller)
    assert sessions(teller, RunFilter()) == [3, 2, 1, 0, 4]
    assert sessions(teller, RunFilter(descending=False)) == [0, 1, 2, 3, 4]
    assert sessions(teller, RunFilter(source="codex")) == [3]
    assert sessions(teller, RunFilter(project="shop")) == [3, 1]
    assert sessions(teller, RunFilter(since=teller.noon + DAY, until=teller.noon + 3 * DAY)) == [2, 1]
    first = reads.run_ids(teller.ledger, RunFilter(descending=False))[0]
    append_assessments(teller.ledger, [judged(first, "outcome", "used")])
    assert sessions(teller, RunFilter(outcome="used")) == [0]
    assert sessions(teller, RunFilter(unrated=True)) == [3, 2, 1, 4]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("soup", [1, 0]),
        ("SOU car", [1]),
        ("carrot-c", [3]),
        ("elan", [2]),
        ("kitchen", [2, 0, 4]),
        ("codex", [3]),
        ("model-1 car", [3, 1]),
        ("nothing", []),
        ('"; DROP TABLE run', []),
        ("-", [3, 2, 1, 0, 4]),
        ("  ", [3, 2, 1, 0, 4]),
        ("soup*", [1, 0]),
        ("title:soup", []),
    ],
)
def test_words_are_looked_for_as_they_are_typed(teller: Any, typed: str, found: list[int]) -> None:
    five_runs(teller)
    assert sessions(teller, RunFilter(text=typed)) == found


@pytest.mark.parametrize(
    ("order", "ascending"),
    [
        (RunOrder.STARTED, [0, 1, 2, 3, 4]),
        (RunOrder.TITLE, [1, 3, 0, 2, 4]),
        (RunOrder.PROJECT, [0, 2, 4, 1, 3]),
        (RunOrder.SOURCE, [0, 1, 2, 4, 3]),
        (RunOrder.MODEL, [0, 2, 4, 1, 3]),
        (RunOrder.DURATION, [3, 2, 1, 0, 4]),
        (RunOrder.TOKENS, [0, 1, 2, 3, 4]),
        (RunOrder.COST, [0, 1, 2, 3, 4]),
        (RunOrder.OUTCOME, [2, 0, 1, 3, 4]),
    ],
)
def test_every_order_sorts_and_unknown_comes_last(teller: Any, order: RunOrder, ascending: list[int]) -> None:
    five_runs(teller)
    ids = reads.run_ids(teller.ledger, RunFilter(descending=False))
    append_assessments(teller.ledger, [judged(ids[0], "outcome", "used"), judged(ids[2], "outcome", "discarded")])
    assert sessions(teller, RunFilter(order=order, descending=False)) == ascending
    falling = sessions(teller, RunFilter(order=order, descending=True))
    assert sorted(falling) == [0, 1, 2, 3, 4]
    known = {RunOrder.DURATION: 4, RunOrder.TITLE: 4, RunOrder.STARTED: 4, RunOrder.OUTCOME: 2}.get(order, 5)
    if order in {RunOrder.STARTED, RunOrder.TITLE, RunOrder.DURATION, RunOrder.TOKENS, RunOrder.COST}:
        assert falling[:known] == ascending[:known][::-1]


def test_a_row_says_what_the_run_was(teller: Any) -> None:
    teller.write(
        teller.session(title="Soup", title_rank=1, git_branch="main", agent_version="2.1"),
        teller.call("c1"),
        teller.call("c2", model="haiku"),
        teller.call("c3", model="haiku"),
        teller.tool("t1", status="error"),
        teller.tool("t2"),
        teller.prompt("p1"),
        teller.notice("n1", "api_error", "529"),
        teller.notice("n2", "retried", "529"),
    )
    (run,) = reads.runs_by_id(teller.ledger, reads.run_ids(teller.ledger, RunFilter()))
    assert (run.key, run.source, run.session, run.title, run.project) == (
        run_key("claude-code", "s1"),
        "claude-code",
        "s1",
        "Soup",
        "shop",
    )
    assert run.models == ("haiku", "opus")
    assert (run.counters.generations, run.counters.output_tokens) == (3, 60)
    assert (run.tool_calls, run.prompts, run.errors) == (2, 1, 2)
    assert run.duration_seconds == 60


def test_a_run_without_calls_has_measured_zeros(teller: Any) -> None:
    teller.write(
        teller.session(started_at=None, ended_at=None), teller.prompt("p1"), teller.prompt("p2", at=teller.noon + 9)
    )
    (run,) = reads.runs_by_id(teller.ledger, reads.run_ids(teller.ledger, RunFilter()))
    assert run.counters == NOTHING
    assert (run.started_at, run.ended_at) == (teller.noon, teller.noon + 9)


def test_ids_that_are_no_run_are_left_out(teller: Any) -> None:
    five_runs(teller)
    assert [run.id for run in reads.runs_by_id(teller.ledger, [3, 99, 1])] == [3, 1]


def test_one_run_whole(teller: Any) -> None:
    teller.write(
        teller.session(title="Soup", title_rank=1, git_branch="main", agent_version="2.1"),
        teller.session("agent", parent="s1", relation="subagent", cwd="/elsewhere"),
        teller.session("below", parent="agent", relation="resume"),
        teller.call("c2", at=teller.noon + 5, reported_cost_micros=9),
        teller.call("c1", "agent"),
        teller.call("c3", "below", at=teller.noon + 9, model="odd"),
        teller.tool("t1", "agent"),
        teller.tool("t2", called_at=None, finished_at=teller.noon - 5, tool=None, kind=None, status=None),
        teller.prompt("p1"),
        teller.notice("n1", "permission_mode", "plan"),
        teller.notice("n2", "permission_mode", "plan"),
        teller.notice("n3", "permission_mode", "auto"),
    )
    teller.write(teller.call("c2", "s1"), path="/backup/a.jsonl")
    (run_id,) = reads.run_ids(teller.ledger, RunFilter())
    (written,) = append_assessments(teller.ledger, [judged(run_id, "outcome", "used")])
    detail = reads.run_detail(teller.ledger, run_id)
    assert (detail.cwd, detail.git_branch, detail.agent_version) == ("/home/robin/shop", "main", "2.1")
    assert detail.subagents == 1
    assert detail.permission_modes == ("plan", "auto")
    assert [(row.recorded_at, row.model, row.subagent, row.cost_basis) for row in detail.generations] == [
        (teller.noon, "opus", False, CostBasis.LIST_PRICE),
        (teller.noon, "opus", True, CostBasis.LIST_PRICE),
        (teller.noon + 9, "odd", True, CostBasis.UNKNOWN),
    ]
    assert detail.generations[2].counters.unpriced_generations == 1
    assert [(row.name, row.kind, row.status, row.subagent) for row in detail.tool_calls] == [
        (None, None, None, False),
        ("Bash", "run", "ok", True),
    ]
    assert detail.prompted_at == (teller.noon,)
    assert len(detail.notices) == 3
    assert detail.assessments == (written,)
    assert detail.log_paths == ("/logs/a.jsonl",)
    with pytest.raises(LedgerError, match="There is no run 77"):
        reads.run_detail(teller.ledger, 77)


def test_a_run_is_found_by_what_people_type(teller: Any) -> None:
    teller.write(teller.session("abcd-1"), teller.call("c1", "abcd-1"), path="/1")
    teller.write(teller.session("abcd-2"), teller.call("c2", "abcd-2"), path="/2")
    teller.write(teller.session("child", parent="abcd-2", relation="subagent"), teller.call("c3", "child"), path="/3")
    first, second = sorted(reads.run_ids(teller.ledger, RunFilter()))
    find = reads.find_run
    assert find(teller.ledger, run_key("claude-code", "abcd-1")) == first
    assert find(teller.ledger, run_key("claude-code", "abcd-1")[:6].upper()) == first
    assert find(teller.ledger, " abcd-2 ") == second
    assert find(teller.ledger, "child") == second
    with pytest.raises(reads.AmbiguousRunError, match="type more of it"):
        find(teller.ledger, "abcd")
    # The ledger's own number is no name: it could be the beginning of another run's.
    for nothing in ("zzzz", "abc", str(second), "99", "%", "____"):
        with pytest.raises(LedgerError, match="There is no run"):
            find(teller.ledger, nothing)


def test_a_run_keeps_its_name_when_it_was_folded_into_another(teller: Any) -> None:
    teller.write(teller.session("child"), teller.call("c1", "child"))
    teller.write(teller.session("child", parent="root", relation="subagent"))
    (root,) = reads.run_ids(teller.ledger, RunFilter())
    assert reads.find_run(teller.ledger, run_key("claude-code", "child")) == root


def test_the_inbox_holds_ended_runs_without_an_outcome(teller: Any) -> None:
    five_runs(teller)
    now = teller.noon + 30 * DAY
    by_session = {run.session: run.id for run in reads.runs_by_id(teller.ledger, range(1, 6))}
    run = [by_session[f"session-{index}"] for index in range(5)]
    assert list(reads.inbox_run_ids(teller.ledger, now, limit=10)) == [run[3], run[2], run[1], run[0], run[4]]
    assert list(reads.inbox_run_ids(teller.ledger, now, limit=2)) == [run[3], run[2]]
    append_assessments(teller.ledger, [judged(run[0], "outcome", "used"), judged(run[1], "outcome", "pending", now)])
    append_assessments(teller.ledger, [judged(run[2], "need", "helpful")])
    assert list(reads.inbox_run_ids(teller.ledger, now, limit=10)) == [run[3], run[2], run[4]]
    later = now + PENDING_RETURNS_MS
    assert list(reads.inbox_run_ids(teller.ledger, later - 1, limit=10)) == [run[3], run[2], run[4]]
    assert list(reads.inbox_run_ids(teller.ledger, later, limit=10)) == [run[3], run[2], run[1], run[4]]
    append_assessments(teller.ledger, [judged(run[0], "outcome", None)])
    assert run[0] in reads.inbox_run_ids(teller.ledger, now, limit=10)
    just = teller.noon + 3 * DAY + 2000 + ENDED_AFTER_MS
    assert run[3] in reads.inbox_run_ids(teller.ledger, just, limit=10)
    assert run[3] not in reads.inbox_run_ids(teller.ledger, just - 1, limit=10)


def test_rated_runs_are_all_runs_of_the_span_with_their_current_answers(teller: Any) -> None:
    five_runs(teller)
    first, second = sorted(reads.run_ids(teller.ledger, RunFilter(until=teller.noon + 2 * DAY)))
    append_assessments(
        teller.ledger,
        [judged(first, "outcome", "used"), judged(first, "need", "extra"), judged(second, "need", "helpful")],
    )
    append_assessments(teller.ledger, [judged(first, "outcome", "partial"), judged(first, "need", None)])
    rated = reads.rated_runs(teller.ledger, Span(teller.noon, teller.noon + 2 * DAY))
    assert [run.run_id for run in rated] == [first, second]
    assert {name: answer.value for name, answer in rated[0].answers.items()} == {"outcome": "partial"}
    assert {name: answer.value for name, answer in rated[1].answers.items()} == {"need": "helpful"}
    assert (rated[1].project, rated[1].list_cost_micros) == ("shop", 10)
    assert len(reads.rated_runs(teller.ledger, Span())) == 5


def test_the_health_of_each_source(teller: Any) -> None:
    assert reads.source_health(teller.ledger) == []
    teller.write(
        teller.session(),
        teller.call("c1", flags=1),
        lines=5,
        unknown={"odd": 2, "new": 3},
        issues=[(2, "not JSON"), (6, "cut off")],
    )
    teller.write(
        teller.session("s2"), teller.call("c1", "s2", flags=1), lines=3, unknown={"odd": 2}, path="/logs/b.jsonl"
    )
    teller.write(lines=0, end=0, path="/x", source="codex", problem="permission denied")
    claude, codex = reads.source_health(teller.ledger)
    assert (claude.source, claude.files, claude.lines, claude.generations) == ("claude-code", 2, 8, 1)
    assert (claude.duplicates, claude.unreadable, claude.unknown) == (1, 2, 7)
    assert claude.unknown_types == {"odd": 4, "new": 3}
    assert claude.issues == (FileIssue("/logs/a.jsonl", 6, "cut off"), FileIssue("/logs/a.jsonl", 2, "not JSON"))
    assert (claude.last_event_at, claude.estimated_generations, claude.output_lower_bound_generations) == (
        teller.noon + 60_000,
        0,
        1,
    )
    assert (codex.files, codex.unreadable, codex.issues) == (1, 1, (FileIssue("/x", None, "permission denied"),))


def test_projects_and_counts(teller: Any) -> None:
    empty = reads.counts(teller.ledger)
    assert (empty.runs, empty.last_import_at, empty.first_run_at, empty.last_run_at) == (0, None, None, None)
    five_runs(teller)
    assert reads.projects(teller.ledger) == ["kitchen", "shop"]
    counts = reads.counts(teller.ledger)
    assert (counts.runs, counts.first_run_at, counts.last_run_at) == (5, teller.noon, teller.noon + 3 * DAY)
    assert counts.last_import_at is not None


def test_what_the_agent_totals_beyond_its_calls_is_told_apart(teller: Any) -> None:
    teller.write(
        teller.session(),
        teller.session("agent", parent="s1", relation="subagent"),
        teller.call("c1", output_tokens=20, input_tokens=10),
        teller.total(output_tokens=70, input_tokens=25, cache_read_tokens=200, cache_write_5m_tokens=10),
        teller.total(model="haiku", output_tokens=4),
    )
    teller.write(teller.call("c2", "agent", output_tokens=30, input_tokens=15), path="/logs/agent.jsonl")
    expected = [
        UnloggedUsage("claude-code", "haiku", 0, 0, 0, 0, 4),
        UnloggedUsage("claude-code", "opus", 0, 0, 0, 0, 20),
    ]
    assert reads.unlogged(teller.ledger) == expected
    (run_id,) = reads.run_ids(teller.ledger, RunFilter())
    assert reads.run_detail(teller.ledger, run_id).unlogged == tuple(expected)
    assert reads.unlogged(teller.ledger, Span(teller.noon + 1, None)) == []
    assert reads.unlogged(teller.ledger, Span(teller.noon, teller.noon + 1)) == expected
