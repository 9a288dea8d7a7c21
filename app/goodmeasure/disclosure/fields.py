"""What every level is made of: the person's own words and the three bars of coarse shares.

Every field is an enum, a bucket code or a text that the person typed for this report.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from goodmeasure.disclosure.vocabulary import (
    IMPROVED_LINES,
    OTHER_LINES,
    Bucket,
    Percents,
    Record,
    Text,
    demand_plain,
)


class EvidenceGrade(StrEnum):
    """How well a claim is backed."""

    VERIFIED = "verified"
    LINKED = "linked"
    SELF_REPORTED = "self_reported"


class Line(Record, frozen=True):
    """One thing that AI improved."""

    text: Annotated[Text, Meta(description="What the person wrote about one improvement.")]
    evidence: Annotated[EvidenceGrade, Meta(description="How well that claim is backed.")]

    def __post_init__(self) -> None:
        demand_plain("a line", self.text)


class Words(Record, frozen=True):
    """What the person typed for this report; never filled in from their data."""

    improved: Annotated[tuple[Line, ...], Meta(max_length=IMPROVED_LINES, description="What AI improved.")]
    did_not_work: Annotated[tuple[Text, ...], Meta(max_length=OTHER_LINES, description="What did not work.")]
    needed: Annotated[tuple[Text, ...], Meta(max_length=OTHER_LINES, description="What the person needs.")]

    def __post_init__(self) -> None:
        for text in (*self.did_not_work, *self.needed):
            demand_plain("a line", text)


class _Estimate(Record, frozen=True):
    """Shares estimated for all runs from those that the app drew, each a range that is right four times in five."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            code = getattr(self, name) or "0-10"
            low, high = (int(end) for end in code.split("-"))
            # A pattern's `$` would let a line break at the end pass.
            if low >= high or code != f"{low}-{high}":
                raise ValueError(f"{name} is no range")


class OutcomeShares(Record, frozen=True):
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


class NeedShares(Record, frozen=True):
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


class ReviewShares(Record, frozen=True):
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


class OutcomeSection(Record, frozen=True):
    """What became of the work."""

    shares: Annotated[OutcomeShares | None, Meta(description="The bar; null: fewer than 10 answers.")]
    app_drawn: Annotated[Bucket | None, Meta(description="Share of the rated runs that the app picked.")]
    estimate: Annotated[OutcomeEstimate | None, Meta(description="Estimate for all runs; null: not enough to say.")]


class NeedSection(Record, frozen=True):
    """Whether the work would have been done without AI."""

    shares: Annotated[NeedShares | None, Meta(description="The bar; null: fewer than 10 answers.")]
    app_drawn: Annotated[Bucket | None, Meta(description="Share of the rated runs that the app picked.")]
    estimate: Annotated[NeedEstimate | None, Meta(description="Estimate for all runs; null: not enough to say.")]


class ReviewSection(Record, frozen=True):
    """Whether a human checked it."""

    shares: Annotated[ReviewShares | None, Meta(description="The bar; null: fewer than 10 answers.")]
    app_drawn: Annotated[Bucket | None, Meta(description="Share of the rated runs that the app picked.")]
    estimate: Annotated[ReviewEstimate | None, Meta(description="Estimate for all runs; null: not enough to say.")]
