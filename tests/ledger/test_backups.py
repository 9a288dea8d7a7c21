"""Copies: encrypted with the same key, whole, and put back without losing what they replace."""

from pathlib import Path
from typing import Any

import pytest

from goodmeasure.ledger.backups import backup_to, restore_from
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.opening import open_ledger


def test_a_backup_is_private_encrypted_and_whole(teller: Any, tmp_path: Path, key: bytes) -> None:
    teller.write(teller.session(title="Parsnip soup", title_rank=1), teller.call("c1"))
    file = backup_to(teller.ledger, tmp_path / "copies" / "one.sqlite")
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"Parsnip" not in file.read_bytes()
    assert [found.name for found in file.parent.iterdir()] == ["one.sqlite"]
    copy = open_ledger(file, key)
    assert copy.raw().execute("SELECT title FROM run_summary").fetchall() == [("Parsnip soup",)]
    copy.close()


def test_a_backup_never_replaces_a_file(teller: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(LedgerError, match="exists already"):
        backup_to(teller.ledger, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_backup_that_cannot_be_written_leaves_nothing(teller: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="cannot be written"):
        backup_to(teller.ledger, tmp_path / "file" / "copy.sqlite")


def test_a_backup_can_be_put_back(teller: Any, path: Path, tmp_path: Path, key: bytes) -> None:
    teller.write(teller.session(), teller.call("c1"))
    file = backup_to(teller.ledger, tmp_path / "one.sqlite")
    teller.write(teller.call("c2"))
    teller.ledger.close()
    restore_from(file, path, key)
    restored = open_ledger(path, key)
    assert restored.raw().execute("SELECT count(*) FROM generation").fetchone() == (1,)
    restored.close()
    replaced = open_ledger(path.with_name("ledger.sqlite.replaced"), key)
    assert replaced.raw().execute("SELECT count(*) FROM generation").fetchone() == (2,)
    replaced.close()
    assert file.exists()


def test_a_bad_backup_is_refused_and_the_ledger_stays(teller: Any, path: Path, tmp_path: Path, key: bytes) -> None:
    teller.write(teller.session(), teller.call("c1"))
    good = backup_to(teller.ledger, tmp_path / "good.sqlite")
    teller.ledger.close()
    data = bytearray(good.read_bytes())
    data[-3000:-2000] = bytes(1000)
    (tmp_path / "damaged.sqlite").write_bytes(data)
    for name, secret, words in (
        ("damaged.sqlite", key, "is damaged"),
        ("good.sqlite", b"w" * 32, "key does not fit"),
        ("missing.sqlite", key, "There is no backup"),
    ):
        with pytest.raises(LedgerError, match=words):
            restore_from(tmp_path / name, path, secret)
    assert sorted(file.name for file in path.parent.iterdir()) == ["ledger.sqlite"]
    again = open_ledger(path, key)
    assert again.raw().execute("SELECT count(*) FROM generation").fetchone() == (1,)
    again.close()
