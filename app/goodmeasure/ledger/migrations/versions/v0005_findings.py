"""What the person dismissed among private findings."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the table of dismissals."""
    op.execute(
        "CREATE TABLE finding_dismissal (\n"
        "  id INTEGER NOT NULL,\n"
        "  detector TEXT NOT NULL,\n"
        "  project_id INTEGER,\n"
        "  dismissed_at INTEGER NOT NULL,\n"
        "  PRIMARY KEY (id),\n"
        "  FOREIGN KEY(project_id) REFERENCES project (id)\n"
        ")\n STRICT"
    )
