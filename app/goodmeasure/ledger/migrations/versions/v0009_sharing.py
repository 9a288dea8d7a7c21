"""Frozen cells, sealed weeks, and the audit log week by week."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Run `v0009.sql`."""
    for statement in Path(__file__).with_name("v0009.sql").read_text("utf-8").split(";\n\n"):
        op.execute(statement.strip().removesuffix(";"))
