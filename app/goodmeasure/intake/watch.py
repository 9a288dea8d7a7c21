"""Following the agents' logs: a line that an agent appends is in the ledger within a second.

The system tells which files change (inotify, FSEvents, ReadDirectoryChangesW); where it cannot, everything is compared
every two seconds: the library's own polling misses a second change within one second. Between changes nothing is done,
and no log is held open.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from watchfiles import Change
from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from goodmeasure.intake.find import (
    Found,
    FoundFile,
    found_file,
    is_named_like_a_log,
    listed_folders,
    matcher,
    root_folders,
    starts_of,
)
from goodmeasure.intake.report import ImportReport, Progress
from goodmeasure.intake.sync import import_found, import_home
from goodmeasure.ledger.events_in import CostOf
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.sessions import ProjectOf
from goodmeasure.sources.base import Database, Source

_GROUP_MS = 400
"""Changes within this time are read together."""
_STEP_MS = 200
_TURN_MS, _READY_MS = 600, 20
"""How long trees are listened to before single folders have their turn, and how long that takes."""
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
    trees: tuple[str, ...]
    """The folders below it that are watched with all that is in them."""
    folders: tuple[str, ...]
    """The folders (or it itself) of which only the files are watched: nobody's whole home is."""


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
    reading = partial(
        import_home, ledger, sources, home, cost_of=cost_of, project_of=project_of, keep_titles=keep_titles
    )
    changed = partial(import_found, ledger, sources, cost_of=cost_of, project_of=project_of, keep_titles=keep_titles)
    first, heap = True, home
    while not stop.is_set():
        places = _places(sources, home)
        if any(Path(place.folder) != home for place in places):
            heap = None
        ears = _ears(places, heap)
        # Only now that changes are being told: nothing falls between this reading and the first change.
        report = reading(progress=progress, cancelled=stop.is_set, is_heap=heap is not None)
        after()
        if first or _read_something(report):
            told(report)
        first, progress = False, None
        if heap is not None and not report.sources:
            heap = None  # a home without agents, no heap of logs: it is never looked through again
        elif ears is None:
            stop.wait(_POLL_SECONDS if places or heap else _LOOK_SECONDS)
        else:
            own = None if heap is None else str(ledger.path.absolute())
            for found in _changes(ears, sources, home, places, stop, heap=own):
                report = changed(found)
                after()
                if _read_something(report):
                    told(report)


def _changes(
    ears: "_Ears",
    sources: Sequence[Source],
    home: Path | None,
    places: Sequence[_Place],
    stop: Event,
    *,
    heap: str | None,
) -> Iterator[Found]:
    """Yield logs that have changed, until everything must be compared again. `heap` as in `_changed`."""
    began = time.monotonic()
    while not stop.is_set() and time.monotonic() - began < _ROUND_SECONDS:
        found = _changed(ears, places, stop, heap=heap)
        if found is None:
            return
        if found.files:
            yield found
        elif _places(sources, home) != places:
            return


def _changed(ears: "_Ears", places: Sequence[_Place], stop: Event, *, heap: str | None) -> Found | None:
    """Wait for changes, and return the logs among them; none after `_LOOK_SECONDS` or when asked to stop.

    None: everything must be compared. A folder is new: what was written into it before the system watched it, it does
    not tell. Or a named home without any agent's folder is followed as a heap of logs, and one of them has changed.
    `heap`: then the ledger's path, which may lie there, too.
    """
    changes = ears.changes(stop)
    if any(change == Change.added and Path(path).is_dir() for change, path in changes):
        return None
    if heap is not None and any(is_named_like_a_log(path) and not path.startswith(heap) for _, path in changes):
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
                starts = [(str(start), deep) for start, deep in starts_of(root, place) if start.is_dir()]
                if starts:
                    trees = tuple(start for start, deep in starts if deep)
                    flat = tuple(start for start, deep in starts if not deep)
                    found.append(_Place(source, number, str(place), trees, flat))
    return found


def _listed(source: Source, number: int, register: Path, home: Path | None) -> list[_Place]:
    """Return the folders that an agent's own register lists; a project that it lists later is met by a later walk."""
    with suppress(OSError):
        folders = listed_folders(source.roots[number], register, home)
        return [_Place(source, number, str(folder), (), (str(folder),)) for _, folder in folders if folder.is_dir()]
    return []


class _Ears:
    """Has the system tell of changes in trees and in single folders; the library does one of the two at a time."""

    def __init__(self, trees: list[str], folders: list[str]) -> None:
        """Begin to listen. Raises OSError or the library's error where the system will not tell about so many."""
        heard = [(trees, True), (folders, False)]
        self._ears = [RustNotify(paths, False, False, 0, deep, True) for paths, deep in heard if paths]  # noqa: FBT003  the library's signature

    def changes(self, stop: Event) -> set[tuple[int, str]]:
        """Wait for changes and return them; none after `_LOOK_SECONDS` or when asked to stop. None is lost between."""
        until = time.monotonic() + _LOOK_SECONDS
        turn_ms = int(_LOOK_SECONDS * 1000) if len(self._ears) == 1 else _TURN_MS
        while time.monotonic() < until and not stop.is_set():
            for number, ear in enumerate(self._ears):
                # What the second has heard lies ready: it needs no time of its own.
                group, step, most = (_GROUP_MS, _STEP_MS, turn_ms) if number == 0 else (_STEP_MS, _READY_MS, _READY_MS)
                changes = ear.watch(group, step, most, stop)
                if not isinstance(changes, str):
                    return changes
        return set()


def _ears(places: Sequence[_Place], heap: Path | None) -> _Ears | None:
    """Listen at all places, or at a heap of logs; None where there are none, or where it cannot be."""
    trees = [str(heap)] if heap else list(dict.fromkeys(tree for place in places for tree in place.trees))
    folders = list(dict.fromkeys(folder for place in places for folder in place.folders))
    silent = _silent_mounts()
    if (not trees and not folders) or any(_is_below(folder, silent) for folder in (*trees, *folders)):
        return None
    try:
        return _Ears(trees, folders)
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
