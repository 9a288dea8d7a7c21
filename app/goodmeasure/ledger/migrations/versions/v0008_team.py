"""What a person signed for a team sum."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the tables of `v0008_team.sql`."""
    for statement in Path(__file__).with_name("v0008_team.sql").read_text("utf-8").split(";\n\n"):
        op.execute(statement.strip().removesuffix(";"))
