"""Telemetry: who sends it, and which of its calls and events a log tells, too."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables of `v0002.sql`."""
    for statement in Path(__file__).with_name("v0002.sql").read_text("utf-8").split(";\n\n"):
        op.execute(statement.strip().removesuffix(";"))
