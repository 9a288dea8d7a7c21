"""Which project a folder belongs to, found by looking for git's own marks; nothing is run and nothing is written."""

from functools import lru_cache
from pathlib import Path, PureWindowsPath

_POINTER = "gitdir:"
_LONGEST_POINTER = 4096


@lru_cache(maxsize=4096)
def project_of(cwd: str) -> tuple[str, str]:
    """Return (root path, name) of the project that a working folder belongs to.

    The root is the nearest folder, upwards, that holds `.git`; a linked worktree belongs to its main repository.
    Without any, and for a folder that is not on this computer, the folder itself is the root. The name is the
    root's last part.
    """
    if PureWindowsPath(cwd).drive and not Path(cwd).drive:
        return cwd, PureWindowsPath(cwd).name or cwd  # a home copied from another kind of computer
    folder = Path(cwd)
    if not folder.is_absolute():
        return cwd, folder.name or cwd
    try:
        root = _root_above(folder) if folder.is_dir() else None
    except OSError:
        root = None
    root = root or folder
    return str(root), root.name or str(root)


def _root_above(folder: Path) -> Path | None:
    for place in (folder, *folder.parents):
        mark = place / ".git"
        if mark.is_dir():
            return place
        if mark.is_file():
            return _main_repository(mark) or place
    return None


def _main_repository(mark: Path) -> Path | None:
    """Return the main repository's folder where `mark` is a linked worktree's file; None for a submodule's."""
    with mark.open("rb") as stream:
        text = stream.read(_LONGEST_POINTER).decode("utf-8", "surrogateescape").strip()
    if not text.startswith(_POINTER):
        return None
    inside = (mark.parent / text.removeprefix(_POINTER).strip()).resolve()
    if inside.parent.name != "worktrees":
        return None
    repository = inside.parent.parent
    return repository.parent if repository.name == ".git" else repository
