"""What an import says while it runs, and when it is done."""

from dataclasses import dataclass
from typing import NamedTuple

from goodmeasure.domain.files import FileIssue


class Progress(NamedTuple):
    """How far an import has come. Bytes are those that were new when it started."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    source: str | None
    """Key of the source being read."""


@dataclass(frozen=True, slots=True)
class SourceImport:
    """What one import did with one source's files."""

    source: str
    files: int
    """Files that were seen, read now or earlier."""
    files_read: int
    """Files of which something new was read now."""
    lines: int
    """Lines read now."""
    generations_added: int
    duplicates: int
    """Generations met again in another file."""
    unreadable: int
    """Lines that could not be read, a cut-off last line included; a file that cannot be opened is in `issues` alone."""
    unknown: int
    """Records of types that the reader does not know."""
    issues: tuple[FileIssue, ...]
    """At most `MAX_ISSUES` of them, in the order met."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did, for each source of which there is any file, in the order of the sources."""

    sources: tuple[SourceImport, ...]
    cancelled: bool
    """Stopped before the end: what was read is kept, the next import goes on from there."""


MAX_ISSUES = 1000
"""Most issues that one import lists for one source; `unreadable` counts them all."""
