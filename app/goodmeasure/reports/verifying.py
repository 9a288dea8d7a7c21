"""Checking a report with its neighbours: who signed it, is it whole, is it still to be read."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from goodmeasure.disclosure.levels import Report
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.files import REPORT_NAME
from goodmeasure.reports.opening import LARGEST_REPORT_BYTES, expired, open_report
from goodmeasure.reports.page import page_bytes
from goodmeasure.reports.signing import SignatureError, allowed_signers_line, fingerprint, signer_of


class PageState(StrEnum):
    """How the page for people stands to the signed bytes."""

    SAME = "same"
    """It is exactly the page that this version makes from them."""
    DIFFERENT = "different"
    """It is not: changed, or made by another version of the app. Trust the signed report, not this page."""
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Verification:
    """What is known of a report whose signature fits its bytes."""

    report: Report
    fingerprint: str
    """Of the signing key, as OpenSSH prints it. Compare it with one that you got from the signer in another way."""
    public_key: bytes
    """Raw Ed25519 key, 32 bytes."""
    allowed_signers: str
    """The line that lets `ssh-keygen -Y verify` check the same."""
    expired: bool
    page: PageState


def verify_report(path: Path, today: date) -> Verification:
    """Check a report: `path` is its folder, its `report.json`, its `report.json.sig` or its `report.html`.

    The signature is checked before the report is read. Raises Refusal, one sentence, where a file is missing, the
    signature does not fit, or the report does not keep to its format; an expired report is returned, marked.
    """
    report_path = _report_path(path)
    data = _read(report_path)
    armour = _read(report_path.with_name(report_path.name + ".sig"))
    try:
        public = signer_of(data, armour)
    except SignatureError as error:
        raise Refusal(f"{report_path} cannot be trusted: {error} Ask for it again.") from error
    report = open_report(data)
    return Verification(
        report,
        fingerprint(public),
        public,
        allowed_signers_line(report.name, public),
        expired(report, today),
        _page_state(report_path.with_suffix(".html"), data, armour),
    )


def _report_path(path: Path) -> Path:
    if path.is_dir():
        return path / REPORT_NAME
    if path.suffix == ".sig":
        return path.with_suffix("")
    return path.with_suffix(".json")


def _page_state(path: Path, data: bytes, armour: bytes) -> PageState:
    if not path.exists():
        return PageState.ABSENT
    return PageState.SAME if _read(path) == page_bytes(data, armour) else PageState.DIFFERENT


def _read(path: Path) -> bytes:
    """Return a file's bytes, one more than the cap at most. Only a plain file is opened: a pipe would wait for ever."""
    try:
        if not path.is_file():
            raise Refusal(f"{path} is missing: the report, its .sig and its page lie side by side.")
        with path.open("rb") as stream:
            return stream.read(LARGEST_REPORT_BYTES + 1)
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
