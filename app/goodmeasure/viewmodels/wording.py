"""Numbers, money, durations and instants as people read them. Unknown is said, never shown as zero."""

from datetime import date, timedelta, tzinfo

from goodmeasure.domain.period import moment
from goodmeasure.domain.usage import Counters, known_sum

UNKNOWN = "unknown"
NONE = "–"
"""Shown in a table's cell where a thing is not known or not said."""

_MICROS = 1_000_000
_CENT = 10_000
_NO_CENTS_FROM = 1000
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_WHOLE_HOURS_FROM = 10


def money(micros: int | None) -> str:
    """Return micro-USD as dollars: `$1,234`, `$12.30`, `< $0.01`; `unknown` for None."""
    if micros is None:
        return UNKNOWN
    if 0 < micros < _CENT:
        return "< $0.01"
    dollars = micros / _MICROS
    return f"${dollars:,.0f}" if dollars >= _NO_CENTS_FROM else f"${dollars:,.2f}"


def cost(counters: Counters) -> str:
    """Return the list cost of a sum; `at least …` where some of its calls have no known price."""
    known = counters.list_cost_micros
    if known is None or (known == 0 and counters.generations and counters.generations == counters.unpriced_generations):
        return UNKNOWN
    return f"at least {money(known)}" if counters.unpriced_generations else money(known)


def compact(number: int | None) -> str:
    """Return a count in at most four characters and a unit: `812`, `12.3 k`, `4.56 M`; `unknown` for None."""
    if number is None:
        return UNKNOWN
    for unit, size in (("bn", 10**9), ("M", 10**6), ("k", 10**3)):
        if abs(number) >= size * 0.9995:
            value = f"{number / size:.2f}"
            return f"{value[:4].rstrip('.')} {unit}"
    return str(number)


def exact(number: int | None) -> str:
    """Return a count in full, `12,345`; `unknown` for None."""
    return UNKNOWN if number is None else f"{number:,}"


def all_tokens(counters: Counters) -> int | None:
    """Return every known token of a sum, input, cache and output together; None where nothing is known."""
    total: int | None = None
    for part in (
        counters.input_tokens,
        counters.cache_read_tokens,
        counters.cache_write_5m_tokens,
        counters.cache_write_1h_tokens,
        counters.output_tokens,
    ):
        total = known_sum(total, part)
    return total


def duration(seconds: float | None) -> str:
    """Return a stretch of time in its two largest units, `48 s`, `2 h 5 min`, `3 d 4 h`; `unknown` for None."""
    if seconds is None:
        return UNKNOWN
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    large, small, names = (_HOUR, _MINUTE, ("h", "min")) if whole < _DAY else (_DAY, _HOUR, ("d", "h"))
    rest = whole % large // small
    return f"{whole // large} {names[0]}" + (f" {rest} {names[1]}" if rest else "")


def minutes(number: int) -> str:
    """Return signed minutes as hours where that reads better: `−40 min`, `3.5 h`, `12 h`."""
    sign, size = ("−" if number < 0 else ""), abs(number)
    if size < 2 * _MINUTE:
        return f"{sign}{size} min"
    hours = size / 60
    return f"{sign}{hours:.0f} h" if hours >= _WHOLE_HOURS_FROM or hours == int(hours) else f"{sign}{hours:.1f} h"


def day(at: date, today: date) -> str:
    """Return a day: `Today`, `Yesterday`, `12 Nov`, with the year where it is another one."""
    if at == today:
        return "Today"
    if at == today - timedelta(days=1):
        return "Yesterday"
    return f"{at.day} {at:%b}" if at.year == today.year else f"{at.day} {at:%b} {at.year}"


def days(first: date, last: date) -> str:
    """Return a stretch of days, both inclusive: `1 – 30 November 2026`, `26 Oct – 1 Nov 2026`."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {last.day} {last:%B} {last.year}"
    start = f"{first.day} {first:%b}" + (f" {first.year}" if first.year != last.year else "")
    return f"{start} – {last.day} {last:%b} {last.year}"


def when(at: int | None, zone: tzinfo, now: int) -> str:
    """Return an instant as day and minute, `Today 14:05`; `unknown` for None."""
    if at is None:
        return UNKNOWN
    there = moment(at, zone)
    return f"{day(there.date(), moment(now, zone).date())} {there:%H:%M}"


def exact_when(at: int | None, zone: tzinfo) -> str:
    """Return an instant in full, `2026-11-23 14:05:09 CET`; `unknown` for None."""
    return UNKNOWN if at is None else f"{moment(at, zone):%Y-%m-%d %H:%M:%S %Z}"


def clock(at: int | None, zone: tzinfo) -> str:
    """Return an instant's time of day, `14:05:09`; `–` for None."""
    return NONE if at is None else f"{moment(at, zone):%H:%M:%S}"


def ago(at: int | None, now: int) -> str:
    """Return how long ago an instant was, `just now`, `5 min ago`, `3 d ago`; `never` for None."""
    if at is None:
        return "never"
    seconds = max(0, (now - at) // 1000)
    if seconds < _MINUTE:
        return "just now"
    for size, name in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= size:
            return f"{seconds // size} {name} ago"
    raise AssertionError("a minute or more")


def percent(fraction: float | None) -> str:
    """Return a share from 0 to 1 in whole percent; `< 1 %` for less, `unknown` for None."""
    if fraction is None:
        return UNKNOWN
    if 0 < fraction < 0.005:  # noqa: PLR2004 - below half a percent
        return "< 1 %"
    return f"{fraction * 100:.0f} %"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun, `1 run`, `1,204 runs`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def title(text: str | None) -> str:
    """Return a run's title; a calm placeholder where it has none."""
    return text or "Untitled run"
