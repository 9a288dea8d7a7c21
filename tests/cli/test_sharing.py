"""Reports of every level from a terminal, each a process of its own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def month(terminal: Any) -> str:
    return str(terminal("monthly", "--json").document["rows"][1]["month"])


def test_numbers_hold_the_story_and_go_on_from_it(terminal: Any, tmp_path: Path) -> None:
    month = terminal("monthly", "--json").document["rows"][2]["month"]
    story, numbers = tmp_path / "story", tmp_path / "numbers"
    ask = ("report", "--period", month, "--name", "Robin")
    assert terminal(*ask, "--out", story).status == 0
    assert terminal("restate", "--period", month, "--json").document["changes"] == []
    more = (*ask, "--level", "L2", "--with", "cost,oversight", "--noisy", "0.5", "--out", numbers)
    written = terminal(*more)
    assert written.status == 0, written.err
    assert "were released before and stand as they were then" in written.err
    checked = terminal("verify", numbers, "--against", story, "--json").document
    assert checked["level"] == "L2"
    assert checked["against"] == {"log": "continues", "cells": "same", "corrects": False}
    told = terminal("verify", numbers, "--against", story).out
    assert "goes on from the earlier report's" in told
    assert "epsilon 0.5 together" in terminal(*more[:-2], "--dry-run").err
    assert terminal(*ask, "--restate", "--yes", "--out", tmp_path / "no").err.count("still holds") == 1


def test_single_runs_are_confirmed_one_by_one(terminal: Any, month: str, tmp_path: Path) -> None:
    assert terminal("import").status == 0, "which also seals the week that is over"
    runs = [row for row in terminal("runs", "--json").document["runs"] if (row["started_at"] or "").startswith(month)]
    ask = ("report", "--period", month, "--level", "L3", "--name", "Robin", "--out", tmp_path / "runs")
    picked = ("--run", f"{runs[0]['run'][:10]} ticket:ABC-123 commit:1a2b3c4d")
    unconfirmed = terminal(*ask, *picked)
    assert unconfirmed.status != 0
    assert "Show the run of" in unconfirmed.err
    assert not (tmp_path / "runs").exists()
    written = terminal(*ask, *picked, "--yes")
    assert written.status == 0, written.err
    assert terminal("verify", tmp_path / "runs", "--json").document["level"] == "L3"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--level", "L2", "--with", "cost,hours"), "'hours' is no appendix"),
        (("--level", "L2", "--noisy", "0.55"), "is no epsilon"),
        (("--level", "L2", "--noisy", "a lot"), "is no epsilon"),
        (("--level", "L2", "--noisy", "3"), "Epsilon is from 0.1"),
        (("--improved", "Notes.", "--backed", "2=ab"), "name a line and runs"),
        (("--with", "cost"), "belong to level L2, not to L1"),
        (("--level", "L0"), "about one ISO week"),
    ],
)
def test_what_does_not_go_together_is_said(terminal: Any, month: str, options: tuple[str, ...], words: str) -> None:
    refused = terminal("report", "--period", month, "--name", "Robin", "--dry-run", *options)
    assert refused.status in {1, 2}
    assert words in refused.err
