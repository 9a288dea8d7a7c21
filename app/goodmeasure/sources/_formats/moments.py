"""Instants written as numbers."""

_MOST_SECONDS = 10**11
"""Larger numbers are milliseconds: as seconds they lie beyond the year 5000, as milliseconds this is 1973."""
_LAST = 253_402_300_799_999
"""The last millisecond of the year 9999, which calendars end with."""


def moment_of(number: float | None) -> int | None:
    """Return milliseconds since 1970 UTC of seconds or milliseconds, told apart by size; None for 0 and nonsense."""
    if number is None or not 0 < number <= _LAST:
        return None
    return round(number if number >= _MOST_SECONDS else number * 1000)
