"""How a request can end, for both protocols."""


class RefusedError(Exception):
    """The request can never be taken: sending it again is no use. `reason` is counted, and said to the sender."""

    def __init__(self, reason: str, http_status: int = 400) -> None:
        super().__init__(reason)
        self.reason = reason
        self.http_status = http_status


class TryLaterError(Exception):
    """The request could not be kept now: the sender should try again after `seconds`."""

    def __init__(self, seconds: int = 5) -> None:
        super().__init__("The ledger is busy or full.")
        self.seconds = seconds


TOO_LARGE = "larger than the receiver takes"
NOT_OTLP = "not an OTLP message"
FOREIGN = "addressed to another machine, or sent by a web page"
WRONG_TYPE = "of a content type or compression that is not OTLP's"
BROKEN = "broken off, or not HTTP as agents send it"
FAILED = "not understood by this version"
"""Why a request is refused, as counts are kept and shown: to be read after “was”."""

MOST_BYTES = 32 << 20
"""Largest body that is taken, as sent; OTLP's own exporters stay far below."""
MOST_PLAIN_BYTES = 64 << 20
"""Largest body after decompression."""
