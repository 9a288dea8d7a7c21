"""Copies of the ledger, encrypted with the same key."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlcipher3 import dbapi2

from goodmeasure.ledger.connecting import connected
from goodmeasure.ledger.errors import LedgerError, sentence_of
from goodmeasure.ledger.handle import Ledger


def free_name(folder: Path, why: str) -> Path:
    """Return a name in `folder` that is not taken: when (UTC) and why."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    taken = 0
    while True:
        file = folder / f"ledger-{stamp}{f'-{taken}' if taken else ''}-{why}.sqlite"
        if not file.exists():
            return file
        taken += 1


def keep_newest(folder: Path, count: int) -> None:
    """Delete all but the `count` newest copies that this module named, by their names."""
    for old in sorted(folder.glob("ledger-*Z*.sqlite"))[:-count]:
        old.unlink()


def backup_to(ledger: Ledger, file: Path) -> Path:
    """Write a copy of the ledger, as it is at this moment, to `file` (0600, same key, one file) and return it.

    Raises LedgerError where `file` exists or cannot be written; nothing of it then remains.
    """
    part = file.with_name(f".{file.name}.part")
    if file.exists():
        raise LedgerError(f"The file {file} exists already: choose another name for the backup.")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        ledger.raw().execute("VACUUM INTO ?", (str(part),))
        part.replace(file)
    except OSError as error:
        _remove(part)
        raise LedgerError(f"The backup {file} cannot be written ({error.strerror}): choose another folder.") from error
    except dbapi2.Error as error:
        _remove(part)
        raise sentence_of(error, file) from error
    return file


def _remove(part: Path) -> None:
    with suppress(OSError):
        part.unlink()


def restore_from(file: Path, path: Path, key: bytes) -> None:
    """Put the backup `file` in the place of the ledger at `path`, which must be closed and is kept beside it.

    Raises LedgerError, and leaves the ledger as it was, where the backup is missing, damaged or made with another key.
    """
    if not file.is_file():
        raise LedgerError(f"There is no backup {file}: check the name.")
    backup = Ledger(file, key)
    part = path.with_name(f".{path.name}.restored")
    try:
        damage = backup.raw().execute("PRAGMA cipher_integrity_check").fetchall()
        if damage:
            raise LedgerError(f"The backup {file} is damaged: choose another.")
        part.unlink(missing_ok=True)
        backup_to(backup, part)
    except dbapi2.Error as error:
        raise sentence_of(error, file) from error
    finally:
        backup.close()
    try:
        _set_aside(path, key)
        part.replace(path)
    except OSError as error:
        raise LedgerError(
            f"The ledger {path} cannot be replaced ({error.strerror}): close the app and try again."
        ) from error


def _set_aside(path: Path, key: bytes) -> None:
    if not path.exists():
        return
    if path.with_name(f"{path.name}-wal").exists():
        try:
            old = connected(path, key)
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            old.close()
        except (LedgerError, dbapi2.Error):
            pass  # a ledger that cannot be read is why people restore: its journal is set aside with it
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(path.with_name(f"{path.name}.replaced{suffix}"))
