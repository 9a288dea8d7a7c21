"""Tool calls and prompts as salted hashes: shared by the sources whose logs tell them."""

import re
from contextlib import suppress
from hashlib import blake2b

import msgspec

from goodmeasure.domain.events import ToolKind
from goodmeasure.domain.work import Asked, Called
from goodmeasure.sources._formats.jsonl import FAULTS

_GRAM_WORDS = 5
_MOST_WORDS = 4000
"""Of a longer prompt (a pasted log) only the beginning is compared."""
_MOST_LETTERS = 40_000
_WORD = re.compile(r"[^\W\d_]{5,}")
_NUMBER = re.compile(r"\d+")
_DELIVERS = re.compile(
    r"""\bgit(?:[\s",]+-\S+(?:[\s",]+[^\s"-]\S*)?)*[\s",]+(?:commit|push)(?![-\w])"""
    r"""|\bgh[\s",]+pr[\s",]+(?:create|merge)(?![-\w])"""
)
"""In a shell's line, or in a list of words as JSON writes it."""


def fingerprint(salt: bytes, *parts: bytes) -> bytes:
    """Return 16 bytes that are equal for equal parts under one salt."""
    return blake2b(b"\x1f".join(parts), digest_size=16, key=salt).digest()


def arguments_mark(salt: bytes, tool: str, arguments: msgspec.Raw | bytes) -> bytes:
    """Return the fingerprint of a tool and its arguments, whatever the order of their names."""
    plain = bytes(arguments)
    with suppress(*FAULTS):  # what is not JSON is compared as it stands
        plain = msgspec.json.encode(msgspec.json.decode(plain), order="sorted")
    return fingerprint(salt, tool.encode("utf-8", "surrogatepass"), plain)


def delivers(command: str) -> bool:
    """Return whether a command line commits, pushes, or opens or merges a pull request."""
    return _DELIVERS.search(command) is not None


def asked(salt: bytes, session: str, at: int | None, text: str) -> Asked:
    """Return a prompt as hashes."""
    words = _NUMBER.sub("#", text.lower()).split()[:_MOST_WORDS]
    grams = frozenset(
        _hash(salt, " ".join(words[start : start + _GRAM_WORDS]), 8) for start in range(len(words) - _GRAM_WORDS + 1)
    )
    long = frozenset(_hash(salt, word, 8) for word in _WORD.findall(text.lower()[:_MOST_LETTERS]))
    return Asked(session, at, _hash(salt, " ".join(words), 16), grams, long)


def _hash(salt: bytes, text: str, size: int) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size, key=salt).digest()


class OpenCalls:
    """Tool calls that wait for their results, each told once."""

    def __init__(self) -> None:
        self._open: dict[str, Called] = {}

    def begin(self, name: str, call: Called) -> None:
        """Note a call under the agent's own id."""
        self._open[name] = call

    def end(self, name: str, *, failed: bool, delivers: bool = False) -> Called | None:
        """Return the finished call; None where none of this name is open."""
        call = self._open.pop(name, None)
        return call and call._replace(failed=failed, delivers=call.delivers or delivers)

    def rest(self) -> list[Called]:
        """Return the calls without a result, in order."""
        return list(self._open.values())


def called(
    session: str,
    at: int | None,
    kind: ToolKind | None,
    mark: bytes | None,
    paths: tuple[str, ...] = (),
    *,
    delivers: bool = False,
) -> Called:
    """Return a call whose end is not known yet."""
    return Called(session, at, kind and kind.value, mark, paths, None, delivers)
