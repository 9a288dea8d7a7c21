"""Writing a report of each level: the only functions that put one together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from goodmeasure.disclosure.fields import EvidenceGrade
from goodmeasure.disclosure.levels import FORMAT, Numbers, Receipt, SingleRuns, Story
from goodmeasure.disclosure.numbers import NoisyRuns
from goodmeasure.disclosure.period_cells import PeriodCells
from goodmeasure.disclosure.single_runs import OpenedRun
from goodmeasure.disclosure.text import typed_text
from goodmeasure.disclosure.vocabulary import IMPROVED_LINES, LINE_LENGTH, NAME_LENGTH, OTHER_LINES
from goodmeasure.domain.audit_trail import NO_TRAIL, AuditTrail
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import Period, week_of

DEFAULT_KEPT_DAYS: Final = 90
LONGEST_KEPT_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Header:
    """Who shares it, with whom, why, and for how long. Typed by the person; days leave only as their ISO week."""

    name: str
    """The signer as the reader knows them; at most 60 characters."""
    audience: str
    """At most 60 characters."""
    purpose: str
    """At most 140 characters."""
    written_on: date
    """Today in the reporting zone."""
    kept_days: int = DEFAULT_KEPT_DAYS
    """The report expires after the ISO week that holds this day after `written_on`; from 1 to 366."""
    trail: AuditTrail = NO_TRAIL


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that AI improved, and how well that is backed."""

    text: str
    """At most 140 characters."""
    evidence: EvidenceGrade = EvidenceGrade.SELF_REPORTED


@dataclass(frozen=True, slots=True)
class TypedWords:
    """What the person typed for this report, each line at most 140 characters; blank lines are left out."""

    improved: Sequence[str | Claim] = ()
    """At most 5 lines; a mere text is self-reported."""
    did_not_work: Sequence[str] = ()
    """At most 3 lines."""
    needed: Sequence[str] = ()
    """At most 3 lines."""


def write_receipt(root: bytes, period: Period, header: Header) -> Receipt:
    """Return what leaves at level L0 for one ISO week. `root`: 32 bytes, of that week's sealed records.

    This and the others raise Refusal where a typed text is missing, too long, not plain or holds an obvious secret,
    where there are too many lines, or where the report would expire before it is written.
    """
    return msgspec.convert({"level": "L0", **_head(period, header), "runs_root": root.hex()}, Receipt, strict=True)


def write_story(
    cells: PeriodCells, period: Period, words: TypedWords, header: Header, *, restates: str | None = None
) -> Story:
    """Return what leaves at level L1. `restates`: SHA-256 of the earlier report that it corrects."""
    fields = _story("L1", cells, period, words, header, restates)
    # The same gate that a report from elsewhere must pass: nothing can be in it that the field list does not name.
    return msgspec.convert(fields, Story, strict=True)


def write_numbers(
    cells: PeriodCells,
    period: Period,
    words: TypedWords,
    header: Header,
    *,
    restates: str | None = None,
    cost: bool = False,
    oversight: bool = False,
    noisy_runs: NoisyRuns | None = None,
) -> Numbers:
    """Return what leaves at level L2: the story's cells unchanged, and more. `cost`, `oversight`: were ticked."""
    fields = {
        **_story("L2", cells, period, words, header, restates),
        "counts": _plain(cells.counts),
        "time": _plain(cells.time),
        "noisy_runs": _plain(noisy_runs),
        "cost": _plain(cells.cost) if cost else None,
        "oversight": _plain(cells.oversight) if oversight else None,
    }
    return msgspec.convert(fields, Numbers, strict=True)


def write_single_runs(runs: Sequence[OpenedRun], period: Period, words: TypedWords, header: Header) -> SingleRuns:
    """Return what leaves at level L3: these runs, each confirmed by the person."""
    fields = {"level": "L3", **_head(period, header), "words": _words(words), "runs": _plain(tuple(runs))}
    return msgspec.convert(fields, SingleRuns, strict=True)


def _story(
    level: str, cells: PeriodCells, period: Period, words: TypedWords, header: Header, restates: str | None
) -> dict[str, Any]:
    return {
        "level": level,
        **_head(period, header),
        "restates": restates,
        "words": _words(words),
        "outcome": _plain(cells.outcome),
        "need": _plain(cells.need),
        "review": _plain(cells.review),
    }


def _head(period: Period, header: Header) -> dict[str, Any]:
    if not 1 <= header.kept_days <= LONGEST_KEPT_DAYS:
        raise Refusal(
            f"A report is kept from 1 to {LONGEST_KEPT_DAYS} days, not {header.kept_days}: choose another expiry."
        )
    return {
        "format": FORMAT,
        "taxonomy": 1,
        "name": typed_text(header.name, "The name", NAME_LENGTH),
        "audience": typed_text(header.audience, "The audience", NAME_LENGTH),
        "purpose": typed_text(header.purpose, "The purpose", LINE_LENGTH),
        "period": period.name,
        "written_in": week_of(header.written_on).name,
        "expires_after": week_of(header.written_on + timedelta(days=header.kept_days)).name,
        "audit_head": header.trail.head.hex(),
        "audit_links": [link.hex() for link in header.trail.links],
    }


def _words(words: TypedWords) -> dict[str, Any]:
    claims = [claim if isinstance(claim, Claim) else Claim(claim) for claim in words.improved]
    claims = [claim for claim in claims if claim.text.strip()]
    texts = _lines([claim.text for claim in claims], "what AI improved", IMPROVED_LINES)
    return {
        "improved": [{"text": text, "evidence": claim.evidence} for text, claim in zip(texts, claims, strict=True)],
        "did_not_work": _lines(words.did_not_work, "what did not work", OTHER_LINES),
        "needed": _lines(words.needed, "what you need", OTHER_LINES),
    }


def _plain(value: object) -> Any:
    return msgspec.to_builtins(value)


def _lines(typed: Sequence[str], what: str, most: int) -> list[str]:
    kept = [text for text in typed if text.strip()]
    if len(kept) > most:
        raise Refusal(f"There are {len(kept)} lines on {what}: keep the {most} that matter most.")
    return [typed_text(text, f"Line {number} on {what}", LINE_LENGTH) for number, text in enumerate(kept, 1)]
