"""Tables of the team sum: the rosters that the person accepted, and every file that they signed for a round.

Instants (`*_at`) are milliseconds since 1970-01-01 UTC. A file is signed once: what is kept here is written again.
"""

from sqlalchemy import UniqueConstraint

from goodmeasure.ledger.table_parts import blob, number, row_id, table, text

team_roster = table(
    "team_roster",
    row_id(),
    blob("digest", "32 bytes: by this, other files name it", needed=True),
    blob("body", "the roster file's exact bytes", needed=True),
    number("accepted_at", "instant when the person compared its code", needed=True),
    UniqueConstraint("digest"),
)

team_file = table(
    "team_file",
    row_id(),
    text("kind", "contribution, closing, count or sums", needed=True),
    number("team_roster_id", "roster that it was made for", of="team_roster", needed=True),
    text("period", "ISO week or month", needed=True),
    blob("body", "the file's exact bytes", needed=True),
    number("made_at", "instant", needed=True),
    UniqueConstraint("kind", "team_roster_id", "period"),
)
