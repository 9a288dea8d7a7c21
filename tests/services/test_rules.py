"""Facts corrected, rules tried and made, on a real ledger: every list and every sum follows."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.facts import FactName
from goodmeasure.domain.period import Span
from goodmeasure.domain.runs import RunFilter
from goodmeasure.host.clock import Clock
from goodmeasure.ledger import reads
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.ledger.summaries import rebuild
from goodmeasure.services.queries import Queries
from goodmeasure.services.rules import Fact, Rule, Rules
from tests.ledger.conftest import KEY, Teller

ALWAYS = Span(None, None)


@pytest.fixture
def teller(tmp_path: Path) -> Iterator[Teller]:
    """Three runs: two below one folder, one elsewhere."""
    ledger = open_ledger(tmp_path / "ledger.sqlite", KEY)
    told = Teller(ledger)
    told.write(
        told.session("web", cwd="/home/robin/shop/web", git_branch="main", title="Fix the till", title_rank=1),
        told.call("c1", "web"),
        told.tool("t1", "web", tool="Edit", kind="edit"),
        told.notice("n1", "permission_mode", "acceptEdits", "web"),
        told.prompt("p1", "web"),
        told.session("api", cwd="/home/robin/shop/api", git_branch="feature/x"),
        told.call("c2", "api"),
        told.tool("t2", "api", tool="mcp__git__push", kind="mcp"),
        told.session("else", cwd="/home/robin/kitchen"),
        told.call("c3", "else", at=None),
    )
    yield told
    ledger.close()


@pytest.fixture
def rules(teller: Teller) -> Rules:
    return Rules(teller.ledger, Clock())


@pytest.fixture
def queries(teller: Teller) -> Queries:
    return Queries(teller.ledger, UTC, Clock())


def run(teller: Teller, session: str) -> int:
    return reads.find_run(teller.ledger, session)


def by(queries: Queries, group: str, **filters: Any) -> dict[str | None, int]:
    usage = queries.usage([group], ALWAYS, **filters)
    assert usage.totals.generations == sum(row.counters.generations for row in usage.rows)
    return {row.group[group]: row.counters.generations for row in usage.rows}


def projects(queries: Queries) -> dict[str | None, int]:
    """Return calls by project, the same from every table that can answer."""
    found = by(queries, "project")
    of_runs = queries.runs(queries.run_ids(RunFilter()))
    assert found == {name: sum(one.counters.generations for one in of_runs if one.project == name) for name in found}
    inside = queries.usage(["project", "session"], Span(0, None)).rows  # the calls themselves
    assert sum(row.counters.generations for row in inside if row.group["project"] == "till") == sum(
        1 for one in of_runs if one.project == "till" and one.started_at is not None and one.session != "else"
    )
    for name in found:
        if name is not None:
            assert by(queries, "project", project=name) == {name: found[name]}
            assert sorted(queries.run_ids(RunFilter(project=name))) == sorted(
                one.id for one in of_runs if one.project == name
            )
    return found


def test_what_the_log_tells(rules: Rules, teller: Teller) -> None:
    told = rules.facts_of(run(teller, "web"))
    assert told.facts == {
        FactName.PROJECT: Fact("web", "log"),
        FactName.COST_CENTER: Fact(None, "log"),
        FactName.WORK_KIND: Fact("fix", "log"),
        FactName.DATA_CLASS: Fact("internal", "log"),
    }
    assert told.autonomy == "auto_edits"
    assert rules.facts_of(run(teller, "api")).external_actions["pushed"] == 1  # type: ignore[index]  # a StrEnum


def test_a_correction_moves_the_run_s_calls_everywhere_and_can_be_taken_back(
    rules: Rules, queries: Queries, teller: Teller
) -> None:
    assert projects(queries) == {"web": 1, "api": 1, "kitchen": 1}
    web = run(teller, "web")
    facts = rules.correct(web, {FactName.PROJECT: " till ", FactName.COST_CENTER: "4711"})
    assert facts.facts[FactName.PROJECT] == Fact("till", "person")
    assert projects(queries) == {"till": 1, "api": 1, "kitchen": 1}
    assert by(queries, "cost_center") == {"4711": 1, None: 2}
    assert by(queries, "project", cost_center="4711") == {"till": 1}
    assert list(queries.run_ids(RunFilter(cost_center="4711"))) == [web]
    assert [(one.project, one.cost_center) for one in queries.rated_runs(ALWAYS) if one.run_id == web] == [
        ("till", "4711")
    ]
    assert list(queries.run_ids(RunFilter(text="till"))) == [web]
    rules.correct(web, {FactName.PROJECT: None, FactName.COST_CENTER: None})
    assert projects(queries) == {"web": 1, "api": 1, "kitchen": 1}
    assert by(queries, "cost_center") == {None: 3}


def test_a_rule_made_from_a_run_is_tried_first_and_then_holds_for_all_that_are_alike(
    rules: Rules, queries: Queries, teller: Teller
) -> None:
    rule = rules.always(run(teller, "web"), FactName.PROJECT, "till")
    assert (rule.folder, rule.id) == ("/home/robin/shop/web", None)
    wider = Rule(None, FactName.PROJECT, "till", folder="/home/robin/shop")
    trial = rules.try_rule(wider)
    assert {(one.run_id, one.before, one.after) for one in trial.changes} == {
        (run(teller, "web"), "web", "till"),
        (run(teller, "api"), "api", "till"),
    }
    assert len(trial.run_ids) == 2
    assert rules.all() == []
    assert projects(queries) == {"web": 1, "api": 1, "kitchen": 1}
    added = rules.add(wider)
    assert projects(queries) == {"till": 2, "kitchen": 1}
    assert rules.facts_of(run(teller, "api")).facts[FactName.PROJECT] == Fact("till", "rule", added.id)
    assert rules.try_rule(wider).changes == ()
    assert {one.after for one in rules.try_without(added.id or 0).changes} == {None}
    rules.remove(added.id or 0)
    assert projects(queries) == {"web": 1, "api": 1, "kitchen": 1}


def test_a_person_beats_every_rule_and_the_first_rule_beats_the_second(rules: Rules, teller: Teller) -> None:
    web, api = run(teller, "web"), run(teller, "api")
    rules.correct(web, {FactName.DATA_CLASS: "public"})
    wide = rules.add(Rule(None, FactName.DATA_CLASS, "confidential", source="claude-code"))
    narrow = rules.add(Rule(None, FactName.DATA_CLASS, "restricted", branch="feature/*"))

    def classes() -> list[str | None]:
        return [rules.facts_of(one).facts[FactName.DATA_CLASS].value for one in (web, api)]

    assert classes() == ["public", "confidential"]
    rules.move(narrow.id or 0, 0)
    assert [one.id for one in rules.all()] == [narrow.id, wide.id]
    assert classes() == ["public", "restricted"]
    rules.correct(web, {FactName.DATA_CLASS: None})
    assert classes() == ["confidential", "restricted"]


def test_rules_hold_for_runs_that_come_later_and_outlive_reading_again(
    rules: Rules, queries: Queries, teller: Teller
) -> None:
    rules.add(Rule(None, FactName.PROJECT, "till", folder="/home/robin/shop"))
    rules.add(Rule(None, FactName.WORK_KIND, "operate", tool="mcp__git__*"))
    rules.correct(run(teller, "else"), {FactName.PROJECT: "soup"})
    teller.write(teller.session("new", cwd="/home/robin/shop/new"), teller.call("c4", "new"), path="/logs/b.jsonl")
    teller.write(teller.session("else", cwd="/home/robin/kitchen"), teller.call("c5", "else"), path="/logs/c.jsonl")
    assert projects(queries) == {"till": 3, "soup": 2}
    assert by(queries, "work_kind") == {"fix": 1, "operate": 1, "other": 3}
    before = teller.rows("SELECT * FROM run_summary ORDER BY run_id")
    buckets = teller.rows("SELECT * FROM usage_bucket ORDER BY bucket, source, project_id, model_id")
    rebuild(teller.ledger)
    assert teller.rows("SELECT * FROM run_summary ORDER BY run_id") == before
    assert teller.rows("SELECT * FROM usage_bucket ORDER BY bucket, source, project_id, model_id") == buckets


def test_rules_never_judge(rules: Rules, teller: Teller) -> None:
    rules.add(Rule(None, FactName.WORK_KIND, "fix", source="claude-code"))
    assert teller.rows("SELECT * FROM assessment") == []
    assert {"outcome", "need"}.isdisjoint(name.value for name in FactName)


def test_what_makes_no_sense_is_refused_and_changes_nothing(rules: Rules, teller: Teller) -> None:
    web = run(teller, "web")
    with pytest.raises(Refusal, match="use one of build"):
        rules.correct(web, {FactName.WORK_KIND: "magic"})
    with pytest.raises(Refusal, match="needs a name"):
        rules.correct(web, {FactName.PROJECT: "  "})
    with pytest.raises(Refusal, match="needs a condition"):
        rules.add(Rule(None, FactName.PROJECT, "till"))
    with pytest.raises(Refusal, match="tells no branch"):
        rules.always(run(teller, "else"), FactName.PROJECT, "soup", ["branch"])
    with pytest.raises(LedgerError, match="no rule 9"):
        rules.remove(9)
    with pytest.raises(LedgerError, match="no run 99"):
        rules.correct(99, {FactName.PROJECT: "till"})
    assert rules.all() == []
    assert teller.rows("SELECT * FROM run_fact") == []
