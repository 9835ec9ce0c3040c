"""The forms in which people write a date: one pattern each, with what it means."""

import calendar as months_of
import re
from collections.abc import Callable

from knowledge.facts.days import MONTHS, WEEKDAYS, Calendar, When, never_was, on_day, whole_months, whole_years
from knowledge.facts.vocabulary import in_order

_TENS = in_order("twenties thirties forties fifties sixties seventies eighties nineties", start=2)
_DECADES = {word: 10 * number for word, number in _TENS.items()}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}

_DAYS_WITH_NAMES = {
    r"new year'?s eve|nye|new year'?s(?= (?:show|gig|concert|run))": (12, 31),
    r"new year'?s day": (1, 1), r"halloween": (10, 31),
    r"christmas eve": (12, 24), r"christmas(?: day)?|xmas": (12, 25), r"valentine'?s(?: day)?": (2, 14),
    r"(?:4th|fourth) of july|july (?:4th|fourth)|independence day": (7, 4), r"st\.? patrick'?s(?: day)?": (3, 17),
    r"leap day": (2, 29),
}  # fmt: skip

_SPOKEN_DAYS = in_order(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth"
    " twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
)
_MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH = rf"(?P<month>{_MONTH_NAMES})\b\.?"
_DAY = r"(?P<day>[0-3]?\d(?:st|nd|rd|th)?|" + "|".join(sorted(_SPOKEN_DAYS, key=len, reverse=True)) + r")(?!\d)"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d|['’]\d\d|\d\d(?!\d|[:/.-]\d))"
_FULL_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d|['’]\d\d)"
_WEEKDAY = r"(?:(?:" + "|".join(WEEKDAYS) + r"),?\s+)?(?:the\s+)?"

# "70 times" is no year.
_NO_COUNT = r"(?!\s*(?:bpm|times|shows|songs|sets|tracks|minutes|mins?|hours?|st|nd|rd|th|%)\b)"
_OPT_YEAR = rf"(?:,?\s+(?:of\s+|in\s+)?{_YEAR})?"


def _day(written: str) -> int:
    return _SPOKEN_DAYS.get(written.lower(), 0) or int(re.sub(r"\D", "", written))


def _iso(found: re.Match[str], _known: Calendar) -> When | None:
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    return on_day(year, month, day) or (never_was(year, months_of.month_name[month], day) if month <= 12 else None)


def _spelled(found: re.Match[str], known: Calendar) -> When | None:
    year, month, day = known.year(found["year"]), MONTHS[found["month"].lower()], _day(found["day"])
    return on_day(year, month, day) or never_was(year, months_of.month_name[month], day)


def _each_year(found: re.Match[str], _known: Calendar) -> When | None:
    month, day = MONTHS[found["month"].lower()], _day(found["day"])
    valid = 1 <= day <= months_of.monthrange(2000, month)[1]
    return When(month=month, day=day, words=f"on {day} {months_of.month_name[month]}") if valid else None


def _in_month(found: re.Match[str], known: Calendar) -> When:
    year, month = known.year(found["year"]), MONTHS[found["month"].lower()]
    return whole_months(year, month, month, f"in {months_of.month_name[month]} {year}")


def _two_months(found: re.Match[str], known: Calendar) -> When | None:
    year, first, last = known.year(found["year"]), MONTHS[found["one"].lower()], MONTHS[found["two"].lower()]
    names = months_of.month_name
    return whole_months(year, first, last, f"from {names[first]} to {names[last]} {year}") if first < last else None


def _any_month(found: re.Match[str], _known: Calendar) -> When:
    month = MONTHS[found["month"].lower()]
    return When(month=month, words=f"in {months_of.month_name[month]}")


def _season(found: re.Match[str], known: Calendar) -> When:
    year, season = known.year(found["year"]), found["season"].lower()
    words = f"in {season} {year}"
    if season == "winter":
        return When((year - 1) * 10_000 + 1201, whole_months(year, 1, 2, "").last, words=words)
    return whole_months(year, *_SEASONS[season], words)


def _decade(found: re.Match[str], known: Calendar) -> When:
    written = found["decade"].lower().lstrip("'’")
    tens = _DECADES[written] if written in _DECADES else int(re.sub(r"\D", "", written))
    start = tens if tens > 1_000 else known.year(f"{tens:02d}")
    first, last = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get((found["part"] or "").lower(), (0, 9))
    part = f"{found['part'].lower()} " if found["part"] else ""
    return whole_years(start + first, start + last, f"in the {part}{start}s")


def _part_of_year(found: re.Match[str], known: Calendar) -> When:
    year, part = known.year(found["year"]), found["part"].lower()
    first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}[part]
    return whole_months(year, first, last, f"in {part} {year}")


def _between(found: re.Match[str], known: Calendar) -> When | None:
    first = known.year(found["first"])
    written = found["last"].lstrip("'’")
    last = first // 100 * 100 + int(written) if len(written) == 2 else int(written)
    first, last = sorted((first, last))
    return whole_years(first, last, f"from {first} to {last}") if first < last else None


def _named_day(month: int, day: int) -> Callable[[re.Match[str], Calendar], When | None]:
    def read(found: re.Match[str], known: Calendar) -> When | None:
        if found["year"]:
            return on_day(known.year(found["year"]), month, day)
        return When(month=month, day=day, words=f"on {day} {months_of.month_name[month]}")

    return read


def _year(found: re.Match[str], known: Calendar) -> When | None:
    year = known.year(found["year"])
    return whole_years(year, year, f"in {year}") if len(found["year"]) == 4 or _plausible(year, known) else None


def _plausible(year: int, known: Calendar) -> bool:
    return known.first_year - 1 <= year <= known.last_year + 1


def _relative(found: re.Match[str], known: Calendar) -> When:
    year = known.today.year - (found["which"].lower() == "last")
    return whole_years(year, year, f"in {year}")


def _weekday(found: re.Match[str], _known: Calendar) -> When:
    name = found["weekday"].lower()
    return When(weekday=WEEKDAYS[name], words=f"on a {name.capitalize()}")


Reader = Callable[[re.Match[str], Calendar], When | None]


def _form(pattern: str, read: Reader) -> tuple[re.Pattern[str], Reader]:
    return re.compile(rf"(?<![\w/.-])(?:{pattern})(?![\w/]|[.-]\d)", re.IGNORECASE), read


# In this order: what says more comes first, and a stretch is read once.
FORMS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    _form(r"(?P<year>(?:1[5-9]|20)\d\d)[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)", _iso),
    _form(rf"{_WEEKDAY}{_MONTH}\s*{_DAY}(?:,|\s|\s+of\s|\s+in\s)\s*{_YEAR}", _spelled),
    _form(rf"{_WEEKDAY}{_DAY}\s*(?:of\s+)?{_MONTH},?\s*(?:of\s+)?{_YEAR}", _spelled),
    *(_form(rf"(?:{name}){_OPT_YEAR}", _named_day(*day)) for name, day in _DAYS_WITH_NAMES.items()),
    _form(
        rf"(?:between|from)\s+(?P<first>{_FULL_YEAR[9:-1]}|\d\d)\s*(?:and|to|through|thru|until|till|-|–)\s*"
        r"(?P<last>(?:1[5-9]|20)\d\d|['’]?\d\d)",
        _between,
    ),
    _form(
        r"(?P<first>(?:1[5-9]|20)\d\d|['’]\d\d)\s*(?:-|–|to|through|thru)\s*(?P<last>(?:1[5-9]|20)\d\d|['’]?\d\d)",
        _between,
    ),
    _form(
        rf"(?P<one>{_MONTH_NAMES})\s*(?:and|to|through|thru|-|–|&|/)\s*(?P<two>{_MONTH_NAMES})\s+(?:of\s+|in\s+)?{_YEAR}",
        _two_months,
    ),
    _form(rf"{_MONTH}\s+(?:of\s+|in\s+)?{_FULL_YEAR}", _in_month),
    _form(rf"{_MONTH}\s+(?:of\s+)?(?P<year>3[2-9]|[4-9]\d)", _in_month),
    _form(
        rf"(?:the\s+)?(?P<season>spring|summer|autumn|fall|winter)(?:\s+of|\s+in|\s+tour(?:\s+of)?)?\s+{_YEAR}", _season
    ),
    _form(rf"{_YEAR}['’]?s?\s+(?P<season>spring|summer|autumn|fall|winter)(?:\s+tour)?", _season),
    _form(
        r"(?:the\s+)?(?:(?P<part>early|mid|late)[\s-]+)?(?:the\s+)?"
        rf"(?:decade of the )?(?P<decade>(?:1[5-9]|20)\d0['’]?s|['’]?[2-9]0['’]?s|{'|'.join(_DECADES)})",
        _decade,
    ),
    _form(rf"(?P<part>early|mid|late)(?:\s+in|\s+on\s+in|-)?\s+{_YEAR}", _part_of_year),
    _form(rf"(?:on\s+)?{_WEEKDAY}{_MONTH}\s*{_DAY}(?!\s*(?:times|shows))", _each_year),
    _form(rf"(?:on\s+)?{_WEEKDAY}{_DAY}\s*(?:of\s+)?{_MONTH}", _each_year),
    _form(r"(?:in|during|every|each)\s+(?:the\s+month\s+of\s+)?" + _MONTH, _any_month),
    _form(r"(?:all\s+)?(?:the\s+|your\s+)?" + _MONTH + r"(?=\s+(?:shows|gigs|concerts|nights|sets|dates))", _any_month),
    _form(r"(?P<which>this|last)\s+year", _relative),
    _form(r"(?:on\s+)?(?:an?\s+|any\s+|the\s+)?(?P<weekday>" + "|".join(WEEKDAYS) + r")s?(?:\s+nights?)?", _weekday),
    _form(r"(?P<year>(?:1[5-9]|20)\d\d|['’]\d\d)(?!\s*(?:bpm|bpms|times|shows|songs|hz)\b)", _year),
    _form(
        r"(?:in|of|since|from|during|back in|year|after|before|until|till|by|around|for)\s+(?P<year>\d\d)" + _NO_COUNT,
        _year,
    ),
    _form(r"(?P<year>[6-9]\d)" + _NO_COUNT, _year),
)
