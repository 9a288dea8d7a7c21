"""From a request's body to the ledger: unpack, decode, map, keep; the same for both protocols."""

import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from goodmeasure.intake.otlp.answers import (
    FAILED,
    MOST_PLAIN_BYTES,
    NOT_OTLP,
    TOO_LARGE,
    WRONG_TYPE,
    RefusedError,
)
from goodmeasure.intake.otlp.keeping import Keeper
from goodmeasure.ledger.telemetry_writer import Sent
from goodmeasure.sources.otlp.decoding import UndecodableError, decoded_json, decoded_protobuf
from goodmeasure.sources.otlp.mapping import told
from goodmeasure.sources.otlp.records import Signal

_ANY_HEADER = 32
"""zlib's word for: gzip or zlib, find out which."""


@dataclass(slots=True)
class Tally:
    """What was taken since the start."""

    taken: int = 0
    refused: int = 0
    put_off: int = 0
    last_at: int | None = None


class Taking:
    """Takes requests, from any thread."""

    def __init__(self, keeper: Keeper, now: Callable[[], int]) -> None:
        self._keeper = keeper
        self._now = now
        self._guard = threading.Lock()
        self.tally = Tally()

    def take(self, body: bytes, signal: Signal | None, *, is_json: bool) -> None:
        """Return when what the body says is in the ledger.

        `signal` None: find out from the bytes. Raises RefusedError, already counted, and TryLaterError.
        """
        received_at = self._now()
        try:
            groups = decoded_json(body) if is_json else decoded_protobuf(body, signal)
            sent = [Sent(one.source, one.batch, one.metrics, received_at) for one in told(groups)]
        except UndecodableError:
            raise self.refused(NOT_OTLP) from None
        except Exception:  # noqa: BLE001 - no body may end the receiver
            raise self.refused(FAILED, 500) from None
        if sent:
            self._keeper.keep(sent)
        with self._guard:
            self.tally.taken += 1
            self.tally.last_at = received_at

    def refused(self, reason: str, http_status: int = 400) -> RefusedError:
        """Count a refusal and return what is to be raised."""
        self._keeper.count_refusal(reason)
        with self._guard:
            self.tally.refused += 1
        return RefusedError(reason, http_status)

    def put_off(self) -> None:
        """Count a request that was told to come again."""
        with self._guard:
            self.tally.put_off += 1

    def unpacked(self, body: bytes, encoding: str) -> bytes:
        """Undo the content encoding of a body. Raises RefusedError, already counted."""
        if encoding in {"", "identity"}:
            return body
        if encoding not in {"gzip", "x-gzip", "deflate"}:
            raise self.refused(WRONG_TYPE, 415)
        try:
            return self._inflated(body, zlib.MAX_WBITS + _ANY_HEADER)
        except zlib.error:
            pass
        try:
            return self._inflated(body, -zlib.MAX_WBITS)  # `deflate` without its header, as some senders mean it
        except zlib.error:
            raise self.refused(NOT_OTLP) from None

    def _inflated(self, body: bytes, window_bits: int) -> bytes:
        unpacker = zlib.decompressobj(window_bits)
        plain = unpacker.decompress(body, MOST_PLAIN_BYTES)
        if unpacker.unconsumed_tail:
            raise self.refused(TOO_LARGE, 413)
        if not unpacker.eof:
            raise self.refused(NOT_OTLP)
        return plain
