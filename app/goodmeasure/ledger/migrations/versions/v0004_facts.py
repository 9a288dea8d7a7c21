"""Facts of runs, the rules that set them, and runs merged and split by hand."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables of `v0004.sql`; summaries get their new columns filled by the next import."""
    for statement in Path(__file__).with_name("v0004.sql").read_text("utf-8").split(";\n\n"):
        op.execute(statement.strip().removesuffix(";"))
    op.execute("INSERT OR IGNORE INTO dirty_run SELECT id FROM run")
