"""Guessing, for oneself: which runs are guessed about, what was guessed, and what it says. It never leaves."""

from collections.abc import Iterable

from goodmeasure.domain.calibration import GuessName
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.runs import Run
from goodmeasure.host.clock import Clock
from goodmeasure.ledger.calibration import append_guess, guessed_runs, guesses
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.salts import GUESSES, salt
from goodmeasure.value.calibration import Calibration, GuessError, calibration, checked_guess, is_asked


class Guessing:
    """The verbs "guess" and "what do my guesses say". Not for the thread that draws."""

    def __init__(self, ledger: Ledger, clock: Clock, *, wanted: bool = True) -> None:
        """`wanted`: whether the person lets the app ask; where not, no run is asked about."""
        self._ledger = ledger
        self._clock = clock
        self._wanted = wanted

    def asked_of(self, runs: Iterable[Run]) -> frozenset[int]:
        """Return which of these runs are among the one in ten that guesses are asked of. Raises LedgerError."""
        if not self._wanted:
            return frozenset()
        secret = salt(self._ledger, GUESSES)
        return frozenset(run.id for run in runs if is_asked(run.key, secret))

    def guess(self, run_id: int, name: GuessName, value: str | None) -> None:
        """Keep a guess; None takes the current one back. Any run may be guessed about.

        Raises Refusal for an answer that there is not, LedgerError for a run that does not exist.
        """
        try:
            checked = None if value is None else checked_guess(name, value)
        except GuessError as error:
            raise Refusal(str(error)) from error
        append_guess(self._ledger, run_id, name, checked, self._clock.now())

    def guesses_of(self, run_id: int) -> dict[GuessName, str]:
        """Return the current guesses of a run. Raises LedgerError."""
        return guesses(self._ledger).get(run_id, {})

    def summary(self) -> Calibration:
        """Return what all guesses say. Raises LedgerError."""
        return calibration(guessed_runs(self._ledger))
