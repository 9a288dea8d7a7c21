"""The operating system's own store of secrets (Secret Service, Keychain, Credential Locker), through `keyring`.

Imported only where a profile keeps its key there: loading it costs a tenth of a second.
"""

from base64 import b64decode, b64encode
from contextlib import suppress

import keyring
import keyring.core
import keyring.errors
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend

from goodmeasure.domain.errors import Refusal

SERVICE = "goodmeasure"
# Files, plain or weakly encrypted, and stores that keep nothing: a key file of our own at least says what it is.
_REFUSED = ("keyrings.alt", "keyring.backends.fail", "keyring.backends.null")


class KeyringError(Refusal):
    """The system's keyring cannot be used now."""


def keep(account: str, secret: bytes) -> bool:
    """Keep a secret and read it back; False where this computer has no real keyring, or it is locked or broken."""
    backend = _backend()
    if backend is None:
        return False
    try:
        backend.set_password(SERVICE, account, b64encode(secret).decode())
        return backend.get_password(SERVICE, account) == b64encode(secret).decode()
    except Exception:  # noqa: BLE001 - each backend fails in its own way (D-Bus, COM, …); any failure means: not here
        return False


def kept(account: str) -> bytes | None:
    """Return a secret; None where the keyring has none. Raises KeyringError where it cannot be asked."""
    backend = _backend()
    if backend is None:
        raise KeyringError(
            "The key of your ledger lies in the system's keyring, which cannot be reached from here: "
            "start Good Measure from your desktop session, or use the recovery code."
        )
    try:
        secret = backend.get_password(SERVICE, account)
    except Exception as error:
        raise KeyringError(
            f"The system's keyring, which holds the key of your ledger, is locked or broken ({type(error).__name__}): "
            "unlock it and try again."
        ) from error
    return None if secret is None else b64decode(secret)


def drop(account: str) -> None:
    """Delete a secret; one that is not there is no error."""
    backend = _backend()
    if backend is None:
        return
    # Each backend fails in its own way, and a secret left behind opens nothing any more.
    with suppress(Exception):
        backend.delete_password(SERVICE, account)


def _backend() -> KeyringBackend | None:
    chosen = keyring.get_keyring()
    candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    for backend in candidates:
        if not type(backend).__module__.startswith(_REFUSED) and keyring.core.recommended(backend):
            return backend
    return None
