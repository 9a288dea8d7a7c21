"""What a reader of two reports of one person can tell: whether the later one goes on, or something was rewritten."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import msgspec

from goodmeasure.disclosure.levels import Numbers, Report, Story
from goodmeasure.domain.audit_trail import followed, week_before, weeks_between
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.canonical import canonical_bytes
from goodmeasure.reports.verifying import Verification


class LogState(StrEnum):
    """How the audit log behind the later report stands to the earlier one's."""

    CONTINUES = "continues"
    """It goes on from where it was: nothing that was entered by then was rewritten since."""
    REWRITTEN = "rewritten"
    """It does not: rewritten, begun anew, or brought back from an older backup."""
    TOO_FAR_APART = "too_far_apart"
    """More than a year lies between them: the later one does not reach back."""


class CellState(StrEnum):
    """How the figures of both reports about the same period stand to each other."""

    SAME = "same"
    RESTATED = "restated"
    """They differ, and the later one says that it corrects a report."""
    CHANGED = "changed"
    """They differ, and the later one does not say so."""
    NOT_COMPARABLE = "not_comparable"
    """The reports are about different periods, or have no figures in common."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a report stands to an earlier one."""

    log: LogState
    cells: CellState
    corrects: bool
    """The later report names exactly the earlier one as the report that it corrects."""


def compared(later: Verification, earlier: Verification) -> Comparison:
    """Lay a report beside an earlier one of the same signer. Both signatures were checked.

    Raises Refusal where they were signed with different keys, or the later one was written first.
    """
    if later.public_key != earlier.public_key:
        raise Refusal(
            f"The two reports were signed with different keys ({later.fingerprint} and {earlier.fingerprint}): "
            "only reports of one person can be compared."
        )
    if later.report.written_in < earlier.report.written_in:
        raise Refusal("The report to compare with was written later than this one: name them the other way round.")
    return compared_reports(later.report, earlier.report)


def compared_reports(later: Report, earlier: Report) -> Comparison:
    """Lay a report beside one that the same key signed and that was not written later."""
    corrects = getattr(later, "restates", None) == sha256(canonical_bytes(earlier)).hexdigest()
    return Comparison(_log(later, earlier), _cells(later, earlier), corrects)


def _log(later: Report, earlier: Report) -> LogState:
    weeks = weeks_between(week_before(earlier.written_in), week_before(later.written_in))
    if len(weeks) > len(later.audit_links):
        return LogState.TOO_FAR_APART
    links = later.audit_links[len(later.audit_links) - len(weeks) :]
    reached = followed(
        bytes.fromhex(earlier.audit_head),
        ((week, bytes.fromhex(link)) for week, link in zip(weeks, links, strict=True)),
    )
    if reached.hex() != later.audit_head:
        return LogState.REWRITTEN
    # What both show must be the same, too: the earlier one's links end where the later one's go on.
    shared = len(later.audit_links) - len(weeks)
    same = later.audit_links[:shared] == earlier.audit_links[len(earlier.audit_links) - shared :]
    return LogState.CONTINUES if same else LogState.REWRITTEN


def _cells(later: Report, earlier: Report) -> CellState:
    if (
        not isinstance(later, Story | Numbers)
        or not isinstance(earlier, Story | Numbers)
        or later.period != earlier.period
    ):
        return CellState.NOT_COMPARABLE
    shown = ["outcome", "need", "review"]
    if isinstance(later, Numbers) and isinstance(earlier, Numbers):
        optional = ("noisy_runs", "cost", "oversight")
        shown += ["counts", "time"]
        shown += [name for name in optional if getattr(later, name) and getattr(earlier, name)]
    new, old = (msgspec.structs.asdict(report) for report in (later, earlier))
    if all(new[name] == old[name] for name in shown):
        return CellState.SAME
    return CellState.CHANGED if later.restates == earlier.restates else CellState.RESTATED
