"""Instants, and the zone whose days are counted."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.period import days_span, moment
from goodmeasure.host import clock
from goodmeasure.host.clock import Clock, SystemZone, ZoneError, reporting_zone


def test_now_is_now_in_milliseconds() -> None:
    before = time.time()
    now = Clock().now()
    assert before - 1 <= now / 1000 <= time.time() + 1


def test_a_named_zone() -> None:
    assert reporting_zone("America/New_York") == ZoneInfo("America/New_York")


@pytest.mark.parametrize("name", ["Atlantis", "Europe", "", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\0"])
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(ZoneError, match="There is no time zone"):
        reporting_zone(name)


def test_the_own_zone_by_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", ":Asia/Tokyo")
    assert reporting_zone() == ZoneInfo("Asia/Tokyo")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    assert isinstance(reporting_zone(), SystemZone)


def test_the_own_zone_by_link(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.delenv("TZ")
    folder = tmp_path_factory.mktemp("etc")
    (folder / "localtime").symlink_to("/usr/share/zoneinfo/Europe/Lisbon")
    monkeypatch.setattr(clock, "_LINK", folder / "localtime")
    assert reporting_zone() == ZoneInfo("Europe/Lisbon")
    monkeypatch.setattr(clock, "_LINK", folder / "missing")
    assert isinstance(reporting_zone(), SystemZone)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2036, 1, 1)))  # noqa: DTZ001 - wall clock times are what is tried
def test_the_systems_zone_agrees_with_the_named_one(wall: datetime) -> None:
    # The tests' own zone is Europe/Berlin (tests/conftest.py).
    berlin, system = ZoneInfo("Europe/Berlin"), SystemZone()
    at = wall.replace(tzinfo=UTC)
    assert at.astimezone(system).replace(tzinfo=None) == at.astimezone(berlin).replace(tzinfo=None)
    assert at.astimezone(system).utcoffset() == at.astimezone(berlin).utcoffset()
    day = wall.date()
    assert days_span(day, day, system) == days_span(day, day, berlin)


def test_the_systems_zone_tells_the_hour_that_comes_twice() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    wall = moment(int(second.timestamp() * 1000), SystemZone())
    assert (wall.hour, wall.fold, wall.utcoffset()) == (2, 1, timedelta(hours=1))
    assert str(SystemZone()) == "local time"
    assert SystemZone().tzname(wall) == "CET"
    assert SystemZone().dst(wall) == timedelta()
