"""A signed file of a team sum: one line of canonical JSON, then its SSH signature. Anything else is refused.

The bytes before the first line break are what is signed, the rest is what `ssh-keygen -Y verify -n goodmeasure-team`
takes as the signature.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Generic, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.canonical import CanonicalError, canonical_json
from goodmeasure.reports.signing import TEAM_NAMESPACE, SignatureError, sign, signer_of

LARGEST_FILE_BYTES: Final = 262_144
"""A roster of 200 members needs a fifth of it."""

RecordT = TypeVar("RecordT", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Signed(Generic[RecordT]):
    """What a file says, and who signed it."""

    record: RecordT
    signer: str
    """The Ed25519 key as 64 hex digits."""
    digest: str
    """SHA-256 of the signed line, 64 hex digits: by this, other files name it."""
    data: bytes
    """The whole file."""


def signed_file(record: msgspec.Struct, key: Ed25519PrivateKey) -> bytes:
    """Return the bytes of the file that says `record`."""
    line = canonical_json(msgspec.to_builtins(record))
    return line + b"\n" + sign(line, key, TEAM_NAMESPACE)


def opened_file(data: bytes, kind: type[RecordT], what: str) -> Signed[RecordT]:
    """Return what a file says; `what` names it in refusals ("The roster").

    Raises Refusal, one sentence, for anything that `signed_file` would not write: over 256 KB, a signature that does
    not fit, another kind of record, unknown, missing or repeated fields, wrong values, another order or spacing.
    """
    if len(data) > LARGEST_FILE_BYTES:
        raise Refusal(f"{what} is larger than 256 KB: it is not one that Good Measure writes.")
    line, _, armour = data.partition(b"\n")
    try:
        signer = signer_of(line, armour, TEAM_NAMESPACE)
    except SignatureError as error:
        raise Refusal(f"{what} cannot be trusted, its signature does not fit it: ask for it again.") from error
    try:
        record = msgspec.json.decode(line, type=kind)
        same = canonical_json(msgspec.to_builtins(record)) == line
    except (msgspec.MsgspecError, CanonicalError, UnicodeError, RecursionError) as error:
        raise Refusal(f"{what} does not keep to its format: {error}.") from error
    if not same:
        raise Refusal(f"{what} is not in its canonical form: it was written by another program.")
    return Signed(record, signer.hex(), sha256(line).hexdigest(), data)
