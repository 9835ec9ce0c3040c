"""Times of day as DJ programs write them, in milliseconds from midnight: `22:13`, `10:13:05 PM`, `22.13`."""

import re

_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d))?(?:\s*(?P<half>[ap])\.?\s?m\b)?",
    re.IGNORECASE,
)
_NOON = 12


def from_midnight(written: str) -> int | None:
    """Read the last time of day in a text; a date may stand before it."""
    found = list(_TIME.finditer(written[:60]))
    if not found:
        return None
    hour, last = int(found[-1]["hour"]), found[-1]
    if last["half"]:
        hour = hour % _NOON + (_NOON if last["half"].lower() == "p" else 0)
    return ((hour * 60 + int(last["minute"])) * 60 + int(last["second"] or 0)) * 1_000 if hour < 24 else None


def hour_and_minute(ms: int | None) -> str:
    """Write a time of day as `22:13`, "" where it is unknown."""
    return "" if ms is None else f"{ms // 3_600_000 % 24:02d}:{ms // 60_000 % 60:02d}"
