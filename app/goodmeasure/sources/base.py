"""What every source offers, and the few things that sources share."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Protocol

from goodmeasure.domain.events import Batch


@dataclass(frozen=True, slots=True)
class Root:
    """A folder in which one agent keeps its logs."""

    default: str
    """Relative to the home folder, with forward slashes."""
    patterns: tuple[str, ...]
    """Globs relative to the root; `**` crosses folders."""
    env: str | None = None
    """Environment variable that moves the root (a comma-separated list is several roots); it replaces `default`."""
    markers: tuple[str, ...] = ()
    """Names that all lie in a moved root.

    Any folder directly in the home folder that holds them is taken as one more root:
    people keep second configurations there (`~/work-agent`) and set the variable only in some shells."""


class Capability(StrEnum):
    """Whether an agent's logs can tell a thing."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not applicable"


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
    reader: "ReaderFactory"


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


def identity(source: str, *facts: str | int | None) -> bytes:
    """Return the 16-byte key of an event.

    The same facts give the same key on every machine, in every file, for ever.
    """
    text = "\x1f".join(["" if fact is None else str(fact) for fact in (source, *facts)])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
