"""What a person may type into a report: plain, visible, short, and no key or password in it."""

import unicodedata
from typing import Final

from goodmeasure.disclosure.secrets import secret_in
from goodmeasure.domain.errors import Refusal

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that nobody sees or that change what others see: controls, bidirectional and other format
characters, surrogates, private use, line and paragraph separators."""

_JOINERS: Final = "\u200c\u200d"
"""Two format characters that Persian, Indic scripts and emoji cannot do without; allowed between visible characters."""


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
