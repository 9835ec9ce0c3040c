"""The whiles that earnings are looked at: today, this month, all of it; in hours, days or months (UTC)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

Unit = Literal["hour", "day", "month"]
NAMES = ("today", "month", "all")


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to `until` (Unix milliseconds, the last one not within), seen in parts of one unit."""

    name: str
    since: int
    until: int
    unit: Unit

    def part_of(self, at: int) -> str:
        """Name the part that a moment lies in: `14:00`, `2026-11-21` or `2026-11`."""
        return _named(_moment(at), self.unit)


def period(name: str, now: float, first: float) -> Period:
    """Give the while of a name, at a moment; `all` begins with the month of `first`. Both are Unix seconds.

    An unknown name is this month.
    """
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    until = today + timedelta(days=1)
    if name == "today":
        return Period(name, _millis(today), _millis(until), "hour")
    if name == "all":
        begun = datetime.fromtimestamp(min(first, now), UTC)
        return Period(name, _millis(_month(begun)), _millis(until), "month")
    return Period("month", _millis(_month(today)), _millis(until), "day")


def parts(chosen: Period) -> list[str]:
    """Name every part of a while, the first one first, those in which nothing happened too."""
    found, at, until = list[str](), _moment(chosen.since), _moment(chosen.until)
    while at < until:
        found.append(_named(at, chosen.unit))
        if chosen.unit == "month":
            at = _month(at + timedelta(days=32))
        else:
            at += timedelta(hours=1) if chosen.unit == "hour" else timedelta(days=1)
    return found


def _named(at: datetime, unit: Unit) -> str:
    return at.strftime({"hour": "%H:00", "day": "%Y-%m-%d", "month": "%Y-%m"}[unit])


def _month(at: datetime) -> datetime:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)


def _millis(at: datetime) -> int:
    return int(at.timestamp()) * 1000
