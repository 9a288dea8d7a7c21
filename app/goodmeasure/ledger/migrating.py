"""Bringing an older ledger to the newest schema, with a copy kept first."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from goodmeasure.ledger.backups import backup_to, free_name, keep_newest
from goodmeasure.ledger.errors import LedgerError, told
from goodmeasure.ledger.handle import Ledger

KEPT_BACKUPS = 5
"""How many copies made before a migration are kept."""
SCRIPTS = Path(__file__).with_name("migrations")


def scripts(folder: Path = SCRIPTS) -> ScriptDirectory:
    """Return Alembic's view of the packaged migrations."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def upgrade(ledger: Ledger, revision: str, backups: Path, folder: Path = SCRIPTS) -> None:
    """Migrate a ledger at `revision` to the newest of the migrations in `folder`, after a copy into `backups`.

    Raises LedgerError for a revision that these migrations do not know (a newer app wrote it), and where a step fails;
    the ledger is then as it was.
    """
    directory = scripts(folder)
    if revision not in {script.revision for script in directory.walk_revisions()}:
        raise LedgerError(
            f"The ledger {ledger.path} was written by a newer version of Good Measure (schema {revision}): "
            "install that version."
        )
    backup_to(ledger, free_name(backups, f"before-{directory.get_current_head()}-from-{revision}"))
    keep_newest(backups, KEPT_BACKUPS)
    run_migrations(ledger, directory)


def run_migrations(ledger: Ledger, directory: ScriptDirectory) -> None:
    """Run every migration that the ledger lacks in one transaction.

    Raises LedgerError; the ledger is then as it was.
    """

    def steps(current: tuple[str, ...] | str, _context: MigrationContext) -> list[RevisionStep]:
        return directory._upgrade_revs("head", current)  # type: ignore[arg-type]  # noqa: SLF001 - Alembic's own `command.upgrade` does the same

    config = Config()
    with told(ledger.path), ledger.engine.connect() as connection:
        # Foreign keys cannot be switched inside a transaction, and a rebuilt table would take its children along.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("PRAGMA synchronous=FULL")
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        try:
            with EnvironmentContext(config, directory, fn=steps) as environment:
                environment.configure(connection=connection, transactional_ddl=False)
                environment.run_migrations()
            _refuse_loose_rows(ledger, connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        finally:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _refuse_loose_rows(ledger: Ledger, connection: Connection) -> None:
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise LedgerError(
            f"The ledger {ledger.path} could not be migrated: its rows do not fit together; restore a backup."
        )
