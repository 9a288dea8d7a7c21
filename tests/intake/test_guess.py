"""Whose log it is, where the name of a folder does not tell."""

import shutil
from pathlib import Path

import pytest

from goodmeasure.intake.guess import found_at
from goodmeasure.sources.registry import all_sources
from tests.sources.homes import HERE

HOMES = {"codex": "codex/0.169.0/recorded/.codex", "pi": "pi/0.87.1/recorded/.pi/agent"}


@pytest.mark.parametrize("key", HOMES)
def test_a_folder_of_sessions_goes_to_the_agent_that_wrote_it(key: str, tmp_path: Path) -> None:
    shutil.copytree(HERE / HOMES[key], tmp_path / "copy")
    found = found_at([tmp_path / "copy"], all_sources())
    assert {file.source for file in found.files} == {key}
    assert len(found.files) == len(list((tmp_path / "copy").rglob("*.jsonl")))
