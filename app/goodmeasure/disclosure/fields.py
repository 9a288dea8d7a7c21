"""The one list of everything that a report can hold. What is not here cannot leave this machine.

The JSON Schema (`resources/report.schema.json`) and the table in `docs/what-leaves-this-machine.md` are made from these
structs, and a test keeps the three equal. Every field is an enum, an ISO week or month, a bucket code or a text that
the person typed for this report. There is no field for a number of runs, for tokens, cost, models, hours, days, titles
or projects.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from goodmeasure.disclosure.text import text_fault
from goodmeasure.domain.period import PeriodError, period_named

NAME_LENGTH: Final = 60
LINE_LENGTH: Final = 140
IMPROVED_LINES: Final = 5
OTHER_LINES: Final = 3

WEEK: Final = r"^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$"
WEEK_OR_MONTH: Final = r"^[0-9]{4}-(W(0[1-9]|[1-4][0-9]|5[0-3])|0[1-9]|1[0-2])$"
PERCENTS: Final = r"^(0|[1-9]0)-([1-9]0|100)$"


class EvidenceGrade(StrEnum):
    """How well a claim is backed."""

    VERIFIED = "verified"
    LINKED = "linked"
    SELF_REPORTED = "self_reported"


Bucket = Literal["0-10", "10-20", "20-30", "30-40", "40-50", "50-60", "60-70", "70-80", "80-90", "90-100"]
"""A share in percent: from `0-10` (0 up to below 10) to `90-100` (100 included)."""

Percents = Annotated[str, Meta(pattern=PERCENTS)]
"""A wider range in percent, both ends multiples of ten: `40-60`."""
Name = Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH)]
Text = Annotated[str, Meta(min_length=1, max_length=LINE_LENGTH)]
Week = Annotated[str, Meta(pattern=WEEK)]
WeekOrMonth = Annotated[str, Meta(pattern=WEEK_OR_MONTH)]


class _Record(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a report: nothing can be added to it, in the app or in a file."""


class Line(_Record, frozen=True):
    """One thing that AI improved."""

    text: Annotated[Text, Meta(description="What the person wrote about one improvement.")]
    evidence: Annotated[EvidenceGrade, Meta(description="How well that claim is backed.")]

    def __post_init__(self) -> None:
        _demand_plain("a line", self.text)


class Words(_Record, frozen=True):
    """What the person typed for this report; never filled in from their data."""

    improved: Annotated[tuple[Line, ...], Meta(max_length=IMPROVED_LINES, description="What AI improved.")]
    did_not_work: Annotated[tuple[Text, ...], Meta(max_length=OTHER_LINES, description="What did not work.")]
    needed: Annotated[tuple[Text, ...], Meta(max_length=OTHER_LINES, description="What the person needs.")]

    def __post_init__(self) -> None:
        for text in (*self.did_not_work, *self.needed):
            _demand_plain("a line", text)


