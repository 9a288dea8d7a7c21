"""The key is never lost in silence, never replaced, and every failure is one sentence."""

import json
import re
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from goodmeasure.host import keys, system_keyring
from goodmeasure.host.keys import (
    PASSPHRASE_VARIABLE,
    KeyProblem,
    ledger_key,
    new_recovery_code,
    opened_key,
    recover_key,
    set_passphrase,
)
from goodmeasure.host.paths import Profile, profile_at
from goodmeasure.host.signing import signing_key
from goodmeasure.host.system_keyring import KeyringError


class Memory(KeyringBackend):
    """A keyring in memory that can be locked."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # the base class has no types
        self.secrets: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("locked")
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.secrets[service, username]


def answer(words: str | None) -> Callable[[], str | None]:
    """Return somebody who answers with these words."""
    return lambda: words


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    backend = Memory()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    return backend


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_keyring, "_backend", lambda: None)


def test_a_keyring_is_the_first_choice(profile: Profile, memory: Memory) -> None:
    key, status = ledger_key(profile)
    assert len(key) == 32
    assert (status.store, status.warning) == ("keyring", None)
    assert len(memory.secrets) == 1
    assert key.hex() not in profile.keys.read_text()
    assert ledger_key(profile)[0] == key
    assert ledger_key(profile)[1].recovery_code is None


@pytest.mark.usefixtures("no_keyring")
def test_a_passphrase_is_the_second(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    key, status = ledger_key(profile)
    assert (status.store, status.warning) == ("passphrase", None)
    assert ledger_key(profile)[0] == key
    monkeypatch.delenv(PASSPHRASE_VARIABLE)
    assert ledger_key(profile, lambda: "correct horse")[0] == key
    for wrong in ("Correct horse", "correct horse "):
        with pytest.raises(KeyProblem, match="passphrase does not fit"):
            ledger_key(profile, answer(wrong))
    for nothing in (None, ""):
        with pytest.raises(KeyProblem, match="needs its passphrase"):
            ledger_key(profile, answer(nothing))


@pytest.mark.usefixtures("no_keyring")
def test_a_private_file_with_a_warning_is_the_last(profile: Profile) -> None:
    key, status = ledger_key(profile)
    assert status.store == "file"
    assert status.warning is not None
    assert str(profile.keys) in status.warning
    assert profile.keys.stat().st_mode & 0o777 == 0o600
    assert profile.folder.stat().st_mode & 0o777 == 0o700
    assert ledger_key(profile)[0] == key
    assert [file.name for file in profile.folder.iterdir()] == ["keys.json"]


def test_a_locked_keyring_at_first_use_means_the_next_best_place(profile: Profile, memory: Memory) -> None:
    memory.locked = True
    assert ledger_key(profile)[1].store == "file"


def test_a_locked_keyring_later_is_told_and_no_new_key_is_made(profile: Profile, memory: Memory) -> None:
    key, _ = ledger_key(profile)
    before = profile.keys.read_bytes()
    memory.locked = True
    with pytest.raises(KeyringError, match="locked or broken"):
        ledger_key(profile)
    memory.locked = False
    assert ledger_key(profile)[0] == key
    assert profile.keys.read_bytes() == before


def test_a_missing_keyring_later_is_told(profile: Profile, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    assert memory is keyring.get_keyring()
    ledger_key(profile)
    monkeypatch.setattr(system_keyring, "_backend", lambda: None)
    with pytest.raises(KeyringError, match="cannot be reached"):
        ledger_key(profile)


def test_a_lost_key_is_told_and_the_recovery_code_brings_it_back(profile: Profile, memory: Memory) -> None:
    key, status = ledger_key(profile)
    memory.secrets.clear()
    with pytest.raises(KeyProblem, match="no longer in the system's keyring: use the recovery code"):
        ledger_key(profile)
    assert status.recovery_code is not None
    again, restored = recover_key(profile, status.recovery_code)
    assert again == key
    assert restored.store == "keyring"
    assert ledger_key(profile)[0] == key


@pytest.mark.usefixtures("no_keyring")
def test_the_recovery_code_is_forgiving_to_read_and_strict_to_fit(profile: Profile) -> None:
    key, status = ledger_key(profile)
    code = status.recovery_code
    assert code is not None
    assert re.fullmatch(r"([A-Z2-7]{5}-){5}[A-Z2-7]", code)
    assert code not in profile.keys.read_text()
    typed = code.lower().replace("-", " ").replace("o", "0").replace("l", "1").replace("b", "8")
    assert recover_key(profile, typed)[0] == key
    wrong = ("A" if code[0] != "A" else "B") + code[1:]
    for bad in (wrong, code[:-1], "", "ä" * 26, code + "A"):
        with pytest.raises(KeyProblem, match="recovery code does not fit"):
            recover_key(profile, bad)


@pytest.mark.usefixtures("no_keyring")
def test_a_new_recovery_code_replaces_the_old(profile: Profile) -> None:
    key, status = ledger_key(profile)
    fresh = new_recovery_code(profile, key)
    assert recover_key(profile, fresh)[0] == key
    with pytest.raises(KeyProblem):
        recover_key(profile, str(status.recovery_code))


def test_a_passphrase_can_be_set_later_and_the_key_leaves_the_keyring(profile: Profile, memory: Memory) -> None:
    key, status = ledger_key(profile)
    set_passphrase(profile, key, "correct horse")
    assert memory.secrets == {}
    assert ledger_key(profile, lambda: "correct horse")[0] == key
    assert recover_key(profile, str(status.recovery_code))[0] == key


@pytest.mark.usefixtures("no_keyring")
def test_no_key_is_made_over_an_existing_ledger(profile: Profile) -> None:
    profile.folder.mkdir()
    profile.ledger.write_bytes(b"something")
    with pytest.raises(KeyProblem, match="is missing: restore it"):
        ledger_key(profile)
    assert not profile.keys.exists()


@pytest.mark.usefixtures("no_keyring")
@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"[]", b"{}", b'{"store": "file", "key": "AAAA"}', b'{"store": "file", "key": 7}']
)
def test_damaged_key_data_is_told_and_left_alone(profile: Profile, damaged: bytes) -> None:
    profile.folder.mkdir()
    profile.keys.write_bytes(damaged)
    with pytest.raises(KeyProblem, match="is damaged: restore it"):
        ledger_key(profile)
    assert profile.keys.read_bytes() == damaged


@pytest.mark.usefixtures("no_keyring")
def test_a_store_of_a_later_version_is_told(profile: Profile) -> None:
    ledger_key(profile)
    document = json.loads(profile.keys.read_text())
    profile.keys.write_text(json.dumps({**document, "store": "chip"}))
    with pytest.raises(KeyProblem, match=r"does not know \(chip\)"):
        ledger_key(profile)


@pytest.mark.parametrize("module", ["keyrings.alt.file", "keyring.backends.fail", "keyring.backends.null"])
def test_stores_that_keep_secrets_badly_are_refused(
    profile: Profile, memory: Memory, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setattr(Memory, "__module__", module)
    assert ledger_key(profile)[1].store == "file"
    assert memory.secrets == {}


def _first_use(folder: str) -> bytes:
    system_keyring._backend = lambda: None
    return ledger_key(profile_at(folder))[0]


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with get_context("spawn").Pool(4) as pool:
        made = pool.map(_first_use, [str(tmp_path / "profile")] * 8, chunksize=1)
    assert len(set(made)) == 1
    assert [file.name for file in (tmp_path / "profile").iterdir()] == ["keys.json"]


@pytest.mark.usefixtures("no_keyring")
def test_the_signing_key_is_made_once_and_wrapped(profile: Profile) -> None:
    first = signing_key(profile)
    assert profile.signing_key.stat().st_mode & 0o777 == 0o600
    private = first.private_bytes_raw()
    assert private.hex() not in profile.signing_key.read_text()
    keys._opened.clear()
    assert signing_key(profile).private_bytes_raw() == private


@pytest.mark.usefixtures("no_keyring")
def test_a_damaged_or_foreign_signing_key_is_told_and_left_alone(profile: Profile, tmp_path: Path) -> None:
    signing_key(profile)
    other = profile_at(tmp_path / "other")
    ledger_key(other)
    for bad in (profile.signing_key.read_bytes(), b"{}", b"{", b"[]"):
        other.signing_key.write_bytes(bad)
        with pytest.raises(KeyProblem, match=r"signing key .* cannot be read"):
            signing_key(other)
        assert other.signing_key.read_bytes() == bad


@pytest.mark.usefixtures("no_keyring")
def test_a_passphrase_is_asked_for_once_in_a_process(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    key, _ = ledger_key(profile)
    monkeypatch.delenv(PASSPHRASE_VARIABLE)
    assert opened_key(profile) == key
    assert signing_key(profile).private_bytes_raw() == signing_key(profile).private_bytes_raw()
