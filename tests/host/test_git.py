"""The project of a working folder, with real repositories."""

import subprocess
from pathlib import Path

import pytest

from goodmeasure.host.git import project_of


def git(*words: str, folder: Path) -> None:
    subprocess.run(
        ["git", "-c", "user.name=Robin", "-c", "user.email=robin@example.org", *words],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "src" / "cart").mkdir(parents=True)
    git("init", "-q", folder=folder)
    git("commit", "-q", "--allow-empty", "-m", "first", folder=folder)
    return folder


def test_a_folder_inside_a_repository(shop: Path) -> None:
    for folder in (shop, shop / "src", shop / "src" / "cart"):
        assert project_of(str(folder)) == (str(shop), "shop")


def test_a_linked_worktree_belongs_to_its_main_repository(shop: Path, tmp_path: Path) -> None:
    git("worktree", "add", "-q", str(tmp_path / "aside"), folder=shop)
    assert project_of(str(tmp_path / "aside")) == (str(shop), "shop")


def test_a_worktree_of_a_bare_repository(shop: Path, tmp_path: Path) -> None:
    git("clone", "-q", "--bare", str(shop), str(tmp_path / "store.git"), folder=tmp_path)
    git("worktree", "add", "-q", str(tmp_path / "aside"), folder=tmp_path / "store.git")
    assert project_of(str(tmp_path / "aside")) == (str(tmp_path / "store.git"), "store.git")


def test_a_submodule_is_a_project_of_its_own(shop: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    git("init", "-q", folder=library)
    git("commit", "-q", "--allow-empty", "-m", "first", folder=library)
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(library), "vendor", folder=shop)
    assert project_of(str(shop / "vendor")) == (str(shop / "vendor"), "vendor")


def test_a_folder_without_git_is_its_own_project(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    assert project_of(str(tmp_path / "notes")) == (str(tmp_path / "notes"), "notes")


@pytest.mark.parametrize(
    ("cwd", "name"),
    [
        ("/nowhere/on/this/computer", "computer"),
        (r"C:\Users\robin\shop", "shop"),
        ("relative/place", "place"),
        ("/", "/"),
        ("\0", "\0"),
    ],
)
def test_a_folder_that_is_not_here_has_its_last_parts_name(cwd: str, name: str) -> None:
    assert project_of(cwd) == (cwd, name)


def test_a_damaged_mark_is_still_a_mark(tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / ".git").write_bytes(b"\xff\xfe nothing")
    assert project_of(str(tmp_path / "odd")) == (str(tmp_path / "odd"), "odd")
