"""Signed reports of colleagues, as files in a folder: real bytes and signatures, made-up figures."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.disclosure.levels import Level, Report
from goodmeasure.domain.period import week_of
from goodmeasure.reports.canonical import canonical_bytes
from goodmeasure.reports.signing import fingerprint, sign
from tests.disclosure.samples import LEVELS_FILLED

_TODAY: Final = datetime.now(UTC).date()
CURRENT: Final[dict[str, Any]] = {
    "written_in": week_of(_TODAY).name,
    "expires_after": week_of(_TODAY + timedelta(weeks=10)).name,
}
"""Fields of a report that was written this week, for what runs by the machine's own clock."""


def key_of(person: str) -> Ed25519PrivateKey:
    """Return the key of a colleague."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(person.encode()).digest())


def mark_of(person: str) -> str:
    """Return the fingerprint of a colleague's key."""
    return fingerprint(key_of(person).public_key().public_bytes_raw())


def signed(person: str, level: Level = "L1", **changed: Any) -> tuple[bytes, bytes]:
    """Return a colleague's report and signature; `changed` replaces fields."""
    report: Report = msgspec.convert({**LEVELS_FILLED[level], "name": person, **changed}, Report, strict=True)
    data = canonical_bytes(report)
    return data, sign(data, key_of(person))


def handed_in(folder: Path, person: str, level: Level = "L1", **changed: Any) -> Path:
    """Write a colleague's report and signature into a folder of their own within `folder`; return that folder."""
    return laid_out(folder / person.replace(" ", "-").lower(), *signed(person, level, **changed))


def laid_out(place: Path, report: bytes, signature: bytes) -> Path:
    """Write these two files into `place` and return it."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "report.json").write_bytes(report)
    (place / "report.json.sig").write_bytes(signature)
    return place
