"""SSH signatures (SSHSIG) with Ed25519, so that stock `ssh-keygen -Y verify` can check a report.

Format: OpenSSH's PROTOCOL.sshsig, version 1. Signed is "SSHSIG" + namespace + reserved + hash name + SHA-512 of the
bytes, each as an SSH string. Only what this app writes is accepted: Ed25519, SHA-512, this namespace, this armour.
"""

import hashlib
import re
import struct
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAMESPACE: Final = "goodmeasure-report"
"""What the signature is for; one made for anything else does not count."""
TEAM_NAMESPACE: Final = "goodmeasure-team"
"""The same for the files of a team sum."""

_MAGIC: Final = b"SSHSIG"
_VERSION: Final = 1
_HASH: Final = b"sha512"
_KEY_TYPE: Final = b"ssh-ed25519"
_BEGIN: Final = b"-----BEGIN SSH SIGNATURE-----\n"
_END: Final = b"-----END SSH SIGNATURE-----\n"
_LINE_LENGTH: Final = 70
_LONGEST_ARMOUR: Final = 1000
_KEY_BYTES: Final = 32


class SignatureError(ValueError):
    """A signature that does not hold; the message is one sentence for the person."""


def sign(data: bytes, key: "Ed25519PrivateKey", namespace: str = NAMESPACE) -> bytes:
    """Return the armoured SSH signature of `data`, as `ssh-keygen -Y sign -n NAMESPACE` writes it."""
    signature = _string(_KEY_TYPE) + _string(key.sign(_signed_bytes(data, namespace)))
    return _armoured(_key_blob(key.public_key().public_bytes_raw()), signature, namespace)


def signer_of(data: bytes, armour: bytes, namespace: str = NAMESPACE) -> bytes:
    """Return the raw public key (32 bytes) that signed `data` for what `namespace` says.

    Raises SignatureError where the armour is not one that `sign` makes, or the signature does not fit the bytes. A key
    that fits is not yet a person: compare its fingerprint.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only signing and checking pay for it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - same

    public, raw_signature = _unpacked(armour, namespace)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw_signature, _signed_bytes(data, namespace))
    except InvalidSignature as error:
        raise SignatureError("The signature does not fit the report: one of the two was changed.") from error
    return public


def fingerprint(public: bytes) -> str:
    """Return the fingerprint of a raw Ed25519 public key as OpenSSH prints it: `SHA256:` and 43 characters."""
    return "SHA256:" + b64encode(hashlib.sha256(_key_blob(public)).digest()).decode().rstrip("=")


def public_key_line(public: bytes) -> str:
    """Return the key as OpenSSH writes public keys: `ssh-ed25519 AAAA…`."""
    return f"{_KEY_TYPE.decode()} {b64encode(_key_blob(public)).decode()}"


def principal(name: str) -> str:
    """Return a signer's name as `ssh-keygen -I` can take it: letters, digits and `._@`, the rest replaced by `-`."""
    return re.sub(r"[^\w.@]+", "-", name).strip("-") or "signer"


def allowed_signers_line(name: str, public: bytes) -> str:
    """Return the line by which `ssh-keygen -Y verify -I <principal(name)>` accepts this key, for reports only."""
    return f'{principal(name)} namespaces="{NAMESPACE}" {public_key_line(public)}\n'


def _signed_bytes(data: bytes, namespace: str) -> bytes:
    return _MAGIC + _string(namespace.encode()) + _string(b"") + _string(_HASH) + _string(hashlib.sha512(data).digest())


def _key_blob(public: bytes) -> bytes:
    return _string(_KEY_TYPE) + _string(public)


def _armoured(key_blob: bytes, signature: bytes, namespace: str) -> bytes:
    head = _MAGIC + struct.pack(">I", _VERSION)
    parts = (key_blob, namespace.encode(), b"", _HASH, signature)
    text = b64encode(head + b"".join(_string(part) for part in parts))
    lines = (text[place : place + _LINE_LENGTH] + b"\n" for place in range(0, len(text), _LINE_LENGTH))
    return _BEGIN + b"".join(lines) + _END


def _unpacked(armour: bytes, namespace: str) -> tuple[bytes, bytes]:
    """Return raw public key and raw signature. Anything but the exact bytes that `sign` would write is refused."""
    refusal = SignatureError("The signature file is not one that Good Measure writes.")
    if len(armour) > _LONGEST_ARMOUR or not (armour.startswith(_BEGIN) and armour.endswith(_END)):
        raise refusal
    try:
        blob = b64decode(armour[len(_BEGIN) : -len(_END)].replace(b"\n", b""), validate=True)
    except Base64Error as error:
        raise refusal from error
    # The layout is fixed, so the two variable parts lie at fixed places; writing it again proves all the rest.
    key_at = len(_MAGIC) + 4 + 4 + 4 + len(_KEY_TYPE) + 4
    public, raw_signature = blob[key_at : key_at + _KEY_BYTES], blob[-2 * _KEY_BYTES :]
    if _armoured(_key_blob(public), _string(_KEY_TYPE) + _string(raw_signature), namespace) != armour:
        raise refusal
    return public, raw_signature


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data
