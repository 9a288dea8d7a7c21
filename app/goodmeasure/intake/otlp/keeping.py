"""One thread keeps what was sent: requests that wait together share a commit, and each waits until it is kept."""

import queue
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from goodmeasure.intake.otlp.answers import FAILED, RefusedError, TryLaterError
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.events_in import CostOf
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.sessions import ProjectOf
from goodmeasure.ledger.telemetry_writer import Sent, TelemetryWriter

_MOST_WAITING = 64
_PATIENCE_SECONDS = 8.0
"""How long a request waits to be kept; agents give up after ten seconds and send again."""

Clock = Callable[[], int]


@dataclass(slots=True, eq=False)
class _Parcel:
    sent: list[Sent]
    kept: threading.Event = field(default_factory=threading.Event)
    problem: Exception | None = None


class Keeper:
    """Writes to the ledger in a thread of its own, which sleeps while nothing comes."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        cost_of: CostOf,
        project_of: ProjectOf,
        now: Clock,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep nothing yet; `changed` is called in the keeper's thread after something was kept and summed up."""
        self._writer = TelemetryWriter(ledger, cost_of, project_of)
        self._now = now
        self._changed = changed
        self._waiting: queue.Queue[_Parcel | None] = queue.Queue(_MOST_WAITING)
        self._refusals: Counter[str] = Counter()
        self._guard = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="telemetry keeper", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def keep(self, sent: list[Sent]) -> None:
        """Return when this is in the ledger. Raises TryLaterError where it is not, RefusedError where it cannot be."""
        parcel = _Parcel(sent)
        try:
            self._waiting.put_nowait(parcel)
        except queue.Full:
            raise TryLaterError from None
        if not parcel.kept.wait(_PATIENCE_SECONDS):
            raise TryLaterError  # it may still be written: sent again, it changes nothing
        if parcel.problem is not None:
            raise parcel.problem

    def count_refusal(self, reason: str) -> None:
        """Count a refused request. The first one wakes the thread; the others are written along with it."""
        with self._guard:
            is_first = not self._refusals
            self._refusals[reason] += 1
        if is_first:
            with suppress(queue.Full):  # then the thread is awake
                self._waiting.put_nowait(_Parcel([]))

    def stop(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            parcels = [self._waiting.get()]
            with suppress(queue.Empty):
                while len(parcels) < _MOST_WAITING:
                    parcels.append(self._waiting.get_nowait())
            going = None not in parcels
            self._write([parcel for parcel in parcels if parcel is not None])

    def _write(self, parcels: list[_Parcel]) -> None:
        refusals = self._taken_refusals()
        try:
            if parcels or refusals:
                self._writer.write([sent for parcel in parcels for sent in parcel.sent], refusals, self._now())
        except LedgerError:
            self._give_back(refusals)
            for parcel in parcels:
                parcel.problem = TryLaterError()
        except Exception:  # noqa: BLE001 - one request that breaks the writer must not take the others along
            self._give_back(refusals)
            for parcel in parcels:
                self._write_one(parcel)
        for parcel in parcels:
            parcel.kept.set()
        if self._waiting.empty():
            with suppress(LedgerError):  # what is out of date is written down: the next one sums it up
                self._writer.finish()
            self._changed()

    def _write_one(self, parcel: _Parcel) -> None:
        try:
            self._writer.write(parcel.sent, {}, self._now())
        except LedgerError:
            parcel.problem = TryLaterError()
        except Exception:  # noqa: BLE001 - whatever it is, the next request must be taken
            parcel.problem = RefusedError(FAILED, 500)
            self.count_refusal(FAILED)

    def _taken_refusals(self) -> Counter[str]:
        with self._guard:
            taken, self._refusals = self._refusals, Counter()
        return taken

    def _give_back(self, refusals: Counter[str]) -> None:
        with self._guard:
            self._refusals.update(refusals)
