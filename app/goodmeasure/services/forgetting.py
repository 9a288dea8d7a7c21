"""Forgetting runs, for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from goodmeasure.domain.runs import RunFilter
from goodmeasure.host.clock import Clock
from goodmeasure.ledger import reads
from goodmeasure.ledger.forgetting import Forgotten, forget_everything, forget_runs, with_all_parts
from goodmeasure.ledger.opening import Ledger

__all__ = ["Forgetting", "Forgotten", "Reach"]


@dataclass(frozen=True, slots=True)
class Reach:
    """What is to be forgotten: exactly one of these."""

    run: str | None = None
    """A run's key or its first digits, or the agent's session id."""
    project: str | None = None
    before: int | None = None
    """Runs that began before this instant, milliseconds UTC."""
    everything: bool = False


class Forgetting:
    """The verb "forget". Not for the thread that draws."""

    def __init__(self, ledger: Ledger, clock: Clock, backups: Path) -> None:
        self._ledger = ledger
        self._clock = clock
        self._backups = backups

    def runs_in(self, reach: Reach) -> Sequence[int]:
        """Return the ids of the runs that would be forgotten. Raises LedgerError for a run that does not exist."""
        if reach.run is not None:
            return [reads.find_run(self._ledger, reach.run)]
        found = reads.run_ids(self._ledger, RunFilter(project=reach.project, until=reach.before))
        # A session goes as a whole: its older parts wait until the youngest is that old.
        return found if reach.before is None else with_all_parts(self._ledger, found)

    def forget(self, reach: Reach) -> Forgotten:
        """Delete what `reach` names, judgements included. It cannot be undone, and no import brings it back.

        Raises LedgerError; then nothing was deleted.
        """
        if reach.everything:
            return forget_everything(self._ledger, self._clock.now())
        return forget_runs(self._ledger, self.runs_in(reach), self._clock.now())

    def backups(self) -> list[Path]:
        """Return the automatic copies of the ledger, in which what was forgotten lives on."""
        return sorted(self._backups.glob("*.sqlite")) if self._backups.is_dir() else []
