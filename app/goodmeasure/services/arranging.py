"""Runs that make sense to a person: merged and split by hand, with undo. Judgements keep their run."""

from dataclasses import dataclass

from goodmeasure.host.clock import Clock
from goodmeasure.ledger import edits
from goodmeasure.ledger.arranging import Edit
from goodmeasure.ledger.opening import Ledger

__all__ = ["Arranging", "Edit"]


@dataclass(frozen=True, slots=True)
class Arranging:
    """The verbs "merge", "split" and "undo". Not for the thread that draws."""

    ledger: Ledger
    clock: Clock

    def merge(self, run_id: int, into_id: int) -> None:
        """Make two runs of one agent one, under the name of `into_id`; of their judgements the latest counts.

        Raises LedgerError, and changes nothing, for runs of two agents and for one that does not exist.
        """
        edits.merge_runs(self.ledger, run_id, into_id, self.clock.now())

    def split(self, run_id: int, from_at: int) -> int:
        """Make what a run did from an instant on (ms UTC) a run of its own, and return its id.

        Judgements, evidence and facts stay with the first part. Raises LedgerError where nothing lies on one side.
        """
        return edits.split_run(self.ledger, run_id, from_at, self.clock.now())

    def undo(self, run_id: int | None = None) -> Edit:
        """Undo the latest merge or split, of this run and its parts or of all; a judgement stays where it was given.

        Raises LedgerError where there is none.
        """
        return edits.undo_edit(self.ledger, run_id, self.clock.now())

    def history(self) -> list[Edit]:
        """Return every merge and split, oldest first, undone ones included."""
        return edits.edits_of(self.ledger)
