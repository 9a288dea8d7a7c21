from dataclasses import replace
from typing import Any

import pytest

from goodmeasure.domain.evidence import CommitEvidence, Link
from goodmeasure.domain.runs import RunDetail
from goodmeasure.services.queries import Queries
from goodmeasure.viewmodels.evidence import evidence_of
from tests.viewmodels.conftest import HOUR, NOW

DAY = 24 * HOUR
LANDED = CommitEvidence("a" * 40, "/repo", Link.CONTENT, 0.8, NOW - 40 * DAY, None, 0.9, 0.55)
CANDIDATE = CommitEvidence("b" * 40, "/repo", Link.CANDIDATE, 0.15, None, None, None, None)


def detail(queries: Queries, *commits: CommitEvidence, outcome: str | None = "used", **more: Any) -> RunDetail:
    whole = queries.run(1)
    facts = {"evidence_asked_at": NOW - HOUR, "evidence_available": True, **more}
    return replace(whole, run=replace(whole.run, outcome=outcome), evidence=commits, **facts)


@pytest.mark.parametrize(
    ("commit", "words"),
    [
        (LANDED, "holds its lines · landed 14 Oct · 55 % of it there after 30 days"),
        (replace(LANDED, survival_30_days=None), "holds its lines · landed 14 Oct · 90 % of it there after 14 days"),
        (
            replace(LANDED, survival_14_days=None, survival_30_days=None, link=Link.EXACT),
            "made in this run, or names it · landed 14 Oct",
        ),
        (replace(LANDED, reverted_at=NOW - DAY), "holds its lines · landed, reverted yesterday"),
        (replace(LANDED, landed_at=None, link=Link.PERSON), "you said that it belongs · not on the default branch"),
        (replace(LANDED, landed_at=None), "holds its lines · not on the default branch"),
    ],
)
def test_a_commit_in_words(answers: Queries, commit: CommitEvidence, words: str) -> None:
    [line] = evidence_of(answers, detail(answers, commit)).linked
    assert (line.short, line.about) == ("aaaaaaaaaa", words)


def test_candidates_are_asked_about_and_back_nothing_up(answers: Queries) -> None:
    view = evidence_of(answers, detail(answers, CANDIDATE, replace(CANDIDATE, sha="c" * 40, containment=None)))
    assert view.linked == ()
    assert view.sentence == ""
    assert [line.about for line in view.candidates] == [
        "may belong: it holds 15 % of the run's lines",
        "may belong: it holds a file of the run",
    ]


def test_what_speaks_against_an_answer_is_said_gently(answers: Queries) -> None:
    reverted = replace(LANDED, reverted_at=NOW - DAY)
    view = evidence_of(answers, detail(answers, reverted))
    assert "your answer stands" in view.contradiction
    assert view.sentence == ""
    for outcome in ("discarded", None):
        assert evidence_of(answers, detail(answers, reverted, outcome=outcome)).contradiction == ""
    assert evidence_of(answers, detail(answers, LANDED)).contradiction == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "No commit hangs on this run."),
        ({"evidence_asked_at": None}, "Nobody has looked"),
        ({"evidence_available": False}, "There is no repository to ask"),
        ({"cwd": None, "evidence_asked_at": None}, "There is no repository to ask"),
    ],
)
def test_where_there_is_nothing_it_is_said_calmly(answers: Queries, facts: dict[str, Any], words: str) -> None:
    view = evidence_of(answers, detail(answers, **facts))
    assert view.sentence.startswith(words)
    assert view.can_look is ("cwd" not in facts)
