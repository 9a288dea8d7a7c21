"""Reports received from others, with their signatures, and the journal of what was added up from them."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table of received reports anew, since nothing ever wrote into it, and add the journal of roll-ups."""
    op.execute("DROP TABLE received_report")
    op.execute(
        "CREATE TABLE received_report (\n"
        "  id INTEGER NOT NULL,\n"
        "  sha256 BLOB NOT NULL,\n"
        "  body BLOB NOT NULL,\n"
        "  signature BLOB NOT NULL,\n"
        "  fingerprint TEXT NOT NULL,\n"
        "  period TEXT NOT NULL,\n"
        "  level TEXT NOT NULL,\n"
        "  expires_after TEXT NOT NULL,\n"
        "  received_at INTEGER NOT NULL,\n"
        "  PRIMARY KEY (id),\n"
        "  UNIQUE (sha256, fingerprint)\n"
        ")\n STRICT"
    )
    op.execute(
        "CREATE TABLE roll_up (\n"
        "  id INTEGER NOT NULL,\n"
        "  period TEXT NOT NULL,\n"
        "  body BLOB NOT NULL,\n"
        "  members TEXT NOT NULL,\n"
        "  made_at INTEGER NOT NULL,\n"
        "  PRIMARY KEY (id)\n"
        ")\n STRICT"
    )
    op.execute(
        "CREATE TRIGGER roll_up_no_update BEFORE UPDATE ON roll_up\n"
        "WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')\n"
        "BEGIN SELECT RAISE(ABORT, 'roll_up is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER roll_up_no_delete BEFORE DELETE ON roll_up\n"
        "WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')\n"
        "BEGIN SELECT RAISE(ABORT, 'roll_up is append-only'); END"
    )