class _Estimate(_Record, frozen=True):
    """Shares estimated for all runs from those that the app drew, each a range that is right four times in five."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            code = getattr(self, name) or "0-10"
            low, high = (int(end) for end in code.split("-"))
            # A pattern's `$` would let a line break at the end pass.
            if low >= high or code != f"{low}-{high}":
                raise ValueError(f"{name} is no range")


class OutcomeShares(_Record, frozen=True):
    """The bar "What became of the work"."""

    used: Annotated[Bucket | None, Meta(description="Share of the runs that were used.")]
    informed: Annotated[Bucket | None, Meta(description="Share that taught or decided something.")]
    partial: Annotated[Bucket | None, Meta(description="Share that was partly used.")]
    discarded: Annotated[Bucket | None, Meta(description="Share that was not used.")]
    harmful: Annotated[Bucket | None, Meta(description="Share that made it worse.")]
    other: Annotated[Bucket | None, Meta(description="Share of two or more answers that are too rare to stand alone.")]
    not_rated: Annotated[Bucket, Meta(description="Share without an answer, or with answers too rare to show.")]


class OutcomeEstimate(_Estimate, frozen=True):
    """The same shares for all runs."""

    response: Annotated[Bucket, Meta(description="Share of the drawn runs that were answered.")]
    used: Annotated[Percents | None, Meta(description="Likely share of used runs.")]
    informed: Annotated[Percents | None, Meta(description="Likely share of runs that taught or decided something.")]
    partial: Annotated[Percents | None, Meta(description="Likely share of partly used runs.")]
    discarded: Annotated[Percents | None, Meta(description="Likely share of runs that were not used.")]
    harmful: Annotated[Percents | None, Meta(description="Likely share of runs that made it worse.")]


class NeedShares(_Record, frozen=True):
    """The bar "Would it have been done without AI?"."""

    essential: Annotated[Bucket | None, Meta(description="Share that could not have been done without AI.")]
    helpful: Annotated[Bucket | None, Meta(description="Share that would have been done slower or worse.")]
    extra: Annotated[Bucket | None, Meta(description="Share that would not have been bothered with.")]
    unnecessary: Annotated[Bucket | None, Meta(description="Share that would have been done as well.")]
    other: Annotated[Bucket | None, Meta(description="Share of two or more answers that are too rare to stand alone.")]
    not_rated: Annotated[Bucket, Meta(description="Share without an answer, or with answers too rare to show.")]


class NeedEstimate(_Estimate, frozen=True):
    """The same shares for all runs."""

    response: Annotated[Bucket, Meta(description="Share of the drawn runs that were answered.")]
    essential: Annotated[Percents | None, Meta(description="Likely share that could not have been done without AI.")]
    helpful: Annotated[Percents | None, Meta(description="Likely share that would have been slower or worse.")]
    extra: Annotated[Percents | None, Meta(description="Likely share that would not have been bothered with.")]
    unnecessary: Annotated[Percents | None, Meta(description="Likely share that would have been done as well.")]


class ReviewShares(_Record, frozen=True):
    """The bar "Human check"."""

    none: Annotated[Bucket | None, Meta(description="Share that was used unchecked.")]
    accepted: Annotated[Bucket | None, Meta(description="Share that was checked and left unchanged.")]
    light_edits: Annotated[Bucket | None, Meta(description="Share that needed small fixes.")]
    heavy_edits: Annotated[Bucket | None, Meta(description="Share that needed substantial rework.")]
    rejected: Annotated[Bucket | None, Meta(description="Share that was checked and not used.")]
    other: Annotated[Bucket | None, Meta(description="Share of two or more answers that are too rare to stand alone.")]
    not_rated: Annotated[Bucket, Meta(description="Share without an answer, or with answers too rare to show.")]


class ReviewEstimate(_Estimate, frozen=True):
    """The same shares for all runs."""

    response: Annotated[Bucket, Meta(description="Share of the drawn runs that were answered.")]
    none: Annotated[Percents | None, Meta(description="Likely share that was used unchecked.")]
    accepted: Annotated[Percents | None, Meta(description="Likely share that was checked and left unchanged.")]
    light_edits: Annotated[Percents | None, Meta(description="Likely share that needed small fixes.")]
    heavy_edits: Annotated[Percents | None, Meta(description="Likely share that needed substantial rework.")]
    rejected: Annotated[Percents | None, Meta(description="Likely share that was checked and not used.")]


class OutcomeSection(_Record, frozen=True):
    """What became of the work."""

    shares: Annotated[OutcomeShares | None, Meta(description="The bar; null: fewer than 10 answers.")]
    app_drawn: Annotated[Bucket | None, Meta(description="Share of the rated runs that the app picked.")]
    estimate: Annotated[OutcomeEstimate | None, Meta(description="Estimate for all runs; null: not enough to say.")]


class NeedSection(_Record, frozen=True):
    """Whether the work would have been done without AI."""

    shares: Annotated[NeedShares | None, Meta(description="The bar; null: fewer than 10 answers.")]
    app_drawn: Annotated[Bucket | None, Meta(description="Share of the rated runs that the app picked.")]
    estimate: Annotated[NeedEstimate | None, Meta(description="Estimate for all runs; null: not enough to say.")]


class ReviewSection(_Record, frozen=True):
    """Whether a human checked it."""

    shares: Annotated[ReviewShares | None, Meta(description="The bar; null: fewer than 10 answers.")]
    app_drawn: Annotated[Bucket | None, Meta(description="Share of the rated runs that the app picked.")]
    estimate: Annotated[ReviewEstimate | None, Meta(description="Estimate for all runs; null: not enough to say.")]


class Report(_Record, frozen=True):
    """What one person shares about one period."""

    format: Annotated[Literal["goodmeasure-report/1"], Meta(description="Name and version of this format.")]
    level: Annotated[Literal["L1"], Meta(description="How much is disclosed: L1 is the story without time and cost.")]
    taxonomy: Annotated[Literal[1], Meta(description="Version of the questions and answers.")]
    name: Annotated[Name, Meta(description="Who shares it, as typed.")]
    audience: Annotated[Name, Meta(description="Whom it is meant for, as typed.")]
    purpose: Annotated[Text, Meta(description="What it is meant for, as typed.")]
    period: Annotated[WeekOrMonth, Meta(description="ISO week or month that it is about.")]
    written_in: Annotated[Week, Meta(description="ISO week in which it was written.")]
    expires_after: Annotated[Week, Meta(description="ISO week after whose end it is to be deleted.")]
    words: Annotated[Words, Meta(description="What the person typed for this report.")]
    outcome: Annotated[OutcomeSection, Meta(description="What became of the work.")]
    need: Annotated[NeedSection, Meta(description="Would it have been done without AI?")]
    review: Annotated[ReviewSection, Meta(description="Who checked it.")]

    def __post_init__(self) -> None:
        for what, text in (("name", self.name), ("audience", self.audience), ("purpose", self.purpose)):
            _demand_plain(what, text)
        for week in (self.period, self.written_in, self.expires_after):
            _demand_period(week)
        if self.expires_after < self.written_in:
            raise ValueError("it expires before it was written")


def _demand_plain(what: str, text: str) -> None:
    if fault := text_fault(text):
        raise ValueError(f"{what} {fault}")


def _demand_period(name: str) -> None:
    try:
        period_named(name)
    except PeriodError as error:
        raise ValueError("there is no such week or month") from error
