"""What can go wrong with a ledger, in one sentence for the person."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2

from goodmeasure.domain.errors import Refusal

_SENTENCES = {
    "SQLITE_NOTADB": "The ledger {path} cannot be opened: its key does not fit or its beginning is damaged; "
    "use the key it was made with, or restore a backup.",
    "SQLITE_CORRUPT": "The ledger {path} is damaged: restore a backup.",
    "SQLITE_FULL": "The disk that holds the ledger {path} is full: free some space and try again.",
    "SQLITE_READONLY": "The ledger {path} cannot be written to: check the permissions of the file and its folder.",
    "SQLITE_CANTOPEN": "The ledger {path} cannot be opened: check that its folder exists and belongs to you.",
    "SQLITE_PERM": "The ledger {path} cannot be opened: check that it belongs to you.",
    "SQLITE_BUSY": "The ledger {path} is in use by another program: wait until that has finished and try again.",
    "SQLITE_LOCKED": "The ledger {path} is in use by another program: wait until that has finished and try again.",
    "SQLITE_IOERR": "The disk failed while the ledger {path} was read or written: check the disk and its free space.",
    "SQLITE_INTERRUPT": "The question to the ledger {path} was cancelled.",
}


class LedgerError(Refusal):
    """The ledger could not do it, and nothing was changed."""


def sentence_of(error: dbapi2.Error, path: Path) -> LedgerError:
    """Return the error as one sentence about the ledger at `path`."""
    name = str(getattr(error, "sqlite_errorname", None) or "")
    for known, sentence in _SENTENCES.items():
        if name.startswith(known):
            return LedgerError(sentence.format(path=path))
    return LedgerError(f"The ledger {path} refused ({error}): nothing was changed; run goodmeasure doctor.")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn a driver's error inside the block into a LedgerError about the ledger at `path`."""
    try:
        yield
    except dbapi2.Error as error:
        raise sentence_of(error, path) from error
