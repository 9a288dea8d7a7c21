"""Making, signing, saving and checking reports. What a draft shows is what is saved, byte for byte."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from goodmeasure.disclosure.field_list import Field, field_list
from goodmeasure.disclosure.levels import Report
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import period_named
from goodmeasure.domain.releases import Release
from goodmeasure.host.clock import Clock
from goodmeasure.host.paths import Profile
from goodmeasure.host.signing import signing_key
from goodmeasure.ledger.audit import verify_audit
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.releases import record_release, releases
from goodmeasure.reports.comparing import Comparison, compared
from goodmeasure.reports.files import ReportFiles, report_files
from goodmeasure.reports.opening import open_report
from goodmeasure.reports.outputs import Formats, outputs
from goodmeasure.reports.page import page_bytes
from goodmeasure.reports.saving import demand_place, save_files
from goodmeasure.reports.signing import SignatureError, allowed_signers_line, fingerprint, principal, signer_of
from goodmeasure.reports.verifying import Verification, verify_report
from goodmeasure.services.drafting import CellChange, Drafted, Drafting
from goodmeasure.services.picking import SealedChoice, sealed_choices
from goodmeasure.services.queries import Queries
from goodmeasure.services.report_requests import ImprovedLine, PickedRun, ReportRequest
from goodmeasure.services.sealing import Sealing

_NEVER = (
    "Every prompt, answer, command and file",
    "Titles, projects, paths, branches and host names",
)
STAYS: Final[dict[str, tuple[str, ...]]] = {
    "L0": (*_NEVER, "Every number, even how many runs there were", "Every judgement"),
    "L1": (
        *_NEVER,
        "Tokens, costs and model names",
        "How many runs there were, and when",
        "Single judgements: only coarse shares leave",
        "Runs that you did not rate, beyond their grey share",
    ),
    "L2": (
        *_NEVER,
        "Exact numbers: runs in buckets, time as ranges, cost in two digits",
        "Model names, hours and days",
        "Single judgements, and any number of fewer than five runs",
    ),
    "L3": (*_NEVER, "All runs that you did not pick, and how many they are", "Tokens, costs and model names"),
}
"""What never leaves at each level, in words for the person."""


__all__ = [
    "STAYS",
    "CellChange",
    "Comparison",
    "Draft",
    "Formats",
    "ImprovedLine",
    "PickedRun",
    "Reopened",
    "ReportRequest",
    "Saved",
    "SealedChoice",
    "Sharing",
    "Verification",
]


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as it would leave: exact bytes, and what to know about them before saving."""

    request: ReportRequest
    report: Report
    files: ReportFiles
    fingerprint: str
    """Of the person's own signing key, as OpenSSH prints it."""
    frozen: bool
    """The shares of this period were released before: they stand as they were then, whatever was rated since."""
    unfinished: bool
    """The period is not over; once saved, its shares stay as they are now."""
    leaves: tuple[Field, ...]
    """Every field that the report can hold."""
    stays: tuple[str, ...]
    changes: tuple[CellChange, ...]
    """What a restatement changes of what was seen before: a reader of both can lay it side by side."""
    epsilon_tenths: int
    """What all noisy numbers that were shared so far have given away: the sum of their epsilons, in tenths."""
    drafted: Drafted


