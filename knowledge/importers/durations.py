"""Durations and times as people and programs write them, in milliseconds: `h:mm:ss`, `mm:ss`, `PT1H2M3S`, seconds."""

import re

_CLOCK = re.compile(r"(?:(?P<hours>\d{1,3}):(?=\d{1,2}:))?(?P<minutes>\d{1,4}):(?P<seconds>[0-5]?\d(?:[.,]\d{1,6})?)")
_ISO = re.compile(
    r"P(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8}(?:[.,]\d{1,6})?)S)?)?",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"\d{1,8}(?:[.,]\d{1,9})?")


def from_clock(written: str) -> int | None:
    """Read `h:mm:ss` or `mm:ss`, with a fraction or without; None where it is neither."""
    return _milliseconds(_CLOCK.fullmatch(written.strip()))


def from_iso(written: str) -> int | None:
    """Read ISO 8601, `PT1H2M3S`."""
    found = _ISO.fullmatch(written.strip())
    return _milliseconds(found) if found and any(found.groups()) else None


def from_seconds(written: str) -> int | None:
    """Read a number of seconds; a negative one, which players write for "unknown", is None."""
    found = _SECONDS.fullmatch(written.strip())
    return round(_number(found[0]) * 1_000) if found else None


def duration_ms(written: str) -> int | None:
    """Read a duration in any of the three forms."""
    readings = (read(written) for read in (from_clock, from_iso, from_seconds))
    return next((reading for reading in readings if reading is not None), None)


def clock(ms: int) -> str:
    """Write milliseconds as `h:mm:ss`."""
    minutes, seconds = divmod(ms // 1_000, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def _milliseconds(found: re.Match[str] | None) -> int | None:
    if found is None:
        return None
    parts = found.groupdict(default="0")
    hours = int(parts.get("days", "0")) * 24 + int(parts["hours"])
    return round(((hours * 60 + int(parts["minutes"])) * 60 + _number(parts["seconds"])) * 1_000)


def _number(written: str) -> float:
    return float(written.replace(",", "."))
