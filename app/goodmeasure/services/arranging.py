"""Runs that make sense to a person: merged and split by hand, with undo. Judgements keep their run."""

from collections.abc import Sequence
from dataclasses import dataclass

from goodmeasure.domain.runs import Run
from goodmeasure.host.clock import Clock
from goodmeasure.ledger import edits, reads
from goodmeasure.ledger.arranging import Edit
from goodmeasure.ledger.errors import LedgerError
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

    def merge_all(self, run_ids: Sequence[int]) -> Run:
        """Make several runs of one agent one, under the name of the earliest, which is returned.

        Each of the others takes one `undo`. Raises LedgerError, and changes nothing, for runs of several agents and
        where one does not exist.
        """
        runs = reads.runs_by_id(self.ledger, run_ids)
        if len(runs) != len(set(run_ids)) or not runs:
            raise LedgerError("One of these runs is no longer there: choose them again.")
        if len({run.source for run in runs}) > 1:
            raise LedgerError("Runs of several agents cannot be one: their totals would be mixed up.")
        kept, *others = sorted(runs, key=lambda run: (run.started_at is None, run.started_at or 0, run.id))
        for other in others:
            self.merge(other.id, kept.id)
        return kept

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
