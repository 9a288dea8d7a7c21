"""What a running period may come to cost: a range from one's own last weeks, never a point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MIN_WEEKS: Final = 4
"""No forecast is made from fewer whole weeks than this."""
_WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the whole period may cost, in micro-USD."""

    low_micros: int
    high_micros: int
    weeks: int
    """How many earlier weeks it stands on."""


def forecast(spent_micros: int, week_micros: Sequence[int], days_left: int) -> Forecast | None:
    """Return spent + days left / 7 × the cheapest and the dearest of some whole weeks; None below 4 weeks.

    `spent_micros`: of the period until now. `week_micros`: cost of each of the last whole ISO weeks, 0 without a run.
    `days_left`: whole days of the period after today; where there is none, there is nothing to forecast: None. It is a
    range of what has happened, not a probability: a week beyond both is possible.
    """
    if len(week_micros) < MIN_WEEKS or days_left < 1:
        return None
    low, high = (spent_micros + round(edge * days_left / _WEEK_DAYS) for edge in (min(week_micros), max(week_micros)))
    return Forecast(low, high, len(week_micros))
