"""An invented life: months of agent runs, daily draws and judgements, so that every screen has something to show."""

from collections.abc import Sequence
from datetime import UTC
from hashlib import blake2b
from pathlib import Path

from goodmeasure.domain.assessments import Draw
from goodmeasure.domain.period import moment
from goodmeasure.domain.runs import Run, RunFilter
from goodmeasure.host.clock import Clock
from goodmeasure.intake.demo import demo_ratings, write_demo_home
from goodmeasure.ledger import reads
from goodmeasure.ledger.assessments import append_assessments
from goodmeasure.ledger.draws import DrawRecord, FrameRun, record_draws
from goodmeasure.ledger.opening import Ledger
from goodmeasure.services.importing import Importing
from goodmeasure.services.sampling import record_of

_DAY_MS = 86_400_000
_UNDRAWN_DAYS = 3
"""The person has been away since: whoever opens the demo sees today's draw, after a weekend, too."""


def fill_demo(ledger: Ledger, home: Path, clock: Clock) -> None:
    """Write an invented home, read it like any other, draw on each day of it, and say what its runs were worth."""
    now = clock.now()
    write_demo_home(home, now=now)
    Importing(ledger, home).import_logs()
    runs = reads.runs_by_id(ledger, reads.run_ids(ledger, RunFilter()))
    records = _draws(runs, now)
    record_draws(ledger, records)
    drawn: dict[int, tuple[int, Draw]] = {
        run_id: (record.drawn_at, draw) for record in records for run_id, draw, chosen in record.frame if chosen
    }
    append_assessments(ledger, demo_ratings(runs, drawn, now=now))


def _draws(runs: Sequence[Run], now: int) -> list[DrawRecord]:
    """Return what the app would have drawn on each day but the last; today's draw is made when the app is opened."""
    ended = sorted(
        ((run.ended_at, run) for run in runs if run.ended_at is not None and (run.prompts or run.models)),
        key=lambda pair: (pair[0], pair[1].key),
    )
    days: dict[int, list[Run]] = {}
    for ended_at, run in ended:
        days.setdefault(ended_at // _DAY_MS, []).append(run)
    records = []
    costs: list[int | None] = []
    for day, of_day in days.items():
        drawn_at = (day + 1) * _DAY_MS - 1
        costs += [run.counters.list_cost_micros for run in of_day]
        if drawn_at < now - _UNDRAWN_DAYS * _DAY_MS:
            frame = [FrameRun(run.id, run.key, run.counters.list_cost_micros) for run in of_day]
            seed = blake2b(str(day).encode()).digest()[:32]
            records.append(record_of(frame, costs, moment(drawn_at, UTC).date(), drawn_at, seed))
    return records
