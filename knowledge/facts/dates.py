"""Dates as people say them in a question: "5/8/77", "the summer of 89", "New Year's Eve 1978", "between 1972 and 74".

Which century two digits mean, and whether the day or the month comes first, depends on the material
(`Calendar`). Days are integers, yyyymmdd; an open end is 0. Nothing is guessed from a bare number
that could be something else.
"""

import calendar as months_of
import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

MONTHS = {name.lower(): number for number, name in enumerate(months_of.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(months_of.month_abbr) if name} | {"sept": 9}
WEEKDAYS = {name.lower(): number for number, name in enumerate(months_of.day_name)}
_DECADES = {word: 10 * number for number, word in enumerate("twenties thirties forties fifties sixties seventies eighties nineties".split(), start=2)}  # fmt: skip
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_DAYS_WITH_NAMES = {
    r"new year'?s eve|nye|new year'?s(?= (?:show|gig|concert|run))": (12, 31), r"new year'?s day": (1, 1), r"halloween": (10, 31),
    r"christmas eve": (12, 24), r"christmas(?: day)?|xmas": (12, 25), r"valentine'?s(?: day)?": (2, 14),
    r"(?:4th|fourth) of july|july (?:4th|fourth)|independence day": (7, 4), r"st\.? patrick'?s(?: day)?": (3, 17),
    r"leap day": (2, 29),
}  # fmt: skip

_SPOKEN_DAYS = {word: number for number, word in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first".split(), start=1)}  # fmt: skip

_MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>[0-3]?\d(?:st|nd|rd|th)?|" + "|".join(sorted(_SPOKEN_DAYS, key=len, reverse=True)) + r")(?!\d)"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d|['’]\d\d|\d\d(?!\d|[:/.-]\d))"
_FULL_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d|['’]\d\d)"
_WEEKDAY = r"(?:(?:" + "|".join(WEEKDAYS) + r"),?\s+)?(?:the\s+)?"


@dataclass(frozen=True, slots=True)
class When:
    """A day, a stretch of days, or days that come again (a month, a day of a month, a weekday of every year)."""

    first: int = 0
    last: int = 0
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    words: str = ""  # how an answer says it: "in 1977", "on 8 May 1977"

    @property
    def is_day(self) -> bool:
        return self.first == self.last != 0

    @property
    def says_something(self) -> bool:
        return bool(self.first or self.last or self.month or self.day or self.weekday is not None)

    def with_(self, other: "When") -> "When":
        """Narrow by another: "on Fridays" and "in 1977"."""
        return When(
            max(self.first, other.first),
            min(self.last or other.last, other.last or self.last),
            other.month or self.month,
            other.day or self.day,
            other.weekday if other.weekday is not None else self.weekday,
            " ".join(part for part in (self.words, other.words) if part),
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the material says of dates: its years, how its people write a day, and today."""

    first_year: int
    last_year: int
    day_first: bool
    today: datetime.date

    def year(self, written: str) -> int:
        """Read a year of two or four digits; two digits mean the year nearest to the material's own."""
        digits = written.lstrip("'’")
        if len(digits) == 4:
            return int(digits)
        middle = (self.first_year + self.last_year) / 2 if self.last_year else self.today.year
        return min((century + int(digits) for century in (1800, 1900, 2000)), key=lambda year: abs(year - middle))


@dataclass(frozen=True, slots=True)
class Dated:
    """A stretch of a question that names a date; `otherwise` is the other reading of "5/8/77"."""

    start: int
    end: int
    when: When
    otherwise: When | None = None


def spoken(day: int) -> str:
    """Write yyyymmdd as `8 May 1977`."""
    return f"{day % 100} {months_of.month_name[day // 100 % 100]} {day // 10_000}"


def on_day(year: int, month: int, day: int) -> When | None:
    """Give one day, or None for a day that never was."""
    try:
        datetime.date(year, month, day)
    except ValueError:
        return None
    number = year * 10_000 + month * 100 + day
    return When(number, number, words=f"on {spoken(number)}")


def _years(first: int, last: int, words: str) -> When:
    return When(first * 10_000 + 101, last * 10_000 + 1231, words=words)


def _months(year: int, first: int, last: int, words: str) -> When:
    return When(
        year * 10_000 + first * 100 + 1, year * 10_000 + last * 100 + months_of.monthrange(year, last)[1], words=words
    )


def _day(written: str) -> int:
    return _SPOKEN_DAYS.get(written.lower(), 0) or int(re.sub(r"\D", "", written))


def _iso(found: re.Match[str], _known: Calendar) -> When | None:
    return on_day(int(found["year"]), int(found["month"]), int(found["day"]))


def _spelled(found: re.Match[str], known: Calendar) -> When | None:
    return on_day(known.year(found["year"]), MONTHS[found["month"].lower()], _day(found["day"]))


def _each_year(found: re.Match[str], _known: Calendar) -> When | None:
    month, day = MONTHS[found["month"].lower()], _day(found["day"])
    valid = 1 <= day <= months_of.monthrange(2000, month)[1]
    return When(month=month, day=day, words=f"on {day} {months_of.month_name[month]}") if valid else None


def _in_month(found: re.Match[str], known: Calendar) -> When:
    year, month = known.year(found["year"]), MONTHS[found["month"].lower()]
    return _months(year, month, month, f"in {months_of.month_name[month]} {year}")


def _two_months(found: re.Match[str], known: Calendar) -> When | None:
    year, first, last = known.year(found["year"]), MONTHS[found["one"].lower()], MONTHS[found["two"].lower()]
    names = months_of.month_name
    return _months(year, first, last, f"from {names[first]} to {names[last]} {year}") if first < last else None


def _any_month(found: re.Match[str], _known: Calendar) -> When:
    month = MONTHS[found["month"].lower()]
    return When(month=month, words=f"in {months_of.month_name[month]}")


def _season(found: re.Match[str], known: Calendar) -> When:
    year, season = known.year(found["year"]), found["season"].lower()
    words = f"in {season} {year}"
    if season == "winter":
        return When((year - 1) * 10_000 + 1201, _months(year, 1, 2, "").last, words=words)
    return _months(year, *_SEASONS[season], words)


def _decade(found: re.Match[str], known: Calendar) -> When:
    written = found["decade"].lower().lstrip("'’")
    tens = _DECADES[written] if written in _DECADES else int(re.sub(r"\D", "", written))
    start = tens if tens > 1_000 else known.year(f"{tens:02d}")
    first, last = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get((found["part"] or "").lower(), (0, 9))
    part = f"{found['part'].lower()} " if found["part"] else ""
    return _years(start + first, start + last, f"in the {part}{start}s")


def _part_of_year(found: re.Match[str], known: Calendar) -> When:
    year, part = known.year(found["year"]), found["part"].lower()
    first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}[part]
    return _months(year, first, last, f"in {part} {year}")


def _between(found: re.Match[str], known: Calendar) -> When | None:
    first = known.year(found["first"])
    written = found["last"].lstrip("'’")
    last = first // 100 * 100 + int(written) if len(written) == 2 else int(written)
    return _years(first, last, f"from {first} to {last}") if first < last else None


def _named_day(month: int, day: int) -> Callable[[re.Match[str], Calendar], When | None]:
    def read(found: re.Match[str], known: Calendar) -> When | None:
        if found["year"]:
            return on_day(known.year(found["year"]), month, day)
        return When(month=month, day=day, words=f"on {day} {months_of.month_name[month]}")

    return read


def _year(found: re.Match[str], known: Calendar) -> When | None:
    year = known.year(found["year"])
    return _years(year, year, f"in {year}") if len(found["year"]) == 4 or _plausible(year, known) else None


def _plausible(year: int, known: Calendar) -> bool:
    return known.first_year - 1 <= year <= known.last_year + 1


def _relative(found: re.Match[str], known: Calendar) -> When:
    year = known.today.year - (found["which"].lower() == "last")
    return _years(year, year, f"in {year}")


def _weekday(found: re.Match[str], _known: Calendar) -> When:
    name = found["weekday"].lower()
    return When(weekday=WEEKDAYS[name], words=f"on a {name.capitalize()}")


Reader = Callable[[re.Match[str], Calendar], When | None]


def _rule(pattern: str, read: Reader) -> tuple[re.Pattern[str], Reader]:
    return re.compile(rf"(?<![\w/.-])(?:{pattern})(?![\w/]|[.-]\d)", re.IGNORECASE), read


_OPT_YEAR = rf"(?:,?\s+(?:of\s+|in\s+)?{_YEAR})?"
# In this order: what says more comes first, and a stretch is read once.
_RULES: tuple[tuple[re.Pattern[str], Reader], ...] = (
    _rule(r"(?P<year>(?:1[5-9]|20)\d\d)[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)", _iso),
    _rule(rf"{_WEEKDAY}{_MONTH}\s*{_DAY}(?:,|\s|\s+of\s|\s+in\s)\s*{_YEAR}", _spelled),
    _rule(rf"{_WEEKDAY}{_DAY}\s*(?:of\s+)?{_MONTH},?\s*(?:of\s+)?{_YEAR}", _spelled),
    *(_rule(rf"(?:{name}){_OPT_YEAR}", _named_day(*day)) for name, day in _DAYS_WITH_NAMES.items()),
    _rule(
        rf"(?:between|from)\s+(?P<first>{_FULL_YEAR[9:-1]}|\d\d)\s*(?:and|to|through|thru|until|till|-|–)\s*(?P<last>(?:1[5-9]|20)\d\d|['’]?\d\d)",
        _between,
    ),
    _rule(
        r"(?P<first>(?:1[5-9]|20)\d\d|['’]\d\d)\s*(?:-|–|to|through|thru)\s*(?P<last>(?:1[5-9]|20)\d\d|['’]?\d\d)",
        _between,
    ),
    _rule(
        r"(?P<one>"
        + "|".join(sorted(MONTHS, key=len, reverse=True))
        + r")\s*(?:and|to|through|thru|-|–|&|/)\s*(?P<two>"
        + "|".join(sorted(MONTHS, key=len, reverse=True))
        + rf")\s+(?:of\s+|in\s+)?{_YEAR}",
        _two_months,
    ),
    _rule(rf"{_MONTH}\s+(?:of\s+|in\s+)?{_FULL_YEAR}", _in_month),
    _rule(rf"{_MONTH}\s+(?:of\s+)?(?P<year>3[2-9]|[4-9]\d)", _in_month),
    _rule(
        rf"(?:the\s+)?(?P<season>spring|summer|autumn|fall|winter)(?:\s+of|\s+in|\s+tour(?:\s+of)?)?\s+{_YEAR}", _season
    ),
    _rule(rf"{_YEAR}['’]?s?\s+(?P<season>spring|summer|autumn|fall|winter)(?:\s+tour)?", _season),
    _rule(
        r"(?:the\s+)?(?:(?P<part>early|mid|late)[\s-]+)?(?:the\s+)?"
        rf"(?:decade of the )?(?P<decade>(?:1[5-9]|20)\d0['’]?s|['’]?[2-9]0['’]?s|{'|'.join(_DECADES)})",
        _decade,
    ),
    _rule(rf"(?P<part>early|mid|late)(?:\s+in|\s+on\s+in|-)?\s+{_YEAR}", _part_of_year),
    _rule(rf"(?:on\s+)?{_WEEKDAY}{_MONTH}\s*{_DAY}(?!\s*(?:times|shows))", _each_year),
    _rule(rf"(?:on\s+)?{_WEEKDAY}{_DAY}\s*(?:of\s+)?{_MONTH}", _each_year),
    _rule(r"(?:in|during|every|each)\s+(?:the\s+month\s+of\s+)?" + _MONTH, _any_month),
    _rule(r"(?:all\s+)?(?:the\s+|your\s+)?" + _MONTH + r"(?=\s+(?:shows|gigs|concerts|nights|sets|dates))", _any_month),
    _rule(r"(?P<which>this|last)\s+year", _relative),
    _rule(r"(?:on\s+)?(?:an?\s+|any\s+|the\s+)?(?P<weekday>" + "|".join(WEEKDAYS) + r")s?(?:\s+nights?)?", _weekday),
    _rule(r"(?P<year>(?:1[5-9]|20)\d\d|['’]\d\d)(?!\s*(?:bpm|bpms|times|shows|songs|hz)\b)", _year),
    _rule(
        r"(?:in|of|since|from|during|back in|year|after|before|until|till|by|around|for)\s+(?P<year>\d\d)(?!\s*(?:bpm|times|shows|songs|sets|tracks|minutes|mins?|hours?|st|nd|rd|th|%)\b)",
        _year,
    ),
    _rule(r"(?P<year>[6-9]\d)(?!\s*(?:bpm|times|shows|songs|sets|tracks|minutes|mins?|hours?|st|nd|rd|th|%)\b)", _year),
)
_NUMERIC = re.compile(
    r"(?<![\w/.-])(?P<one>\d\d?)[/.-](?P<two>\d\d?)[/.-](?P<year>(?:1[5-9]|20)\d\d|['’]?\d\d)(?![\w/]|[.-]\d)"
)
_BOUND = re.compile(
    r"(?P<bound>before|prior to|after|since|from|until|till|up to|through|by)\s+(?:the\s+(?:year|end of)\s+)?\Z",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:back\s+)?(?:in|on|during|of|from|for|at|around)\s+(?:the\s+)?\Z", re.IGNORECASE)


def dated(question: str, known: Calendar) -> list[Dated]:
    """Give every date of a question, left to right; what one rule has read no other reads again."""
    found: list[Dated] = []
    for one in [*_numeric(question, known), *_ruled(question, known)]:
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    bounded = [_bounded(question, one) for one in sorted(found, key=lambda one: one.start)]
    return _joined(question, bounded)


def _numeric(question: str, known: Calendar) -> Iterator[Dated]:
    for found in _NUMERIC.finditer(question):
        one, two, year = int(found["one"]), int(found["two"]), known.year(found["year"])
        month_first, day_first = on_day(year, one, two), on_day(year, two, one)
        likely, other = (day_first, month_first) if known.day_first else (month_first, day_first)
        if likely or other:
            other = other if likely and other != likely else None
            yield (
                Dated(found.start(), found.end(), likely or on_day(year, two, one) or When(), other)
                if likely
                else (Dated(found.start(), found.end(), (month_first or day_first or When())))
            )


def _ruled(question: str, known: Calendar) -> Iterator[Dated]:
    for pattern, read in _RULES:
        for found in pattern.finditer(question):
            if (when := read(found, known)) is not None:
                yield Dated(found.start(), found.end(), when)


def _bounded(question: str, one: Dated) -> Dated:
    """Take the word before a date into it: "after 1990", "since May 1977"; "in" and "on" say nothing more."""
    before = question[: one.start]
    bound = _BOUND.search(before)
    if bound is None or not one.when.first:
        opening = _OPENING.search(before)
        return replace(one, start=opening.start()) if opening else one
    word, said = bound["bound"].lower(), re.sub(r"^(?:in|on|from) ", "", one.when.words)
    if word in ("before", "prior to"):
        when = When(0, _day_before(one.when.first), words=f"before {said}")
    elif word in ("until", "till", "up to", "through", "by"):
        when = When(0, one.when.last, words=f"until {said}")
    elif word == "after":
        when = When(_day_after(one.when.last), 0, words=f"after {said}")
    elif word == "since":
        when = When(one.when.first, 0, words=f"since {said}")
    else:
        return replace(one, start=bound.start())
    return Dated(bound.start(), one.end, when)


_TO = re.compile(r"\s*(?:and|to|through|thru|until|till|-|–)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between|from)\s+(?:the\s+)?\Z", re.IGNORECASE)


def _joined(question: str, found: list[Dated]) -> list[Dated]:
    """Read "between May 1977 and June 1978" as one stretch."""
    joined: list[Dated] = []
    for one in found:
        before = joined[-1] if joined else None
        opened = before and re.match(r"(?:between|from)\b", question[before.start :], re.IGNORECASE)
        opened = opened or (before and _BETWEEN.search(question[: before.start]))
        two_days = before and before.when.is_day and one.when.is_day  # as often compared as meant as a stretch
        if (
            before
            and not two_days
            and opened
            and _TO.fullmatch(question[before.end : one.start])
            and before.when.first
            and one.when.last
        ):
            said = " to ".join(re.sub(r"^(?:in|on) ", "", each.when.words) for each in (before, one))
            joined[-1] = Dated(before.start, one.end, When(before.when.first, one.when.last, words=f"from {said}"))
        else:
            joined.append(one)
    return joined


def _day_before(day: int) -> int:
    return _number(_date(day) - datetime.timedelta(days=1))


def _day_after(day: int) -> int:
    return _number(_date(day) + datetime.timedelta(days=1))


def _date(day: int) -> datetime.date:
    return datetime.date(day // 10_000, day // 100 % 100, day % 100)


def _number(date: datetime.date) -> int:
    return date.year * 10_000 + date.month * 100 + date.day


DATES_PER_DOCUMENT_MAX = 200
_IN_PROSE = [_RULES[0], _RULES[1], _RULES[2]]


def dates_in(text: str) -> list[str]:
    """Give the days that a text names with their year, as ISO 8601, each once."""
    known = Calendar(1900, 2050, day_first=False, today=datetime.date(2000, 1, 1))
    found: dict[str, None] = {}
    for pattern, read in _IN_PROSE:
        for match in pattern.finditer(text):
            when = read(match, known) if len(match["year"]) == 4 else None
            if when is not None:
                found[_date(when.first).isoformat()] = None
    return list(found)[:DATES_PER_DOCUMENT_MAX]
