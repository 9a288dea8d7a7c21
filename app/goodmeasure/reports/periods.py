"""Periods in words that are the same everywhere."""

from typing import Final

from goodmeasure.domain.period import Period

# Not strftime: its month names follow the locale of whoever makes the page, and the page must be the same everywhere.
_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads best
)


def period_title(period: Period) -> str:
    """Return a period for a title: `week 46 of 2026` or `November 2026`."""
    if "W" in period.name:
        year, week = period.name.split("-W")
        return f"week {int(week)} of {year}"
    return f"{_MONTHS[period.first_on.month - 1]} {period.first_on.year}"


def period_days(period: Period) -> str:
    """Return a period's days: `9–15 November 2026`, `28 December 2026 – 3 January 2027`."""
    first, last = period.first_on, period.last_on
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last_day(period)}"
    start = f"{first.day} {_MONTHS[first.month - 1]}"
    return f"{start} – {last_day(period)}" if first.year == last.year else f"{start} {first.year} – {last_day(period)}"


def last_day(period: Period) -> str:
    """Return a period's last day: `15 November 2026`."""
    return f"{period.last_on.day} {_MONTHS[period.last_on.month - 1]} {period.last_on.year}"
