"""Following the agents' logs: a line that an agent appends is in the ledger within a second.

The system tells which files change (inotify, FSEvents, ReadDirectoryChangesW); where it cannot, everything is compared
every two seconds: the library's own polling misses a second change within one second. Between changes nothing is done,
and no log is held open.
"""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from watchfiles import Change
from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from goodmeasure.intake.find import Found, FoundFile, found_file, listed_folders, matcher, root_folders, starts_of
from goodmeasure.intake.report import ImportReport, Progress
from goodmeasure.intake.sync import import_found, import_home
from goodmeasure.ledger.events_in import CostOf
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.sessions import ProjectOf
from goodmeasure.sources.base import Database, Source

_GROUP_MS = 400
"""Changes within this time are read together."""
_STEP_MS = 200
_POLL_SECONDS = 2.0
_LOOK_SECONDS = 15.0
"""How often new agents' folders are looked for."""
_ROUND_SECONDS = 900.0
"""How often everything is compared once more: changes behind a symbolic link, or lost by the system, tell nobody."""
_SILENT_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "drvfs", "vboxsf", "afs", "virtiofs"})
"""File systems whose changes may be made on another machine, which this one's kernel does not hear of."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One folder of one source."""

    source: Source
    root: int
    folder: str
    """The root itself, absolute."""
    starts: tuple[str, ...]
    """The folders below it that are watched."""


def follow(
    ledger: Ledger,
    sources: Sequence[Source],
    home: Path | None,
    *,
    cost_of: CostOf,
    project_of: ProjectOf,
    told: Callable[[ImportReport], None],
    stop: Event,
    keep_titles: bool = True,
    progress: Callable[[Progress], None] | None = None,
    after: Callable[[], object] = lambda: None,
) -> None:
    """Read what is new, then follow every source until `stop` is set.

    `told` gets the report of the first reading, and of each later one that read something; `after` is called after each
    reading, before `told`. Raises LedgerError.
    """
    first = True
    while not stop.is_set():
        places = _places(sources, home)
        notifier = _notifier(places)
        # Only now that changes are being told: nothing falls between this reading and the first change.
        report = import_home(
            ledger,
            sources,
            home,
            cost_of=cost_of,
            project_of=project_of,
            keep_titles=keep_titles,
            progress=progress,
            cancelled=stop.is_set,
        )
        after()
        if first or _read_something(report):
            told(report)
        first, progress = False, None
        began = time.monotonic()
        if notifier is None:
            stop.wait(_POLL_SECONDS if places else _LOOK_SECONDS)
            continue
        while not stop.is_set() and time.monotonic() - began < _ROUND_SECONDS:
            found = _changed(notifier, places, stop)
            if found is None:
                break
            if found.files:
                changed = import_found(
                    ledger, sources, found, cost_of=cost_of, project_of=project_of, keep_titles=keep_titles
                )
                after()
                if _read_something(changed):
                    told(changed)
            elif _places(sources, home) != places:
                break


def _changed(notifier: RustNotify, places: Sequence[_Place], stop: Event) -> Found | None:
    """Wait for changes, and return the logs among them; none after `_LOOK_SECONDS` or when asked to stop.

    None: a folder is new. What was written into it before the system watched it, it does not tell.
    """
    changes = notifier.watch(_GROUP_MS, _STEP_MS, int(_LOOK_SECONDS * 1000), stop)
    if isinstance(changes, str):
        return Found()
    if any(change == Change.added and Path(path).is_dir() for change, path in changes):
        return None
    files: dict[tuple[str, str], FoundFile] = {}
    for _, path in sorted(changes):
        for file in _logs_at(path, places):
            files.setdefault((file.source, file.path), file)
    return Found(list(files.values()))


def _logs_at(path: str, places: Iterable[_Place]) -> Iterable[FoundFile]:
    """Return what a changed path is to each source; a database changes through the file beside it."""
    path = path.removesuffix("-wal").removesuffix("-shm")
    for place in places:
        if not path.startswith(place.folder + os.sep):
            continue
        inside = path[len(place.folder) + 1 :].replace(os.sep, "/")
        root = place.source.roots[place.root]
        if not matcher(root.patterns).fullmatch(inside):
            continue
        try:
            facts = os.stat(path)  # noqa: PTH116  paths stay text, as in the walk
        except OSError:
            continue  # gone again: what was read of it stays
        database = isinstance(root.reading, Database)
        told = path.replace(os.sep, "/") if root.register else inside
        yield found_file(place.source.key, place.root, path, told, facts, database=database)


def _places(sources: Sequence[Source], home: Path | None) -> list[_Place]:
    variables = os.environ if home is None else {}
    folder = Path.home() if home is None else home
    found = []
    for source in sources:
        for number, root in enumerate(source.roots):
            for place in root_folders(root, folder, variables):
                if root.register is not None:
                    found += _listed(source, number, place / root.register.file, home)
                    continue
                starts = tuple(str(start) for start in starts_of(root, place) if start.is_dir())
                if starts:
                    found.append(_Place(source, number, str(place), starts))
    return found


def _listed(source: Source, number: int, register: Path, home: Path | None) -> list[_Place]:
    """Return the folders that an agent's own register lists; a project that it lists later is met by a later walk."""
    with suppress(OSError):
        folders = listed_folders(source.roots[number], register, home)
        return [_Place(source, number, str(folder), (str(folder),)) for _, folder in folders if folder.is_dir()]
    return []


def _notifier(places: Sequence[_Place]) -> RustNotify | None:
    """Have the system tell of changes in all places; None where there are none, or where it cannot."""
    folders = list(dict.fromkeys(start for place in places for start in place.starts))
    silent = _silent_mounts()
    if not folders or any(_is_below(folder, silent) for folder in folders):
        return None
    try:
        return RustNotify(folders, False, False, 0, True, True)  # noqa: FBT003  the library's signature
    except (OSError, WatchfilesRustInternalError):
        return None  # more folders than the system is willing to tell about


def _silent_mounts() -> list[str]:
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    parts = (line.split(" ") for line in lines)
    return [mount[1].encode().decode("unicode_escape") for mount in parts if mount[2] in _SILENT_SYSTEMS]


def _is_below(folder: str, mounts: Iterable[str]) -> bool:
    return any(folder == mount or folder.startswith(mount.rstrip("/") + "/") for mount in mounts)


def _read_something(report: ImportReport) -> bool:
    return any(source.files_read or source.issues for source in report.sources)
