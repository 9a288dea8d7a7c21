"""What the ledger remembers of each log file, and the records that an import hands over. No SQLAlchemy here."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

UNSIGNED = 1 << 64
"""Numbers of devices and files lie below this; they are stored as the signed numbers of the same bits."""


class KnownFile(NamedTuple):
    """A log file as it stood when it was last read."""

    id: int
    path: str
    """Absolute path, as intake wrote it."""
    source: str
    """Key of the source (`claude-code`)."""
    device: int
    inode: int
    size_bytes: int
    mtime_ns: int
    offset_bytes: int
    """Everything before this byte has been read."""
    head_hash: bytes | None
    """Fingerprint of the file's first bytes."""
    lines: int
    """Complete lines read so far; the next line fed has number `lines + 1`."""


class FileReading(NamedTuple):
    """One stretch of one log file that has just been read, and how the file looked then."""

    path: str
    source: str
    device: int
    inode: int
    size_bytes: int
    mtime_ns: int
    start_offset: int
    """Where this stretch began: the stored `offset_bytes`, or 0 for a new file or with `restart`."""
    offset_bytes: int
    """Where it ended (exclusive): the next stretch starts here."""
    head_hash: bytes | None
    reader_state: bytes | None
    """What the source's reader needs to go on."""
    restart: bool = False
    """The file was rewritten or truncated and is read from its beginning: its counts start again, its events stay."""
    problem: str | None = None
    """Why the whole file could not be read, in words for a person; None where it could."""


class Written(NamedTuple):
    """What one reading changed in the ledger."""

    skipped: bool
    """Another import had read further meanwhile: nothing was written, look at `known_files` again."""
    lines: int
    generations_added: int
    generations_changed: int
    """Already known from this file, now with larger counts or other new facts."""
    duplicates: int
    """Generations already known from another file."""
    tool_calls_added: int
    prompts_added: int
    unreadable: int
    """Lines of this reading that could not be read, a cut-off last line included."""
    unknown: int
    """Records of types that the reader does not know."""


class BatchLike(Protocol):
    """`domain.events.Batch`, or the same decoded from msgpack.

    Every list may hold plain tuples or lists in the records' field order.
    """

    @property
    def lines(self) -> int:
        """Complete lines that the reader was fed."""

    @property
    def sessions(self) -> Sequence[Sequence[Any]]:
        """`SessionFacts`."""

    @property
    def generations(self) -> Sequence[Sequence[Any]]:
        """`Generation`, keys unique."""

    @property
    def tool_calls(self) -> Sequence[Sequence[Any]]:
        """`ToolCall`, keys unique."""

    @property
    def prompts(self) -> Sequence[Sequence[Any]]:
        """`Prompt`, keys unique."""

    @property
    def notices(self) -> Sequence[Sequence[Any]]:
        """`Notice`, keys unique."""

    @property
    def totals(self) -> Sequence[Sequence[Any]]:
        """`SessionTotal`, oldest first."""

    @property
    def issues(self) -> Sequence[Sequence[Any]]:
        """`ParseIssue`; one whose line lies beyond the lines read is a cut-off tail: the next reading drops it."""

    @property
    def unknown(self) -> Mapping[str, int]:
        """Record types that the reader does not know, and how often each was seen."""


def known_files(ledger: Ledger, paths: Collection[str] | None = None) -> dict[str, KnownFile]:
    """Return the log files that the ledger knows, by path; `paths`: only these. Raises LedgerError."""
    asked = (
        "SELECT id, path, source, device, inode, size_bytes, mtime_ns, offset_bytes, head_hash, lines FROM source_file"
    )
    with told(ledger.path):
        if paths is None:
            rows = ledger.raw().execute(asked)
        else:
            listed = json.dumps(list(paths))
            rows = ledger.raw().execute(asked + " WHERE path IN (SELECT value FROM json_each(?))", (listed,))  # noqa: S608 - constant parts
        return {
            path: KnownFile(id_, path, source, device % UNSIGNED, inode % UNSIGNED, *rest)  # stored as signed
            for id_, path, source, device, inode, *rest in rows
        }


def reader_state(ledger: Ledger, path: str) -> bytes | None:
    """Return what the reader of this file asked to be remembered; None for an unknown file or where it was nothing."""
    with told(ledger.path):
        row = ledger.raw().execute("SELECT reader_state FROM source_file WHERE path = ?", (path,)).fetchone()
    return row[0] if row else None
