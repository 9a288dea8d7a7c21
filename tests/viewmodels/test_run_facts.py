"""A run's facts in words, from a real ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from goodmeasure.domain.facts import FactName
from goodmeasure.host.clock import Clock
from goodmeasure.ledger import reads
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.services.rules import Rule, Rules, Trial
from goodmeasure.viewmodels.run_facts import run_facts, trial_sentence
from tests.ledger.conftest import KEY, Teller


@pytest.fixture
def teller(tmp_path: Path) -> Iterator[Teller]:
    ledger = open_ledger(tmp_path / "ledger.sqlite", KEY)
    told = Teller(ledger)
    told.write(
        told.session(title="Fix the till", title_rank=1),
        told.call("c1"),
        told.prompt("p1"),
        told.tool("t1", tool="Edit", kind="edit"),
        told.tool("t2", tool="mcp__git__push", kind="mcp"),
        told.notice("n1", "permission_mode", "acceptEdits"),
    )
    yield told
    ledger.close()


def test_facts_in_words(teller: Teller) -> None:
    rules = Rules(teller.ledger, Clock())
    run = reads.find_run(teller.ledger, "s1")
    rules.correct(run, {FactName.COST_CENTER: "4711"})
    rule = Rule(None, FactName.DATA_CLASS, "public", source="claude-code")
    assert trial_sentence(rules.try_rule(rule)) == "1 run would change."
    assert trial_sentence(Trial(())) == "No run would change."
    rules.add(rule)
    shown = run_facts(rules, run)
    assert [(row.label, row.value, row.origin) for row in shown.rows] == [
        ("Project", "shop", "from its folder"),
        ("Cost centre", "4711", "you said so"),
        ("Kind of work", "fix", "guessed from its title and tools"),
        ("Data", "public", "by a rule"),
    ]
    assert "restricted" in shown.rows[3].choices
    assert shown.autonomy == "edits without asking"
    assert shown.outside == "1 push"


def test_what_is_not_known_is_said_so(teller: Teller) -> None:
    teller.write(teller.tool("t3"))
    rules = Rules(teller.ledger, Clock())
    assert run_facts(rules, reads.find_run(teller.ledger, "s1")).outside == "at least 1 push"
    teller.write(teller.session("s2"), teller.call("c2", "s2"), path="/logs/b.jsonl")
    shown = run_facts(rules, reads.find_run(teller.ledger, "s2"))
    assert (shown.autonomy, shown.outside) == ("not known", "not known")
