"""Opening what is there, and refusing with one sentence what cannot be opened."""

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from goodmeasure.ledger import connecting
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.opening import HEAD, Ledger, open_ledger

NOBODY = 65_534


def in_child(script: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False, timeout=60, **options
    )


def test_a_new_ledger_is_private_and_at_head(path: Path, ledger: Ledger) -> None:
    assert ledger.revision == HEAD
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    (journal,) = ledger.raw().execute("PRAGMA journal_mode").fetchone()
    assert journal == "wal"
    assert ledger.raw().execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_ledger_at_head_opens_and_takes_events_without_sqlalchemy(path: Path, key: bytes, ledger: Ledger) -> None:
    ledger.close()
    script = """
import sys
from pathlib import Path
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.ledger.files import known_files
from goodmeasure.ledger.writer import ImportWriter
ledger = open_ledger(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
known_files(ledger)
ImportWriter(ledger, lambda _: (None, "unknown"), lambda cwd: (cwd, cwd)).finish()
ledger.close()
print([name for name in sys.modules if name.split(".")[0] in {"sqlalchemy", "alembic", "keyring"}])
"""
    assert in_child(script, str(path), key.hex()).stdout == "[]\n"


def test_what_was_written_is_there_after_opening_again(path: Path, key: bytes, teller: Any) -> None:
    teller.write(teller.session(), teller.call("c1"))
    teller.ledger.close()
    again = open_ledger(path, key)
    assert again.raw().execute("SELECT output_tokens FROM generation").fetchall() == [(20,)]
    again.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["ledger.sqlite"]


def refused(path: Path, key: bytes, words: str) -> None:
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=words) as caught:
        open_ledger(path, key)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before


def test_a_wrong_key_is_refused(path: Path, ledger: Ledger) -> None:
    ledger.close()
    refused(path, b"w" * 32, "its key does not fit")


def test_a_key_of_the_wrong_length_is_refused(path: Path, ledger: Ledger) -> None:
    ledger.close()
    refused(path, b"short", "32 bytes")


