"""The ledger's key: 32 random bytes, made once, kept in the best place that this computer offers (docs/decisions/0002).

`keys.json` in the profile says where: `keyring`, `passphrase` (the key, encrypted under it) or `file` (the key
itself, 0600). It also holds the key encrypted under the recovery code.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from goodmeasure.domain.errors import Refusal
from goodmeasure.host.paths import Profile, private_folder, write_private

PASSPHRASE_VARIABLE = "GOODMEASURE_PASSPHRASE"  # noqa: S105 - a variable's name
_RECOVERY = "recovery code"
_opened: dict[str, bytes] = {}


class KeyProblem(Refusal):
    """The ledger's key cannot be had."""


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """Where the ledger's key is kept."""

    store: str
    """`keyring`, `passphrase` or `file`."""
    warning: str | None
    """What to show where that place is weak; None where it is not."""
    recovery_code: str | None = None
    """Only from the call that made the key: to be shown once."""


def ledger_key(profile: Profile, ask_passphrase: Callable[[], str | None] = lambda: None) -> tuple[bytes, KeyStatus]:
    """Return the ledger's key and where it is kept; at first use it is made.

    `ask_passphrase`: asks the person; called only where the key needs one and `$GOODMEASURE_PASSPHRASE` is not set.
    Raises KeyProblem for a wrong or missing passphrase, a lost key, a locked keyring, damaged key data, and where a
    ledger lies in the profile without them: a new key is never put over it.
    """
    document = _document(profile)
    made = None
    if document is None:
        if profile.ledger.exists() and profile.ledger.stat().st_size:
            raise KeyProblem(
                f"The file {profile.keys}, which says where the key of your ledger is kept, is missing: "
                "restore it from a backup."
            )
        document, made = _make(profile)
    key = _read(profile, document, ask_passphrase)
    if _check(key) != document.get("check"):
        raise _damaged(profile)
    _opened[str(profile.keys)] = key
    return key, KeyStatus(document["store"], _warning(profile, document), made)


def opened_key(profile: Profile, ask_passphrase: Callable[[], str | None] = lambda: None) -> bytes:
    """Return the ledger's key; who was asked for it in this process is not asked again. Raises KeyProblem."""
    return _opened.get(str(profile.keys)) or ledger_key(profile, ask_passphrase)[0]


def new_recovery_code(profile: Profile, key: bytes) -> str:
    """Make a new recovery code for the ledger's key and return it, to be shown once; earlier codes no longer work."""
    from goodmeasure.host.wrapping import code_bytes, new_code, wrap_with_key  # noqa: PLC0415 - loads cryptography

    document = _required(profile)
    code = new_code()
    _write(profile, {**document, "recovery": wrap_with_key(key, code_bytes(code), _RECOVERY)})
    return code


