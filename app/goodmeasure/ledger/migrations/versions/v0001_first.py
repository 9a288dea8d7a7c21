"""The first schema."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything, as `v0001.sql` froze it."""
    for statement in Path(__file__).with_name("v0001.sql").read_text("utf-8").split(";\n\n"):
        op.execute(statement.strip().removesuffix(";").replace(":", "\\:"))
