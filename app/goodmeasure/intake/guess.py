"""Whose log is it? Files and folders that a person names, given to the source that understands their first lines."""

import stat
from collections.abc import Sequence
from itertools import islice
from os import SEEK_END
from pathlib import Path, PurePosixPath

from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.events import Batch
from goodmeasure.intake.find import Found, FoundFile, find_files, find_under, found_file, log_files_in, matcher
from goodmeasure.intake.foreign_views import is_database, viewed
from goodmeasure.intake.line_files import log_lines
from goodmeasure.intake.tail import NotAFile, open_log
from goodmeasure.sources.base import Database, Document, Reading, Root, Source

_FIRST_LINES = 60
_START_BYTES = 64
_LONG_BYTES = 64 << 20
_FIRST_FILES = 3
_NAMED_PARTS = 12
_PLACE_PARTS = 5
"""Folders above a named file that a reader is told: a sub-agent's log is known by them."""


def found_at(paths: Sequence[Path], sources: Sequence[Source]) -> Found:
    """Return the logs that `paths` name.

    A folder may be a home (it holds `.claude`, `.codex`, …), an agent's own folder, or any folder of logs. Raises
    Refusal where a path is missing or holds no log that any source can read.
    """
    found = Found()
    for path in paths:
        if not path.exists():
            raise Refusal(f"There is no file or folder at {path}: check the name.")
        here = _in_folder(path, sources) if path.is_dir() else _single(str(path.absolute()), sources)
        if not here.files:
            raise Refusal(f"No log that can be read was found at {path}: `goodmeasure doctor` lists the known agents.")
        found.files += here.files
        found.obstacles += here.obstacles
    return found


def _in_folder(folder: Path, sources: Sequence[Source]) -> Found:
    as_home = find_files(sources, folder)
    if as_home.files:
        return as_home
    for source in sources:
        as_root = find_under(source, folder)
        if any(_is_of(source, file, sources) for file in as_root.files[:_FIRST_FILES]):
            return as_root
    found = Found()
    for path in log_files_in(folder):
        found.files += _single(path, sources).files
    return found


def _is_of(source: Source, file: FoundFile, sources: Sequence[Source]) -> bool:
    """Tell whether a file is the source's own: several agents keep `sessions/**/*.jsonl`."""
    try:
        match = _source_of(file.path, file.place, sources)
    except OSError:
        return False
    return match is not None and match[0] is source


def _single(path: str, sources: Sequence[Source]) -> Found:
    place = "/".join(Path(path).parts[-_PLACE_PARTS:])
    try:
        match = _source_of(path, place, sources)
        facts = Path(path).stat()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        advice = "name a log or a folder of logs" if isinstance(error, NotAFile) else "allow reading it"
        raise Refusal(f"{path} could not be read ({reason}): {advice}.") from error
    found = Found()
    if match and stat.S_ISREG(facts.st_mode):
        source, root = match
        database = isinstance(source.roots[root].reading, Database)
        found.files.append(found_file(source.key, root, path, place, facts, database=database))
    return found


def _source_of(path: str, place: str, sources: Sequence[Source]) -> tuple[Source, int] | None:
    """Return the source, and the number of its root, whose reader makes the most of a file's beginning.

    Agents of one family write alike: a file that lies and is called as a source's own do goes to that one first. None
    where no reader makes anything of it.
    """
    database = is_database(path)
    only_streams = not database and _only_streams(path)
    best: tuple[Source, int] | None = None
    best_fit = (0, 0)
    tried = set[tuple[int, Reading]]()
    for source in sources:
        for number, root in enumerate(source.roots):
            named = _named(path, root)
            if isinstance(root.reading, Database) is not database or (named, root.reading) in tried:
                continue
            tried.add((named, root.reading))
            if only_streams and not (isinstance(root.reading, Document) and root.reading.streams):
                continue
            sense = _sense(path, place, root.reading)
            if sense > 0 and (named, sense) > best_fit:
                best, best_fit = (source, number), (named, sense)
    return best


def _named(path: str, root: Root) -> int:
    """Return how much a path looks like the root's own: 2 in a folder of its name, 1 as its patterns name files."""
    parts = Path(path).parts[-_NAMED_PARTS:]
    match = matcher(root.patterns)
    if not any(match.fullmatch("/".join(parts[start:])) for start in range(len(parts))):
        return 0
    return 2 if root.default and PurePosixPath(root.default).name in parts else 1


def _only_streams(path: str) -> bool:
    """Return whether a file is a zip or one very long list: most readers would take it whole into memory."""
    with open_log(path) as stream:
        start = stream.read(_START_BYTES).lstrip()
        long = stream.seek(0, SEEK_END) > _LONG_BYTES
    return start.startswith(b"PK\x03\x04") or (long and start.startswith(b"["))


def _sense(path: str, place: str, reading: Reading) -> int:
    """Return how much more a reader understands of a file's beginning than it does not."""
    try:
        batch = _first_batch(path, place, reading)
    except OSError:
        raise
    except Exception:  # noqa: BLE001  a reader that fails on a stranger's file is simply not the one
        return 0
    # A reader may tell of the session that a file is named after, whatever the file holds.
    known = sum(any(fact is not None for fact in facts[1:-1]) for facts in batch.sessions)
    understood = len(batch.generations) + len(batch.prompts) + len(batch.tool_calls) + known
    return understood - len(batch.issues) - sum(batch.unknown.values())


def _first_batch(path: str, place: str, reading: Reading) -> Batch:
    if isinstance(reading, Database):
        with viewed(path) as view:
            return next(reading.read(place, view.database, None), (Batch(), None))[0]
    with open_log(path) as stream:
        if isinstance(reading, Document):
            return next(reading.read(place, stream), Batch())
        first = list(islice(log_lines(stream, packed=path.endswith(".zst")), _FIRST_LINES))
    return reading.reader(place, None).feed(first, 1)