@dataclass(frozen=True, slots=True)
class Saved:
    """A report that now lies in a folder."""

    paths: tuple[Path, ...]
    fingerprint: str
    allowed_signers: str
    """The line that lets `ssh-keygen -Y verify` check it."""
    verify_command: str
    """How to check it with OpenSSH alone, from inside the folder."""
    left_out: tuple[str, ...] = ()
    """In a sentence each, what was asked for and could not be made."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """An earlier report, exactly as it was signed."""

    release: Release
    files: ReportFiles
    fingerprint: str
    """Of the key that signed it; the signature was checked."""
    leaves: tuple[Field, ...]
    stays: tuple[str, ...]


class Sharing:
    """The verbs of the Share page. Not for the thread that draws."""

    def __init__(self, ledger: Ledger, profile: Profile, queries: Queries, clock: Clock) -> None:
        self._ledger = ledger
        self._profile = profile
        self._queries = queries
        self._clock = clock
        self._drafting = Drafting(ledger, queries)

    def draft(self, request: ReportRequest) -> Draft:
        """Return what would leave. Shares nothing, but makes the signing key and receipts that are not there yet.

        Raises Refusal for a period or level that does not exist, a period that shares days with one that was shared, a
        typed text that cannot stand in a report, and whatever does not go together.
        """
        self._seal_for(request)
        drafted = self._drafting.drafted(request)
        report = drafted.report
        key = signing_key(self._profile)
        has_cells = report.level in {"L1", "L2"}
        return Draft(
            request=request,
            report=report,
            files=report_files(report, key),
            fingerprint=fingerprint(key.public_key().public_bytes_raw()),
            frozen=has_cells and drafted.freezing is None,
            unfinished=drafted.freezing is not None and period_named(report.period).last_on >= self._queries.today(),
            leaves=field_list(report.level),
            stays=STAYS[report.level],
            changes=drafted.changes,
            epsilon_tenths=self._drafting.epsilon_tenths(),
            drafted=drafted,
        )

    def _seal_for(self, request: ReportRequest) -> None:
        """Make the receipts that a report of this level stands on."""
        period = period_named(request.period)
        if request.level == "L3":
            self.seal_weeks()
        if request.level == "L0" and "W" in period.name:
            Sealing(self._ledger, self._queries.zone, self._clock).seal_week(period.name)

    def restatement(self, period: str) -> tuple[CellChange, ...]:
        """Return what a restatement of a shared period would change: what a reader can lay side by side.

        Raises Refusal where nothing was shared of it.
        """
        return self._drafting.changes(period_named(period))

    def sealed(self, period: str) -> list[SealedChoice]:
        """Return the runs of a period that can be picked for level L3, with what their receipts say of them."""
        self.seal_weeks()
        return sealed_choices(self._ledger, self._queries, period_named(period))

    def seal_weeks(self) -> int:
        """Make the receipts of finished weeks that have none; return how many that were."""
        return Sealing(self._ledger, self._queries.zone, self._clock).seal_weeks()

    def audit_fault(self) -> str | None:
        """Return the first part of the audit log that was rewritten; None: it is whole."""
        return verify_audit(self._ledger)

    def save(self, draft: Draft, folder: Path, formats: Formats = Formats()) -> Saved:  # noqa: B008 - frozen
        """Write exactly the draft's bytes, and what else is made from them, into `folder` and remember them.

        Raises Refusal where the folder cannot be written or holds another report, or the reader's key is none;
        LedgerError where the ledger cannot be written, or where this period was shared since the draft was made.
        """
        made = outputs(draft.files, formats)
        # Remembered first: a report that lies somewhere without being in the history would be worse than the reverse.
        known = any(made.body == draft.files.report for made in self.history())
        if not known:
            demand_place(made.files, folder)
            record_release(self._ledger, self._release(draft), draft.drafted.freezing)
        return self._saved(draft.files, draft.report.name, save_files(made.files, folder), made.left_out)

    def save_again(self, release: Release, folder: Path, formats: Formats = Formats()) -> Saved:  # noqa: B008 - frozen
        """Write an earlier report again, byte for byte. Raises Refusal as `save` does."""
        files = self.files_of(release)
        made = outputs(files, formats)
        return self._saved(files, open_report(release.body).name, save_files(made.files, folder), made.left_out)

    @staticmethod
    def files_of(release: Release) -> ReportFiles:
        """Return the bytes of an earlier report, as they were signed, and its page."""
        return ReportFiles(release.body, release.signature, page_bytes(release.body, release.signature))

    def reopened(self, number: int) -> Reopened:
        """Open an earlier report by its number. Raises Refusal where there is none, or its signature does not fit."""
        release = next((made for made in self.history() if made.id == number), None)
        if release is None:
            raise Refusal(f"There is no report {number} in the history: it was forgotten.")
        try:
            public = signer_of(release.body, release.signature)
        except SignatureError as error:
            raise Refusal(f"Report {number} cannot be trusted any more: {error}") from error
        level = open_report(release.body).level
        return Reopened(release, self.files_of(release), fingerprint(public), field_list(level), STAYS[level])

    def history(self) -> list[Release]:
        """Return every report ever signed here, oldest first."""
        return releases(self._ledger)

    def verify(self, path: Path) -> Verification:
        """Check a report from anyone. Raises Refusal where it is not whole, not signed, or not a report."""
        return verify_report(path, self._queries.today())

    def compare(self, path: Path, earlier: Path) -> Comparison:
        """Say how a report stands to an earlier one of the same person. Raises Refusal as `verify`, for either."""
        today = self._queries.today()
        return compared(verify_report(path, today), verify_report(earlier, today))

    def is_own(self, verification: Verification) -> bool:
        """Say whether a checked report was signed with this profile's key."""
        return signing_key(self._profile).public_key().public_bytes_raw() == verification.public_key

    def _release(self, draft: Draft) -> Release:
        report = draft.report
        return Release(
            id=None,
            level=report.level,
            period=report.period,
            audience=report.audience,
            purpose=report.purpose,
            expires_after=report.expires_after,
            body=draft.files.report,
            signature=draft.files.signature,
            released_at=self._clock.now(),
            restates_id=None if draft.drafted.restates is None else draft.drafted.restates.id,
        )

    @staticmethod
    def _saved(files: ReportFiles, name: str, paths: tuple[Path, ...], left_out: tuple[str, ...]) -> Saved:
        public = signer_of(files.report, files.signature)
        return Saved(
            paths,
            fingerprint(public),
            allowed_signers_line(name, public),
            f"ssh-keygen -Y verify -f allowed_signers -I {principal(name)} -n goodmeasure-report "
            "-s report.json.sig < report.json",
            left_out,
        )
