"""Days and stretches of days, as numbers and as words: 19770508 is "on 8 May 1977".

Days are integers, yyyymmdd; an open end is 0. Which century two digits mean, and whether the day or the
month comes first, depends on the material (`Calendar`).
"""

import calendar as months_of
import datetime
from dataclasses import dataclass

MONTHS = {name.lower(): number for number, name in enumerate(months_of.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(months_of.month_abbr) if name} | {"sept": 9}

WEEKDAYS = {name.lower(): number for number, name in enumerate(months_of.day_name)}


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


NEVER = 99_991_231


def never_was(year: int, month: str, day: int) -> When:
    """Give a day that no calendar has: nothing happened on it, and no other day is meant."""
    return When(NEVER, NEVER, words=f"on {day} {month} {year}")


def whole_years(first: int, last: int, words: str) -> When:
    return When(first * 10_000 + 101, last * 10_000 + 1231, words=words)


def whole_months(year: int, first: int, last: int, words: str) -> When:
    return When(
        year * 10_000 + first * 100 + 1, year * 10_000 + last * 100 + months_of.monthrange(year, last)[1], words=words
    )


def day_before(day: int) -> int:
    return _number(calendar_date(day) - datetime.timedelta(days=1))


def day_after(day: int) -> int:
    return _number(calendar_date(day) + datetime.timedelta(days=1))


def calendar_date(day: int) -> datetime.date:
    return datetime.date(day // 10_000, day // 100 % 100, day % 100)


def _number(date: datetime.date) -> int:
    return date.year * 10_000 + date.month * 100 + date.day
