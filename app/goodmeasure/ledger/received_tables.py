"""Tables of what other people handed in: their reports, their keys, and what was added up from them."""

from sqlalchemy import Index, UniqueConstraint

from goodmeasure.ledger.table_parts import blob, number, row_id, table, text

received_report = table(
    "received_report",
    row_id(),
    blob("sha256", "32 bytes: hash of body", needed=True),
    blob("body", "the report's exact bytes", needed=True),
    blob("signature", "the detached signature's exact bytes", needed=True),
    text("fingerprint", "signer's key as OpenSSH prints it", needed=True),
    text("period", "ISO week or month", needed=True),
    text("level", "disclosure level", needed=True),
    text("expires_after", "ISO week after which it is deleted", needed=True),
    number("received_at", "instant", needed=True),
    UniqueConstraint("sha256", "fingerprint"),
)

roll_up = table(
    "roll_up",
    row_id(),
    text("period", "ISO week or month", needed=True),
    blob("body", "the roll-up's exact bytes", needed=True),
    text("members", "JSON: part of the roll-up to marks of the reports in it", needed=True),
    number("made_at", "instant", needed=True),
)

known_signer = table(
    "known_signer",
    row_id(),
    text("name", "who signs, as the report says", needed=True),
    text("fingerprint", "key as OpenSSH prints it", needed=True),
    blob("public_key", "32 bytes, Ed25519", needed=True),
    number("first_seen_at", "instant", needed=True),
    number("confirmed_at", "instant when the person compared the fingerprint"),
    UniqueConstraint("fingerprint"),
    Index("known_signer_name", "name"),
)
