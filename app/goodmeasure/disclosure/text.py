"""What a person may type into a report: plain, visible, short, and no key or password in it."""

import re
import unicodedata
from typing import Final

from goodmeasure.disclosure.secrets import secret_in
from goodmeasure.domain.errors import Refusal

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that nobody sees or that change what others see: controls, bidirectional and other format
characters, surrogates, private use, line and paragraph separators."""

_IGNORED: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that Unicode counts as letters, marks or signs and that are drawn as nothing: fillers, joiners of marks,
selectors of variants, the empty pattern of Braille. In a row after a letter they carry a hidden text of any length."""
_JOINERS: Final = "\u200c\u200d"
"""Two format characters that Persian, Indic scripts and emoji cannot do without; allowed between visible characters."""
_AS_PICTURE: Final = "\ufe0e\ufe0f"
"""Say whether the sign before is drawn as a picture: allowed after a sign, and in a keycap."""
_KEYCAP: Final = "\u20e3"


def text_fault(text: str) -> str | None:
    """Say what is wrong with a text as it would stand in a report, or None.

    Wrong: empty, blank at either end, a character that is not seen (control, bidirectional, private use, line break).
    """
    if not text:
        return "is empty"
    if text != text.strip():
        return "starts or ends with a blank"
    for place, character in enumerate(text):
        if _is_unseen(character) and not _joins(text, place) and not _picks_picture(text, place):
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


def _is_unseen(character: str) -> bool:
    return (
        unicodedata.category(character) in _UNSEEN or character in _AS_PICTURE or _IGNORED.match(character) is not None
    )


def _joins(text: str, place: int) -> bool:
    if text[place] not in _JOINERS or place in {0, len(text) - 1}:
        return False
    before, after = text[place - 1], text[place + 1]
    if before.isspace() or after.isspace() or _is_unseen(after) or (_is_unseen(before) and before not in _AS_PICTURE):
        return False
    # No Latin word needs one; between its letters, one or the other would spell out something else.
    return not (before.isascii() and after.isascii())


def _picks_picture(text: str, place: int) -> bool:
    if text[place] not in _AS_PICTURE or place == 0:
        return False
    return unicodedata.category(text[place - 1])[0] in "SP" or text[place + 1 : place + 2] == _KEYCAP
