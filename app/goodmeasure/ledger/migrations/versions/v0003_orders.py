"""Lists of runs are read in their order from an index."""

from alembic import op

revision = "0003"
down_revision = "0002"
_INDEXES = {
    "source": "source, ended_at",
    "model": "model",
    "duration": "duration_ms",
    "tokens": "total_tokens",
    "cost": "cost_micros",
}


def upgrade() -> None:
    """Add an index for each order that had none."""
    for name, columns in _INDEXES.items():
        op.execute(f"CREATE INDEX run_summary_{name} ON run_summary ({columns})")
