"""Today's five: once a day the app draws the runs that it asks about."""

import secrets
from collections.abc import Sequence
from datetime import date, tzinfo

from goodmeasure.domain.period import moment
from goodmeasure.host.clock import Clock
from goodmeasure.ledger.behind import has_drawn
from goodmeasure.ledger.draws import DrawRecord, FrameRun, costs, drawn_waiting, frame, record_draws
from goodmeasure.ledger.opening import Ledger
from goodmeasure.value.sampling import FRAME_DAYS, Candidate, costly_from, draw_for_day

_DAY_MS = 86_400_000
_COST_DAYS = 90
"""Whose costs say what is costly for this person now."""
_SEED_BYTES = 32


class Sampling:
    """Draws runs to ask about. Not for the thread that draws the window."""

    def __init__(self, ledger: Ledger, zone: tzinfo, clock: Clock) -> None:
        self._ledger = ledger
        self._zone = zone
        self._clock = clock

    def draw_today(self) -> bool:
        """Draw for the person's own day unless that was done; return whether this call did it. Raises LedgerError."""
        now = self._clock.now()
        today = moment(now, self._zone).date()
        if has_drawn(self._ledger, today.isoformat()):
            return False
        asked = frame(self._ledger, now, now - FRAME_DAYS * _DAY_MS)
        earlier = costs(self._ledger, now, now - _COST_DAYS * _DAY_MS)
        record_draws(self._ledger, [record_of(asked, earlier, today, now, secrets.token_bytes(_SEED_BYTES))])
        return True

    def waiting(self) -> list[int]:
        """Return the drawn runs of the last days that have no outcome yet, earliest first. Raises LedgerError."""
        return drawn_waiting(self._ledger, self._clock.now() - FRAME_DAYS * _DAY_MS)


def record_of(
    frame_runs: Sequence[FrameRun], own_costs: Sequence[int | None], day: date, now: int, seed: bytes
) -> DrawRecord:
    """Return one day's draw over a frame. `now`: its instant in ms UTC; `own_costs`: micro-USD, to tell the costly."""
    threshold = costly_from(own_costs)
    candidates = [Candidate(run.run_id, run.key, run.list_cost_micros) for run in frame_runs]
    entries = draw_for_day(candidates, threshold, seed)
    return DrawRecord(
        day.isoformat(), now, seed, threshold, tuple((entry.run_id, entry.draw, entry.drawn) for entry in entries)
    )
