"""What a person may ask of whoever holds their reports: a copy of everything, and a receipt that it was deleted."""

import io
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from goodmeasure.domain.period import moment
from goodmeasure.domain.received import Deletion, ReceivedReport
from goodmeasure.reports.files import REPORT_NAME, SIGNATURE_NAME, ReportFiles
from goodmeasure.reports.page import page_bytes
from goodmeasure.reports.signing import sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

RECEIPT_NAMESPACE: Final = "goodmeasure-deletion"
_FIRST_DATE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The promise that one report was deleted. It can be checked who promised, not that no copy is left."""

    sha256: bytes
    """32 bytes: hash of the deleted report's exact bytes."""
    deleted_on: date
    expired: bool
    """Deleted because its time was over; False: on request."""
    text: bytes
    """What was signed: plain text, for people."""
    signature: bytes
    """Armoured SSH signature of `text`, namespace `goodmeasure-deletion`."""


def deletion_receipt(gone: Deletion, deleted_on: date, key: "Ed25519PrivateKey") -> Receipt:
    """Return the receipt of a deletion; the same deletion and key give the same bytes."""
    why = "its time was over" if gone.expired else "on request"
    text = (
        "Good Measure deletion receipt\n"
        f"report.json with SHA-256 {gone.sha256.hex()}\n"
        f"deleted on {deleted_on.isoformat()}, {why}.\n"
        "This covers the ledger that held it: not backups made before, nor files kept elsewhere.\n"
    ).encode()
    return Receipt(gone.sha256, deleted_on, gone.expired, text, sign(text, key, RECEIPT_NAMESPACE))


def copy_of_all(reports: Sequence[ReceivedReport], used: Collection[str], zone: tzinfo) -> bytes:
    """Return a zip of everything held of one sender: each report with its signature and page, and a list.

    `used`: marks of the reports that went into a roll-up. The same reports give the same bytes.
    """
    packed, lines = io.BytesIO(), [_HEAD]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:

        def add(name: str, data: bytes) -> None:
            info = zipfile.ZipInfo(name, _FIRST_DATE)
            info.create_system = 3  # the same on every system
            info.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(info, data)

        for one in reports:
            folder = f"{one.period}-{one.level}-{one.sha256.hex()[:8]}"
            files = ReportFiles(one.body, one.signature, page_bytes(one.body, one.signature)).by_name()
            for name, data in files.items():
                add(f"{folder}/{name}", data)
            lines.append(_line(one, folder, zone, in_roll_up=report_mark(one.fingerprint, one.sha256) in used))
        lines.append(_FOOT)
        add("what-is-held.txt", "\n".join(lines).encode())
    return packed.getvalue()


def report_mark(fingerprint: str, digest: bytes) -> str:
    """Return the mark under which a report stands in the journal of roll-ups: a hash, 32 hexadecimal digits."""
    return sha256(fingerprint.encode() + b"\0" + digest).hexdigest()[:32]


_HEAD: Final = (
    "Everything that is held in Good Measure of what you sent, byte for byte.\n"
    f"Each folder holds {REPORT_NAME}, {SIGNATURE_NAME} and the page.\n"
)
_FOOT: Final = (
    "Your name and key are remembered beyond that, so that another key which signs with your name is noticed.\n"
    "Roll-ups that were made stay; they hold ranges of five people or more, and nobody's name.\n"
)


def _line(one: ReceivedReport, folder: str, zone: tzinfo, *, in_roll_up: bool) -> str:
    received_on = moment(one.received_at, zone).date().isoformat()
    used = "added up with others in a roll-up" if in_roll_up else "in no roll-up"
    return (
        f"{folder}\n  SHA-256 {one.sha256.hex()}\n  signed with {one.fingerprint}\n"
        f"  received {received_on}, deleted after {one.expires_after}, {used}\n"
    )
