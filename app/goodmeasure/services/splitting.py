"""Runs that make sense to a person: a session is split where a pause meets another branch or topic."""

import secrets
from collections.abc import Callable

from goodmeasure.domain.work import Act
from goodmeasure.host.clock import Clock
from goodmeasure.host.git import project_of
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.pauses import (
    Cut,
    DueRun,
    due_runs,
    is_the_persons,
    looked_through,
    sessions_of,
    signs_of,
    split_at_pauses,
)
from goodmeasure.services.acts import act_readers, acts_of
from goodmeasure.value.pauses import begins_another, pauses, place_after

LOOK_BACK_MS = 30 * 86_400_000
"""Runs that ended longer ago stay whole: nobody is asked about them, and agents delete logs by then."""


class Splitting:
    """The verb "split at pauses". Reads the logs of silent runs with pauses; one look for each of their silences."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._salt = secrets.token_bytes(32)

    def split(self, cancelled: Callable[[], bool] = lambda: False) -> int:
        """Look through every run with news that is silent by now; return how many splits were made.

        Judged, drawn and hand-arranged runs stay whole. Raises LedgerError.
        """
        now = self._clock.now()
        done: list[DueRun] = []
        made = 0
        for due in due_runs(self._ledger, now):
            if cancelled():
                break
            done.append(due)
            if due.ended_at >= now - LOOK_BACK_MS:
                made += self._split(due, now)
        if done:
            looked_through(self._ledger, [due.run_id for due in done])
        return made

    def _split(self, due: DueRun, now: int) -> int:
        signs = signs_of(self._ledger, due.run_id)
        paused = pauses(signs.worked_at, signs.prompted_at)
        if not paused or is_the_persons(self._ledger, due.run_id):
            return 0
        acts = self._acts(due)
        if acts is None:
            return 0
        cuts: list[Cut] = []
        since = min(signs.worked_at + signs.prompted_at)
        for pause in paused:
            if begins_another(acts, pause, since, lambda folder: project_of(folder)[0]):
                cuts.append(Cut(pause.asked_at, *place_after(acts, pause)))
                since = pause.asked_at
        return split_at_pauses(self._ledger, due.run_id, cuts, project_of, now) if cuts else 0

    def _acts(self, due: DueRun) -> list[Act] | None:
        told = acts_of(self._ledger, due.first_part, act_readers(), self._salt)
        if told is None:
            return None
        own = {session.partition("/")[0] for session in sessions_of(self._ledger, due.first_part)}
        return [act for act in told if act.session.partition("/")[0] in own]
