"""Synthetic homes with every trap, through the real readers and the real ledger, are exact to the token."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.intake import sync
from goodmeasure.intake.report import ImportReport
from goodmeasure.intake.synthetic import write_home

Import = Callable[..., ImportReport]
Usage = dict[tuple[str, str, str], tuple[int | None, ...]]


@pytest.mark.parametrize("elsewhere", [False, True], ids=["one process", "workers"])
def test_a_home_with_all_traps_is_exact_to_the_token(
    home: Path,
    read: Import,
    usage: Callable[[], Usage],
    expected: Callable[[Any], Usage],
    counted: Callable[[str], dict[str, int]],
    monkeypatch: pytest.MonkeyPatch,
    elsewhere: bool,
) -> None:
    truth = write_home(home, seed=5, sessions=420, text_scale=0.02)
    monkeypatch.setattr(sync, "WORKER_BYTES", 0 if elsewhere else 1 << 60)
    monkeypatch.setattr(sync, "CHUNK_BYTES", 1 << 20)

    report = read()

    assert usage() == expected(truth)
    assert counted("run") == truth.runs
    assert counted("prompt") == truth.prompts
    assert counted("tool_call") == truth.tool_calls
    assert {part.source: part.unreadable for part in report.sources} == truth.unreadable
    assert {part.source: part.unknown for part in report.sources} == truth.unknown
    assert sum(part.files for part in report.sources) == truth.files
    assert truth.unreadable
    assert truth.unknown
    assert truth.lower_bounds
    assert sum(part.duplicates for part in report.sources) > 100


def test_reading_again_changes_nothing(home: Path, read: Import, usage: Callable[[], Usage]) -> None:
    write_home(home, seed=6, sessions=60, text_scale=0.02)
    read()
    before = usage()

    again = read()

    assert usage() == before
    assert [(part.files_read, part.lines, part.generations_added) for part in again.sources] == [(0, 0, 0), (0, 0, 0)]


def test_a_copied_home_adds_only_duplicates(
    tmp_path: Path, home: Path, read: Import, usage: Callable[[], Usage]
) -> None:
    write_home(home, seed=7, sessions=50, text_scale=0.02)
    read()
    before = usage()
    for folder, copy in ((".claude/projects", "backup"), (".codex/sessions", "2020")):
        shutil.copytree(home / folder, tmp_path / copy)
        shutil.move(tmp_path / copy, home / folder / copy)

    report = read()

    assert usage() == before
    assert sum(part.duplicates for part in report.sources) >= sum(row[0] or 0 for row in before.values())
    assert all(part.generations_added == 0 for part in report.sources)


def test_logs_are_left_as_they_are(home: Path, read: Import) -> None:
    write_home(home, seed=8, sessions=20, text_scale=0.02)
    files = sorted(path for path in home.rglob("*") if path.is_file())
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in files]
    accessed = [path.stat().st_atime_ns for path in files]

    read()

    assert [path.stat().st_atime_ns for path in files] == accessed
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in files] == before
    assert sorted(path for path in home.rglob("*") if path.is_file()) == files


def test_the_same_seed_writes_the_same_home(tmp_path: Path) -> None:
    first = write_home(tmp_path / "a", seed=3, sessions=30, text_scale=0.02)
    second = write_home(tmp_path / "b", seed=3, sessions=30, text_scale=0.02)
    other = write_home(tmp_path / "c", seed=4, sessions=30, text_scale=0.02)

    def contents(folder: Path) -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert first == second
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert other != first
