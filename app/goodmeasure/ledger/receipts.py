"""Receipts of weeks: written once, read when a run of theirs is opened."""

from collections.abc import Sequence

from goodmeasure.domain.receipts import SealedReceipt, SealedRun
from goodmeasure.ledger.audit import chain_on
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger


def keep_receipt(ledger: Ledger, receipt: SealedReceipt, runs: Sequence[SealedRun]) -> bool:
    """Keep a week's receipt and enter its root in the audit log; False where the week has one. Raises LedgerError."""
    with ledger.writing(lasting=True) as connection:
        made = connection.execute(
            "INSERT OR IGNORE INTO receipt(week, filling, root, made_at) VALUES (?, ?, ?, ?)",
            (receipt.week, receipt.filling, receipt.root, receipt.made_at),
        )
        if not made.rowcount:
            return False
        number = made.lastrowid
        connection.executemany(
            "INSERT INTO receipt_leaf VALUES (?, ?, ?)",
            [(number, place, leaf) for place, leaf in receipt.leaves.items()],
        )
        connection.executemany(
            "INSERT INTO receipt_run VALUES (?, ?, ?, ?, ?)",
            [(run.run_id, number, run.place, run.salt, run.record) for run in runs],
        )
        chain_on(connection, receipt.made_at, "receipt", receipt.root)
    return True


def receipt_weeks(ledger: Ledger) -> list[str]:
    """Return the weeks that have a receipt, oldest first. Raises LedgerError."""
    with told(ledger.path):
        return [week for (week,) in ledger.raw().execute("SELECT week FROM receipt ORDER BY week")]


def receipt_of(ledger: Ledger, week: str) -> SealedReceipt | None:
    """Return a week's receipt; None where it has none. Raises LedgerError."""
    with told(ledger.path):
        connection = ledger.raw()
        row = connection.execute("SELECT id, root, filling, made_at FROM receipt WHERE week = ?", (week,)).fetchone()
        if row is None:
            return None
        leaves = connection.execute("SELECT place, leaf FROM receipt_leaf WHERE receipt_id = ?", (row[0],))
        return SealedReceipt(week, row[1], row[2], dict(leaves.fetchall()), row[3])


def sealed_runs(ledger: Ledger) -> dict[int, tuple[str, SealedRun]]:
    """Return the latest record of each run that was ever sealed, with the week of its receipt. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(
            "SELECT run_id, place, salt, record, week FROM receipt_run JOIN receipt ON receipt.id = receipt_id"
            " ORDER BY receipt.id"
        )
        return {run_id: (week, SealedRun(run_id, *rest)) for run_id, *rest, week in rows}
