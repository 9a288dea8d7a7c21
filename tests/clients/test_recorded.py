"""The recordings: no foreign text in them, and the command line reads from them exactly what the model had counted."""

import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.terminal import Terminal
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
    said = Terminal(home, profile)(*words, "--json")
    assert said.status == 0, said.err
    answer: dict[str, Any] = said.document
    return answer


def laid_out(recording: Path, home: Path) -> Path:
    """Copy a recorded home to `home`, its databases built."""
    shutil.copytree(recording / "home", home)
    build_databases(home)
    return home


class Imported(NamedTuple):
    """A home and a profile after one import, what the import said, and what the ledger holds."""

    home: Path
    profile: Path
    said: dict[str, Any]
    usage: dict[str, Any]


@pytest.fixture(scope="module", params=RECORDINGS)
def recording(request: pytest.FixtureRequest) -> Path:
    return RECORDED / str(request.param)


@pytest.fixture(scope="module")
def expected(recording: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((recording / "expected.json").read_text())
    return answer


@pytest.fixture(scope="module")
def imported(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    profile = tmp_path_factory.mktemp("profile")
    home = laid_out(recording, tmp_path_factory.mktemp("recorded") / "home")
    said = goodmeasure(home, profile, "import")
    usage = goodmeasure(home, profile, "usage", "--by", "source,model")
    return Imported(home, profile, said, usage)


def test_no_foreign_text(recording: Path, tmp_path: Path) -> None:
    truth = (json.loads(line) for line in (recording / "truth.jsonl").read_text().splitlines())
    found = list(foreign_texts(list(truth)))
    for log in sorted(path for path in laid_out(recording, tmp_path / "home").rglob("*") if path.is_file()):
        records = rows_of(log) if log.suffix == ".db" else [json.loads(line) for line in log.read_text().splitlines()]
        assert records, log
        found += foreign_texts(records)
    assert not found


def rows_of(place: Path) -> list[list[Any]]:
    """Return every row of a database, and its tables' names."""
    with closing(sqlite3.connect(place)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [list(row) for name in names for row in database.execute(f'SELECT * FROM "{name}"')]  # noqa: S608  names from the fixture itself
    return [[name] for name in names] + rows


def test_small(recording: Path) -> None:
    assert sum(path.stat().st_size for path in recording.rglob("*") if path.is_file()) < 2_000_000


def test_usage_equals_the_truth(imported: Imported, expected: dict[str, Any]) -> None:
    rows = imported.usage["rows"]
    mine = {row["model"] or "": row for row in rows if row["source"] == expected["source"]}
    assert set(mine) == set(expected["models"])
    for model, counts in expected["models"].items():
        assert {name: mine[model][name] for name in COUNTERS} == counts, model
    broken_off = [answer for answer in expected["unfinished"] if answer["logged"]]
    assert sum(row["output_lower_bound_generations"] for row in rows) == len(broken_off)


def test_calls_that_were_billed_but_never_logged_are_told_where_the_agent_knows_them(
    imported: Imported, expected: dict[str, Any]
) -> None:
    told = imported.usage["unlogged"]
    if expected["source"] != "claude-code":  # it alone keeps totals of calls that it does not log
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


def test_runs_prompts_and_tool_calls_equal_the_truth(imported: Imported, expected: dict[str, Any]) -> None:
    runs = goodmeasure(imported.home, imported.profile, "runs", "--limit", "1000")["runs"]
    assert len(runs) == expected["runs"]
    assert sum(run["prompts"] for run in runs) == expected["prompts"]
    assert sum(run["tool_calls"] for run in runs) == expected["tool_calls"]


def test_every_line_is_understood(imported: Imported, expected: dict[str, Any]) -> None:
    (source,) = [one for one in imported.said["sources"] if one["source"] == expected["source"]]
    assert source["generations_added"] == sum(model["generations"] for model in expected["models"].values())
    assert (source["unreadable"], source["unknown"], source["issues"]) == (0, 0, [])


def test_importing_again_or_a_copy_of_the_logs_changes_nothing(
    recording: Path, imported: Imported, tmp_path: Path
) -> None:
    again = goodmeasure(imported.home, imported.profile, "import")
    copied = goodmeasure(laid_out(recording, tmp_path / "home"), imported.profile, "import")
    assert [sum(source["generations_added"] for source in said["sources"]) for said in (again, copied)] == [0, 0]
    assert goodmeasure(imported.home, imported.profile, "usage", "--by", "source,model") == imported.usage
