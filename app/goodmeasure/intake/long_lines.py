"""Lines too long to hold: their long texts are left out while they stream by, their structure and numbers stay.

Raw line feeds cannot stand inside JSON, so a line's end is known without understanding it.
"""

import re

KEPT_TEXT_BYTES = 1024
"""Longest string of a compacted line, in bytes; longer ones become empty. Ids, names and times are far shorter."""

_NEXT_STRING = re.compile(rb'[^"]*+("[^"\\]*+(?:\\.[^"\\]*+)*+")', re.DOTALL)
_REST_OF_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


class LongLine:
    """One line in pieces. Memory stays at the size of what is kept."""

    def __init__(self, kept_bytes: int) -> None:
        """`kept_bytes`: how large the compacted line may grow before it is given up."""
        self._kept_bytes = kept_bytes
        self._parts: list[bytes] = []
        self._size = 0
        self._open = b""
        """The unfinished string at the end of what was added (with its quote), until it is too long to keep."""
        self._inside = False
        self._escape = b""
        self.too_long = False
        """Even without its texts the line is larger than `kept_bytes`."""

    def add(self, piece: bytes) -> None:
        """Take the next piece of the line (without line feed)."""
        if self.too_long:
            return
        if self._inside:
            piece = self._end_string(self._escape + piece)
        if piece:
            self._outside(piece)

    def line(self) -> bytes:
        """Return the line with its long strings emptied; an unfinished string stays unfinished."""
        return b"".join(self._parts) + (self._open if self._inside else b"") + self._escape

    def _end_string(self, piece: bytes) -> bytes:
        """Go on inside a string; return what follows it."""
        self._escape = b""
        match = _REST_OF_STRING.match(piece)
        end = match.end() if match else 0
        if end < len(piece) and piece[end : end + 1] == b'"':
            self._grow_open(piece[: end + 1])
            self._keep(self._open or b'""')
            self._inside, self._open = False, b""
            return piece[end + 1 :]
        if end < len(piece):  # a lone backslash at the end: its partner comes with the next piece
            self._escape = piece[end:]
        self._grow_open(piece[:end])
        return b""

    def _grow_open(self, more: bytes) -> None:
        if self._open and len(self._open) + len(more) <= KEPT_TEXT_BYTES:
            self._open += more
        else:
            self._open = b""

    def _outside(self, piece: bytes) -> None:
        at = 0
        # Matched from where the last string ended, never searched: a search would begin inside the unfinished string.
        while match := _NEXT_STRING.match(piece, at):
            short = match.end() - match.start(1) <= KEPT_TEXT_BYTES
            self._keep(match.group() if short else piece[at : match.start(1)] + b'""')
            at = match.end()
        quote = piece.find(b'"', at)
        if quote < 0:
            self._keep(piece[at:])
            return
        self._keep(piece[at:quote])
        self._inside, self._open = True, b'"'
        self._end_string(piece[quote + 1 :])

    def _keep(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._size > self._kept_bytes:
            self.too_long = True
            self._parts, self._open = [], b""
