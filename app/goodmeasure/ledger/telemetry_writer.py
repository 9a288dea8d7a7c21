"""The receiver's side of the ledger: what agents sent is written in one transaction before they are answered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlcipher3 import dbapi2

from goodmeasure.domain.events import Batch
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.events_in import CostOf
from goodmeasure.ledger.files import FileReading
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.sessions import ProjectOf
from goodmeasure.ledger.summaries import refresh
from goodmeasure.ledger.telemetry import unmatched
from goodmeasure.ledger.writer import Transaction

BUSY_MS = 3_000
"""How long a write waits for another program's: an agent gives up after about ten seconds, and sends again."""


class Sent(NamedTuple):
    """What one source sent in one request."""

    source: str
    batch: Batch
    """All of its generations carry the flag TELEMETRY; `lines` counts events and spans."""
    metrics: int
    received_at: int
    """Milliseconds since 1970 UTC."""


class TelemetryWriter:
    """Writes telemetry, from one thread."""

    def __init__(self, ledger: Ledger, cost_of: CostOf, project_of: ProjectOf) -> None:
        self._ledger = ledger
        self._cost_of = cost_of
        self._project_of = project_of

    def write(self, requests: Sequence[Sent], refusals: Mapping[str, int], now: int) -> None:
        """Write what was sent and how many requests were refused why, all or nothing. Raises LedgerError.

        What was sent before, or stands in a log, changes nothing.
        """
        with told(self._ledger.path):
            self._ledger.raw().execute(f"PRAGMA busy_timeout={BUSY_MS}")
        with self._ledger.writing(lasting=True) as connection:
            for sent in requests:
                self._note_request(connection, sent)
            readings = [(_reading(sent), _fresh(connection, sent)) for sent in requests]
            written = Transaction(connection, self._cost_of, self._project_of).write(readings, told=True)
            connection.executemany(
                "UPDATE telemetry_feed SET calls = calls + ? WHERE source = ?",
                [(one.generations_added, sent.source) for sent, one in zip(requests, written, strict=True)],
            )
            connection.executemany(
                "INSERT INTO telemetry_refusal(reason, count, last_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
                " count = count + excluded.count, last_at = excluded.last_at",
                [(reason, number, now) for reason, number in refusals.items()],
            )

    def take_over(self, source: str, batch: Batch, last_at: int) -> int:
        """Write what only telemetry told another ledger, up to `last_at`; return how many calls were new.

        Raises LedgerError.
        """
        sent = Sent(source, batch, 0, last_at)
        with self._ledger.writing() as connection:
            self._note_request(connection, sent, requests=0)
            reading = (_reading(sent), _fresh(connection, sent))
            (written,) = Transaction(connection, self._cost_of, self._project_of).write([reading], told=True)
        return written.generations_added

    def finish(self) -> int:
        """Refresh what the screens read and return how many runs changed. Raises LedgerError."""
        return refresh(self._ledger)

    def _note_request(self, connection: dbapi2.Connection, sent: Sent, requests: int = 1) -> None:
        path = feed_path(sent.source)
        connection.execute(
            "INSERT OR IGNORE INTO source_file(path, source, device, inode, size_bytes, mtime_ns, offset_bytes, lines,"
            " unreadable, unknown, read_at) VALUES (?, ?, 0, 0, 0, 0, 0, 0, 0, 0, ?)",
            (path, sent.source, sent.received_at),
        )
        connection.execute(
            "INSERT INTO telemetry_feed(source, source_file_id, requests, metrics, calls, first_at, last_at)"
            " SELECT ?1, id, ?5, ?3, 0, ?4, ?4 FROM source_file WHERE path = ?2 ON CONFLICT DO UPDATE SET"
            " requests = requests + excluded.requests, metrics = metrics + excluded.metrics,"
            " last_at = max(last_at, excluded.last_at)",
            (sent.source, path, sent.metrics, sent.received_at, requests),
        )


def feed_path(source: str) -> str:
    """Return the name under which a feed stands among the files."""
    return f"telemetry:{source}"


def _reading(sent: Sent) -> FileReading:
    return FileReading(feed_path(sent.source), sent.source, 0, 0, 0, 0, 0, 0, None, None)


def _fresh(connection: dbapi2.Connection, sent: Sent) -> Batch:
    return replace(sent.batch, generations=unmatched(connection, sent.batch.generations))
