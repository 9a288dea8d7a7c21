"""Where the agents' logs lie: walk each source's folders and return every regular file once."""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePath
from typing import NamedTuple

from goodmeasure.sources.base import Database, Root, Source

_LOG_ENDINGS = (".jsonl", ".jsonl.zst", ".json", ".db", ".sqlite", ".vscdb", ".zip")
_MAX_DEPTH = 24
"""Folders below a root that are entered at most; agents nest four deep."""


class FoundFile(NamedTuple):
    """One log file as the walk saw it."""

    source: str
    """Key of the source."""
    root: int
    """Which of the source's roots it lies in: its place in `Source.roots`. It says how to read the file."""
    path: str
    """Absolute; opens the file."""
    place: str
    """Relative to its root, with forward slashes: what a reader is told."""
    device: int
    inode: int
    size_bytes: int
    """Of a database: with its write-ahead log, where new rows wait."""
    mtime_ns: int


class Obstacle(NamedTuple):
    """A folder or file that could not be looked at."""

    source: str
    path: str
    what: str
    """One sentence for the person."""


@dataclass(slots=True)
class Found:
    """What a walk met: files in order of path, and what stood in its way."""

    files: list[FoundFile] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)


def find_files(sources: Iterable[Source], home: Path | None, environ: Mapping[str, str] | None = None) -> Found:
    """Find every log file of `sources`.

    `home`: look there as if it were the user's home and ignore environment overrides; None: the user's own home, with
    the overrides of `environ` (default: this process's). Symbolic links to files and folders are followed, each file
    and folder is met once (by device and inode), and what is not a regular file is passed by.
    """
    variables = {} if home is not None else (os.environ if environ is None else environ)
    folder = Path.home() if home is None else home
    walk = _Walk()
    for source in sources:
        for number, root in enumerate(source.roots):
            for place in root_folders(root, folder, variables):
                if root.register is not None:
                    walk.enter_listed(source, number, place / root.register.file, home)
                else:
                    walk.enter(source, number, place)
    return walk.found


def root_folders(root: Root, home: Path, variables: Mapping[str, str]) -> list[Path]:
    """Return the folders that one root stands for: default or override, and the marked folders directly in `home`."""
    if root.default is None:
        return []
    named = [part.strip() for part in variables.get(root.env or "", "").split(",") if part.strip()]
    folders = [Path(name, root.env_place).expanduser() for name in named] or [home / root.default]
    if root.markers:
        folders += [
            entry
            for entry in _folders_in(home)
            if all((entry / mark).exists() for mark in root.markers)
            and not any((entry / stranger).exists() for stranger in root.strangers)
        ]
    return list(dict.fromkeys(folder.absolute() for folder in folders))


def find_under(source: Source, folder: Path) -> Found:
    """Find the files of one source in a folder that is itself a root, such as a copied `.claude`."""
    walk = _Walk()
    for number, root in enumerate(source.roots):
        if root.default is not None:
            walk.enter(source, number, folder.absolute())
    return walk.found


def log_files_in(folder: Path) -> Iterator[str]:
    """Yield every file below a folder whose name ends like a log's, in order of path, each folder once."""
    yield from sorted(_plain_walk(str(folder.absolute()), set(), 0))


def is_named_like_a_log(path: str) -> bool:
    """Tell whether a file's name ends like a log's."""
    return path.endswith(_LOG_ENDINGS)


def found_file(source: str, root: int, path: str, place: str, facts: os.stat_result, *, database: bool) -> FoundFile:
    """Return a file as found; a database grows and changes together with its write-ahead log."""
    size, changed = facts.st_size, facts.st_mtime_ns
    if database:
        with suppress(OSError):
            journal = os.stat(os.path.realpath(path) + "-wal")  # noqa: PTH116  as above
            size, changed = size + journal.st_size, max(changed, journal.st_mtime_ns)
    return FoundFile(source, root, path, place, facts.st_dev, facts.st_ino, size, changed)


