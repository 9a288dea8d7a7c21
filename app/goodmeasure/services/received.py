"""Reports that other people handed in: taken in with care, read, held until they expire, deleted with a receipt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from hashlib import sha256
from pathlib import Path

from goodmeasure.disclosure.levels import Report
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import moment, period_named
from goodmeasure.domain.received import Deletion, ReceivedReport
from goodmeasure.host.clock import Clock
from goodmeasure.host.paths import Profile, write_private
from goodmeasure.host.signing import signing_key
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.reading_key import reading_key
from goodmeasure.ledger.received import delete_received, deletions, keep_received, received_report, received_reports
from goodmeasure.ledger.roll_ups import roll_ups
from goodmeasure.ledger.signers import KnownSigner, known_signers, remember_signer
from goodmeasure.reports.arriving import Arrived, arrived, reports_in
from goodmeasure.reports.comparing import CellState, LogState, compared_reports
from goodmeasure.reports.encrypting import decrypt, new_identity, recipient_of
from goodmeasure.reports.handing_back import Receipt, copy_of_all, deletion_receipt
from goodmeasure.reports.opening import demand_current, demand_written, open_report
from goodmeasure.reports.page import page_bytes
from goodmeasure.reports.saving import save_files
from goodmeasure.reports.signing import SignatureError, fingerprint, signer_of
from goodmeasure.services.trusting import Trust, trust_in

__all__ = ["Handed", "Held", "Receipt", "Received", "Sheet", "Trust"]


@dataclass(frozen=True, slots=True)
class Held:
    """One report that is held."""

    id: int
    sha256: bytes
    name: str
    """As the report says."""
    fingerprint: str
    audience: str
    purpose: str
    period: str
    level: str
    written_in: str
    expires_after: str
    trust: Trust
    known_as: str | None
    """The name under which this key signed first, where it is another one."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one file."""

    path: Path
    held: Held | None
    """None: it was refused."""
    is_new: bool
    refusal: str
    """One sentence; "" where it was taken in."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A held report, opened to be read: the same page that the sender saw before signing."""

    held: Held
    report: Report
    page: bytes
    contradictions: tuple[str, ...]
    """A sentence for each other report of the same key that this one does not go on from. Whoever holds reports is the
    witness that nothing was rewritten."""


