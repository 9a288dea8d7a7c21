"""Level L1, the story: the person's own words and three bars of coarse shares. No time, no cost, no number of runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from goodmeasure.disclosure.cells import bucket, estimate_cells, share_cells
from goodmeasure.disclosure.fields import EvidenceGrade
from goodmeasure.disclosure.levels import FORMAT, Story
from goodmeasure.disclosure.text import typed_text
from goodmeasure.disclosure.vocabulary import IMPROVED_LINES, LINE_LENGTH, NAME_LENGTH, OTHER_LINES
from goodmeasure.domain.assessments import AssessmentName, Collected
from goodmeasure.domain.audit_trail import NO_TRAIL, AuditTrail
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import Period, week_of
from goodmeasure.domain.shares import Tally

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
class TypedWords:
    """What the person typed for this report, each line at most 140 characters; blank lines are left out."""

    improved: Sequence[str] = ()
    """At most 5 lines."""
    did_not_work: Sequence[str] = ()
    """At most 3 lines."""
    needed: Sequence[str] = ()
    """At most 3 lines."""


def level1_report(tallies: Mapping[AssessmentName, Tally], period: Period, words: TypedWords, header: Header) -> Story:
    """Return what leaves at level L1 for one whole ISO week or month.

    `tallies` holds `outcome`, `need` and `review` of the runs that started in the period. Raises Refusal where a typed
    text is missing, too long, not plain or holds an obvious secret, where there are too many lines, or where the report
    would expire before it is written.
    """
    if not 1 <= header.kept_days <= LONGEST_KEPT_DAYS:
        raise Refusal(
            f"A report is kept from 1 to {LONGEST_KEPT_DAYS} days, not {header.kept_days}: choose another expiry."
        )
    fields = {
        "format": FORMAT,
        "level": "L1",
        "taxonomy": 1,
        "name": typed_text(header.name, "The name", NAME_LENGTH),
        "audience": typed_text(header.audience, "The audience", NAME_LENGTH),
        "purpose": typed_text(header.purpose, "The purpose", LINE_LENGTH),
        "period": period.name,
        "written_in": week_of(header.written_on).name,
        "expires_after": week_of(header.written_on + timedelta(days=header.kept_days)).name,
        "audit_head": header.trail.head.hex(),
        "audit_links": [link.hex() for link in header.trail.links],
        "restates": None,
        "words": {
            "improved": [
                {"text": text, "evidence": EvidenceGrade.SELF_REPORTED}
                for text in _lines(words.improved, "what AI improved", IMPROVED_LINES)
            ],
            "did_not_work": _lines(words.did_not_work, "what did not work", OTHER_LINES),
            "needed": _lines(words.needed, "what you need", OTHER_LINES),
        },
        **{
            name.value: _section(tallies[name])
            for name in (AssessmentName.OUTCOME, AssessmentName.NEED, AssessmentName.REVIEW)
        },
    }
    # The same gate that a report from elsewhere must pass: nothing can be in it that the field list does not name.
    return msgspec.convert(fields, Story, strict=True)


def _section(tally: Tally) -> dict[str, Any]:
    shares = share_cells(tally)
    return {
        "shares": shares,
        "app_drawn": None if shares is None else bucket(tally.collected[Collected.SAMPLED], tally.rated),
        "estimate": estimate_cells(tally),
    }


def _lines(typed: Sequence[str], what: str, most: int) -> list[str]:
    kept = [text for text in typed if text.strip()]
    if len(kept) > most:
        raise Refusal(f"There are {len(kept)} lines on {what}: keep the {most} that matter most.")
    return [typed_text(text, f"Line {number} on {what}", LINE_LENGTH) for number, text in enumerate(kept, 1)]
