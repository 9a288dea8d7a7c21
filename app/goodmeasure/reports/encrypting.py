"""Encrypting a report's files to its reader with age, and opening them again.

What is encrypted is a zip archive without compression, so that the reader needs nothing but `age` and any zip program:
`age -d -i key.txt report.age > report.zip`. The same files give the same archive; the encryption itself differs each
time, as it must. Format: age-encryption.org/v1, by pyrage (the Rust implementation).
"""

import io
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from goodmeasure.domain.errors import Refusal

if TYPE_CHECKING:
    import pyrage

LARGEST_SEALED_BYTES: Final = 8_000_000
"""More than a report with all its views ever needs."""
NAMES: Final = ("report.json", "report.json.sig", "report.html", "report.pdf", "cost.csv")
"""Every name that may stand in the archive, in this order."""

_SAME_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip archive can say: an archive must not tell when it was made."""
_MARK: Final = b"age-encryption.org/v1\n"


def encrypt(files: Mapping[str, bytes], recipient: str) -> bytes:
    """Return the files, by name, encrypted to one reader: `age1…` or a line `ssh-ed25519 AAAA…`.

    Raises Refusal where the recipient is no such key. A name that is not in NAMES is a ValueError.
    """
    import pyrage  # noqa: PLC0415 - 2 MB that only an encrypted report pays for

    return bytes(pyrage.encrypt(_packed(files), [_recipient(recipient)]))


def decrypt(data: bytes, identity: str) -> dict[str, bytes]:
    """Return the files, by name, of what `encrypt` made: `identity` is `AGE-SECRET-KEY-1…` or an OpenSSH private key.

    Nothing is written anywhere. Raises Refusal, one sentence, where the key is none or another one, or the archive is
    not one that `encrypt` makes.
    """
    import pyrage  # noqa: PLC0415 - as above

    if len(data) > LARGEST_SEALED_BYTES:
        raise Refusal("The encrypted file is larger than 8 MB: it is not one that Good Measure writes.")
    if not is_encrypted(data):
        raise Refusal("The file is not encrypted with age: open it as it is, or ask for it again.")
    key = _identity(identity)
    try:
        packed = bytes(pyrage.decrypt(data, [key]))
    except pyrage.DecryptError as error:
        raise Refusal(
            "The file cannot be decrypted with your key: it was encrypted to another one, or was changed on its way."
        ) from error
    return _unpacked(packed)


def is_encrypted(data: bytes) -> bool:
    """Say whether these bytes begin as a file of age does."""
    return data.startswith(_MARK)


def new_identity() -> str:
    """Return a fresh secret key, `AGE-SECRET-KEY-1…`: to be kept where secrets are kept."""
    from pyrage import x25519  # noqa: PLC0415 - as above

    return str(x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """Return what to hand out, `age1…`, for a secret key of `new_identity`. Raises Refusal where it is none."""
    import pyrage  # noqa: PLC0415 - as above

    try:
        return str(pyrage.x25519.Identity.from_str(identity.strip()).to_public())
    except pyrage.IdentityError as error:
        raise Refusal("This is not a secret key of age: it begins with AGE-SECRET-KEY-1.") from error


def recipient_fault(recipient: str) -> str | None:
    """Say in one sentence what is wrong with a recipient that somebody typed, or None."""
    try:
        _recipient(recipient)
    except Refusal as refusal:
        return str(refusal)
    return None


def _recipient(text: str) -> "pyrage.x25519.Recipient | pyrage.ssh.Recipient":
    import pyrage  # noqa: PLC0415 - as above

    text = text.strip()
    try:
        if text.startswith("age1"):
            return pyrage.x25519.Recipient.from_str(text)
        if text.startswith("ssh-ed25519 "):
            return pyrage.ssh.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Refusal(
            "The reader's key is damaged: copy all of it, from age1 or ssh-ed25519 to its end, and try again."
        ) from error
    raise Refusal("The reader's key must begin with age1 or ssh-ed25519: ask the reader for their public key.")


def _identity(text: str) -> "pyrage.x25519.Identity | pyrage.ssh.Identity":
    import pyrage  # noqa: PLC0415 - as above

    try:
        if text.strip().startswith("AGE-SECRET-KEY-1"):
            return pyrage.x25519.Identity.from_str(text.strip())
        return pyrage.ssh.Identity.from_buffer(text.encode())
    except pyrage.IdentityError as error:
        raise Refusal("Your key cannot be read: it is neither one of age nor of OpenSSH.") from error


def _packed(files: Mapping[str, bytes]) -> bytes:
    if unknown := set(files) - set(NAMES):
        raise ValueError(f"no such file in a report: {sorted(unknown)}")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for name in NAMES:
            if name in files:
                entry = zipfile.ZipInfo(name, _SAME_DAY)
                entry.create_system = 3  # the same on every system
                packed.writestr(entry, files[name])
    return archive.getvalue()


def _unpacked(data: bytes) -> dict[str, bytes]:
    refusal = Refusal("The encrypted file does not hold a report: ask for it again.")
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for entry in packed.infolist():
                # Stored, so that no entry is larger than the file that it came in.
                if entry.filename in found or entry.filename not in NAMES or entry.compress_type != zipfile.ZIP_STORED:
                    raise refusal
                found[entry.filename] = packed.read(entry)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise refusal from error
    if _packed(found) != data:
        raise refusal
    return found
