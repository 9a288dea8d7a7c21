"""The key that signs this person's reports: Ed25519, made when first asked for.

`signing.json` holds it encrypted under the ledger's key, so it is as safe as that one's place, and comes back with it.
"""

import json
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.host.keys import KeyProblem, opened_key
from goodmeasure.host.paths import Profile, write_private
from goodmeasure.host.wrapping import WrongSecretError, unwrap_with_key, wrap_with_key

_PURPOSE = "signing key"


def signing_key(profile: Profile, ask_passphrase: Callable[[], str | None] = lambda: None) -> Ed25519PrivateKey:
    """Return the person's signing key, making it where there is none yet.

    Raises KeyProblem where the ledger's key cannot be had, or the file is damaged or belongs to another ledger.
    """
    key = opened_key(profile, ask_passphrase)
    try:
        wrapped = json.loads(profile.signing_key.read_bytes())
    except FileNotFoundError:
        return _made(profile, key)
    except (OSError, ValueError) as error:
        raise _unreadable(profile) from error
    try:
        return Ed25519PrivateKey.from_private_bytes(unwrap_with_key(wrapped, key, _PURPOSE))
    except (WrongSecretError, KeyError, TypeError, ValueError) as error:
        raise _unreadable(profile) from error


def _made(profile: Profile, key: bytes) -> Ed25519PrivateKey:
    made = Ed25519PrivateKey.generate()
    wrapped = wrap_with_key(made.private_bytes_raw(), key, _PURPOSE)
    write_private(profile.signing_key, json.dumps({"version": 1, **wrapped}, indent=2).encode() + b"\n")
    return made


def _unreadable(profile: Profile) -> KeyProblem:
    return KeyProblem(
        f"The signing key {profile.signing_key} cannot be read: restore it from a backup, "
        "or delete it to sign as somebody new."
    )
