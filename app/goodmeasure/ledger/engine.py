"""SQLAlchemy over the encrypted file."""

from pathlib import Path

from sqlalchemy import Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from goodmeasure.ledger.connecting import connected
from goodmeasure.ledger.errors import LedgerError, sentence_of


def engine_for(path: Path, key: bytes) -> Engine:
    """Return an engine whose connections are keyed and in autocommit mode; its errors are LedgerErrors."""
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: connected(path, key),
        poolclass=QueuePool,
        isolation_level="AUTOCOMMIT",
    )

    def tell(context: ExceptionContext) -> LedgerError | None:
        problem = context.original_exception
        return sentence_of(problem, path) if isinstance(problem, dbapi2.Error) else None

    event.listen(engine, "handle_error", tell, retval=True)
    return engine
