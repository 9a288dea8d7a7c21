"""What a person may type into a report: plain, visible, short, and no key or password in it."""

import re
import unicodedata
from typing import Final

from goodmeasure.domain.errors import Refusal

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that nobody sees or that change what others see: controls, bidirectional and other format
characters, surrogates, private use, line and paragraph separators."""

_JOINERS: Final = "\u200c\u200d"
"""Two format characters that Persian, Indic scripts and emoji cannot do without; allowed between visible characters."""

_SECRETS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")),
    ("an API key", re.compile(r"\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}")),
    ("a cloud access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{30,}")),
    (
        "an access token",
        re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|hf_|npm_|pypi-)[A-Za-z0-9_-]{10,}"),
    ),
    ("a login token", re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")),
    ("an address with a password in it", re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/@]+@", re.IGNORECASE)),
    ("a password", re.compile(r"\b(?:password|passwd|secret|api[_-]?key|token)\s*[=:]\s*\S{6,}", re.IGNORECASE)),
    ("a key", re.compile(r"(?=[A-Za-z0-9_+=-]*[0-9])(?=[A-Za-z0-9_+=-]*[A-Za-z])[A-Za-z0-9_+=-]{32,}")),
)
"""What an obvious secret looks like; docs/what-leaves-this-machine.md says what this cannot see."""


def text_fault(text: str) -> str | None:
    """Say what is wrong with a text as it would stand in a report, or None.

    Wrong: empty, blank at either end, a character that is not seen (control, bidirectional, private use, line break).
    """
    if not text:
        return "is empty"
    if text != text.strip():
        return "starts or ends with a blank"
    for place, character in enumerate(text):
        if unicodedata.category(character) in _UNSEEN and not _joins(text, place):
            return f"holds an invisible or control character (U+{ord(character):04X})"
    return None


def secret_in(text: str) -> str | None:
    """Name the obvious secret in a text ("a private key"), or None. Knows shapes only: None proves nothing."""
    return next((name for name, pattern in _SECRETS if pattern.search(text)), None)


def typed_text(text: str, what: str, longest: int) -> str:
    """Return what a person typed as it goes into a report: white space collapsed, Unicode composed (NFC).

    Raises Refusal, naming `what`, where it is empty, over `longest` characters, not plain, or holds an obvious secret.
    """
    clean = unicodedata.normalize("NFC", " ".join(text.split()))
    if fault := text_fault(clean):
        raise Refusal(f"{what} {fault}: type it again as plain text.")
    if len(clean) > longest:
        raise Refusal(f"{what} has {len(clean)} characters: shorten it to {longest}.")
    if secret := secret_in(clean):
        raise Refusal(f"{what} seems to hold {secret}: take it out, a report cannot be called back.")
    return clean


def _joins(text: str, place: int) -> bool:
    if text[place] not in _JOINERS or place in {0, len(text) - 1}:
        return False
    return not any(
        neighbour.isspace() or unicodedata.category(neighbour) in _UNSEEN
        for neighbour in (text[place - 1], text[place + 1])
    )
