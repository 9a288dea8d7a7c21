"""Encrypting one small secret with another.

The formats are those of `keys.json` and `signing.json`: never change one, add another.
"""

import os
from base64 import b32decode, b32encode, b64decode, b64encode
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# RFC 9106, section 4, second recommended choice: 64 MiB, three passes, four lanes.
_ARGON2 = {"memory_kib": 65_536, "iterations": 3, "lanes": 4}
_CODE_BYTES = 16
_CODE_LETTERS = 26


class WrongSecretError(Exception):
    """The passphrase, code or key does not fit what was wrapped."""


def wrap_with_passphrase(secret: bytes, passphrase: str) -> dict[str, Any]:
    """Return `secret` encrypted under a passphrase stretched by Argon2id, as JSON values."""
    salt = os.urandom(16)
    return {"salt": _text(salt), **_ARGON2, **_sealed(secret, _stretched(passphrase, salt, _ARGON2))}


def unwrap_with_passphrase(wrapped: dict[str, Any], passphrase: str) -> bytes:
    """Return the secret. Raises WrongSecretError."""
    return _opened(wrapped, _stretched(passphrase, b64decode(wrapped["salt"]), wrapped))


def wrap_with_key(secret: bytes, key: bytes, purpose: str) -> dict[str, Any]:
    """Return `secret` encrypted under a key derived from `key` (random, 16 bytes or more), as JSON values."""
    return _sealed(secret, _derived(key, purpose))


def unwrap_with_key(wrapped: dict[str, Any], key: bytes, purpose: str) -> bytes:
    """Return the secret. Raises WrongSecretError."""
    return _opened(wrapped, _derived(key, purpose))


def new_code() -> str:
    """Return a new recovery code of 128 random bits: letters and digits in groups, to print or write down."""
    letters = b32encode(os.urandom(_CODE_BYTES)).decode().rstrip("=")
    return "-".join(letters[start : start + 5] for start in range(0, len(letters), 5))


def code_bytes(code: str) -> bytes:
    """Return the 16 bytes of a recovery code, however it was spaced or cased. Raises WrongSecretError."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum()).translate(str.maketrans("018", "OLB"))
    if len(letters) != _CODE_LETTERS:
        raise WrongSecretError
    try:
        return b32decode(letters + "=" * 6)
    except ValueError as error:
        raise WrongSecretError from error


def _stretched(passphrase: str, salt: bytes, cost: dict[str, Any]) -> bytes:
    kdf = Argon2id(
        salt=salt, length=32, iterations=cost["iterations"], lanes=cost["lanes"], memory_cost=cost["memory_kib"]
    )
    return kdf.derive(passphrase.encode())


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"goodmeasure {purpose}".encode()).derive(key)


def _sealed(secret: bytes, key: bytes) -> dict[str, str]:
    nonce = os.urandom(12)
    return {"nonce": _text(nonce), "sealed": _text(ChaCha20Poly1305(key).encrypt(nonce, secret, None))}


def _opened(wrapped: dict[str, Any], key: bytes) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(b64decode(wrapped["nonce"]), b64decode(wrapped["sealed"]), None)
    except InvalidTag as error:
        raise WrongSecretError from error


def _text(data: bytes) -> str:
    return b64encode(data).decode()
