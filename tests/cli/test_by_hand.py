"""Runs logged by hand and runs forgotten, with the real program."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

PROMPT = "Invented text. How many cups are in a pot?"
ANSWER = "Invented text. Five."
CANARY = "Zinnober Kumquat"


@pytest.fixture
def program(fresh_terminal: Callable[[Path], Terminal], tmp_path: Path) -> Terminal:
    (tmp_path / "empty").mkdir()
    return fresh_terminal(tmp_path / "empty")


def test_a_run_by_hand_is_a_run_like_others(program: Terminal, tmp_path: Path) -> None:
    for name, text in (("prompt", PROMPT), ("answer", ANSWER)):
        (tmp_path / name).write_text(text)
    texts = ("--prompt-file", tmp_path / "prompt", "--answer-file", tmp_path / "answer")
    place = ("--at", "2026-11-20T09:30", "--minutes", "12", "--tool", "Web chat", "--model", "gpt-4o")
    logged = program("log", "--source", "manual", "--title", "Tea for the team", *place, *texts, "--json").document
    assert (logged["input_tokens"], logged["output_tokens"], logged["estimated"]) == (12, 6, True)
    run = program("show", logged["run"], "--json").document["run"]
    assert (run["source"], run["title"], run["entrypoint"], run["models"]) == (
        "manual",
        "Tea for the team",
        "Web chat",
        ["gpt-4o"],
    )
    assert (run["started_at"], run["ended_at"]) == ("2026-11-20T09:30:00.000+01:00", "2026-11-20T09:42:00.000+01:00")
    assert (run["estimated_generations"], run["unpriced_generations"], run["prompts"]) == (1, 0, 1)
    assert run["list_cost_micros"] == 12 * 2.5 + 6 * 10
    assert "1 of 1 calls estimated from text" in program("show", logged["run"]).out
    row = program("usage", "--json").document["rows"][0]
    assert (row["source"], row["estimated_generations"]) == ("manual", 1)
    assert "1 calls (100%) are estimated from text" in program("usage").out
    assert program("rate", logged["run"], "--outcome", "used").status == 0
    manual = next(s for s in program("doctor", "--json").document["sources"] if s["source"] == "manual")
    assert (manual["files"], manual["generations"], manual["estimated_generations"]) == (1, 1, 1)
    assert manual["estimated_share"] == 1.0
    assert "1 calls (100%) are estimated from text" in program("doctor").out


def test_a_title_is_enough(program: Terminal) -> None:
    logged = program("log", "--title", "  On the   phone ", "--json").document
    assert (logged["title"], logged["input_tokens"], logged["output_tokens"]) == ("On the phone", None, None)
    shown = program("show", logged["run"], "--json").document["run"]
    assert (shown["generations"], shown["prompts"], shown["outcome"]) == (0, 1, None)


def test_a_model_without_texts_has_unknown_tokens_and_no_price(program: Terminal) -> None:
    logged = program("log", "--title", "On the phone", "--model", "gpt-4o", "--json").document
    shown = program("show", logged["run"], "--json").document["run"]
    assert (shown["generations"], shown["input_tokens"], shown["estimated_generations"]) == (1, None, 0)
    assert shown["unpriced_generations"] == 1


def test_pasted_texts_are_not_kept(program: Terminal, tmp_path: Path) -> None:
    (tmp_path / "prompt").write_text(f"{CANARY} asks.")
    program("log", "--title", "Tea", "--prompt-file", tmp_path / "prompt")
    shown = program("show", program("runs", "--json").document["runs"][0]["run"], "--json").out
    assert CANARY not in shown
    for file in program.profile.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--title", " "], 1, "needs a title"),
        (["--title", "Tea", "--at", "2999-01-01"], 1, "in the past"),
        (["--title", "Tea", "--at", "soon"], 2, "no date and time"),
        (["--title", "Tea", "--minutes", "5000"], 1, "0 to 1440 minutes"),
        (["--title", "Tea", "--minutes", "nan"], 1, "0 to 1440 minutes"),
        (["--title", "Tea", "--model", "the big one"], 1, "no blanks"),
        (["--title", "Tea", "--prompt-file", "nowhere"], 1, "cannot be read"),
        (["--title", "Tea", "--prompt-file", "-", "--answer-file", "-"], 2, "two texts"),
        ([], 2, "--title"),
    ],
)
def test_what_makes_no_sense_is_refused(program: Terminal, words: list[str], status: int, said: str) -> None:
    refused = program("log", *words)
    assert (refused.status, said in refused.err) == (status, True), refused.err
    assert program("runs", "--json").document["count"] == 0


def test_a_run_by_hand_can_be_taken_back(program: Terminal) -> None:
    first = program("log", "--title", "Tea", "--model", "gpt-4o", "--json").document["run"]
    second = program("log", "--title", "Coffee", "--json").document["run"]
    program("rate", first, "--outcome", "used")
    gone = program("forget", "--run", first, "--json").document
    assert (gone["runs"], gone["calls"]) == (1, 1)
    assert [run["run"] for run in program("runs", "--json").document["runs"]] == [second]
    assert program("usage", "--json").document["totals"]["generations"] == 0
    assert program("show", first).status == 1


def test_what_was_forgotten_does_not_come_back(
    fresh_terminal: Callable[[Path], Terminal], written_home: tuple[Path, object]
) -> None:
    program = fresh_terminal(written_home[0])
    program("import", "--json")
    runs = program("runs", "--json").document
    chosen = runs["runs"][3]
    project = next(run["project"] for run in runs["runs"] if run["project"] not in (None, chosen["project"]))
    of_project = sum(run["project"] == project for run in runs["runs"])
    assert program("forget", "--run", chosen["run"], "--json").document["runs"] == 1
    assert program("forget", "--project", project, "--json").document["runs"] == of_project
    left = program("runs", "--json").document
    assert left["count"] == runs["count"] - 1 - of_project
    days = sorted(run["started_at"][:10] for run in left["runs"] if run["started_at"])
    middle = days[len(days) // 2]
    older = sum(day < middle for day in days)
    assert program("forget", "--before", middle, "--json").document["runs"] == older
    after = program("usage", "--json").document["totals"]
    assert program("import", "--json").status == 0
    assert program("import", written_home[0], "--json").status == 0
    assert program("runs", "--json").document["count"] == left["count"] - older
    assert program("usage", "--json").document["totals"] == after


def test_forgetting_everything_leaves_an_empty_ledger(
    fresh_terminal: Callable[[Path], Terminal], written_home: tuple[Path, object]
) -> None:
    program = fresh_terminal(written_home[0])
    program("import", "--json")
    size = (program.profile / "ledger.sqlite").stat().st_size
    assert program("forget", "--all", "--json").document["runs"] > 100
    assert program("usage", "--json").document["rows"] == []
    assert [s["files"] for s in program("doctor", "--json").document["sources"] if s["files"]] == []
    assert (program.profile / "ledger.sqlite").stat().st_size < size / 2
    again = program("import", "--json").document
    assert [s["generations_added"] for s in again["sources"] if s["generations_added"]] == []
    assert program("runs", "--json").document["count"] == 0


def test_what_to_forget_must_be_said(program: Terminal) -> None:
    for words in ([], ["--all", "--project", "tea"], ["--before", "yesterday"]):
        assert program("forget", *words).status == 2
    assert program("forget", "--run", "ffff").status == 1


def test_titles_are_kept_only_where_they_are_wanted(
    fresh_terminal: Callable[[Path], Terminal], written_home: tuple[Path, object]
) -> None:
    program = fresh_terminal(written_home[0])
    program.profile.mkdir()
    (program.profile / "settings.json").write_text('{"keep_titles": false}')
    program("import", "--json")
    runs = program("runs", "--json").document["runs"]
    assert len(runs) > 100
    assert {run["title"] for run in runs} == {None}
