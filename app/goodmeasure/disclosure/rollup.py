"""What a roll-up can hold: the reports of five people or more added up, so that it tells of the team and of no person.

Every figure is a range: reports carry steps, not numbers, and a sum of steps is no more exact than they are. There is
no middle and no spread of persons, and no list of who took part.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from goodmeasure.disclosure.vocabulary import Bucket, WeekOrMonth

MIN_PEOPLE: Final = 5
"""No figure stands for fewer people, nor for all but one to four of a figure that stands beside it."""
ADVISED_PEOPLE: Final = 8
STEP: Final = 5
"""Counts, hours and percents are multiples of this; ranges are widened to it, never narrowed."""
FORMAT: Final = "goodmeasure-rollup/1"

Question = Literal["outcome", "need", "review", "autonomy", "data_class", "checks"]
"""The three bars of every report, and the three of appendix B."""
Evidence = Literal["verified", "linked", "self_reported", "other"]
Kind = Literal["list_cost_cents", "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens"]
Percent = Annotated[int, Meta(ge=0, le=100, multiple_of=STEP)]
Fives = Annotated[int, Meta(ge=0, multiple_of=STEP)]
People = Annotated[int, Meta(ge=MIN_PEOPLE, multiple_of=STEP)]
"""How many people, rounded down to fives."""


class _Record(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a roll-up."""


class Share(_Record, frozen=True):
    """The share of one answer in the team's runs, each person counting alike."""

    answer: str
    """As in a report, `other`, `not_rated` and `not_known` too."""
    low_percent: Percent
    high_percent: Percent
    likely_low_percent: Percent | None = None
    """Among all runs, estimated from those that the app drew; null: not enough to say."""
    likely_high_percent: Percent | None = None


class Bar(_Record, frozen=True):
    """One question."""

    question: Question
    people_at_least: People
    shares: tuple[Share, ...]
    merged: tuple[str, ...]
    """Answers without a share of their own, since one person could hold more than half of it: they are in the rest."""


class Runs(_Record, frozen=True):
    """How many runs got one answer, or did one thing outside the machine."""

    question: Literal["outcome", "need", "review", "actions"]
    answer: str
    people_at_least: People
    low_runs: Fives
    high_runs: Fives | None
    """Null: a report says only "at least" so many."""


class Time(_Record, frozen=True):
    """Time saved; negative: lost. It cannot be added to anything: every range is already a sum."""

    evidence: Evidence
    people_at_least: People
    low_hours: Annotated[int, Meta(multiple_of=STEP)]
    high_hours: Annotated[int, Meta(multiple_of=STEP)]


class Cost(_Record, frozen=True):
    """One amount of appendix A. Tokens are background, not a result."""

    provider: str
    """As in a report; `other`: providers that too few people, or mostly one, used."""
    kind: Kind
    people_at_least: People
    low: Annotated[int, Meta(ge=0)]
    """Rounded down to two digits."""
    high: Annotated[int, Meta(ge=0)]
    """Rounded up to two digits."""


class RollUp(_Record, frozen=True):
    """What a team's reports of one period say together."""

    format: Literal["goodmeasure-rollup/1"]
    taxonomy: Literal[1]
    period: WeekOrMonth
    people_at_least: People
    contribution: Bucket | None
    """Share of those invited who took part; None: nobody said how many were invited."""
    bars: tuple[Bar, ...]
    runs: tuple[Runs, ...]
    time: tuple[Time, ...]
    costs: tuple[Cost, ...]
