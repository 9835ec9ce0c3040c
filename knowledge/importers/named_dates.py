"""What a file's or a list's name tells: the day in it, and whether it is a history of what was played."""

import re

from knowledge.importers.dates import iso_date

_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?:[-_./]|y)(?P<month>\d{1,2})(?:[-_./]|m)(?P<day>\d{1,2})(?:d|(?!\d))"
    r"|(?<!\d)(?P<packed>(?:19|20)\d{6})(?!\d)",
)
_HISTORY = re.compile(r"(?<![a-z])(?:histor(?:y|ies|ique|ia|ial)|verlauf|cronologia)(?![a-z])", re.IGNORECASE)


def date_in(name: str) -> str:
    """Give the day that a name holds: `HISTORY 2024-05-01`, `history_2019y10m18d_19h07m19s`, `20240501`, or ""."""
    found = _DATE.search(name)
    if found is None:
        return ""
    if packed := found["packed"]:
        return iso_date(f"{packed[:4]}-{packed[4:6]}-{packed[6:]}")
    return iso_date(f"{found['year']}-{found['month']}-{found['day']}")


def is_history(name: str) -> bool:
    """Whether a name says that its list was played."""
    return _HISTORY.search(name.replace("_", " ")) is not None
