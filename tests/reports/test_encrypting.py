"""Encrypted to one reader: nobody else opens it, and nothing but a report comes out."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pyrage
import pytest

from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.encrypting import decrypt, encrypt, is_encrypted, new_identity, recipient_fault, recipient_of
from goodmeasure.reports.files import ReportFiles


def test_the_reader_gets_the_same_bytes(files: ReportFiles) -> None:
    identity = new_identity()
    sealed = encrypt(files.by_name(), recipient_of(identity))
    assert is_encrypted(sealed)
    assert decrypt(sealed, f" {identity}\n") == files.by_name()
    assert encrypt(files.by_name(), recipient_of(identity)) != sealed, (
        "two encryptions of one report must not look alike"
    )


def test_nothing_of_the_report_can_be_read_without_the_key(files: ReportFiles) -> None:
    sealed = encrypt(files.by_name(), recipient_of(new_identity()))
    for told in (b"Ada", b"report", b"2026", b"SSH SIGNATURE", b"PK\x03\x04"):
        assert told not in sealed
    with pytest.raises(Refusal, match="encrypted to another one"):
        decrypt(sealed, new_identity())


def test_a_changed_file_is_refused(files: ReportFiles) -> None:
    identity = new_identity()
    sealed = encrypt(files.by_name(), recipient_of(identity))
    for place in (30, len(sealed) // 2, len(sealed) - 1):
        with pytest.raises(Refusal, match="cannot be decrypted"):
            decrypt(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], identity)
    with pytest.raises(Refusal, match="not encrypted with age"):
        decrypt(b"hello", identity)
    with pytest.raises(Refusal, match="larger than 8 MB"):
        decrypt(sealed + bytes(8_000_000), identity)


def test_an_ssh_key_of_the_reader_will_do(files: ReportFiles, ssh_keygen: str, tmp_path: Path) -> None:
    path = tmp_path / "id"
    subprocess.run([ssh_keygen, "-q", "-t", "ed25519", "-N", "", "-C", "me@here", "-f", str(path)], check=True)
    sealed = encrypt(files.by_name(), path.with_suffix(".pub").read_text("utf-8"))
    assert decrypt(sealed, path.read_text("utf-8")) == files.by_name()


def test_the_archive_is_one_that_any_program_opens_and_says_no_time(files: ReportFiles, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    archive = pyrage.decrypt(encrypt(files.by_name(), str(identity.to_public())), [identity])
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        assert packed.testzip() is None
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        told = {(one.create_system, one.external_attr >> 16, one.extra, one.comment) for one in packed.infolist()}
        assert told == {(3, 0o600, b"", b"")}, "nothing of who packed it, and where"
        assert packed.comment == b""
        assert {name: packed.read(name) for name in packed.namelist()} == files.by_name()
    if age := shutil.which("age"):  # where it happens to be installed, the real program must agree
        (tmp_path / "key").write_text(str(identity), "utf-8")
        (tmp_path / "sealed").write_bytes(encrypt(files.by_name(), str(identity.to_public())))
        opened = subprocess.run(
            [age, "-d", "-i", str(tmp_path / "key"), str(tmp_path / "sealed")], capture_output=True, check=True
        )
        assert opened.stdout == archive


@pytest.mark.parametrize(
    "recipient", ["", "bob", "age1", "age1qqqq", "ssh-ed25519 AAAA", "ssh-rsa AAAAB3NzaC1yc2E", "AGE-SECRET-KEY-1QQ"]
)
def test_what_is_no_key_is_said(recipient: str, files: ReportFiles) -> None:
    with pytest.raises(Refusal, match="The reader's key"):
        encrypt(files.by_name(), recipient)
    assert str(recipient_fault(recipient)).endswith(".")
    assert recipient_fault(recipient_of(new_identity())) is None


def test_a_wrong_secret_key_is_said(files: ReportFiles) -> None:
    with pytest.raises(Refusal, match="not a secret key of age"):
        recipient_of("hello")
    with pytest.raises(Refusal, match="Your key cannot be read"):
        decrypt(encrypt(files.by_name(), recipient_of(new_identity())), "hello")


def _zip(entries: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as packed:
        for name, data in entries:
            packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, compress_type=method)
    return archive.getvalue()


HOSTILE = {
    "no archive": b"report",
    "another name": _zip([("../../.bashrc", b"x")]),
    "a bomb": _zip([("report.json", bytes(5_000_000))], zipfile.ZIP_DEFLATED),
    "other order": _zip([("report.html", b"x"), ("report.json", b"y")]),
    "something after": _zip([("report.json", b"{}")]) + b"more",
    "something before": b"more" + _zip([("report.json", b"{}")]),
}


@pytest.mark.parametrize("packed", HOSTILE.values(), ids=HOSTILE)
def test_only_an_archive_of_ours_is_opened(packed: bytes) -> None:
    identity = pyrage.x25519.Identity.generate()
    with pytest.raises(Refusal, match="does not hold a report"):
        decrypt(pyrage.encrypt(packed, [identity.to_public()]), str(identity))


def test_only_files_of_a_report_are_packed() -> None:
    with pytest.raises(ValueError, match="no such file"):
        encrypt({"notes.txt": b""}, recipient_of(new_identity()))
