"""Dates as people write them at the head of a note, in ISO 8601 with the precision that was written."""

import datetime
import re

_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2}))?(?:-(?P<day>\d{1,2}))?")


def iso_date(written: str) -> str:
    """Turn `2019-1-1 19:07:00 +0200` or `2019-05` into ISO 8601 of the same precision, or ""."""
    found = _DATE.match(written)
    if found is None:
        return ""
    year, month, day = int(found["year"]), int(found["month"] or 1), int(found["day"] or 1)
    try:
        datetime.date(year, month, day)
    except ValueError:  # a day that never was
        return ""
    parts = [found["year"]] + [f"{int(found[part]):02d}" for part in ("month", "day") if found[part]]
    return "-".join(parts)
