"""What must outlive a crash in a team sum: accepted rosters, and each file that was signed, once and for ever.

Which of a person's own contributions was an abstention is not kept: nobody can find out, not even here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from goodmeasure.domain.errors import Refusal
from goodmeasure.ledger.audit import chain_on
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

_FILES = "SELECT r.body, f.period, f.body FROM team_file f JOIN team_roster r ON r.id = f.team_roster_id"


@dataclass(frozen=True, slots=True)
class TeamFile:
    """One file that this person signed."""

    kind: str
    """`contribution`, `closing`, `count` or `sums`."""
    roster: bytes
    """The roster's whole file."""
    period: str
    """ISO week or month."""
    body: bytes
    """The whole file."""


def accept_roster(ledger: Ledger, digest: bytes, body: bytes, at: int) -> None:
    """Keep a roster as accepted; again changes nothing. `digest`: 32 bytes. Raises LedgerError."""
    with ledger.writing(lasting=True) as connection:
        added = connection.execute(
            "INSERT OR IGNORE INTO team_roster(digest, body, accepted_at) VALUES (?, ?, ?)", (digest, body, at)
        ).rowcount
        if added:
            chain_on(connection, at, "team roster", digest)


def is_accepted(ledger: Ledger, digest: bytes) -> bool:
    """Say whether the person accepted this roster. Raises LedgerError."""
    with told(ledger.path):
        return bool(ledger.raw().execute("SELECT 1 FROM team_roster WHERE digest = ?", (digest,)).fetchone())


def team_files(ledger: Ledger, kind: str) -> list[TeamFile]:
    """Return every file of this kind that was ever signed here, oldest first. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(f"{_FILES} WHERE f.kind = ? ORDER BY f.id", (kind,))
        return [TeamFile(kind, *row) for row in rows]


def sign_once(
    ledger: Ledger,
    made: TeamFile,
    digest: bytes,
    at: int,
    allow: Callable[[Sequence[TeamFile]], None] = lambda _earlier: None,
) -> bytes:
    """Keep a file that was signed for the accepted roster of this digest, and return the bytes that count.

    Where one of its kind was signed for the same roster and period before, those are its bytes and nothing is kept.
    `allow` gets all earlier files of its kind and raises Refusal where this one must not be signed; no other process
    can sign one meanwhile. Raises LedgerError, and Refusal where the roster was not accepted.
    """
    with ledger.writing(lasting=True) as connection:
        row = connection.execute("SELECT id FROM team_roster WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            raise Refusal("You have not accepted this roster yet: compare its code with a teammate, then accept it.")
        earlier = [
            TeamFile(made.kind, *found)
            for found in connection.execute(f"{_FILES} WHERE f.kind = ? ORDER BY f.id", (made.kind,))
        ]
        same = next((one for one in earlier if (one.roster, one.period) == (made.roster, made.period)), None)
        if same is not None:
            return same.body
        allow(earlier)
        connection.execute(
            "INSERT INTO team_file(kind, team_roster_id, period, body, made_at) VALUES (?, ?, ?, ?, ?)",
            (made.kind, row[0], made.period, made.body, at),
        )
        chain_on(connection, at, f"team {made.kind}", sha256(made.body).digest())
        return made.body