class Received:
    """The verbs of the Received page. Not for the thread that draws."""

    def __init__(self, ledger: Ledger, profile: Profile, zone: tzinfo, clock: Clock) -> None:
        self._ledger = ledger
        self._profile = profile
        self._zone = zone
        self._clock = clock

    def receive(self, paths: Sequence[Path]) -> list[Handed]:
        """Take in the reports in files and folders; one that is refused does not hold up the others.

        The signature is checked before anything else is read. Raises LedgerError where the ledger cannot be written.
        """
        self.delete_expired()
        handed = []
        for path in paths:
            try:
                found = reports_in(path)
            except Refusal as refusal:
                handed.append(Handed(path, None, is_new=False, refusal=str(refusal)))
                continue
            handed += [self._receive_one(one) for one in found]
        return handed

    def held(self) -> list[Held]:
        """Return what is held, the newest period first; within a period in an order that says nothing of people."""
        trusting = self._trusting()
        return [_held(one, open_report(one.body), trusting) for one in received_reports(self._ledger)]

    def sheet(self, report_id: int) -> Sheet:
        """Open a held report to be read.

        Raises Refusal where it is not held any more, has expired, or its name belongs to another key.
        """
        one = self._one(report_id)
        report = open_report(one.body)
        demand_current(report, self._today())
        held = _held(one, report, self._trusting())
        if held.trust is Trust.BLOCKED:
            raise Refusal(blocked(held))
        return Sheet(held, report, page_bytes(one.body, one.signature), self._contradictions(one, report))

    def confirm(self, key_fingerprint: str) -> KnownSigner:
        """Keep that the person compared this fingerprint with its owner. Raises Refusal for a key never seen."""
        for signer in known_signers(self._ledger):
            if signer.fingerprint == key_fingerprint:
                return remember_signer(self._ledger, replace(signer, confirmed_at=self._clock.now()))
        raise Refusal(f"No report was ever signed with {key_fingerprint}: check every letter of it.")

    def delete(self, report_ids: Sequence[int]) -> list[Receipt]:
        """Delete reports for good and return a receipt for each. Raises LedgerError; then nothing was deleted."""
        return self._receipts(delete_received(self._ledger, report_ids, self._clock.now(), expired=False))

    def of_sender(self, key_fingerprint: str) -> list[int]:
        """Return the ids of everything held that one key signed."""
        return [one.id for one in received_reports(self._ledger) if one.fingerprint == key_fingerprint and one.id]

    def delete_expired(self) -> list[Receipt]:
        """Delete what has expired. Called at every start, every day, and before anything is taken in."""
        today = self._today()
        over = [one.id for one in received_reports(self._ledger) if one.id and _is_over(one, today)]
        return self._receipts(delete_received(self._ledger, over, self._clock.now(), expired=True))

    def receipts(self) -> list[Receipt]:
        """Return a receipt for every report that was ever deleted here, oldest first."""
        return self._receipts(deletions(self._ledger))

    def save_receipts(self, folder: Path) -> tuple[Path, ...]:
        """Write every receipt with its signature into `folder`; return the paths. Raises Refusal."""
        files: dict[str, bytes] = {}
        for one in self.receipts():
            name = f"deleted-{one.deleted_on.isoformat()}-{one.sha256.hex()[:12]}.txt"
            files |= {name: one.text, f"{name}.sig": one.signature}
        if not files:
            raise Refusal("No report was deleted yet: there is no receipt to write.")
        return save_files(files, folder)

    def save_copy(self, key_fingerprint: str, file: Path) -> int:
        """Write everything held that one key signed into a zip `file`, to be handed to its sender; return how many.

        Raises Refusal where nothing is held, or the file exists or cannot be written.
        """
        mine = [one for one in received_reports(self._ledger) if one.fingerprint == key_fingerprint]
        if not mine:
            raise Refusal(f"Nothing is held that was signed with {key_fingerprint}.")
        if file.exists():
            raise Refusal(f"{file} exists already: choose another name.")
        used = {mark for made in roll_ups(self._ledger) for marks in made.members.values() for mark in marks}
        write_private(file, copy_of_all(mine, used, self._zone))
        return len(mine)

    def recipient(self) -> str:
        """Return the public key (`age1…`) to which others can encrypt what they send here; safe to hand out."""
        return recipient_of(reading_key(self._ledger, new_identity))

    def _receive_one(self, path: Path) -> Handed:
        try:
            came = arrived(path, self._decrypt)
            one, report, signer = self._checked(path, came)
            is_new = keep_received(self._ledger, one)
            remember_signer(self._ledger, signer)
        except Refusal as refusal:
            return Handed(path, None, is_new=False, refusal=str(refusal))
        # Asked for by its hash: reading all that is held for each of a thousand files would take minutes.
        kept = received_report(self._ledger, one.sha256, one.fingerprint) or one
        return Handed(path, _held(kept, report, self._trusting()), is_new=is_new, refusal="")

    def _checked(self, path: Path, came: Arrived) -> tuple[ReceivedReport, Report, KnownSigner]:
        try:
            public = signer_of(came.report, came.signature)
        except SignatureError as error:
            raise Refusal(f"{path} cannot be trusted: {error} Ask for it again.") from error
        report = open_report(came.report)
        demand_current(report, self._today())
        demand_written(report, self._today())
        now, mark = self._clock.now(), fingerprint(public)
        one = ReceivedReport(
            None,
            sha256(came.report).digest(),
            came.report,
            came.signature,
            mark,
            report.period,
            report.level,
            report.expires_after,
            now,
        )
        return one, report, KnownSigner(report.name, mark, public, now, None)

    def _decrypt(self, data: bytes) -> Mapping[str, bytes]:
        return decrypt(data, reading_key(self._ledger, new_identity))

    def _one(self, report_id: int) -> ReceivedReport:
        for one in received_reports(self._ledger):
            if one.id == report_id:
                return one
        raise Refusal("This report is no longer held: it has expired or was deleted.")

    def trust_of(self, name: str, key_fingerprint: str) -> Trust | None:
        """Say what is known of a key that signs as `name`; None: it never signed anything that was taken in."""
        known = any(signer.fingerprint == key_fingerprint for signer in known_signers(self._ledger))
        return self._trusting()(name, key_fingerprint)[0] if known else None

    def _contradictions(self, one: ReceivedReport, report: Report) -> tuple[str, ...]:
        others = [
            open_report(other.body)
            for other in received_reports(self._ledger)
            if other.fingerprint == one.fingerprint and other.id != one.id
        ]
        told = [
            sentence
            for other in others
            if other.written_in <= report.written_in
            for sentence in contradictions(report, other)
        ]
        return tuple(dict.fromkeys(told))

    def _trusting(self) -> Callable[[str, str], tuple[Trust, str | None]]:
        own = fingerprint(signing_key(self._profile).public_key().public_bytes_raw())
        signers = known_signers(self._ledger)
        return lambda name, mark: trust_in(name, mark, signers, own)

    def _receipts(self, gone: Sequence[Deletion]) -> list[Receipt]:
        if not gone:
            return []
        key = signing_key(self._profile)
        return [deletion_receipt(one, moment(one.deleted_at, self._zone).date(), key) for one in gone]

    def _today(self) -> date:
        return moment(self._clock.now(), self._zone).date()


def contradictions(later: Report, earlier: Report) -> list[str]:
    """Say where a report does not go on from another of the same key that was written before or in the same week."""
    compared = compared_reports(later, earlier)
    told = []
    if compared.log is LogState.REWRITTEN:
        told.append(
            f"Its log does not go on from the report about {earlier.period}, written in {earlier.written_in}: something"
            " before that was rewritten, begun anew, or brought back from a backup."
        )
    if compared.cells is CellState.CHANGED:
        told.append(f"Its figures about {earlier.period} differ from another report's, and it does not say so.")
    return told


def blocked(held: Held) -> str:
    """Return the warning about a name that another key has signed before."""
    return (
        f"Somebody signed as {held.name} with another key than before ({held.fingerprint}): ask {held.name} by another"
        " way for their fingerprint, then confirm this key or delete the report."
    )


def _held(one: ReceivedReport, report: Report, trusting: Callable[[str, str], tuple[Trust, str | None]]) -> Held:
    trust, known_as = trusting(report.name, one.fingerprint)
    return Held(
        one.id or 0,
        one.sha256,
        report.name,
        one.fingerprint,
        report.audience,
        report.purpose,
        report.period,
        report.level,
        report.written_in,
        report.expires_after,
        trust,
        known_as,
    )


def _is_over(one: ReceivedReport, today: date) -> bool:
    return today > period_named(one.expires_after).last_on
