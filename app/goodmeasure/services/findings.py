"""Looking for private findings. Reads the ledger and the runs' own logs; only a dismissal changes anything."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from goodmeasure.domain.findings import Detector, Finding
from goodmeasure.domain.work import Act
from goodmeasure.findings.looking import look_for
from goodmeasure.host.clock import Clock
from goodmeasure.ledger.findings import KnownRun, dismiss, dismissals, known_runs, take_back
from goodmeasure.ledger.opening import Ledger
from goodmeasure.services.acts import act_readers, acts_of, acts_within

PERIOD_DAYS = 30
_DAY_MS = 86_400_000


class Findings:
    """The verbs "look for patterns" and "that is no waste". Not for the thread that draws the window."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._readers = act_readers()

    def look(
        self,
        *,
        days: int = PERIOD_DAYS,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Finding] | None:
        """Return what was found in the runs of the last `days` days; None where it was cancelled.

        `progress` gets (runs read, runs in all). Nothing of what the logs tell is kept. Raises LedgerError.
        """
        now = self._clock.now()
        known = known_runs(self._ledger, now - days * _DAY_MS, now + 1)
        salt = secrets.token_bytes(32)
        runs = []
        for done, one in enumerate(known, 1):
            if cancelled():
                return None
            runs.append(replace(one.run, acts=self._acts(one, salt)))
            if progress:
                progress(done, len(known))
        return look_for(runs, dismissals(self._ledger), now)

    def dismiss(self, finding: Finding) -> None:
        """Keep that a finding is no waste.

        Its detector is silent in that project for 30 days, and less eager afterwards. Raises LedgerError.
        """
        self.dismiss_detector(finding.detector, finding.project_id)

    def dismiss_detector(self, detector: Detector, project_id: int | None) -> None:
        """Keep that a detector is to be silent in a project (None: unknown, or all of them). Raises LedgerError."""
        dismiss(self._ledger, detector, project_id, self._clock.now())

    def take_back(self, finding: Finding) -> None:
        """Undo the latest dismissal of a finding's detector in its project. Raises LedgerError."""
        take_back(self._ledger, finding.detector, finding.project_id)

    def _acts(self, known: KnownRun, salt: bytes) -> tuple[Act, ...] | None:
        """Return what a run's logs tell; None where one of them cannot be asked."""
        told = acts_of(self._ledger, known.first_part, self._readers, salt)
        if told is None:
            return None
        return tuple(acts_within(told, known.sessions, known.run.started_at, known.run.ended_at))
