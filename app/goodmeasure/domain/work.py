"""What a run left behind and did, as its log tells it. Read on demand and hashed at once; never kept as text."""

from enum import StrEnum
from typing import NamedTuple


class Written(NamedTuple):
    """A text that an agent's tool put into a file; the call did not fail."""

    session: str
    """Native id of the session; of a sub-agent, its parent's."""
    at: int | None
    """When the tool was called, milliseconds since 1970 UTC."""
    path: str
    """As the agent named it: absolute, or relative to the working folder."""
    text: str


class Committed(NamedTuple):
    """A commit that was made inside the session: git printed its abbreviated name there."""

    session: str
    at: int | None
    """When it was reported, milliseconds since 1970 UTC."""
    sha: str


Work = Written | Committed


class Reach(StrEnum):
    """What a call reached for, as its command or its file says: a person may want to know of it."""

    DELETES = "deletes"
    NETWORK = "network"
    CREDENTIALS = "credentials"


class Called(NamedTuple):
    """A tool call, without its arguments. Findings, oversight and splitting ask for it; nothing of it is stored."""

    session: str
    """Native id of the session; of a sub-agent its parent's, a slash and what tells it apart."""
    at: int | None
    """Milliseconds since 1970 UTC."""
    kind: str | None
    """A `domain.events.ToolKind` value; `edit` also for a command that applies a patch."""
    fingerprint: bytes | None
    """Salted 16-byte hash of tool and arguments; None for a call that waits for something, which may well repeat."""
    paths: tuple[str, ...]
    """Files that it reads or changes, as the agent named them; empty where the log does not tell."""
    failed: bool | None
    """None: no result was seen."""
    delivers: bool
    """A command that commits, pushes, or opens or merges a pull request."""
    reaches: frozenset[Reach] = frozenset()
    """As far as the words of the command and the name of the file tell."""


class Asked(NamedTuple):
    """A prompt by the person, as salted hashes."""

    session: str
    at: int | None
    fingerprint: bytes
    """16 bytes, of the text in small letters with single blanks, every number alike."""
    grams: frozenset[bytes]
    """8 bytes each, of every five words in a row; empty for fewer than five words."""
    words: frozenset[bytes]
    """8 bytes each, of the words of five letters and more."""


class Offered(NamedTuple):
    """Names of tools that were laid before the model."""

    session: str
    at: int | None
    tools: tuple[str, ...]


class Moved(NamedTuple):
    """Where a session is from now on: may be told again where nothing changed."""

    session: str
    at: int | None
    folder: str | None
    branch: str | None


Act = Called | Asked | Offered | Moved


class Touched(NamedTuple):
    """Files of a run as its agent named them, those that matter most first."""

    edited: tuple[str, ...]
    read: tuple[str, ...]
