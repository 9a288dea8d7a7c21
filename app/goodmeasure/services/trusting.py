"""Whether a key belongs to the name that it signs with: trust on first use, and what to do when that breaks."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from goodmeasure.ledger.signers import KnownSigner


class Trust(StrEnum):
    """What is known of the key under a report."""

    OWN = "own"
    """This profile's own."""
    CONFIRMED = "confirmed"
    """The person compared its fingerprint with its owner."""
    FIRST_USE = "first_use"
    """The first key that signed with this name; nobody has compared it yet."""
    BLOCKED = "blocked"
    """Another key has signed with this name: it is not read until the person has decided."""


def trust_in(name: str, fingerprint: str, signers: Sequence[KnownSigner], own: str) -> tuple[Trust, str | None]:
    """Say what is known of a key that signs as `name`, and its first name where that is another one.

    `signers`: every key ever seen, this one among them. `own`: the fingerprint of this profile's key.
    """
    if fingerprint == own:
        return Trust.OWN, None
    signer = next(one for one in signers if one.fingerprint == fingerprint)
    known_as = None if same_name(signer.name) == same_name(name) else signer.name
    if signer.confirmed_at is not None and known_as is None:
        return Trust.CONFIRMED, None
    rivals = [one for one in signers if one.fingerprint != fingerprint and same_name(one.name) == same_name(name)]
    if any(
        # Who takes another's name is a newcomer to it, however long the key is known.
        known_as is not None or one.confirmed_at is not None or signers.index(one) < signers.index(signer)
        for one in rivals
    ):
        return Trust.BLOCKED, known_as
    return Trust.FIRST_USE, known_as


def same_name(name: str) -> str:
    """Return what two spellings of one name have in common: case, width and blanks do not count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
