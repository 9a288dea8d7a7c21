"""Runs split by the app, private guesses, and work that another ledger hashed."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run `v0006.sql`."""
    for statement in Path(__file__).with_name("v0006.sql").read_text("utf-8").split(";\n\n"):
        op.execute(statement.strip().removesuffix(";"))