def readable_name(path: str) -> str:
    """Return a path as text that every store and screen can hold: bytes that are not UTF-8 are shown as escapes."""
    if path.isascii():
        return path
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _folders_in(home: Path) -> list[Path]:
    try:
        with os.scandir(home) as entries:
            return sorted(home / entry.name for entry in entries if _is_folder(entry))
    except OSError:
        return []


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _plain_walk(folder: str, seen: set[tuple[int, int]], depth: int) -> Iterator[str]:
    try:
        here = os.stat(folder)  # noqa: PTH116  paths stay text in this walk: a `Path` for each costs more than its stat
        if (here.st_dev, here.st_ino) in seen or depth > _MAX_DEPTH:
            return
        seen.add((here.st_dev, here.st_ino))
        with os.scandir(folder) as entries:
            for entry in entries:
                if _is_folder(entry):
                    yield from _plain_walk(entry.path, seen, depth + 1)
                elif is_named_like_a_log(entry.name):
                    yield entry.path
    except OSError:
        return


class _Asked(NamedTuple):
    """What is looked for in a folder."""

    source: str
    root: int
    database: bool
    match: "re.Pattern[str]"
    way: "re.Pattern[str]"
    """The folders below the root, with a slash at their end, in which a match may lie."""


class _Walk:
    """One walk over all sources: remembers every file and folder that it has met."""

    def __init__(self) -> None:
        self.found = Found()
        self._files: set[tuple[str, int, int]] = set()
        self._folders: set[tuple[str, int, int, int]] = set()

    def enter(self, source: Source, number: int, folder: Path) -> None:
        """Walk the parts of a folder that the patterns of the source's root with this number name."""
        if not folder.is_dir():
            return
        root = source.roots[number]
        ask = _asked(source, number)
        for start in _fixed_parts(root):
            self._folder(ask, str(folder.joinpath(*start.split("/"))), start + "/" if start else "", 0)

    def enter_listed(self, source: Source, number: int, file: Path, home: Path | None) -> None:
        """Look into the folders that an agent's own register lists, not below them.

        `home`: a home that was copied here; then only folders inside it are looked into.
        """
        try:
            listed = listed_folders(source.roots[number], file, home)
        except OSError as error:
            self._obstacle(source.key, str(file), f"This file could not be read ({_reason(error)}).")
            return
        ask = _asked(source, number)
        for name, folder in listed:
            with suppress(OSError), os.scandir(folder) as entries:  # a project that has gone is no obstacle
                for entry in sorted(entries, key=lambda entry: entry.name):
                    if ask.match.fullmatch(entry.name) and not _is_folder(entry):
                        self._file(ask, entry, f"{PurePath(name).as_posix()}/{entry.name}")

    def _folder(self, ask: "_Asked", folder: str, place: str, depth: int) -> None:
        try:
            here = os.stat(folder)  # noqa: PTH116  as above
            known = (ask.source, ask.root, here.st_dev, here.st_ino)
            if known in self._folders or depth > _MAX_DEPTH or not stat.S_ISDIR(here.st_mode):
                return
            self._folders.add(known)
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: (entry.is_symlink(), entry.name))
        except FileNotFoundError:
            return
        except OSError as error:
            self._obstacle(ask.source, folder, f"This folder could not be opened ({_reason(error)}): allow reading it.")
            return
        for entry in found:
            if _is_folder(entry):
                if ask.way.fullmatch(f"{place}{entry.name}/"):
                    self._folder(ask, entry.path, f"{place}{entry.name}/", depth + 1)
            elif ask.match.fullmatch(place + entry.name):
                self._file(ask, entry, place + entry.name)

    def _file(self, ask: "_Asked", entry: "os.DirEntry[str]", place: str) -> None:
        try:
            # On Windows only a full stat knows device and inode.
            facts = os.stat(entry.path) if os.name == "nt" else entry.stat()  # noqa: PTH116  as above
        except OSError as error:
            if not entry.is_symlink():  # a link to nowhere is not a log
                self._obstacle(ask.source, entry.path, f"This file could not be looked at ({_reason(error)}).")
            return
        known = (ask.source, facts.st_dev, facts.st_ino)
        if not stat.S_ISREG(facts.st_mode) or known in self._files:
            return
        self._files.add(known)
        self.found.files.append(found_file(ask.source, ask.root, entry.path, place, facts, database=ask.database))

    def _obstacle(self, source: str, path: str, what: str) -> None:
        self.found.obstacles.append(Obstacle(source, readable_name(path), what))