def key_by_code(profile: Profile, code: str) -> bytes:
    """Return the ledger's key by its recovery code; nothing is changed. Raises KeyProblem for a wrong code."""
    from goodmeasure.host.wrapping import WrongSecretError, code_bytes, unwrap_with_key  # noqa: PLC0415 - loads cryptography

    try:
        return unwrap_with_key(_required(profile)["recovery"], code_bytes(code), _RECOVERY)
    except WrongSecretError as error:
        raise KeyProblem("The recovery code does not fit this ledger: check every letter of it.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(profile) from error


def recover_key(profile: Profile, code: str) -> tuple[bytes, KeyStatus]:
    """Return the ledger's key by its recovery code, and keep it in the best place that there is now.

    Raises KeyProblem for a wrong code.
    """
    key = key_by_code(profile, code)
    fresh = {**_stored(key), "check": _check(key), "recovery": _required(profile)["recovery"]}
    _write(profile, fresh)
    return key, KeyStatus(fresh["store"], _warning(profile, fresh))


def key_mark(profile: Profile) -> str | None:
    """Return a mark of the ledger's key that tells nothing of it but whether it is the same; None where there is none.

    Raises KeyProblem where `keys.json` cannot be read.
    """
    document = _document(profile)
    mark = document.get("check") if document else None
    return mark if isinstance(mark, str) else None


def set_passphrase(profile: Profile, key: bytes, passphrase: str) -> KeyStatus:
    """Keep the ledger's key under a passphrase from now on, and nowhere else."""
    from goodmeasure.host.wrapping import wrap_with_passphrase  # noqa: PLC0415 - loads cryptography

    document = _required(profile)
    fresh: dict[str, Any] = {name: document[name] for name in ("check", "recovery") if name in document}
    _write(profile, {"store": "passphrase", **fresh, "passphrase": wrap_with_passphrase(key, passphrase)})
    if document["store"] == "keyring":
        from goodmeasure.host import system_keyring  # noqa: PLC0415 - loads keyring

        system_keyring.drop(document["account"])
    return KeyStatus("passphrase", None)


def _make(profile: Profile) -> tuple[dict[str, Any], str | None]:
    """Make a key and write `keys.json`; where another process was faster, return that one's."""
    from goodmeasure.host.wrapping import code_bytes, new_code, wrap_with_key  # noqa: PLC0415 - loads cryptography

    key, code = os.urandom(32), new_code()
    document = {**_stored(key), "check": _check(key), "recovery": wrap_with_key(key, code_bytes(code), _RECOVERY)}
    if _write_first(profile, document):
        return document, code
    if document["store"] == "keyring":
        from goodmeasure.host import system_keyring  # noqa: PLC0415 - loads keyring

        system_keyring.drop(document["account"])
    return _required(profile), None


def _stored(key: bytes) -> dict[str, Any]:
    """Keep the key in the best place there is and return what `keys.json` must say."""
    from goodmeasure.host import system_keyring  # noqa: PLC0415 - loads keyring

    account = f"ledger-{os.urandom(8).hex()}"
    if system_keyring.keep(account, key):
        return {"store": "keyring", "account": account}
    passphrase = os.environ.get(PASSPHRASE_VARIABLE)
    if passphrase:
        from goodmeasure.host.wrapping import wrap_with_passphrase  # noqa: PLC0415 - loads cryptography

        return {"store": "passphrase", "passphrase": wrap_with_passphrase(key, passphrase)}
    return {"store": "file", "key": b64encode(key).decode()}


def _read(profile: Profile, document: dict[str, Any], ask_passphrase: Callable[[], str | None]) -> bytes:
    try:
        match document["store"]:
            case "file":
                return b64decode(document["key"], validate=True)
            case "passphrase":
                return _unlocked(document["passphrase"], ask_passphrase)
            case "keyring":
                return _from_keyring(document["account"])
            case other:
                raise KeyProblem(
                    f"The key of your ledger is kept in a place that this version does not know ({other}): "
                    "install a newer version of Good Measure."
                )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(profile) from error


def _unlocked(wrapped: dict[str, Any], ask_passphrase: Callable[[], str | None]) -> bytes:
    from goodmeasure.host.wrapping import WrongSecretError, unwrap_with_passphrase  # noqa: PLC0415 - loads cryptography

    passphrase = os.environ.get(PASSPHRASE_VARIABLE) or ask_passphrase()
    if not passphrase:
        raise KeyProblem(f"Your ledger needs its passphrase: type it, or set {PASSPHRASE_VARIABLE}.")
    try:
        return unwrap_with_passphrase(wrapped, passphrase)
    except WrongSecretError as error:
        raise KeyProblem("The passphrase does not fit this ledger: try again, or use the recovery code.") from error


def _from_keyring(account: str) -> bytes:
    from goodmeasure.host import system_keyring  # noqa: PLC0415 - loads keyring

    key = system_keyring.kept(account)
    if key is None:
        raise KeyProblem("The key of your ledger is no longer in the system's keyring: use the recovery code.")
    return key


def _warning(profile: Profile, document: dict[str, Any]) -> str | None:
    if document["store"] != "file":
        return None
    return (
        f"The key of your ledger lies in a file ({profile.keys}), because this computer offers no keyring: "
        f"whoever can read your files can read the ledger. "
        f"Set {PASSPHRASE_VARIABLE} before the first start to avoid this."
    )


def _document(profile: Profile) -> dict[str, Any] | None:
    try:
        document = json.loads(profile.keys.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyProblem(
            f"The file {profile.keys} cannot be read ({error.strerror}): check its permissions."
        ) from error
    except ValueError as error:
        raise _damaged(profile) from error
    if not isinstance(document, dict):
        raise _damaged(profile)
    return document


def _required(profile: Profile) -> dict[str, Any]:
    document = _document(profile)
    if document is None:
        raise KeyProblem(f"There is no key yet in {profile.folder}: start Good Measure once.")
    return document


def _damaged(profile: Profile) -> KeyProblem:
    return KeyProblem(f"The file {profile.keys} is damaged: restore it from a backup.")


def _check(key: bytes) -> str:
    """Return a fingerprint that tells nothing of the key but whether it is the same."""
    return blake2b(b"goodmeasure key check", key=key, digest_size=8).hexdigest()


def _bytes(document: dict[str, Any]) -> bytes:
    return json.dumps({"version": 1, **document}, indent=2).encode() + b"\n"


def _write(profile: Profile, document: dict[str, Any]) -> None:
    write_private(profile.keys, _bytes(document))


def _write_first(profile: Profile, document: dict[str, Any]) -> bool:
    """Write `keys.json` unless there is one; False where there is."""
    private_folder(profile.folder)
    own = profile.keys.with_name(f".keys.{os.getpid()}.{os.urandom(4).hex()}")
    write_private(own, _bytes(document))
    try:
        os.link(own, profile.keys)
    except FileExistsError:
        return False
    except OSError:
        # A file system without hard links: the window between looking and writing stays, as small as it can be.
        if profile.keys.exists():
            return False
        _write(profile, document)
    finally:
        own.unlink()
    return True
