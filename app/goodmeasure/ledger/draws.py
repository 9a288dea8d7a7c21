"""Which runs the app has drawn to ask about, with all that makes a draw repeatable. Nothing here is ever changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from goodmeasure.domain.assessments import Draw, Stratum
from goodmeasure.ledger.codes import ENDED_AFTER_MS
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

_ASKABLE = "run_summary.ended_at <= ?1 AND (run_summary.generations > 0 OR run_summary.prompts > 0)"


@dataclass(frozen=True, slots=True)
class FrameRun:
    """A run that may be drawn: its id, its key, and its list cost in micro-USD (None: unknown)."""

    run_id: int
    key: str
    list_cost_micros: int | None


@dataclass(frozen=True, slots=True)
class DrawRecord:
    """One day's draw."""

    drawn_on: str
    """The person's own day, `2026-11-23`."""
    drawn_at: int
    seed: bytes
    costly_from_micros: int | None
    frame: tuple[tuple[int, Draw, bool], ...]
    """Every run of the frame: its id, its stratum and chance, and whether it was drawn."""


def frame(ledger: Ledger, now: int, since: int) -> list[FrameRun]:
    """Return the runs that ended at `since` or later, are over, and have never stood in a frame. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(
            "SELECT run_summary.run_id, run.key, run_summary.cost_micros FROM run_summary"  # noqa: S608 - constant parts
            f" JOIN run ON run.id = run_summary.run_id WHERE {_ASKABLE} AND run_summary.ended_at >= ?2"
            " AND NOT EXISTS (SELECT 1 FROM draw_run WHERE draw_run.run_id = run_summary.run_id) ORDER BY run.key",
            (now - ENDED_AFTER_MS, since),
        )
        return [FrameRun(*row) for row in rows]


def costs(ledger: Ledger, now: int, since: int) -> list[int | None]:
    """Return what each run that ended since then cost, in micro-USD; None where unknown. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(
            f"SELECT cost_micros FROM run_summary WHERE {_ASKABLE} AND run_summary.ended_at >= ?2",  # noqa: S608 - constant parts
            (now - ENDED_AFTER_MS, since),
        )
        return [cost for (cost,) in rows]


def record_draws(ledger: Ledger, records: Sequence[DrawRecord]) -> None:
    """Write draws in one transaction that outlives a power cut; a day that has one already keeps it.

    Raises LedgerError; then none was written.
    """
    with ledger.writing(lasting=True) as connection:
        for record in records:
            written = connection.execute(
                "INSERT INTO draw(drawn_on, drawn_at, seed, costly_from_micros) VALUES (?, ?, ?, ?)"
                " ON CONFLICT(drawn_on) DO NOTHING",
                (record.drawn_on, record.drawn_at, record.seed, record.costly_from_micros),
            )
            if not written.rowcount:
                continue
            connection.executemany(
                "INSERT INTO draw_run(run_id, draw_id, stratum, inclusion_probability, drawn) VALUES (?, ?, ?, ?, ?)",
                [
                    (run_id, written.lastrowid, draw.stratum, draw.inclusion_probability, chosen)
                    for run_id, draw, chosen in record.frame
                ],
            )


def draw_of(ledger: Ledger, run_id: int) -> Draw | None:
    """Return how a run was drawn; None where it was not. Raises LedgerError."""
    with told(ledger.path):
        row = (
            ledger.raw()
            .execute(
                "SELECT stratum, inclusion_probability FROM draw_run WHERE run_id = ? AND drawn",
                (run_id,),
            )
            .fetchone()
        )
    return None if row is None else Draw(Stratum(row[0]), row[1])


@dataclass(frozen=True, slots=True)
class DrawnRun:
    """A run that the app asks about."""

    run_id: int
    drawn_on: str
    """The person's own day, `2026-11-23`."""
    outcome: str | None


def drawn_since(ledger: Ledger, since: int) -> list[DrawnRun]:
    """Return the runs that were drawn at `since` (ms UTC) or later, earliest draw first. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(
            "SELECT draw_run.run_id, draw.drawn_on, run_summary.outcome FROM draw_run"
            " JOIN draw ON draw.id = draw_run.draw_id JOIN run_summary ON run_summary.run_id = draw_run.run_id"
            " WHERE draw_run.drawn AND draw.drawn_at >= ?"
            " ORDER BY draw.drawn_at, run_summary.ended_at, draw_run.run_id",
            (since,),
        )
        return [DrawnRun(*row) for row in rows]


def drawn_waiting(ledger: Ledger, since: int) -> list[int]:
    """Return the runs that were drawn at `since` or later and have no outcome, earliest draw first.

    Raises LedgerError.
    """
    with told(ledger.path):
        rows = ledger.raw().execute(
            "SELECT draw_run.run_id FROM draw_run JOIN draw ON draw.id = draw_run.draw_id"
            " JOIN run_summary ON run_summary.run_id = draw_run.run_id"
            " WHERE draw_run.drawn AND draw.drawn_at >= ? AND run_summary.outcome IS NULL"
            " ORDER BY draw.drawn_at, run_summary.ended_at, draw_run.run_id",
            (since,),
        )
        return [run_id for (run_id,) in rows]
