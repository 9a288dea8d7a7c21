"""Whose log is it? Files and folders that a person names, given to the source that understands their first lines."""

import stat
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from goodmeasure.domain.errors import Refusal
from goodmeasure.intake.find import Found, FoundFile, find_files, find_under, log_files_in
from goodmeasure.intake.parse import log_lines
from goodmeasure.intake.tail import open_log
from goodmeasure.sources.base import Source

_FIRST_LINES = 60
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
        if as_root.files:
            return as_root
    found = Found()
    for path in log_files_in(folder):
        found.files += _single(path, sources).files
    return found


def _single(path: str, sources: Sequence[Source]) -> Found:
    place = "/".join(Path(path).parts[-_PLACE_PARTS:])
    try:
        source = _source_of(path, place, sources)
        facts = Path(path).stat()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Refusal(f"{path} could not be read ({reason}): allow reading it.") from error
    found = Found()
    if source and stat.S_ISREG(facts.st_mode):
        found.files.append(
            FoundFile(source.key, path, place, facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)
        )
    return found


def _source_of(path: str, place: str, sources: Sequence[Source]) -> Source | None:
    """Return the source whose reader makes the most of the first lines; None where none makes anything of them."""
    with open_log(path) as stream:
        first = list(islice(log_lines(stream, packed=path.endswith(".zst")), _FIRST_LINES))
    best, best_sense = None, 0
    for source in sources:
        batch = source.reader(place, None).feed(first, 1)
        understood = len(batch.generations) + len(batch.prompts) + len(batch.tool_calls) + len(batch.sessions)
        sense = understood - len(batch.issues) - sum(batch.unknown.values())
        if sense > best_sense:
            best, best_sense = source, sense
    return best
