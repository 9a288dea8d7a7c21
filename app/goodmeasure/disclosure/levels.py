"""The one list of everything that a report can hold, level by level. What is not here cannot leave this machine.

The JSON Schema (`resources/report.schema.json`) and the tables in `docs/what-leaves-this-machine.md` are made from
these structs, and a test keeps the three equal.
"""

from datetime import timedelta
from typing import Annotated, Final, Literal, get_args

from msgspec import Meta

from goodmeasure.disclosure.fields import NeedSection, OutcomeSection, ReviewSection, Words
from goodmeasure.disclosure.numbers import Cost, Counts, NoisyRuns, Oversight, Time
from goodmeasure.disclosure.single_runs import MOST_RUNS, OpenedRun
from goodmeasure.disclosure.vocabulary import Hash, Name, Record, Text, Week, WeekOrMonth, demand_period, demand_plain
from goodmeasure.domain.audit_trail import AUDIT_WEEKS
from goodmeasure.domain.period import period_named

FORMAT: Final = "goodmeasure-report/1"
Level = Literal["L0", "L1", "L2", "L3"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
LONGEST_KEPT: Final = timedelta(weeks=53)
"""From the first day of the week of writing to that of the week of expiry: a year, wherever in a week it begins."""


class Head(Record, frozen=True, tag_field="level"):
    """What stands at the head of every report: who, for whom, why, about when, and until when."""

    format: Annotated[Literal["goodmeasure-report/1"], Meta(description="Name and version of this format.")]
    taxonomy: Annotated[Literal[1], Meta(description="Version of the questions and answers.")]
    name: Annotated[Name, Meta(description="Who shares it, as typed.")]
    audience: Annotated[Name, Meta(description="Whom it is meant for, as typed.")]
    purpose: Annotated[Text, Meta(description="What it is meant for, as typed.")]
    period: Annotated[WeekOrMonth, Meta(description="ISO week or month that it is about.")]
    written_in: Annotated[Week, Meta(description="ISO week in which it was written.")]
    expires_after: Annotated[Week, Meta(description="ISO week after whose end it is to be deleted.")]
    audit_head: Annotated[Hash, Meta(description="Head of the audit log, one link for each ISO week.")]
    audit_links: Annotated[
        tuple[Hash, ...],
        Meta(
            min_length=AUDIT_WEEKS,
            max_length=AUDIT_WEEKS,
            description="The last 53 weeks' links, so that this head can be followed back to an earlier report's.",
        ),
    ]

    def __post_init__(self) -> None:
        for what, text in (("name", self.name), ("audience", self.audience), ("purpose", self.purpose)):
            demand_plain(what, text)
        for week in (self.period, self.written_in, self.expires_after):
            demand_period(week)
        if self.expires_after < self.written_in:
            raise ValueError("it expires before it was written")
        if period_named(self.expires_after).first_on - period_named(self.written_in).first_on > LONGEST_KEPT:
            raise ValueError("it expires more than a year after it was written")

    @property
    def level(self) -> Level:
        """How much is disclosed: `L0` to `L3`."""
        level: Level = self.__struct_config__.tag  # type: ignore[assignment]  # each level's tag is its name
        return level


class Receipt(Head, frozen=True, tag="L0"):
    """Level L0: that there is a record of the week, without one word of it."""

    runs_root: Annotated[Hash, Meta(description="Root of a tree of sealed records; it hides even how many there are.")]

    def __post_init__(self) -> None:
        super().__post_init__()
        if "W" not in self.period:
            raise ValueError("a receipt is about one week")


class Story(Head, frozen=True, tag="L1"):
    """Level L1: the person's own words and three bars of coarse shares. No time, no cost, no number of runs."""

    restates: Annotated[Hash | None, Meta(description="SHA-256 of the earlier report that this one corrects.")]
    words: Annotated[Words, Meta(description="What the person typed for this report.")]
    outcome: Annotated[OutcomeSection, Meta(description="What became of the work.")]
    need: Annotated[NeedSection, Meta(description="Would it have been done without AI?")]
    review: Annotated[ReviewSection, Meta(description="Who checked it.")]


class Numbers(Head, frozen=True, tag="L2"):
    """Level L2: the story's cells unchanged, with counts, time, and the appendices that were ticked."""

    restates: Annotated[Hash | None, Meta(description="SHA-256 of the earlier report that this one corrects.")]
    words: Annotated[Words, Meta(description="What the person typed for this report.")]
    outcome: Annotated[OutcomeSection, Meta(description="What became of the work.")]
    need: Annotated[NeedSection, Meta(description="Would it have been done without AI?")]
    review: Annotated[ReviewSection, Meta(description="Who checked it.")]
    counts: Annotated[Counts, Meta(description="Numbers of runs behind the bars.")]
    time: Annotated[Time, Meta(description="Time saved.")]
    noisy_runs: Annotated[NoisyRuns | None, Meta(description="A noisy number of runs; null: not asked for.")]
    cost: Annotated[Cost | None, Meta(description="Appendix A; null: not ticked.")]
    oversight: Annotated[Oversight | None, Meta(description="Appendix B; null: not ticked.")]


class SingleRuns(Head, frozen=True, tag="L3"):
    """Level L3: single runs that the person picked and confirmed one by one."""

    words: Annotated[Words, Meta(description="What the person typed for this report.")]
    runs: Annotated[
        tuple[OpenedRun, ...], Meta(min_length=1, max_length=MOST_RUNS, description="The runs that were picked.")
    ]


Report = Receipt | Story | Numbers | SingleRuns
"""What one person shares about one period. Told apart by `level`."""
STRUCTS: Final[tuple[type[Head], ...]] = (Receipt, Story, Numbers, SingleRuns)
