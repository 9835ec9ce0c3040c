"""How an answer says dates, nights, lists and numbers: plain sentences that a person would say."""

from collections.abc import Iterable, Sequence

from knowledge.facts.days import MONTHS, spoken
from knowledge.facts.played import Night, Played
from knowledge.facts.scope import Scope

_MONTH_NAMES = {number: name.capitalize() for name, number in MONTHS.items() if len(name) > 3 or name == "may"}
TIMES = {1: "once", 2: "twice"}


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Join as a sentence does: `a, b and c`."""
    items = list(parts)
    return f" {last} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def date_of(night: Night) -> str:
    """Write a night's date with the precision that is known."""
    if not night.day:
        return night.date or "on an unknown date"
    if night.day == night.last_day:
        return spoken(night.day)
    year, month = divmod(night.day // 100, 100)
    return str(year) if night.last_day - night.day > 100 else f"{_MONTH_NAMES[month]} {year}"


def place_of(night: Night) -> str:
    """Write where: the venue and its city, or the title of a night without a place."""
    parts = [part for part in (night.venue, night.city) if part]
    if len(parts) == 2 and night.city.lower() in night.venue.lower():
        parts = parts[:1]
    where = ", ".join(parts)
    if night.title and night.title.lower() not in where.lower():
        says_where = night.city and night.city.lower() in night.title.lower()
        return f"“{night.title}”" + (f" ({where})" if where and not says_where else "")
    return where


def night_of(night: Night) -> str:
    """Write date and place together."""
    where = place_of(night)
    return f"{date_of(night)}" + (f" at {where}" if where else "")


def quoted(item: Played | str) -> str:
    return f"“{item if isinstance(item, str) else item.name}”"


def sequence(items: Sequence[Played]) -> str:
    """Write what was played in order; `>` stands where one went straight into the next."""
    written = ""
    for number, item in enumerate(items):
        written += item.name if not item.is_unknown else (item.name or "ID")
        if number < len(items) - 1:
            written += " > " if item.segue else ", "
    return written


def times(count: int) -> str:
    return TIMES.get(count, f"{count:,} times")


def nights(count: int, word: str = "show") -> str:
    """Write a number of nights."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def clock(ms: int) -> str:
    """Write a time in a set as h:mm:ss."""
    seconds = ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def within(scope: Scope, places: Sequence[str]) -> str:
    """Write the conditions of a question: ` in 1977 at Winterland`, or nothing."""
    return "".join(f" {part}" for part in (scope.when.words, *places) if part)
