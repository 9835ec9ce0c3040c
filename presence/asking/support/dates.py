"""Dates as they are written in notes and in answers, to the day, the month, the year or the decade.

"4 March 2019", "March 4th, 2019" and "2019-03-04" are one date. What could be read in two ways ("5/8/77")
is left as it is written.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from presence.asking.support.clock import is_time, may_show

_MONTH_NAMES = [name.lower() for name in calendar.month_name[1:]]
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_MONTH = r"(?P<month>" + "|".join(
    sorted((name.capitalize() for name in _MONTHS), key=len, reverse=True)
) + r")\b(?:(?<=\b[A-Z][a-z][a-z])\.)?"  # fmt: skip
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)\b(?!['’]?s\b|-\d)"
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+(?:the\s+)?)?"
_TENS = "twenties thirties forties fifties sixties seventies eighties nineties"
_DECADES = {word: 10 * number for number, word in enumerate(_TENS.split(), start=2)}

Found = re.Match[str]


def _whole(found: Found) -> str:
    day, month, year = int(found["day"]), _MONTHS[found["month"].lower().rstrip(".")], int(found["year"])
    return f"{year:04d}-{month:02d}-{day:02d}"


def _iso(found: Found) -> str:
    return f"{found['year']}-{int(found['month']):02d}-{int(found['day']):02d}"


def _month(found: Found) -> str:
    return f"{found['year']}-{_MONTHS[found['month'].lower()]:02d}"


def _day(found: Found) -> str:
    return f"----{_MONTHS[found['month'].lower()]:02d}-{int(found['day']):02d}"


def _month_alone(found: Found) -> str:
    return f"----{_MONTHS[found['month'].lower()]:02d}"


def _season(found: Found) -> str:
    season = found["season"].lower().replace("fall", "autumn")
    return f"{found['year'] or ''}:{season}"


def _decade(found: Found) -> str:
    written = found["decade"].lower()
    tens = _DECADES[written] if written in _DECADES else int(re.sub(r"\D", "", written))
    start = tens if tens > 1_000 else 1900 + tens
    return f"{start}s"


def _year(found: Found) -> str:
    return str(found["year"])


def _short_year(found: Found) -> str:
    year = int(found["year"])
    return str(1900 + year if year > 30 else 2000 + year)


_PART = (
    r"(?:(?P<part>early|mid|late|the (?:start|beginning|end|middle) of|the (?:first|second) half of)[\s-]+(?:in\s+)?)?"
)
_OF = r"(?:\s*,\s*|\s+(?:of\s+|in\s+)?)"


def _form(pattern: str, read: Callable[[Found], str], flags: int = 0) -> tuple[re.Pattern[str], Callable[[Found], str]]:
    return re.compile(rf"(?<![\w/.-]){_PART}(?:{pattern})", flags), read


_FORMS = (
    _form(r"(?P<year>(?:1[5-9]|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b", _iso),
    _form(rf"{_WEEKDAY}(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}{_OF}{_YEAR}", _whole),
    _form(rf"{_WEEKDAY}{_MONTH}\s+(?:the\s+)?{_DAY}{_OF}{_YEAR}", _whole),
    _form(rf"{_MONTH}{_OF}{_YEAR}", _month),
    _form(rf"(?:the\s+)?(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter){_OF}{_YEAR}", _season),
    _form(rf"{_WEEKDAY}(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}(?!\w)", _day),
    _form(rf"{_WEEKDAY}{_MONTH}\s+(?:the\s+)?{_DAY}(?!\s*(?:,\s*)?\d)", _day),
    _form(
        r"(?:the\s+)?(?P<decade>(?:1[5-9]|20)\d0['’]?s|['’][2-9]0s|(?<![A-Za-z])[2-9]0s|" + "|".join(_DECADES) + r")\b",
        _decade,
    ),
    _form(_YEAR, _year),
    _form(r"['’](?P<year>\d\d)\b(?!['’]?s)", _short_year),
    _form(rf"(?<=\bin ){_MONTH}", _month_alone),
    _form(rf"(?<=\bof ){_MONTH}", _month_alone),
    _form(rf"(?<=\b(?:last|that|next) ){_MONTH}", _month_alone)
    if False
    else _form(rf"(?<=\bsince ){_MONTH}", _month_alone),
    _form(rf"(?<=\buntil ){_MONTH}", _month_alone),
    _form(r"(?:the\s+)?(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)(?P<year>(?!))?\b", _season),
)
_TOLD_DAYS = {
    "tonight": 0, "today": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "last night": 1,
    "yesterday": 1, "yesterday morning": 1, "yesterday afternoon": 1, "yesterday evening": 1,
}  # fmt: skip
_OF_DAY = re.compile(r"(?:\bthe\s+)?\b(?P<part>morning|afternoon|evening)\s+of\s+$", re.IGNORECASE)
_PART_OF_DAY = re.compile(r"\b(?:morning|afternoon|evening)$")
_TOLD = re.compile(r"\b(" + "|".join(sorted(_TOLD_DAYS, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_TOLD_YEARS = re.compile(r"\b(this|last)\s+(year|month)\b", re.IGNORECASE)


def dates_in(sentence: str, told_on: str = "") -> list[tuple[int, int, str]]:
    """Give `(start, end, date)` for each date; "tonight" and the like are read by the day on which it was told."""
    found: list[tuple[int, int, str]] = []
    for start, end, key in [*_written(sentence), *_told(sentence, told_on)]:
        if not any(start < other_end and other_start < end for other_start, other_end, _ in found):
            found.append((start, end, key))
    return sorted(found)


def _written(sentence: str) -> Iterator[tuple[int, int, str]]:
    for pattern, read in _FORMS:
        for found in pattern.finditer(sentence):
            part = re.sub(r"^the | of$", "", found["part"].lower()) + " " if found["part"] else ""
            key = part + read(found)
            of_day = _OF_DAY.search(sentence, 0, found.start()) if _DAY_KEY.fullmatch(key) else None
            if of_day is None:
                yield found.start(), found.end(), key
            else:
                yield of_day.start(), found.end(), f"{key} {of_day['part'].lower()}"


_DAY_KEY = re.compile(r"(?:\d{4}|---)-\d\d-\d\d")


def _day_of(told_on: str) -> date | None:
    try:
        return date.fromisoformat(told_on) if re.fullmatch(r"\d{4}-\d\d-\d\d", told_on) else None
    except ValueError:
        return None


def _told(sentence: str, told_on: str) -> Iterator[tuple[int, int, str]]:
    day = _day_of(told_on)
    if day is not None and day.year > 1:
        for found in _TOLD.finditer(sentence):
            when = (day - timedelta(days=_TOLD_DAYS[found[0].lower()])).isoformat()
            part = _PART_OF_DAY.search(found[0].lower())
            yield found.start(), found.end(), f"{when} {part[0]}" if part else when
    if re.match(r"\d{4}", told_on):
        for found in _TOLD_YEARS.finditer(sentence):
            if found[2].lower() == "year":
                yield found.start(), found.end(), str(int(told_on[:4]) - (found[1].lower() == "last"))


def reaches(said: str, source: str) -> bool:
    """Whether a date may be told as another: the same, or coarser ("in March 2019" for a day of that month)."""
    if said == source:
        return True
    if is_time(source):
        return may_show(said, source)
    if _PART_OF_DAY.search(source) and " " in source:
        return reaches(said, source.rpartition(" ")[0])  # on the day, for its morning
    if re.fullmatch(r"\d{4}(-\d\d)?", said) and re.fullmatch(r"\d{4}-\d\d(-\d\d)?", source):
        return source.startswith(said + "-")
    if re.fullmatch(r"\d{4}", said):
        return bool(
            re.fullmatch(
                rf"(?:{said}:\w+|(?:early|mid|late|start|beginning|end|middle|first half|second half) {said})", source
            )
        )
    return re.fullmatch(r"----\d\d-\d\d", said) is not None and source.endswith(said[3:])
