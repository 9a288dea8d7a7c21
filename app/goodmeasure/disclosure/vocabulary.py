"""The few kinds of values that can stand in a report, and the checks that a pattern alone cannot make.

No kind holds a float, an instant, a day or an unlisted text: what has no kind here cannot leave this machine.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from goodmeasure.disclosure.text import text_fault
from goodmeasure.domain.period import PeriodError, period_named

NAME_LENGTH: Final = 60
LINE_LENGTH: Final = 140
REFERENCE_LENGTH: Final = 120
IMPROVED_LINES: Final = 5
OTHER_LINES: Final = 3

WEEK: Final = r"^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$"
WEEK_OR_MONTH: Final = r"^[0-9]{4}-(W(0[1-9]|[1-4][0-9]|5[0-3])|0[1-9]|1[0-2])$"
PERCENTS: Final = r"^(0|[1-9]0)-([1-9]0|100)$"
HASH: Final = r"^[0-9a-f]{64}$"
REFERENCE: Final = r"^[A-Za-z0-9#!][A-Za-z0-9._/#!:@+~-]*$"

MOST_MINUTES: Final = 60_000
"""Times beyond are given as this: 1,000 hours."""
STEP_MINUTES: Final = 30

Bucket = Literal["0-10", "10-20", "20-30", "30-40", "40-50", "50-60", "60-70", "70-80", "80-90", "90-100"]
"""A share in percent: from `0-10` (0 up to below 10) to `90-100` (100 included)."""
CountBucket = Literal[
    "5-7",
    "8-15",
    "16-31",
    "32-63",
    "64-127",
    "128-255",
    "256-511",
    "512-1023",
    "1024-2047",
    "2048-4095",
    "4096-8191",
    "8192+",
]
"""A number of runs, from the smallest that is ever shown, each bucket twice as wide as the one before."""
COUNT_BUCKETS: Final[tuple[CountBucket, ...]] = CountBucket.__args__  # type: ignore[attr-defined]  # a Literal has them

Percents = Annotated[str, Meta(pattern=PERCENTS)]
"""A wider range in percent, both ends multiples of ten: `40-60`."""
Name = Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH)]
Text = Annotated[str, Meta(min_length=1, max_length=LINE_LENGTH)]
Reference = Annotated[str, Meta(min_length=1, max_length=REFERENCE_LENGTH, pattern=REFERENCE)]
"""How people name a commit, a pull request or a ticket: `1a2b3c4`, `tools/site#12`, `ABC-123`. No blanks."""
Week = Annotated[str, Meta(pattern=WEEK)]
WeekOrMonth = Annotated[str, Meta(pattern=WEEK_OR_MONTH)]
Hash = Annotated[str, Meta(min_length=64, max_length=64, pattern=HASH)]
"""32 bytes as lower-case hex digits."""
Minutes = Annotated[int, Meta(ge=-MOST_MINUTES, le=MOST_MINUTES, multiple_of=STEP_MINUTES)]
"""One end of a time range, on the grid of `cells.minutes_outward`; negative: lost."""
TwoDigits = Annotated[int, Meta(ge=0, le=10**15)]
"""An amount of which only the first two digits are given, the rest zeros."""


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a report: nothing can be added to it, in the app or in a file."""


def demand_plain(what: str, text: str) -> None:
    """Raise ValueError where a text is empty, blank at an end, or holds what cannot be seen."""
    if fault := text_fault(text):
        raise ValueError(f"{what} {fault}")


def demand_period(name: str) -> None:
    """Raise ValueError where there is no such week or month: a pattern lets week 53 of any year pass."""
    try:
        period_named(name)
    except PeriodError as error:
        raise ValueError("there is no such week or month") from error


def demand_two_digits(what: str, number: int | None) -> None:
    """Raise ValueError where more than the first two digits of an amount are given."""
    if number is not None and len(str(number).rstrip("0")) > 2:  # noqa: PLR2004 - two digits, as the name says
        raise ValueError(f"{what} is not rounded to two digits")
