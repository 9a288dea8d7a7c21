"""Single files named by a person go to the agent that wrote them, also within families that write alike."""

from pathlib import Path

import pytest

from goodmeasure.intake.find import find_files
from goodmeasure.intake.guess import found_at
from goodmeasure.sources.base import Source
from goodmeasure.sources.registry import all_sources
from tests.sources.homes import golden_homes, lay_out

NAMELESS = frozenset({"claude-export", "chatgpt-export", "otlp", "manual"})
"""Their files come from anywhere, or are no files."""


def first_homes() -> list[tuple[Source, str]]:
    found: dict[str, tuple[Source, str]] = {}
    for source, name, truth in golden_homes():
        if truth["totals"]["generations"] and source.key not in NAMELESS:
            found.setdefault(source.key, (source, name))
    return list(found.values())


@pytest.mark.parametrize(("owner", "name"), first_homes(), ids=[source.key for source, _ in first_homes()])
def test_each_file_of_a_home_is_its_agent_s(owner: Source, name: str, tmp_path: Path) -> None:
    home = lay_out(owner, name, tmp_path / "home")

    own = find_files([owner], home).files
    guessed = {}
    for file in own:
        try:
            guessed[file.place] = found_at([Path(file.path)], all_sources()).files[0].source
        except Exception as error:  # noqa: BLE001 - a file in which nothing can be counted may be refused
            guessed[file.place] = type(error).__name__
    assert own
    assert owner.key in guessed.values()
    assert set(guessed.values()) <= {owner.key, "Refusal"}
