"""What time it is here, and in which zone people's days are counted."""

import os
import time
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from goodmeasure.domain.errors import Refusal

_LINK = Path("/etc/localtime")


class ZoneError(Refusal):
    """There is no such time zone."""


class Clock:
    """The computer's clock."""

    def now(self) -> int:
        """Return the instant in milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000


def reporting_zone(name: str | None = None) -> tzinfo:
    """Return the zone with this IANA name (`Europe/Berlin`), or the computer's own where `name` is None.

    Raises ZoneError for a name that no zone has.
    """
    if name is None:
        return _own_zone()
    zone = _zone(name)
    if zone is None:
        raise ZoneError(f"There is no time zone {name!r}: use an IANA name such as Europe/Berlin or UTC.")
    return zone


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder's name, such as `Europe`
        return None


def _own_zone() -> tzinfo:
    """Return the computer's zone by its IANA name where that is known, else one that asks about each instant."""
    told = os.environ.get("TZ")
    if told is not None:
        return _zone(told.removeprefix(":")) or SystemZone()
    if os.name == "posix":
        parts = os.path.realpath(_LINK).split("/zoneinfo/")
        if len(parts) > 1:
            return _zone(parts[-1].removeprefix("posix/")) or SystemZone()
    return SystemZone()


class SystemZone(tzinfo):
    """The computer's own zone, with its past and coming changes, where its name is not known."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """Return the offset at this wall clock time."""
        return timedelta(seconds=self._local(moment).tm_gmtoff)

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Return nothing: the system tells only the whole offset."""
        return timedelta() if self._local(moment).tm_isdst <= 0 else timedelta(hours=1)

    def tzname(self, moment: datetime | None) -> str:
        """Return the zone's abbreviation at this wall clock time."""
        return self._local(moment).tm_zone

    def fromutc(self, moment: datetime) -> datetime:
        """Return the wall clock at an instant given as UTC."""
        at = moment.replace(tzinfo=UTC).timestamp()
        local = time.localtime(at)
        wall = (moment.replace(tzinfo=None) + timedelta(seconds=local.tm_gmtoff)).replace(tzinfo=self)
        # Of a wall clock time that happens twice, the second is the one that the first reading does not lead back to.
        return wall if self._local(wall).tm_gmtoff == local.tm_gmtoff else wall.replace(fold=1)

    def __str__(self) -> str:
        return "local time"

    @staticmethod
    def _local(moment: datetime | None) -> time.struct_time:
        if moment is None:
            return time.localtime()
        # Python's own conversion of a wall clock time without a zone asks the system, and honours `fold`.
        return time.localtime(moment.replace(tzinfo=None).timestamp())
