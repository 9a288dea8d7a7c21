"""What a ledger has still to catch up with. Light: an import that finds nothing new asks this and nothing else."""

from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

PRICES_MARK = "prices"
"""Where `meta` says which prices the costs are from."""


def summaries_behind(ledger: Ledger) -> bool:
    """Return whether a summary is out of date, as a killed import leaves it. Raises LedgerError."""
    return _any(ledger, "SELECT EXISTS (SELECT 1 FROM dirty_run) OR EXISTS (SELECT 1 FROM dirty_bucket)")


def splits_behind(ledger: Ledger) -> bool:
    """Return whether a run waits to be looked through for pauses. Raises LedgerError."""
    return _any(ledger, "SELECT EXISTS (SELECT 1 FROM split_due)")


def prices_behind(ledger: Ledger, mark: str) -> bool:
    """Return whether costs are from prices of another mark. Raises LedgerError."""
    return not _any(ledger, "SELECT EXISTS (SELECT 1 FROM meta WHERE key = ? AND value = ?)", PRICES_MARK, mark)


def has_drawn(ledger: Ledger, day: str) -> bool:
    """Return whether this day (`2026-11-23`) has had its draw. Raises LedgerError."""
    return _any(ledger, "SELECT EXISTS (SELECT 1 FROM draw WHERE drawn_on = ?)", day)


def _any(ledger: Ledger, question: str, *values: str) -> bool:
    with told(ledger.path):
        return bool(ledger.raw().execute(question, values).fetchone()[0])
