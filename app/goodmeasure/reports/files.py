"""The three files of a report, made in one place: what is previewed is what is saved, byte for byte."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from goodmeasure.disclosure.levels import Report
from goodmeasure.reports.canonical import canonical_bytes
from goodmeasure.reports.page import page_bytes
from goodmeasure.reports.signing import sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

REPORT_NAME: Final = "report.json"
SIGNATURE_NAME: Final = "report.json.sig"
PAGE_NAME: Final = "report.html"


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """The exact bytes of a report: nothing else is ever written, shown or sent."""

    report: bytes
    """Canonical JSON: `report.json`."""
    signature: bytes
    """Armoured SSH signature of `report`: `report.json.sig`."""
    page: bytes
    """The page for people, made only from the other two: `report.html`."""

    def by_name(self) -> dict[str, bytes]:
        """Return the bytes by file name."""
        return {REPORT_NAME: self.report, SIGNATURE_NAME: self.signature, PAGE_NAME: self.page}


def report_files(report: Report, key: "Ed25519PrivateKey") -> ReportFiles:
    """Return the bytes of all three files. The same report and key give the same bytes."""
    data = canonical_bytes(report)
    signature = sign(data, key)
    return ReportFiles(data, signature, page_bytes(data, signature))
