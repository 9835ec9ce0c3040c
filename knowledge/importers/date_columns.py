"""Dates in a column, in ISO 8601: which way round `05/08/1977` is, the whole column decides.

A day above twelve anywhere in the column shows the order. Where no row shows it, only the year is
kept, and the reader says so. Points (`8.5.1977`) are written with the day first.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.importers.dates import iso_date

_YEAR_FIRST = re.compile(r"(?P<y>\d{4})(?:[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?)?\Z")
_POINTS = re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4}|\d{2})\Z")
_SLASHES = re.compile(r"(?P<a>\d{1,2})[-/](?P<b>\d{1,2})[-/](?P<y>\d{4}|\d{2})\Z")
_DAY_MONTH = re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th|\.|er)?[\s-]+(?:de\s+)?(?P<m>[a-z]{3,10})\.?,?[\s-]+(?:de\s+)?")
_MONTH_DAY = re.compile(r"(?P<m>[a-z]{3,10})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+")
_MONTH = re.compile(r"(?P<m>[a-z]{3,10})\.?,?[\s-]+(?:de\s+)?")
_YEAR = re.compile(r"\d{4}\Z")
_CLOCK = re.compile(
    r"(?:T|,?\s+(?:at\s+)?)(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]\.?\s?m\.?)?)\s*(?:Z|[+-]\d{2}:?\d{2})?\Z",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\A(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)[a-z]{0,8}[.,]*\s+(?=\S)"
)
_MONTHS = (
    "jan|ene", "feb|fev", "mar|mae", "apr|avr|abr", "may|mai", "jun|juin", "jul|juil", "aug|aou|ago", "sep|set",
    "oct|okt", "nov", "dec|dez|dic",
)  # fmt: skip
_LAST_YEAR_OF_THIS_CENTURY = 39  # of years with two digits: 39 is 2039, 40 is 1940
_TWELVE = 12


@dataclass(frozen=True, slots=True)
class DateOrder:
    """Which way round a column writes its days and months; None where it cannot be known."""

    day_first: bool | None = None

    def read(self, written: str) -> tuple[str, str]:
        """Give a date and the time of day behind it, each "" where there is none."""
        written, time = _apart(_plain(written))
        return _unmistakable(written) or self._slashed(written), time

    def shortened(self, written: str) -> bool:
        """Whether more was written than could be read without guessing."""
        return self._order(_SLASHES.match(_apart(_plain(written))[0])) is _UNDECIDED

    def _slashed(self, written: str) -> str:
        found = _SLASHES.match(written)
        if found is None:
            return ""
        order = self._order(found)
        if order is _UNDECIDED:
            return _year(found["y"])
        return _iso(_year(found["y"]), found["b"] if order else found["a"], found["a"] if order else found["b"])

    def _order(self, found: re.Match[str] | None) -> bool | None:
        """Say whether this value begins with the day; `_UNDECIDED` where neither it nor its column shows it."""
        if found is None or found["a"] == found["b"]:
            return True
        if int(found["a"]) > _TWELVE or int(found["b"]) > _TWELVE:
            return int(found["a"]) > _TWELVE
        return self.day_first


_UNDECIDED = None


def order_of(column: Iterable[str]) -> DateOrder:
    """Look through a column for the days above twelve; two that contradict each other show nothing."""
    shown = set[bool]()
    for written in column:
        found = _SLASHES.match(_apart(_plain(written))[0])
        if found and (int(found["a"]) > _TWELVE) != (int(found["b"]) > _TWELVE):
            shown.add(int(found["a"]) > _TWELVE)
    return DateOrder(shown.pop() if len(shown) == 1 else None)


def clock(written: str) -> str:
    """Read a time of day, `11 pm` or `23:00`, as `23:00`, or ""."""
    found = re.fullmatch(
        r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*(?:(a|p)\.?\s?m\.?|h|uhr)?", written.strip().lower()[:20]
    )
    if found is None or (found[2] is None and found[3] is None):
        return ""
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % _TWELVE + (_TWELVE if found[3] == "p" else 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else ""


def _plain(written: str) -> str:
    written = unicodedata.normalize("NFKD", written.strip()[:60].lower())
    return "".join(char for char in written if not unicodedata.combining(char)).lstrip("'")


def _apart(written: str) -> tuple[str, str]:
    found = _CLOCK.search(written)
    return (written, "") if found is None else (written[: found.start()], clock(found["clock"]))


def _unmistakable(written: str) -> str:
    if found := _YEAR_FIRST.match(written):
        return iso_date("-".join(part for part in (found["y"], found["m"], found["d"]) if part))
    if found := _POINTS.match(written):
        return _iso(_year(found["y"]), found["m"], found["d"])
    return _in_words(written) or _in_words(_WEEKDAY.sub("", written))  # "mar" is a Tuesday and a March


def _in_words(written: str) -> str:
    for pattern in (_DAY_MONTH, _MONTH_DAY, _MONTH):
        found = pattern.match(written)
        if found and _YEAR.match(written[found.end() :]) and _month(found["m"]):
            return _iso(written[found.end() :], _month(found["m"]), found.groupdict().get("d") or "")
    return ""


def _month(word: str) -> str:
    return next(
        (str(number) for number, words in enumerate(_MONTHS, 1) if word.startswith(tuple(words.split("|")))), ""
    )


def _year(written: str) -> str:
    if len(written) == len("1977"):
        return written
    return f"{20 if int(written) <= _LAST_YEAR_OF_THIS_CENTURY else 19}{written}"


def _iso(year: str, month: str, day: str) -> str:
    try:
        datetime.date(int(year), int(month), int(day or 1))
    except ValueError:  # a day that never was
        return ""
    return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
