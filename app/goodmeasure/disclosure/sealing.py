"""Sealed records of runs: a tree of hashes whose root says nothing, and from which single runs can be opened later.

Every tree has the same 16,384 places. A run takes a random one; every other place holds random bytes, which nobody can
tell from a sealed record. So neither the root nor an opened run says how many runs there were.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec

from goodmeasure.disclosure.single_runs import TREE_DEPTH, OpenedRun, RunRecord

PLACES: Final = 2**TREE_DEPTH
_LEAF, _NODE = b"\x00", b"\x01"


def sealed(record: RunRecord, salt: bytes) -> bytes:
    """Return the leaf of a record, 32 bytes. `salt`: 32 random bytes, used once."""
    # Sorted keys, enums and ASCII weeks only: these are the record's canonical bytes (RFC 8785).
    return sha256(_LEAF + salt + msgspec.json.encode(record, order="sorted")).digest()


@dataclass(frozen=True, slots=True)
class SealedWeek:
    """A whole tree, row by row."""

    rows: tuple[tuple[bytes, ...], ...]
    """The leaves first, the root last; 32 bytes each."""

    @property
    def root(self) -> bytes:
        """Return the root, 32 bytes."""
        return self.rows[-1][0]

    def path(self, place: int) -> tuple[bytes, ...]:
        """Return the hashes beside the way from a place up to the root, lowest first."""
        return tuple(row[(place >> step) ^ 1] for step, row in enumerate(self.rows[:-1]))


def sealed_week(leaves: Mapping[int, bytes], filling: bytes) -> SealedWeek:
    """Return the tree with these leaves by place (0 up to below 16,384). `filling`: 32 random bytes for the others."""
    row = tuple(leaves.get(place) or hmac.digest(filling, place.to_bytes(4, "big"), sha256) for place in range(PLACES))
    rows = [row]
    while len(row) > 1:
        row = tuple(sha256(_NODE + row[place] + row[place + 1]).digest() for place in range(0, len(row), 2))
        rows.append(row)
    return SealedWeek(tuple(rows))


def holds(run: OpenedRun) -> bool:
    """Say whether an opened run's record was sealed under the root that it names."""
    found = sealed(run.record, bytes.fromhex(run.salt))
    for step, beside in enumerate(run.path):
        pair = (bytes.fromhex(beside), found) if run.place >> step & 1 else (found, bytes.fromhex(beside))
        found = sha256(_NODE + b"".join(pair)).digest()
    return found.hex() == run.runs_root
