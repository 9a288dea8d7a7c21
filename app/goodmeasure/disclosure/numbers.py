"""What level L2 adds to the story: counts and time in buckets, and two appendices that need their own tick."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from goodmeasure.disclosure.vocabulary import (
    Bucket,
    CountBucket,
    Minutes,
    Record,
    TwoDigits,
    demand_two_digits,
)


class Provider(StrEnum):
    """Whose models were used: a fixed public list, and nothing finer than it."""

    ANTHROPIC = "anthropic"
    OPENAI = "openai"
    GOOGLE = "google"
    ALIBABA = "alibaba"
    DEEPSEEK = "deepseek"
    META = "meta"
    MISTRAL = "mistral"
    MOONSHOT = "moonshot"
    XAI = "xai"
    ZHIPU = "zhipu"
    OTHER = "other"
    """Any other, unknown ones, and those with too few runs to stand alone."""


class OutcomeCounts(Record, frozen=True):
    """Runs by what became of them: only answers that the bar shows."""

    used: Annotated[CountBucket | None, Meta(description="Number of runs that were used.")]
    informed: Annotated[CountBucket | None, Meta(description="Number that taught or decided something.")]
    partial: Annotated[CountBucket | None, Meta(description="Number that was partly used.")]
    discarded: Annotated[CountBucket | None, Meta(description="Number that was not used.")]
    harmful: Annotated[CountBucket | None, Meta(description="Number that made it worse.")]


class NeedCounts(Record, frozen=True):
    """Runs by whether they would have been done without AI."""

    essential: Annotated[CountBucket | None, Meta(description="Number that could not have been done without AI.")]
    helpful: Annotated[CountBucket | None, Meta(description="Number that would have been done slower or worse.")]
    extra: Annotated[CountBucket | None, Meta(description="Number that would not have been bothered with.")]
    unnecessary: Annotated[CountBucket | None, Meta(description="Number that would have been done as well.")]


class ReviewCounts(Record, frozen=True):
    """Runs by who checked them."""

    none: Annotated[CountBucket | None, Meta(description="Number that was used unchecked.")]
    accepted: Annotated[CountBucket | None, Meta(description="Number that was checked and left unchanged.")]
    light_edits: Annotated[CountBucket | None, Meta(description="Number that needed small fixes.")]
    heavy_edits: Annotated[CountBucket | None, Meta(description="Number that needed substantial rework.")]
    rejected: Annotated[CountBucket | None, Meta(description="Number that was checked and not used.")]


class Counts(Record, frozen=True):
    """Numbers of runs behind the bars; there is no total beside them."""

    outcome: Annotated[OutcomeCounts | None, Meta(description="What became of the work.")]
    need: Annotated[NeedCounts | None, Meta(description="Would it have been done without AI?")]
    review: Annotated[ReviewCounts | None, Meta(description="Who checked it.")]


class TimeCell(Record, frozen=True):
    """Time saved by at least five runs together: a range without a middle. Both ends are rounded outward."""

    low_minutes: Annotated[Minutes, Meta(description="Least minutes saved; negative: lost.")]
    high_minutes: Annotated[Minutes, Meta(description="Most minutes saved; negative: lost.")]
    runs: Annotated[CountBucket, Meta(description="Number of runs that it is about.")]
    losing_runs: Annotated[CountBucket | None, Meta(description="Number of those that lost time for certain.")]

    def __post_init__(self) -> None:
        if self.low_minutes > self.high_minutes:
            raise ValueError("a time range ends before it starts")
        if any(one % step_minutes(one) for one in (self.low_minutes, self.high_minutes)):
            raise ValueError("a time is not rounded")


def step_minutes(minutes: int) -> int:
    """Return how finely a time of this size may be given: half hours to 8 h, hours to 40 h, then 5 hours."""
    size = abs(minutes)
    if size <= 8 * 60:
        return 30
    return 60 if size <= 40 * 60 else 300


class Time(Record, frozen=True):
    """Time saved, by how well the runs are backed; a grade of fewer than five runs is not shown alone."""

    verified: Annotated[TimeCell | None, Meta(description="Runs whose commits landed and stayed.")]
    linked: Annotated[TimeCell | None, Meta(description="Runs with a linked commit.")]
    self_reported: Annotated[TimeCell | None, Meta(description="Runs that only their author vouches for.")]
    other: Annotated[TimeCell | None, Meta(description="Runs of two or three grades too rare to stand alone.")]


class AutonomyShares(Record, frozen=True):
    """The bar "What agents could do without asking"."""

    asked_each: Annotated[Bucket | None, Meta(description="Share in which the agent asked before each step.")]
    auto_edits: Annotated[Bucket | None, Meta(description="Share in which it changed files without asking.")]
    auto_all: Annotated[Bucket | None, Meta(description="Share in which it did everything without asking.")]
    unattended: Annotated[Bucket | None, Meta(description="Share in which nobody was there to ask.")]
    other: Annotated[Bucket | None, Meta(description="Share of two or more kinds that are too rare to stand alone.")]
    not_known: Annotated[Bucket, Meta(description="Share of which the log does not tell, or too rare to show.")]


class DataClassShares(Record, frozen=True):
    """The bar "What data they worked on"."""

    public: Annotated[Bucket | None, Meta(description="Share on public data.")]
    internal: Annotated[Bucket | None, Meta(description="Share on internal data.")]
    confidential: Annotated[Bucket | None, Meta(description="Share on confidential data.")]
    restricted: Annotated[Bucket | None, Meta(description="Share on restricted data.")]
    other: Annotated[Bucket | None, Meta(description="Share of two or more kinds that are too rare to stand alone.")]
    not_known: Annotated[Bucket, Meta(description="Share that is not known, or too rare to show.")]


class ActionCounts(Record, frozen=True):
    """Runs that are known to have acted outside the machine; each number is "at least"."""

    pushed: Annotated[CountBucket | None, Meta(description="Number of runs that pushed code.")]
    tracker_changed: Annotated[CountBucket | None, Meta(description="Number that changed a tracker or pull request.")]
    message_sent: Annotated[CountBucket | None, Meta(description="Number that sent a message.")]
    file_shared: Annotated[CountBucket | None, Meta(description="Number that shared a file.")]
    deployed: Annotated[CountBucket | None, Meta(description="Number that deployed something.")]
    paid: Annotated[CountBucket | None, Meta(description="Number that moved money.")]


class ActionChecks(Record, frozen=True):
    """The bar "Was a human checking the runs that acted outside the machine?"."""

    checked: Annotated[Bucket | None, Meta(description="Share of the acting runs that a human checked.")]
    unchecked: Annotated[Bucket | None, Meta(description="Share that nobody checked.")]
    not_rated: Annotated[Bucket, Meta(description="Share without an answer, or with answers too rare to show.")]


class Oversight(Record, frozen=True):
    """Appendix B: what agents were allowed to do, and whether people looked."""

    autonomy: Annotated[AutonomyShares | None, Meta(description="The bar; null: fewer than 10 runs.")]
    data_class: Annotated[DataClassShares | None, Meta(description="The bar; null: fewer than 10 runs.")]
    actions: Annotated[ActionCounts, Meta(description="What runs did outside the machine.")]
    checks: Annotated[ActionChecks | None, Meta(description="The bar; null: fewer than 10 acting runs.")]


class CostLine(Record, frozen=True):
    """What the models of one provider would cost at list price, in at least five runs. Two digits, then zeros."""

    provider: Annotated[Provider, Meta(description="Whose models.")]
    list_cost_cents: Annotated[TwoDigits | None, Meta(description="List cost in US cents; null: no price is known.")]
    input_tokens: Annotated[TwoDigits | None, Meta(description="Tokens read anew; null: unknown.")]
    cache_read_tokens: Annotated[TwoDigits | None, Meta(description="Tokens read from a cache; null: unknown.")]
    cache_write_tokens: Annotated[TwoDigits | None, Meta(description="Tokens written to a cache; null: unknown.")]
    output_tokens: Annotated[TwoDigits | None, Meta(description="Tokens written; null: unknown.")]
    estimated: Annotated[Bucket, Meta(description="Share of the calls whose tokens were estimated.")]
    unpriced: Annotated[Bucket, Meta(description="Share of the calls without a known price: not in the cost.")]

    def __post_init__(self) -> None:
        for name in (
            "list_cost_cents",
            "input_tokens",
            "cache_read_tokens",
            "cache_write_tokens",
            "output_tokens",
        ):
            demand_two_digits(name, getattr(self, name))


class Cost(Record, frozen=True):
    """Appendix A: cost and tokens as background. No total: the lines are all there is."""

    lines: Annotated[tuple[CostLine, ...], Meta(max_length=len(Provider), description="One line per provider.")]

    def __post_init__(self) -> None:
        order = [list(Provider).index(line.provider) for line in self.lines]
        if order != sorted(set(order)):
            raise ValueError("the lines of cost are not in order")


class NoisyRuns(Record, frozen=True):
    """The number of runs with random noise added, for whoever needs a number: never the true one."""

    runs: Annotated[
        int, Meta(ge=-1_000_000, le=1_000_000, description="Number of runs plus noise; it may be negative.")
    ]
    epsilon_tenths: Annotated[
        int, Meta(ge=1, le=20, description="How much the noise gives away: epsilon in tenths; larger is less noise.")
    ]