def _asked(source: Source, number: int) -> _Asked:
    root = source.roots[number]
    database = isinstance(root.reading, Database)
    return _Asked(source.key, number, database, matcher(root.patterns), _way_matcher(root.patterns))


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _copied(folder: str, home: Path) -> Path:
    """Return where a folder of another computer, or another person's, lies in a copy of its home.

    The longest end of its path that the copy holds is taken; where it holds none, a folder that does not exist.
    """
    parts = [part for part in re.split(r"[/\\]", folder) if part and not part.endswith(":")]
    ends = (home.joinpath(*parts[first:]) for first in range(len(parts)) if ".." not in parts)
    return next((end for end in ends if end.is_dir()), home / "gone" / "gone")


def listed_folders(root: Root, file: Path, home: Path | None) -> list[tuple[str, Path]]:
    """Return the folders that a root's register names, and where they lie. Raises OSError. `home`: see `find_files`."""
    if root.register is None or not file.is_file():
        return []
    named = root.register.folders(file.read_bytes())
    return [(name, Path(name) if home is None else _copied(name, home)) for name in named]


def starts_of(root: Root, folder: Path) -> list[tuple[Path, bool]]:
    """Return the folders below a root's folder in which its patterns begin, such as `projects` below `.claude`.

    With each: whether matches lie in its own folders, too, or only in itself.
    """
    deep = {_fixed_part(pattern) for pattern in root.patterns if pattern.rpartition("/")[0] != _fixed_part(pattern)}
    return [(folder.joinpath(*start.split("/")), start in deep) for start in _fixed_parts(root)]


def _fixed_parts(root: Root) -> list[str]:
    return sorted({_fixed_part(pattern) for pattern in root.patterns})


def _fixed_part(pattern: str) -> str:
    """Return the folders of a pattern before its first wildcard."""
    parts = pattern.split("/")[:-1]
    fixed = []
    for part in parts:
        if "*" in part or "?" in part or "[" in part:
            break
        fixed.append(part)
    return "/".join(fixed)


@lru_cache(maxsize=64)
def matcher(patterns: tuple[str, ...]) -> "re.Pattern[str]":
    """Return what matches the places below a root that its patterns name, with forward slashes."""
    return re.compile("|".join(f"(?:{_expression(pattern)})" for pattern in patterns), re.DOTALL)


@lru_cache(maxsize=64)
def _way_matcher(patterns: tuple[str, ...]) -> "re.Pattern[str]":
    """Return what matches the folders on the way to such places, with a slash at their end."""
    ways = "|".join(f"(?:{way})" for pattern in patterns for way in _ways(pattern))
    return re.compile(ways or "(?!)", re.DOTALL)


def _ways(pattern: str) -> Iterator[str]:
    """Yield an expression for each folder of a pattern: an editor's storage holds far more than is looked for."""
    parts = pattern.split("/")[:-1]
    for count in range(1, len(parts) + 1):
        if "**" in parts[count - 1]:
            yield "".join(_expression(part + "/") for part in parts[: count - 1]) + ".*"
            return
        yield "".join(_expression(part + "/") for part in parts[:count])


def _expression(pattern: str) -> str:
    """Return the regular expression of a glob: `**/` crosses folders, `*` and `?` do not."""
    text = ""
    for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern):
        text += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
    return text
