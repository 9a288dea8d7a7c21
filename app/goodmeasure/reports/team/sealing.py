"""Sealing shares for one steward: HPKE (RFC 9180) in base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305.

What a share belongs to (roster, period, member, steward) is bound to the seal, so that no sealed share can be handed in
again for anything else.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from goodmeasure.disclosure.team import SHARE_BYTES
from goodmeasure.reports.team.shamir import PRIME

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_PURPOSE: Final = b"goodmeasure team sealing key"


class SealError(ValueError):
    """A seal that does not open with this key, for this purpose, or to this many shares."""


def sealing_key(signing_key: Ed25519PrivateKey) -> X25519PrivateKey:
    """Return the key that opens what is sealed for the owner of `signing_key`.

    It is derived (HKDF-SHA256) and kept nowhere, so it comes back with the signing key from a backup.
    """
    seed = signing_key.private_bytes_raw()
    return X25519PrivateKey.from_private_bytes(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(seed))


def public_sealing_key(signing_key: Ed25519PrivateKey) -> bytes:
    """Return the public half of `sealing_key`, 32 bytes."""
    return sealing_key(signing_key).public_key().public_bytes_raw()


def sealed(shares: Sequence[int], public_key: bytes, purpose: bytes) -> str:
    """Return shares as base64 that only the owner of `public_key` can open, and only for this purpose."""
    plain = b"".join(share.to_bytes(SHARE_BYTES, "big") for share in shares)
    return b64encode(_SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public_key), info=purpose)).decode()


def unsealed(text: str, key: X25519PrivateKey, purpose: bytes, number: int) -> tuple[int, ...]:
    """Return the `number` shares in a seal. Raises SealError for anything but exactly such a seal."""
    try:
        plain = _SUITE.decrypt(b64decode(text, validate=True), key, info=purpose)
    except (InvalidTag, ValueError) as error:
        raise SealError("The seal does not open.") from error
    if len(plain) != SHARE_BYTES * number:
        raise SealError("The seal holds another number of shares.")
    shares = tuple(
        int.from_bytes(plain[place : place + SHARE_BYTES], "big") for place in range(0, len(plain), SHARE_BYTES)
    )
    if any(share >= PRIME for share in shares):
        raise SealError("The seal holds a number outside the field.")
    return shares
