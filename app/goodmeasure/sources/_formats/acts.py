"""Tool calls and prompts as salted hashes: shared by the sources whose logs tell them."""

import re
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b

import msgspec

from goodmeasure.domain.events import ToolKind
from goodmeasure.domain.work import Asked, Called, Reach
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
_BEGINS = r"""(?:^|[;&|(`"\n$]|\bsudo|\bxargs|-l?c[\s",]+)[\s"'(]*"""
_ENDS = r"""(?=[\s",]|$)"""
_REACHES = {
    Reach.DELETES: re.compile(
        rf"""{_BEGINS}(?:rm|rmdir|unlink|shred|truncate|del|rd|Remove-Item){_ENDS}"""
        r"""|\bfind\b[^;|&]{0,200}\s-delete\b|\bdrop\s+(?:table|database|schema)\b"""
        r"""|\bgit[\s",]+(?:clean|reset[\s",]+--hard|branch[\s",]+-D|push[^;|&]{0,200}--(?:force|delete))""",
        re.IGNORECASE,
    ),
    Reach.NETWORK: re.compile(
        rf"""{_BEGINS}(?:curl|wget|ssh|scp|sftp|rsync|ftp|nc|telnet|Invoke-WebRequest){_ENDS}"""
        rf"""|{_BEGINS}(?:gh|glab|aws|gcloud|az|kubectl){_ENDS}"""
        r"""|\bgit[\s",]+(?:-[^\s",]+[\s",]+(?:[^\s",-][^\s",]*[\s",]+)??)*(?:push|pull|fetch|clone|ls-remote)\b"""
        r"""|\b(?:npm|pnpm|yarn|pip3?|uv|cargo|gem|brew|apt(?:-get)?|go)[\s",]+(?:pip[\s",]+)?"""
        r"""(?:install|add|publish|upload|get|update)\b"""
        r"""|\bdocker[\s",]+(?:pull|push|login)\b|\bhttps?://(?!localhost|127\.0\.0\.1|\[::1\])""",
        re.IGNORECASE,
    ),
    Reach.CREDENTIALS: re.compile(
        rf"""{_BEGINS}(?:gpg2?|pass|vault|op|secret-tool|ssh-add|ssh-keygen|keyring|printenv){_ENDS}"""
        r"""|\bsecurity[\s",]+find-|\b(?:gh|aws|gcloud|az|docker|npm)[\s",]+(?:auth|configure|login)\b""",
        re.IGNORECASE,
    ),
}
_SECRET_FILE = re.compile(
    r"""(?:^|[\\/\s"'=])(?:\.env(?:\.(?!example|sample|template)[\w-]+)?|\.netrc|\.pgpass|\.npmrc|\.pypirc"""
    r"""|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519)|credentials(?:\.json)?"""
    r"""|[\w.-]+\.(?:pem|p12|pfx|keystore))(?=$|[\s"',;)|&])""",
    re.IGNORECASE,
)
_LOOKED_AT = 2000
"""Of a longer command only the beginning is looked at: what follows is text that it writes somewhere."""


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


def reaches(command: str, paths: Iterable[str] = ()) -> frozenset[Reach]:
    """Return what a command line, or the files of a call, reach for: by their words, so neither all nor only it.

    A program counts at the start of a command, after one of ; & | ( ` $ and after sudo, xargs or a shell's -c.
    """
    command = command[:_LOOKED_AT]
    found = {reach for reach, pattern in _REACHES.items() if pattern.search(command)}
    if any(_SECRET_FILE.search(path) for path in (command, *paths)):
        found.add(Reach.CREDENTIALS)
    return frozenset(found)


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
    command: str = "",
) -> Called:
    """Return a call whose end is not known yet; `command`: what it ran, "" where it ran nothing."""
    reached = reaches(command, paths)
    return Called(session, at, kind and kind.value, mark, paths, None, delivers(command), reached)
