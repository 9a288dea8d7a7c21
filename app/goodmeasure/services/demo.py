"""An invented life: some months of agent runs and judgements, so that every screen has something to show."""

from pathlib import Path

from goodmeasure.domain.runs import RunFilter
from goodmeasure.host.clock import Clock
from goodmeasure.intake.demo import demo_ratings, write_demo_home
from goodmeasure.ledger import reads
from goodmeasure.ledger.assessments import append_assessments
from goodmeasure.ledger.opening import Ledger
from goodmeasure.services.importing import Importing


def fill_demo(ledger: Ledger, home: Path, clock: Clock) -> None:
    """Write an invented home, read it like any other, and say what its runs were worth."""
    now = clock.now()
    write_demo_home(home, now=now)
    Importing(ledger, home).import_logs()
    runs = reads.runs_by_id(ledger, reads.run_ids(ledger, RunFilter()))
    append_assessments(ledger, demo_ratings(runs, now=now))