@pytest.mark.parametrize("damage", ["beginning", "text", "cut"])
def test_a_damaged_ledger_is_refused(path: Path, key: bytes, ledger: Ledger, damage: str) -> None:
    ledger.close()
    data = bytearray(path.read_bytes())
    match damage:
        case "beginning":
            data[100:200] = bytes(100)
        case "text":
            data = bytearray(b"this is no database " * 1000)
        case "cut":
            data = data[: len(data) // 2]
    path.write_bytes(bytes(data))
    with pytest.raises(LedgerError, match=r"damaged|failed"):
        open_ledger(path, key)
    assert path.read_bytes() == bytes(data)


def test_damage_inside_is_told_in_a_sentence(path: Path, key: bytes, teller: Any) -> None:
    teller.write(teller.session(), *(teller.call(f"c{index}") for index in range(500)))
    teller.ledger.close()
    data = bytearray(path.read_bytes())
    for page in range(4096 * 3, len(data), 4096):
        data[page + 50 : page + 90] = bytes(40)
    path.write_bytes(bytes(data))
    with pytest.raises(LedgerError, match=r"damaged|disk failed"):
        open_ledger(path, key)


def test_another_database_is_no_ledger(path: Path, key: bytes, ledger: Ledger) -> None:
    ledger.close()
    path.unlink()
    other = dbapi2.connect(str(path))
    other.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    other.execute("CREATE TABLE recipe(name)")
    other.close()
    refused(path, key, "no ledger of Good Measure")


def test_a_newer_ledger_is_refused(path: Path, key: bytes, ledger: Ledger) -> None:
    ledger.raw().execute("UPDATE alembic_version SET version_num = '0999'")
    ledger.close()
    refused(path, key, "newer version of Good Measure .schema 0999.")
    assert not (path.parent / "backups").exists()


OPEN = """
import sys
from pathlib import Path
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.opening import open_ledger
try:
    ledger = open_ledger(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
    with ledger.writing() as connection:
        connection.execute("INSERT INTO meta VALUES ('a', 'b')")
except LedgerError as error:
    print(error)
"""


def test_a_folder_that_cannot_be_written_to_is_refused(
    path: Path, key: bytes, ledger: Ledger, let_others_in: Callable[[Path], None]
) -> None:
    ledger.close()
    before = path.read_bytes()
    let_others_in(path.parent)
    path.chmod(0o444)
    path.parent.chmod(0o555)
    who = {"user": NOBODY, "group": NOBODY} if os.getuid() == 0 else {}
    try:
        told = in_child(OPEN, str(path), key.hex(), **who)
    except PermissionError:
        pytest.skip("LEFT OUT: this Python lies in a folder that only root may enter")
    missing = in_child(OPEN, str(path.parent / "new" / "ledger.sqlite"), key.hex(), **who)
    path.parent.chmod(0o700)
    assert "check the permissions" in told.stdout, told
    assert "check the permissions" in missing.stdout, missing
    assert path.read_bytes() == before


def test_a_full_disk_is_told_and_nothing_is_half_written(path: Path, key: bytes, ledger: Ledger) -> None:
    script = OPEN.replace(
        "INSERT INTO meta VALUES ('a', 'b')",
        "INSERT INTO meta SELECT 'filler ' || key, hex(zeroblob(4000))"
        " FROM json_each('[' || substr(replace(hex(zeroblob(999)), '00', ',1'), 2) || ']')",
    )
    limit = path.stat().st_size + 200_000

    def little_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    told = in_child(script, str(path), key.hex(), preexec_fn=little_space)
    assert "the disk" in told.stdout.lower(), told
    assert ledger.raw().execute("SELECT count(*) FROM meta").fetchone() == (0,)
    assert ledger.raw().execute("PRAGMA cipher_integrity_check").fetchall() == []


def test_no_space_for_a_new_ledger_is_told(path: Path, key: bytes) -> None:
    def no_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    told = in_child(OPEN, str(path), key.hex(), preexec_fn=no_space)
    assert "the disk" in told.stdout.lower(), told
    again = open_ledger(path, key)
    assert again.revision == HEAD
    again.close()


def test_a_ledger_in_use_is_told(path: Path, key: bytes, teller: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.05)
    second = open_ledger(path, key)
    with teller.ledger.writing() as connection:
        connection.execute("INSERT INTO meta VALUES ('first', '1')")
        with pytest.raises(LedgerError, match="in use by another program"), second.writing():
            pass
    with second.writing() as connection:
        connection.execute("INSERT INTO meta VALUES ('second', '2')")
    assert teller.rows("SELECT count(*) FROM meta") == [(2,)]
    second.close()


def test_readers_see_the_last_commit_while_a_writer_writes(teller: Any) -> None:
    seen: list[Any] = []

    def read() -> None:
        seen.append(teller.ledger.raw().execute("SELECT count(*) FROM meta").fetchone())

    def in_thread(what: Callable[[], None]) -> None:
        thread = threading.Thread(target=what)
        thread.start()
        thread.join(10)

    with teller.ledger.writing() as connection:
        connection.execute("INSERT INTO meta VALUES ('a', 'b')")
        in_thread(read)
    in_thread(read)
    assert seen == [(0,), (1,)]


def test_an_error_inside_a_transaction_undoes_it(ledger: Ledger) -> None:
    def fail() -> None:
        with ledger.writing() as connection:
            connection.execute("INSERT INTO meta VALUES ('a', 'b')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert ledger.raw().execute("SELECT count(*) FROM meta").fetchone() == (0,)


def test_nothing_that_was_written_can_be_read_from_the_disk(path: Path, teller: Any) -> None:
    words = ("Parsnip soup for nine", "/home/robin/turnips", "opus-of-radish")
    teller.write(
        teller.session(title=words[0], title_rank=1, cwd=words[1]),
        teller.call("c1", model=words[2]),
        path="/logs/celeriac.jsonl",
    )
    files = [file for file in path.parent.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"ledger.sqlite", "ledger.sqlite-wal"}
    data = b"".join(file.read_bytes() for file in files)
    assert len(data) > 10_000
    for word in (*words, "celeriac", "CREATE TABLE", "SQLite format"):
        assert word.encode() not in data
        assert word.encode("utf-16-le") not in data
    assert teller.rows("SELECT title FROM run_summary") == [(words[0],)]


def test_many_threads_have_connections_of_their_own(teller: Any) -> None:
    teller.write(teller.session(), teller.call("c1"))
    found: list[int] = []

    def ask() -> None:
        found.append(id(teller.ledger.raw()))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len({*found, id(teller.ledger.raw())}) == 5
