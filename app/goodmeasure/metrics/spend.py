"""Tokens and cost day by day: the background."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from goodmeasure.domain.runs import UsageRow
from goodmeasure.domain.usage import NOTHING, Counters, counters_sum


@dataclass(frozen=True, slots=True)
class DaySpend:
    """Counters of one day in the zone in which the rows were grouped."""

    day: date
    counters: Counters
    """`NOTHING` for a day without calls; a counter is None where no call of the day knew it."""

    @property
    def tokens(self) -> int | None:
        """Return the known tokens of the day, in and out, cached or not; None where no call knew any."""
        known = [
            count
            for count in (
                self.counters.input_tokens,
                self.counters.cache_read_tokens,
                self.counters.cache_write_5m_tokens,
                self.counters.cache_write_1h_tokens,
                self.counters.output_tokens,
            )
            if count is not None
        ]
        return sum(known) if known else None


def spend_per_day(rows: Iterable[UsageRow], first_on: date, last_on: date) -> tuple[DaySpend, ...]:
    """Return one entry for every day from `first_on` to `last_on` (both inclusive), oldest first.

    `rows` are grouped by `day` (ISO, any further grouping is summed); rows of unknown day and of other days are left
    out. Raises ValueError where the days end before they start, KeyError where rows are not grouped by day.
    """
    if last_on < first_on:
        raise ValueError(f"{last_on} is before {first_on}")
    found: dict[str, Counters] = {}
    for row in rows:
        day = row.group["day"]
        if day is not None:
            found[day] = counters_sum(found[day], row.counters) if day in found else row.counters
    days = (first_on + timedelta(days=number) for number in range((last_on - first_on).days + 1))
    return tuple(DaySpend(day, found.get(day.isoformat(), NOTHING)) for day in days)
