"""Folders of the VS Code family: an extension is found in every editor, wherever the system puts its files."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from goodmeasure.domain.events import Batch
from goodmeasure.intake.find import find_files
from goodmeasure.sources._formats.editors import EDITORS, editor_roots
from goodmeasure.sources.base import Document, Source

BELOW = "globalStorage/some.extension/tasks"


def _nothing(place: str, stream: IO[bytes]) -> Iterator[Batch]:  # noqa: ARG001  names of the protocol
    return iter(())


READING = Document(_nothing)
SOURCE = Source("some", "Some", editor_roots(BELOW, ("*/log.json",), READING), {})


def _write_log(user: Path) -> Path:
    log = user / BELOW / "1" / "log.json"
    log.parent.mkdir(parents=True)
    log.write_text("[]")
    return log


@pytest.mark.parametrize("system", [".config", "Library/Application Support", "AppData/Roaming"])
def test_every_editor_is_found_on_every_system(system: str, tmp_path: Path) -> None:
    logs = {str(_write_log(tmp_path / system / editor / "User")) for editor in EDITORS}
    assert {file.path for file in find_files([SOURCE], tmp_path).files} == logs


@pytest.mark.parametrize(
    "user",
    [
        ".vscode-server/data/User",
        ".vscode-server-insiders/data/User",
        ".cursor-server/data/User",
        ".var/app/com.visualstudio.code/config/Code/User",
        ".var/app/com.vscodium.codium/config/VSCodium/User",
    ],
)
def test_far_sides_and_sandboxes_are_found(user: str, tmp_path: Path) -> None:
    log = _write_log(tmp_path / user)
    assert [file.path for file in find_files([SOURCE], tmp_path).files] == [str(log)]


@pytest.mark.parametrize("variable", ["XDG_CONFIG_HOME", "APPDATA"])
def test_moved_folders_are_found(variable: str, tmp_path: Path) -> None:
    log = _write_log(tmp_path / "moved" / "Code - Insiders" / "User")
    found = find_files([SOURCE], None, {variable: str(tmp_path / "moved"), "HOME": str(tmp_path)})
    assert str(log) in {file.path for file in found.files}


def test_one_editor_alone_and_the_user_folder_itself() -> None:
    roots = editor_roots("", ("*/chat.json",), READING, ("Cursor",))
    assert [(root.default, root.env, root.env_place) for root in roots] == [
        (".config/Cursor/User", "XDG_CONFIG_HOME", "Cursor/User"),
        ("Library/Application Support/Cursor/User", None, ""),
        ("AppData/Roaming/Cursor/User", "APPDATA", "Cursor/User"),
        (".cursor-server/data/User", None, ""),
    ]
