"""Where the parts of a session took place that the app split."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table of parts."""
    op.execute(
        "CREATE TABLE run_part (\n"
        "  run_id INTEGER NOT NULL,\n"
        "  cwd TEXT,\n"
        "  git_branch TEXT,\n"
        "  project_id INTEGER,\n"
        "  PRIMARY KEY (run_id),\n"
        "  FOREIGN KEY(run_id) REFERENCES run (id),\n"
        "  FOREIGN KEY(project_id) REFERENCES project (id)\n"
        ")\n"
        " WITHOUT ROWID,\n"
        " STRICT"
    )
