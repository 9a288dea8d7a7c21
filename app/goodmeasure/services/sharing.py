"""Making, signing, saving and checking reports. What a draft shows is what is saved, byte for byte."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from goodmeasure.disclosure.field_list import Field, field_list
from goodmeasure.disclosure.level1 import DEFAULT_KEPT_DAYS, Header, TypedWords
from goodmeasure.disclosure.levels import Story
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import period_named
from goodmeasure.domain.releases import Release
from goodmeasure.host.clock import Clock
from goodmeasure.host.paths import Profile
from goodmeasure.host.signing import signing_key
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.releases import record_release, releases
from goodmeasure.reports.files import ReportFiles, report_files, report_l1
from goodmeasure.reports.opening import open_report
from goodmeasure.reports.outputs import Formats, outputs
from goodmeasure.reports.page import page_bytes
from goodmeasure.reports.saving import save_files
from goodmeasure.reports.signing import allowed_signers_line, fingerprint, principal, signer_of
from goodmeasure.reports.verifying import Verification, verify_report
from goodmeasure.services.queries import Queries

STAYS = (
    "Every prompt, answer, command and file",
    "Titles, projects, paths, branches and commits",
    "Tokens, costs and model names",
    "How many runs there were, and when",
    "Single judgements: only coarse shares leave",
    "Runs that you did not rate, beyond their grey share",
)
"""What never leaves at level L1, in words for the person."""


__all__ = ["STAYS", "Draft", "Formats", "ReportRequest", "Saved", "Sharing", "Verification"]


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What the person chose and typed for one report."""

    period: str
    """ISO week (`2026-W46`) or month (`2026-11`)."""
    name: str
    audience: str
    purpose: str
    level: str = "L1"
    kept_days: int = DEFAULT_KEPT_DAYS
    """Days after today at the end of whose ISO week the report expires."""
    improved: tuple[str, ...] = ()
    did_not_work: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as it would leave: exact bytes, and what to know about them before saving."""

    request: ReportRequest
    report: Story
    files: ReportFiles
    fingerprint: str
    """Of the person's own signing key, as OpenSSH prints it."""
    frozen: bool
    """The shares of this period were released before: they stand as they were then, whatever was rated since."""
    unfinished: bool
    """The period is not over; once saved, its shares stay as they are now."""
    leaves: tuple[Field, ...]
    """Every field that the report can hold."""
    stays: tuple[str, ...] = STAYS


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


class Sharing:
    """The verbs of the Share page. Not for the thread that draws."""

    def __init__(self, ledger: Ledger, profile: Profile, queries: Queries, clock: Clock) -> None:
        self._ledger = ledger
        self._profile = profile
        self._queries = queries
        self._clock = clock

    def draft(self, request: ReportRequest) -> Draft:
        """Return what would leave. Writes nothing, but makes the person's signing key where there is none yet.

        Raises Refusal for a period or level that does not exist, or a typed text that cannot stand in a report.
        """
        if request.level != "L1":
            raise Refusal(f"Level {request.level} cannot be written yet: use L1.")
        period = period_named(request.period)
        today = self._queries.today()
        header = Header(request.name, request.audience, request.purpose, today, request.kept_days)
        words = TypedWords(request.improved, request.did_not_work, request.needed)
        runs = self._queries.rated_runs(period.span(self._queries.zone))
        if not runs:
            raise Refusal(f"There is no run in {period.name}: choose a period in which your agents worked.")
        report = report_l1(runs, period, words, header)
        first = next((made for made in self.history() if (made.level, made.period) == ("L1", period.name)), None)
        if first is not None:
            # The first released shares of a period are its shares for ever: two releases must not be subtractable.
            earlier = open_report(first.body)
            if not isinstance(earlier, Story):
                raise AssertionError("a release of level L1 holds a story")
            report = msgspec.structs.replace(report, outcome=earlier.outcome, need=earlier.need, review=earlier.review)
        key = signing_key(self._profile)
        files = report_files(report, key)
        return Draft(
            request=request,
            report=report,
            files=files,
            fingerprint=fingerprint(key.public_key().public_bytes_raw()),
            frozen=first is not None,
            unfinished=period.last_on >= today,
            leaves=field_list("L1"),
        )

    def save(self, draft: Draft, folder: Path, formats: Formats = Formats()) -> Saved:  # noqa: B008 - frozen
        """Write exactly the draft's bytes, and what else is made from them, into `folder` and remember them.

        Raises Refusal where the folder cannot be written or holds another report, or the reader's key is none;
        LedgerError where the ledger cannot be written.
        """
        made = outputs(draft.files, formats)
        # Remembered first: a report that lies somewhere without being in the history would be worse than the reverse.
        known = any(made.body == draft.files.report for made in self.history())
        if not known:
            record_release(self._ledger, self._release(draft))
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

    def history(self) -> list[Release]:
        """Return every report ever signed here, oldest first."""
        return releases(self._ledger)

    def verify(self, path: Path) -> Verification:
        """Check a report from anyone. Raises Refusal where it is not whole, not signed, or not a report."""
        return verify_report(path, self._queries.today())

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
