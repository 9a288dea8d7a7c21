"""What every source offers, and the few things that sources share."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from importlib import import_module
from typing import IO, Any, Protocol

from goodmeasure.domain.events import Batch
from goodmeasure.domain.work import Act, Work


@dataclass(frozen=True, slots=True)
class Lines:
    """How to read files of JSON lines that only grow: what was read once is not read again."""

    reader: "ReaderFactory"


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file near a log that names the working folder of its sessions, where the log itself does not."""

    file: str
    """Relative to the log's folder, with forward slashes."""
    folder: Callable[[bytes], str | None]
    """Returns the folder that the file's contents name; None where they name none. Never raises."""


@dataclass(frozen=True, slots=True)
class Document:
    """How to read a file that its agent writes anew as a whole: it is read whole each time it has changed."""

    read: "DocumentReader"
    streams: bool = False
    """Reads piece by piece in flat memory, so that a file of any length can be read, or tried."""
    folder: FolderFile | None = None


@dataclass(frozen=True, slots=True)
class Database:
    """How to read another program's SQLite file: only rows that are new or changed since the last time."""

    read: "DatabaseReader"


Reading = Lines | Document | Database


@dataclass(frozen=True, slots=True)
class WhenNeeded:
    """A function, or what a class makes of `bound`, that is imported when it is first called.

    Most people use a few agents of many: what nobody needs is not loaded, and finding nothing new loads no reader.
    """

    place: str
    """`module:name`."""
    bound: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()

    def __call__(self, *arguments: Any, **more: Any) -> Any:
        """Import and call it."""
        module, _, name = self.place.partition(":")
        found = getattr(import_module(module), name)
        if self.bound:
            found = found(*self.bound, **dict(self.named))
        return found(*arguments, **more)


def when_needed(place: str, *bound: Any, **named: Any) -> WhenNeeded:
    """Return the function `module:name` to be imported later; `bound`: the class there is first made with these."""
    return WhenNeeded(place, bound, tuple(sorted(named.items())))


@dataclass(frozen=True, slots=True)
class Register:
    """An agent's own list of the folders in which it keeps its logs."""

    file: str
    """Relative to the root, with forward slashes."""
    folders: Callable[[bytes], list[str]]
    """Returns the absolute folders that the file's contents name; none where it cannot be read. Never raises."""


@dataclass(frozen=True, slots=True)
class Root:
    """A folder in which one agent keeps files of one kind."""

    default: str | None
    """Relative to the home folder, with forward slashes. None: read only where a person names them."""
    patterns: tuple[str, ...]
    """Globs relative to the root; `**` crosses folders."""
    reading: Reading
    env: str | None = None
    """Environment variable that moves the root (a comma-separated list is several roots); it replaces `default`."""
    env_place: str = ""
    """Folder below the one that `env` names, such as `opencode` below `XDG_DATA_HOME`."""
    markers: tuple[str, ...] = ()
    """Names that all lie in a moved root.

    Any folder directly in the home folder that holds them is taken as one more root:
    people keep second configurations there (`~/work-agent`) and set the variable only in some shells."""
    strangers: tuple[str, ...] = ()
    """Names that lie only in folders of other agents that have the same markers."""
    register: Register | None = None
    """Where logs lie in the projects themselves: then `patterns` name files directly in the folders that it lists, and
    a reader is told the file's whole path."""


class Capability(StrEnum):
    """Whether an agent's logs can tell a thing."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class CleanUp:
    """How an agent deletes its own logs."""

    settings: str
    """The agent's settings file, relative to the folder of its first root."""
    days: Callable[[bytes], int | None]
    """After how many days, by the bytes of that file (empty: there is none); None: never, or unknown."""


_FIELDS = (
    "recorded_at",
    "provider",
    "model",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
    "web_search_requests",
    "reported_cost_micros",
    "service_tier",
    "tool_calls",
    "prompts",
    "permission_modes",
    "approvals",
    "errors",
    "interruptions",
    "compactions",
    "subagents",
    "session_totals",
    "git_branch",
    "git_repository",
)


