"""The recordings: no foreign text in them, and the command line reads from them exactly what the model had counted."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.clients.reduction import foreign_texts
from tests.sources.homes import build_databases

RECORDED = Path(__file__).parent / "recorded"
RECORDINGS = sorted(folder.name for folder in RECORDED.iterdir())
COUNTERS = (
    "generations",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
)


def goodmeasure(home: Path, profile: Path, *words: str) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "goodmeasure",
        "--home",
        str(home),
        "--profile-dir",
        str(profile),
        *words,
        "--json",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def laid_out(recording: Path, home: Path) -> Path:
    """Copy a recorded home to `home`, its databases built."""
    shutil.copytree(recording / "home", home)
    build_databases(home)
    return home


@pytest.fixture(scope="module", params=RECORDINGS)
def recording(request: pytest.FixtureRequest) -> Path:
    return RECORDED / str(request.param)


@pytest.fixture(scope="module")
def expected(recording: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((recording / "expected.json").read_text())
    return answer


@pytest.fixture(scope="module")
def imported(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    """Home and profile after one import, and what the import said."""
    profile = tmp_path_factory.mktemp("profile")
    home = laid_out(recording, tmp_path_factory.mktemp("recorded") / "home")
    return home, profile, goodmeasure(home, profile, "import")


def test_no_foreign_text(recording: Path) -> None:
    for log in (path for path in recording.rglob("*.json*") if path.name != "expected.json"):
        for number, line in enumerate(log.read_text().splitlines(), 1):
            foreign = list(foreign_texts(json.loads(line)))
            assert not foreign, f"{log}:{number}: {foreign[:3]}"


def test_no_foreign_text_in_databases(recording: Path, tmp_path: Path) -> None:
    home = laid_out(recording, tmp_path / "home")
    for place in home.rglob("*.db"):
        with closing(sqlite3.connect(place)) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            assert names, place
            for name in names:
                for row in database.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  names from the fixture itself
                    foreign = list(foreign_texts(list(row)))
                    assert not foreign, f"{place} {name}: {foreign[:3]}"


def test_small(recording: Path) -> None:
    assert sum(path.stat().st_size for path in recording.rglob("*") if path.is_file()) < 2_000_000


def test_usage_equals_the_truth(imported: tuple[Path, Path, dict[str, Any]], expected: dict[str, Any]) -> None:
    home, profile, _ = imported
    rows = goodmeasure(home, profile, "usage", "--by", "source,model")["rows"]
    mine = {row["model"] or "": row for row in rows if row["source"] == expected["source"]}
    assert set(mine) == set(expected["models"])
    for model, counts in expected["models"].items():
        # What a log does not tell is unknown, or none of it where it is told as something else: see `Agent.untold`.
        seen = {name: mine[model][name] if counts[name] is not None else mine[model][name] or None for name in COUNTERS}
        assert seen == counts, model
    broken_off = [answer for answer in expected["unfinished"] if answer["logged"]]
    assert sum(row["output_lower_bound_generations"] for row in rows) == len(broken_off)


def test_calls_that_were_billed_but_never_logged_are_told_where_the_agent_knows_them(
    imported: tuple[Path, Path, dict[str, Any]], expected: dict[str, Any]
) -> None:
    home, profile, _ = imported
    told = goodmeasure(home, profile, "usage")["unlogged"]
    if expected["source"] != "claude-code":  # it alone keeps a total beside its calls
        assert told == []
        return
    truth = Counter[str]()
    for answer in expected["unlogged"]:
        truth.update(answer["counts"])
    (row,) = told
    assert {name: row[name] for name in COUNTERS[1:5]} == {name: truth[name] for name in COUNTERS[1:5]}
    # Of an answer that was broken off, the agent's own total counts more output than the log of the call does.
    broken_off = any(answer["logged"] for answer in expected["unfinished"])
    assert (
        row["output_tokens"] >= truth["output_tokens"] if broken_off else row["output_tokens"] == truth["output_tokens"]
    )


def test_runs_prompts_and_tool_calls_equal_the_truth(
    imported: tuple[Path, Path, dict[str, Any]], expected: dict[str, Any]
) -> None:
    home, profile, _ = imported
    runs = goodmeasure(home, profile, "runs", "--limit", "1000")["runs"]
    assert len(runs) == expected["runs"]
    assert sum(run["prompts"] for run in runs) == expected["prompts"]
    assert sum(run["tool_calls"] for run in runs) == expected["tool_calls"]


def test_every_line_is_understood(imported: tuple[Path, Path, dict[str, Any]], expected: dict[str, Any]) -> None:
    _, _, said = imported
    (source,) = [one for one in said["sources"] if one["source"] == expected["source"]]
    assert source["generations_added"] == sum(model["generations"] for model in expected["models"].values())
    assert (source["unreadable"], source["unknown"], source["issues"]) == (0, 0, [])


def test_importing_again_changes_nothing(imported: tuple[Path, Path, dict[str, Any]]) -> None:
    home, profile, _ = imported
    before = goodmeasure(home, profile, "usage")
    again = goodmeasure(home, profile, "import")
    assert sum(source["generations_added"] for source in again["sources"]) == 0
    assert goodmeasure(home, profile, "usage") == before


def test_a_copy_of_the_logs_counts_once(
    recording: Path, imported: tuple[Path, Path, dict[str, Any]], expected: dict[str, Any], tmp_path: Path
) -> None:
    home, profile, _ = imported
    copy = laid_out(recording, tmp_path / "home")
    goodmeasure(copy, profile, "import")
    rows = goodmeasure(home, profile, "usage", "--by", "source,model")["rows"]
    assert {row["model"] or "": row["generations"] for row in rows} == {
        model: counts["generations"] for model, counts in expected["models"].items()
    }
