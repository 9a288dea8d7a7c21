"""The elements of one long JSON array, read piece by piece: memory holds one element, however long the array."""

import re
from collections.abc import Iterator
from typing import IO

READ_BYTES = 1 << 20
MOST_ELEMENT_BYTES = 64 << 20
"""Longest element that is read; chats with pasted books have a few MB."""

# Strings are passed as a whole, so that brackets inside them are not counted. Nothing here is tried twice.
_TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+([{}\[\]])', re.DOTALL)
_MARK = b"\xef\xbb\xbf"
_BETWEEN = b", \t\r\n"
CUT_OFF = "The file ends inside this record: it was cut off or is not downloaded whole."
TOO_LONG = f"This record is longer than {MOST_ELEMENT_BYTES >> 20} MB and was left out."
ENDLESS = f"A text here is longer than {MOST_ELEMENT_BYTES >> 20} MB: this record and what follows were left out."
NO_RECORD = "There is something else here than a record."
NO_ARRAY = "This is no list of records in JSON."


class Fault(str):
    """What is wrong with an element, in words for a person."""

    __slots__ = ()


def elements(stream: IO[bytes]) -> Iterator[bytes | Fault]:
    """Yield the objects and arrays that the array in `stream` holds, as bytes; a document that is one object is one.

    An element that is cut off, too long or no record is a `Fault`. What follows the array is not looked at.
    """
    return _Scan(stream).elements()


class _Scan:
    """One pass over a stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._text = b""
        self._at = 0
        """Everything before this place of the text has been looked at."""
        self._start: int | None = None
        """Where the element begins in the text; None: between elements, or inside one that is left out."""
        self._depth = 0
        self._outer = 1
        """Depth at which elements end: 1 inside the array, 0 where the document is one object."""
        self._too_long = self._endless = False

    def elements(self) -> Iterator[bytes | Fault]:
        first = self._first()
        if first not in (b"[", b"{"):
            yield Fault(NO_ARRAY)
            return
        self._outer = 1 if first == b"[" else 0
        while True:
            found = _TO_BRACKET.match(self._text, self._at)
            if found is None:
                if not self._more():
                    break
                continue
            if self._depth == self._outer and self._text[self._at : found.start(1)].strip(_BETWEEN):
                yield Fault(NO_RECORD)
            element = self._step(found.start(1), found[1])
            if element is not None:
                yield element
            if self._depth == 0:
                return
        yield Fault(ENDLESS if self._endless else TOO_LONG if self._too_long else CUT_OFF)

    def _first(self) -> bytes:
        while len(self._text) < len(_MARK) and self._more():
            pass
        self._text = self._text.removeprefix(_MARK).lstrip()
        while not self._text and self._more():
            self._text = self._text.lstrip()
        return self._text[:1]

    def _step(self, place: int, bracket: bytes) -> bytes | Fault | None:
        """Go past a bracket; return the element that it ends."""
        self._at = place + 1
        if bracket in b"{[":
            if self._depth == self._outer:
                self._start, self._too_long = place, False
            self._depth += 1
            return None
        self._depth -= 1
        if self._depth != self._outer:
            return None
        start, self._start = self._start, None
        if start is None:
            return Fault(TOO_LONG)
        return self._text[start : self._at]

    def _more(self) -> bool:
        """Read on; False at the end, and where a single text is longer than any element may be."""
        if self._start is not None and len(self._text) - self._start > MOST_ELEMENT_BYTES:
            self._start, self._too_long = None, True
        keep = self._at if self._start is None else self._start
        if len(self._text) - keep > MOST_ELEMENT_BYTES:
            self._endless = True
            return False
        block = self._stream.read(max(READ_BYTES, len(self._text) - keep))
        self._text = self._text[keep:] + block
        self._at -= keep
        if self._start is not None:
            self._start -= keep
        return bool(block)
