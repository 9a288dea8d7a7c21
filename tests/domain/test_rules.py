"""Which rule fits which run."""

from typing import Any

import pytest

from goodmeasure.domain.facts import FactName
from goodmeasure.domain.rules import Rule, RunTraits, decided, fits

RUN = RunTraits(
    1, "/home/robin/shop/web", "/home/robin/shop", "git@git.example:tea/shop.git", "feature/pot", "codex",
    frozenset({"Bash", "mcp__git__push"}),
)  # fmt: skip


def rule(**conditions: Any) -> Rule:
    return Rule(None, FactName.PROJECT, "tea", **conditions)


@pytest.mark.parametrize(
    ("conditions", "does"),
    [
        ({}, False),
        ({"folder": "/home/robin/shop"}, True),
        ({"folder": "/home/robin/shop/"}, True),
        ({"folder": "/home/robin/sho"}, False),
        ({"folder": "/home/robin/shop/web/deep"}, False),
        ({"repository": "/home/robin/shop"}, True),
        ({"repository": "*:tea/*"}, True),
        ({"repository": "coffee"}, False),
        ({"branch": "feature/*"}, True),
        ({"branch": "feature"}, False),
        ({"source": "codex"}, True),
        ({"tool": "mcp__git__*"}, True),
        ({"tool": "Edit"}, False),
        ({"folder": "/home/robin", "source": "claude-code"}, False),
        ({"folder": "/home/robin", "source": "codex"}, True),
    ],
)
def test_all_conditions_must_hold(conditions: dict[str, str], does: bool) -> None:
    assert fits(rule(**conditions), RUN) is does


def test_nothing_unknown_fits() -> None:
    unknown = RunTraits(1, None, None, None, None, "codex")
    for name in ("folder", "repository", "branch", "tool"):
        assert not fits(rule(**{name: "*"}), unknown)


def test_folders_of_other_systems() -> None:
    windows = RunTraits(1, "C:\\work\\shop\\web", None, None, None, "codex")
    assert fits(rule(folder="C:\\work\\shop"), windows)
    assert not fits(rule(folder="C:\\work\\sho"), windows)


def test_the_first_that_fits_wins_for_each_fact() -> None:
    rules = [
        Rule(1, FactName.PROJECT, "coffee", source="claude-code"),
        Rule(2, FactName.PROJECT, "tea", folder="/home/robin"),
        Rule(3, FactName.PROJECT, "cake", source="codex"),
        Rule(4, FactName.DATA_CLASS, "public", source="codex"),
    ]
    assert {fact: found.id for fact, found in decided(rules, RUN).items()} == {
        FactName.PROJECT: 2,
        FactName.DATA_CLASS: 4,
    }
