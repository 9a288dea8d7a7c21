from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.period import instant
from goodmeasure.domain.usage import Counters
from goodmeasure.viewmodels.wording import (
    ago,
    all_tokens,
    compact,
    cost,
    counted,
    days,
    duration,
    exact,
    exact_when,
    minutes,
    money,
    percent,
    when,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = instant(datetime(2026, 3, 29, 12, 0, tzinfo=BERLIN))


@pytest.mark.parametrize(
    ("micros", "words"),
    [
        (None, "unknown"),
        (0, "$0.00"),
        (1, "< $0.01"),
        (9_999, "< $0.01"),
        (10_000, "$0.01"),
        (1_230_000, "$1.23"),
        (999_999_999, "$1,000.00"),
        (1_234_567_890, "$1,235"),
    ],
)
def test_money(micros: int | None, words: str) -> None:
    assert money(micros) == words


def counters(micros: int | None, unpriced: int) -> Counters:
    return Counters(3, 1, None, None, None, 2, None, micros, unpriced, 0, 0)


def test_a_cost_that_is_not_whole_says_so() -> None:
    assert cost(counters(1_000_000, 0)) == "$1.00"
    assert cost(counters(1_000_000, 1)) == "at least $1.00"
    assert cost(counters(None, 3)) == "unknown"
    assert cost(counters(0, 3)) == "unknown"
    assert cost(counters(0, 0)) == "$0.00"


def test_tokens_are_unknown_only_where_nothing_is_known() -> None:
    assert all_tokens(counters(None, 0)) == 3
    assert all_tokens(Counters(1, None, None, None, None, None, None, None, 0, 0, 0)) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (None, "unknown"),
        (0, "0"),
        (999, "999"),
        (1000, "1.00 k"),
        (12_345, "12.3 k"),
        (123_456, "123 k"),
        (999_999, "1.00 M"),
        (4_560_000, "4.56 M"),
        (7_000_000_000, "7.00 bn"),
    ],
)
def test_compact_counts(number: int | None, words: str) -> None:
    assert compact(number) == words


@given(st.integers(min_value=0, max_value=10**12))
def test_compact_counts_are_right_within_a_percent(number: int) -> None:
    value, _, unit = compact(number).partition(" ")
    read = float(value) * {"": 1, "k": 10**3, "M": 10**6, "bn": 10**9}[unit]
    assert abs(read - number) <= max(number / 100, 0)


def test_counts_in_full() -> None:
    assert exact(1_234_567) == "1,234,567"
    assert exact(None) == "unknown"
    assert counted(1, "run") == "1 run"
    assert counted(1_204, "run") == "1,204 runs"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "unknown"),
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (7_500, "2 h 5 min"),
        (86_400, "1 d"),
        (90_000, "1 d 1 h"),
    ],
)
def test_duration(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 min"), (-45, "−45 min"), (119, "119 min"), (144, "2.4 h"), (-180, "−3 h"), (1500, "25 h")],
)
def test_minutes(number: int, words: str) -> None:
    assert minutes(number) == words


def test_an_instant_in_the_reporting_zone() -> None:
    # Clocks went forward at 02:00 this night: half past midnight UTC is half past one, an hour later half past three.
    first = instant(datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("UTC")))
    assert when(first, BERLIN, NOW) == "Today 01:30"
    assert when(first + 3_600_000, BERLIN, NOW) == "Today 03:30"
    assert when(first - 3_600_000 * 24, BERLIN, NOW) == "Yesterday 01:30"
    assert when(None, BERLIN, NOW) == "unknown"
    assert exact_when(first + 3_600_000, BERLIN) == "2026-03-29 03:30:00 CEST"


def test_ago() -> None:
    assert ago(None, NOW) == "never"
    assert ago(NOW - 59_000, NOW) == "just now"
    assert ago(NOW + 5_000, NOW) == "just now"
    assert ago(NOW - 3_600_000 * 5, NOW) == "5 h ago"
    assert ago(NOW - 3_600_000 * 50, NOW) == "2 d ago"


def test_percent() -> None:
    assert percent(None) == "unknown"
    assert percent(0) == "0 %"
    assert percent(0.001) == "< 1 %"
    assert percent(0.636) == "64 %"


def test_days() -> None:
    assert days(date(2026, 11, 1), date(2026, 11, 30)) == "1 – 30 November 2026"
    assert days(date(2026, 10, 26), date(2026, 11, 1)) == "26 Oct – 1 Nov 2026"
    assert days(date(2025, 12, 29), date(2026, 1, 4)) == "29 Dec 2025 – 4 Jan 2026"