def capabilities(*, yes: str, not_applicable: str = "") -> dict[str, Capability]:
    """Return what a log can tell, per field of `Generation` and per record: names parted by blanks, all others `NO`.

    Raises ValueError for a name that is not asked about.
    """
    told = dict.fromkeys(_FIELDS, Capability.NO)
    named = dict.fromkeys(yes.split(), Capability.YES) | dict.fromkeys(
        not_applicable.split(), Capability.NOT_APPLICABLE
    )
    if unknown := named.keys() - told.keys():
        raise ValueError(f"no capability: {', '.join(sorted(unknown))}")
    return told | named


@dataclass(frozen=True, slots=True)
class Source:
    """One agent's log format: its name, its places, what it can tell, and how to read it."""

    key: str
    """Name in the command line and the ledger (`claude-code`)."""
    label: str
    """Name for people."""
    roots: tuple[Root, ...]
    capabilities: dict[str, Capability]
    """Per field of `Generation` and per record: can the log tell it?"""
    clean_up: CleanUp | None = None
    """Set where the agent deletes its logs after some time."""
    work: "WorkReader | None" = None
    """Reads what a run wrote and committed, where the logs tell it."""
    acts: "ActReader | None" = None
    """Reads what a run did, for private findings, where the logs tell it."""


class Reader(Protocol):
    """Reads one file's lines in order. Feeding a file in pieces teaches the ledger the same as feeding it whole."""

    def feed(self, lines: Iterable[bytes | memoryview], first_line: int) -> Batch:
        """Read complete lines (without their line ends); `first_line` is the number, from 1, of the first of them."""
        ...

    def state(self) -> bytes:
        """Return what must be remembered to go on after the last line fed: small, and never message text."""
        ...


class ReaderFactory(Protocol):
    """Makes a reader for one file."""

    def __call__(self, path: str, state: bytes | None) -> Reader:
        """`path`: the file relative to its root, with forward slashes.

        `state`: what an earlier reader of this file returned.
        """
        ...


class WorkReader(Protocol):
    """Reads what the runs of one log of JSON lines left behind. Only called when evidence is looked for."""

    def __call__(self, place: str, lines: Iterable[bytes]) -> Iterator[Work]:
        """Yield it in the order of the log. `place`: the file relative to its root. Damaged lines are passed over."""
        ...


class ActReader(Protocol):
    """Reads what the runs of one log of JSON lines did. Only called when findings are looked for."""

    def __call__(self, place: str, lines: Iterable[bytes], salt: bytes) -> Iterator[Act]:
        """Yield it in the order of the log, texts and arguments as hashes under `salt` (32 bytes).

        `place`: the file relative to its root, or its whole path. Damaged lines are passed over.
        """
        ...


class DocumentReader(Protocol):
    """Reads one whole file."""

    def __call__(self, place: str, stream: IO[bytes]) -> Iterator[Batch]:
        """Yield all that the file teaches, in batches of moderate size.

        `place`: the file relative to its root, with forward slashes. `stream`: seekable, at its beginning. A part that
        cannot be read becomes a `ParseIssue` (its `line`: the number, from 1, of the record in the file); `Batch.lines`
        counts records. Reading a file again when it has grown must give the old events the same keys.
        """
        ...


class DatabaseReader(Protocol):
    """Reads one SQLite file of another program."""

    def __call__(
        self, place: str, database: sqlite3.Connection, state: bytes | None
    ) -> Iterator[tuple[Batch, bytes | None]]:
        """Yield what is new in the database, each batch with the state that remembers it and all before it.

        `state`: what an earlier reading of this file ended with; None at the first. `database` is read-only and gives
        one unchanging view; a table or column that is missing is a change of format, to be told as a `ParseIssue`, not
        raised. `Batch.lines` counts rows. Rows that their agent changes in place (a running answer) must be seen again:
        the state remembers a time of change, not only the largest id.
        """
        ...


def identity(source: str, *facts: str | int | None) -> bytes:
    """Return the 16-byte key of an event.

    The same facts give the same key on every machine, in every file, for ever.
    """
    try:
        text = "\x1f".join((source, *facts))  # type: ignore[arg-type]  # all texts: the usual case, half the time
    except TypeError:
        text = "\x1f".join(["" if fact is None else str(fact) for fact in (source, *facts)])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
