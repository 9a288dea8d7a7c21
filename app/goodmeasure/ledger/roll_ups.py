"""The journal of roll-ups: who was in each, so that no later one can be subtracted from it."""

import json

from goodmeasure.domain.received import MadeRollUp
from goodmeasure.ledger.errors import LedgerError, told
from goodmeasure.ledger.handle import Ledger


def record_roll_up(ledger: Ledger, made: MadeRollUp, before: int) -> None:
    """Enter a roll-up that was held against the `before` earlier ones of its period.

    Raises LedgerError, also where another was entered meanwhile: the two were not held against each other.
    """
    members = json.dumps({part: sorted(marks) for part, marks in sorted(made.members.items())})
    with ledger.writing(lasting=True) as connection:
        now = connection.execute("SELECT count(*) FROM roll_up WHERE period = ?", (made.period,)).fetchone()[0]
        if now != before:
            raise LedgerError(f"Another roll-up of {made.period} was made at the same time: roll up again.")
        connection.execute(
            "INSERT INTO roll_up(period, body, members, made_at) VALUES (?,?,?,?)",
            (made.period, made.body, members, made.made_at),
        )


def roll_ups(ledger: Ledger) -> list[MadeRollUp]:
    """Return every roll-up ever made here, oldest first. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute("SELECT period, body, members, made_at FROM roll_up ORDER BY id").fetchall()
    return [
        MadeRollUp(
            period, bytes(body), {part: frozenset(marks) for part, marks in json.loads(members).items()}, made_at
        )
        for period, body, members, made_at in rows
    ]
