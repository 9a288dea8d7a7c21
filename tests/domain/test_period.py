from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.period import (
    PeriodError,
    Span,
    days_span,
    instant,
    moment,
    month_of,
    period_named,
    span_between,
    week_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3_600_000
TODAY = date(2026, 11, 23)


def test_a_week_runs_from_monday_to_sunday_and_names_its_iso_year() -> None:
    week = week_of(date(2027, 1, 1))
    assert (week.name, week.first_on, week.last_on) == ("2026-W53", date(2026, 12, 28), date(2027, 1, 3))


def test_a_month_ends_on_its_last_day_in_leap_years_too() -> None:
    assert month_of(date(2028, 2, 10)).last_on == date(2028, 2, 29)
    assert month_of(date(2026, 12, 31)).last_on == date(2026, 12, 31)


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)))
def test_a_period_can_be_found_again_by_its_name(day: date) -> None:
    assert period_named(week_of(day).name) == week_of(day)
    assert period_named(month_of(day).name) == month_of(day)
    assert week_of(day).first_on <= day <= week_of(day).last_on


@pytest.mark.parametrize(
    "name", ["2026-W54", "2026-W00", "2026-13", "2026", "2026-11-23", "november", "", "2026-W1", "٢٠٢٦-١١"]
)
def test_what_is_no_period_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(PeriodError, match="2026-W46"):
        period_named(name)


def test_the_day_on_which_clocks_go_back_has_25_hours() -> None:
    span = days_span(date(2026, 10, 25), date(2026, 10, 25), BERLIN)
    assert span.since is not None
    assert span.until is not None
    assert span.until - span.since == 25 * HOUR


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001 - given its zone below
def test_an_instant_can_be_read_back_in_any_zone(naive: datetime) -> None:
    when = naive.replace(tzinfo=UTC, microsecond=naive.microsecond // 1000 * 1000)
    assert moment(instant(when), BERLIN) == when


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_days_of_a_zone_follow_each_other_without_gap_or_overlap(day: date) -> None:
    following = day + timedelta(days=1)
    assert days_span(day, day, BERLIN).until == days_span(following, following, BERLIN).since


def test_since_and_until_are_inclusive_days_of_the_zone() -> None:
    span = span_between("2026-11-01", "2026-11-02", None, TODAY, BERLIN)
    assert span == days_span(date(2026, 11, 1), date(2026, 11, 2), BERLIN)
    assert span_between(None, None, None, TODAY, BERLIN) == Span(None, None)


def test_last_counts_today_as_the_first_day() -> None:
    assert span_between(None, None, "1d", TODAY, BERLIN) == days_span(TODAY, TODAY, BERLIN)
    assert span_between(None, None, "30d", TODAY, BERLIN) == days_span(date(2026, 10, 25), TODAY, BERLIN)


@pytest.mark.parametrize(
    ("since", "until", "last"),
    [
        ("yesterday", None, None),
        ("2026-11-02", "2026-11-01", None),
        ("2026-11-01", None, "3d"),
        (None, None, "0d"),
        (None, None, "week"),
        ("2026-02-30", None, None),
    ],
)
def test_filters_that_make_no_sense_are_refused(since: str | None, until: str | None, last: str | None) -> None:
    with pytest.raises(PeriodError):
        span_between(since, until, last, TODAY, BERLIN)


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31"])
def test_a_day_that_no_instant_can_name_is_refused(day: str) -> None:
    with pytest.raises(PeriodError, match="1970 to 9998"):
        span_between(None, day, None, TODAY, BERLIN)
