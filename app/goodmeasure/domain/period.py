"""Periods of time as people name them: a day, a whole ISO week, a month, and a half-open stretch of instants."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from goodmeasure.domain.errors import Refusal

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_LAST = re.compile(r"(\d{1,4})d", re.ASCII)
_YEARS = range(1970, 9999)
"""Instants count from 1970, and the day after 9999-12-31 has no name."""


class PeriodError(Refusal):
    """A period's name that cannot be read, or that names no such period."""


@dataclass(frozen=True, slots=True)
class Span:
    """Instants from `since` (inclusive) to `until` (exclusive), in milliseconds since 1970 UTC.

    None: open on that side.
    """

    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A whole ISO week or calendar month, in the reporting time zone."""

    name: str
    """`2026-W46` or `2026-11`."""
    first_on: date
    last_on: date
    """Inclusive."""

    def span(self, zone: tzinfo) -> Span:
        """Return the instants of this period as days of `zone`."""
        return days_span(self.first_on, self.last_on, zone)


def instant(moment: datetime) -> int:
    """Return milliseconds since 1970 UTC, rounded down. `moment` must know its zone."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def moment(at: int, zone: tzinfo) -> datetime:
    """Return the wall clock of `zone` at an instant."""
    return datetime.fromtimestamp(at / 1000, zone)


def days_span(first_on: date, last_on: date, zone: tzinfo) -> Span:
    """Return the instants from the first moment of `first_on` to the last of `last_on` (inclusive days) in `zone`."""
    since = datetime.combine(first_on, time(), zone)
    until = datetime.combine(last_on + timedelta(days=1), time(), zone)
    return Span(instant(since), instant(until))


def starts_within(at: int | None, span: Span) -> bool:
    """Say whether an instant is known and lies in a span."""
    return at is not None and (span.since is None or span.since <= at) and (span.until is None or at < span.until)


def week_of(day: date) -> Period:
    """Return the ISO week that holds `day`."""
    first = day - timedelta(days=day.weekday())
    year, week, _ = first.isocalendar()
    return Period(f"{year:04d}-W{week:02d}", first, first + timedelta(days=6))


def month_of(day: date) -> Period:
    """Return the calendar month that holds `day`."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(f"{first.year:04d}-{first.month:02d}", first, following - timedelta(days=1))


def period_named(name: str) -> Period:
    """Read `2026-W46` (ISO week) or `2026-11` (month).

    Raises PeriodError for anything else, also for a week or month that does not exist.
    """
    try:
        if match := _WEEK.fullmatch(name):
            return week_of(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        if match := _MONTH.fullmatch(name):
            return month_of(date(int(match[1]), int(match[2]), 1))
    except (ValueError, OverflowError) as error:
        # The last week and month of the year 9999 end where dates do.
        raise PeriodError(
            f"There is no period {name!r}: use an ISO week such as 2026-W46 or a month such as 2026-11."
        ) from error
    raise PeriodError(f"{name!r} is not a period: use an ISO week such as 2026-W46 or a month such as 2026-11.")


def span_between(since: str | None, until: str | None, last: str | None, today: date, zone: tzinfo) -> Span:
    """Read the filters `--since`, `--until` and `--last`.

    `since` and `until` are ISO days, both inclusive; `last` is `30d`: today and the 29 days before.

    Raises PeriodError where a day cannot be read or `last` meets one of the others.
    """
    if last is not None:
        match = _LAST.fullmatch(last)
        if since is not None or until is not None:
            raise PeriodError("--last cannot be combined with --since or --until: use one or the other.")
        if not match or int(match[1]) < 1:
            raise PeriodError(f"{last!r} is not a number of days: write for example 30d.")
        return days_span(today - timedelta(days=int(match[1]) - 1), today, zone)
    first, final = _day(since), _day(until)
    if first and final and final < first:
        raise PeriodError(f"The period ends ({until}) before it starts ({since}).")
    return Span(
        None if first is None else days_span(first, first, zone).since,
        None if final is None else days_span(final, final, zone).until,
    )


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise PeriodError(f"{text!r} is not a day: write it as 2026-11-23.") from error
    if day.year not in _YEARS:
        raise PeriodError(f"{text!r} lies outside the years {_YEARS[0]} to {_YEARS[-1]}: name a day within them.")
    return day
