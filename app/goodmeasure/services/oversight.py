"""What agents were allowed to do and did. Reads the ledger and the runs' own logs; nothing is written."""

import secrets
from collections import defaultdict
from collections.abc import Callable

from goodmeasure.domain.oversight import Reached, WatchedRun
from goodmeasure.domain.period import Span
from goodmeasure.domain.work import Called, Reach
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.oversight import logged_runs, watched_runs
from goodmeasure.services.acts import act_readers, acts_of, acts_within


class Oversight:
    """Questions about what agents did. Not for the thread that draws the window."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._readers = act_readers()

    def watched(self, span: Span) -> list[WatchedRun]:
        """Return the runs that started in a span (closed on both sides), oldest first. Raises LedgerError."""
        return watched_runs(self._ledger, span)

    def reached(self, span: Span, cancelled: Callable[[], bool] = lambda: False) -> Reached | None:
        """Return what calls of these runs reached for, as their logs tell; None where it was cancelled.

        A call counts for each thing that it reaches for. Nothing of what the logs tell is kept. Raises LedgerError.
        """
        runs, told = logged_runs(self._ledger, span), 0
        calls: dict[Reach, dict[int, int]] = {reach: defaultdict(int) for reach in Reach}
        salt = secrets.token_bytes(32)
        for run in runs:
            if cancelled():
                return None
            acts = acts_of(self._ledger, run.first_part, self._readers, salt)
            if acts is None:
                continue
            told += 1
            for act in acts_within(acts, run.sessions, run.started_at, run.ended_at):
                for reach in act.reaches if isinstance(act, Called) else ():
                    calls[reach][run.run_id] += 1
        return Reached(len(runs), told, {reach: dict(found) for reach, found in calls.items()})
