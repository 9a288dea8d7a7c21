"""Everything that can be asked of a ledger, by name; each kind of question has a module, none changes anything."""

from goodmeasure.ledger.health import Counts, counts, projects, refused, source_health
from goodmeasure.ledger.run_detail import run_detail
from goodmeasure.ledger.runs import AmbiguousRunError, find_run, inbox_run_ids, rated_runs, run_ids, runs_by_id
from goodmeasure.ledger.unlogged import unlogged, unlogged_of_run
from goodmeasure.ledger.usage import estimated_usage, usage_rows

__all__ = [
    "AmbiguousRunError",
    "Counts",
    "counts",
    "estimated_usage",
    "find_run",
    "inbox_run_ids",
    "projects",
    "rated_runs",
    "refused",
    "run_detail",
    "run_ids",
    "runs_by_id",
    "source_health",
    "unlogged",
    "unlogged_of_run",
    "usage_rows",
]
