"""Facts and rules with the real program."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def program(fresh_terminal: Callable[[Path], Terminal], tmp_path: Path) -> Terminal:
    """Two runs below one folder, logged by hand."""
    (tmp_path / "empty").mkdir()
    made = fresh_terminal(tmp_path / "empty")
    for name in ("web", "api"):
        folder = tmp_path / "shop" / name
        folder.mkdir(parents=True)
        made("log", "--title", f"Fix the {name}", "--folder", folder, "--model", "gpt-4o")
    return made


def test_facts_are_shown_corrected_and_taken_back(program: Terminal) -> None:
    run = program("runs", "--search", "web", "--json").document["runs"][0]["run"]
    shown = program("fact", run, "--json").document
    assert shown["project"] == {"value": "web", "by": "log", "rule": None}
    assert shown["work_kind"]["value"] == "fix"
    assert shown["external_actions"]["pushed"] is None
    said = program("fact", run, "--project", "till", "--cost-center", "4711", "--json").document
    assert said["project"] == {"value": "till", "by": "person", "rule": None}
    assert "(you said so)" in program("fact", run).out
    rows = program("usage", "--by", "project,cost_center", "--json").document["rows"]
    assert {(row["project"], row["cost_center"]) for row in rows} == {("till", "4711"), ("api", None)}
    assert program("usage", "--cost-center", "4711", "--json").document["totals"]["generations"] == 1
    assert program("runs", "--cost-center", "4711", "--work-kind", "fix", "--json").document["count"] == 1
    cleared = program("fact", run, "--clear", "project", "--json").document
    assert cleared["project"] == {"value": "web", "by": "log", "rule": None}
    wrong = program("fact", run, "--project", " ")
    assert (wrong.status, wrong.err.count("\n")) == (1, 1)


def test_runs_are_merged_split_and_what_was_done_is_undone(program: Terminal) -> None:
    runs = program("runs", "--json").document["runs"]
    one, two = runs[0]["run"], runs[1]["run"]
    assert program("runs", "merge", one, two, "--json").document == {"schema_version": 1, "run": one, "merged": two}
    assert [run["run"] for run in program("runs", "--json").document["runs"]] == [one]
    late = program("show", one, "--json").document["run"]["ended_at"]
    later = program("runs", "split", one, "--at", late, "--json").document["later"]
    assert {run["run"] for run in program("runs", "--json").document["runs"]} == {one, later}
    assert program("show", later, "--json").document["run"]["generations"] == 1
    assert [program("runs", "undo", one, "--json").document["undone"] for _ in range(2)] == ["split", "merge"]
    assert {run["run"] for run in program("runs", "--json").document["runs"]} == {one, two}
    assert program("runs", "undo").status == 1
    assert program("runs", "split", one, "--at", "soon").status == 2
    assert program("usage", "--json").document["totals"]["generations"] == 2


def test_rules_are_tried_made_moved_and_removed(program: Terminal, tmp_path: Path) -> None:
    assert "No rules" in program("rules").out
    where = ("--project", "till", "--folder", tmp_path / "shop")
    trial = program("rules", "try", *where, "--json").document
    assert (trial["count"], {row["after"] for row in trial["changes"]}) == (2, {"till"})
    assert "Nothing was written" in program("rules", "try", *where).out
    assert program("rules", "add", *where, "--json").document["added"]["rule"] == 1
    assert program("runs", "--project", "till", "--json").document["count"] == 2
    run = program("runs", "--search", "web", "--json").document["runs"][0]["run"]
    made = program("fact", run, "--project", "web shop", "--always", "folder", "--json").document
    assert made["project"] == {"value": "web shop", "by": "rule", "rule": 2}
    assert [rule["rule"] for rule in program("rules", "list", "--json").document["rules"]] == [2, 1]
    program("rules", "move", "1", "--position", "1")
    assert program("runs", "--project", "till", "--json").document["count"] == 2
    assert "place" in program("rules").out
    assert "as the log tells" in program("rules", "try", "1").out or "web shop" in program("rules", "try", "1").out
    program("rules", "remove", "1")
    assert program("runs", "--project", "till", "--json").document["count"] == 0
    for words in (("add", "--folder", tmp_path), ("remove",), ("move", "2")):
        assert program("rules", *words).status == 2
    assert program("rules", "remove", "9").status == 1
