"""Signatures: stock OpenSSH accepts them, and neither of us accepts anything else."""

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.reports.files import ReportFiles
from goodmeasure.reports.signing import (
    NAMESPACE,
    SignatureError,
    allowed_signers_line,
    fingerprint,
    principal,
    public_key_line,
    sign,
    signer_of,
)


class OpenSSH:
    """`ssh-keygen -Y verify` with one allowed signer."""

    def __init__(self, program: str, folder: Path, name: str, public: bytes) -> None:
        self._program, self._folder, self._name = program, folder, name
        (folder / "allowed_signers").write_text(allowed_signers_line(name, public), "utf-8")

    def accepts(self, data: bytes, signature: bytes, namespace: str = NAMESPACE) -> bool:
        (self._folder / "signature").write_bytes(signature)
        command = [self._program, "-Y", "verify", "-f", "allowed_signers", "-I", principal(self._name)]
        done = subprocess.run(
            [*command, "-n", namespace, "-s", "signature"],
            input=data,
            capture_output=True,
            cwd=self._folder,
            check=False,
            timeout=20,
        )
        return done.returncode == 0


@pytest.fixture
def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


@pytest.fixture
def openssh(ssh_keygen: str, tmp_path: Path, public: bytes) -> OpenSSH:
    return OpenSSH(ssh_keygen, tmp_path, "Ada Example", public)


def _flipped(data: bytes, place: int, bit: int) -> bytes:
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]


def test_openssh_accepts_the_report_and_only_for_its_purpose(openssh: OpenSSH, files: ReportFiles) -> None:
    assert openssh.accepts(files.report, files.signature)
    assert not openssh.accepts(files.report, files.signature, "file")
    assert not openssh.accepts(files.report + b"\n", files.signature)
    assert not openssh.accepts(b"", files.signature)


def test_openssh_refuses_every_flipped_byte(openssh: OpenSSH, files: ReportFiles) -> None:
    chance = random.Random(1)  # noqa: S311 - positions, not secrets
    places = sorted(chance.sample(range(len(files.report)), 300))
    accepted = [
        place
        for place in places
        if openssh.accepts(_flipped(files.report, place, chance.randrange(8)), files.signature)
    ]
    assert accepted == []


def test_we_refuse_every_flipped_bit_of_report_and_signature(files: ReportFiles) -> None:
    for place in range(len(files.report)):
        with pytest.raises(SignatureError, match="does not fit the report"):
            signer_of(_flipped(files.report, place, place % 8), files.signature)
    for place in range(len(files.signature)):
        for bit in range(8):
            with pytest.raises(SignatureError):
                signer_of(files.report, _flipped(files.signature, place, bit))


def test_another_key_is_another_signer(openssh: OpenSSH, files: ReportFiles, public: bytes) -> None:
    other = Ed25519PrivateKey.generate()
    forged = sign(files.report, other)
    assert signer_of(files.report, files.signature) == public
    assert signer_of(files.report, forged) == other.public_key().public_bytes_raw()
    assert not openssh.accepts(files.report, forged)


def test_a_signature_of_openssh_is_byte_for_byte_ours(
    ssh_keygen: str, tmp_path: Path, key: Ed25519PrivateKey, files: ReportFiles
) -> None:
    private = tmp_path / "key"
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    )
    private.chmod(0o600)
    done = subprocess.run(
        [ssh_keygen, "-Y", "sign", "-f", str(private), "-n", NAMESPACE],
        input=files.report,
        capture_output=True,
        check=True,
        timeout=20,
    )
    assert done.stdout == files.signature


def test_fingerprint_and_key_are_as_openssh_prints_them(ssh_keygen: str, tmp_path: Path, public: bytes) -> None:
    (tmp_path / "key.pub").write_text(public_key_line(public) + "\n")
    done = subprocess.run(
        [ssh_keygen, "-l", "-f", str(tmp_path / "key.pub")], capture_output=True, text=True, check=True, timeout=20
    )
    assert done.stdout.split()[1] == fingerprint(public)


@pytest.mark.parametrize(
    "name", ["Ada Example", "Lovelace, Ada", "Zoë Ångström", "日本 太郎", '"#*?!', "a" * 60, "-ada", "ada@example.org"]
)
def test_any_name_can_be_checked_with_openssh(
    ssh_keygen: str, tmp_path: Path, files: ReportFiles, public: bytes, name: str
) -> None:
    assert OpenSSH(ssh_keygen, tmp_path, name, public).accepts(files.report, files.signature)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda armour: armour[:-1],
        lambda armour: armour + b"\n",
        lambda armour: b" " + armour,
        lambda armour: armour.replace(b"\n", b"\r\n"),
        lambda armour: armour.replace(b"SSH SIGNATURE", b"PGP SIGNATURE"),
        lambda armour: armour.replace(b"\nU1NI", b"\nU1N\nI"),
        lambda armour: armour * 2,
        lambda armour: armour[:40] + b"!" + armour[41:],
        lambda _: b"x" * 10_000_000,
    ],
)
def test_other_armour_is_refused(files: ReportFiles, change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(SignatureError, match="not one that Good Measure writes"):
        signer_of(files.report, change(files.signature))


@given(st.binary(max_size=2000), st.binary(min_size=32, max_size=32))
def test_whatever_is_signed_is_known_again(data: bytes, seed: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    assert signer_of(data, sign(data, key)) == key.public_key().public_bytes_raw()


@given(st.binary(max_size=600))
def test_random_armour_is_refused_not_crashed_on(armour: bytes) -> None:
    with pytest.raises(SignatureError):
        signer_of(b"", b"-----BEGIN SSH SIGNATURE-----\n" + armour + b"-----END SSH SIGNATURE-----\n")
