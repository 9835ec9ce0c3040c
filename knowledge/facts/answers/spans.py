"""Time between nights and within them: the longest gap, before and after a date, the day of the week, the length."""

import calendar
import datetime
import re
from dataclasses import replace
from itertools import pairwise

from knowledge.facts.answers.absent import never
from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.answers.nights import DATES_LISTED_MAX, when
from knowledge.facts.days import When
from knowledge.facts.phrases import clock, date_of, night_of, nights, place_of
from knowledge.facts.played import Night, Played
from knowledge.facts.scope import Scope
from knowledge.facts.scoping import plays_of
from knowledge.facts.told import Facts, NotKnown


def gap(case: Case) -> Facts | NotKnown | None:
    """The longest time between two plays of something, or between two nights."""
    if case.meant.subjects:
        rows = {key: items[0] for key, items in case.plays.items()}
        found = [case.night_of[key] for key in case.plays]
        if not found:
            return never(case)
    else:
        rows, found = {}, [night for night in case.nights if night.day]
    dated = [night for night in found if night.day]
    if len(dated) < 2:
        return when(case)
    _, at = max((_days(b) - _days(a), -n) for n, (a, b) in enumerate(pairwise(dated)))
    before, after = dated[-at], dated[-at + 1]
    days = _days(after) - _days(before)
    between = sum(before.day < night.day < after.day for night in case.nights)
    what = f"plays of {case.things}" if case.meant.subjects else "shows"
    shows = f", with {nights(between)} between" if case.meant.subjects else ""
    span = f"{days:,} days, from {night_of(before)} to {night_of(after)}{shows}"
    said = f"The longest gap between two {what}{case.within} was {span}."
    return case.facts(told(said, rows.get(before.key, before), rows.get(after.key, after)))


_COMES_BACK = re.compile(r"\b(?:come back|return\w*|again|next|after)\b")


def around(case: Case) -> Facts | NotKnown | None:
    """When something had been played before a night, or was played again after it."""
    named = [one.when for one in case.reading.dates if one.when.says_something]
    if not named or not (named[0].first or named[0].last):
        return None
    whole = replace(case.meant, scope=Scope())
    every = {night.key: night for night in case.archive.nights(Scope())}
    plays = flat(case.in_any_time(plays_of(whole, case.archive, list(every.values()))))
    bounded_below = named[0].first and not named[0].last  # "after 1974" is bounded already
    later = bool(bounded_below or (named[0].first and _comes_back(case)))
    found = _played_after(plays, every, named[0]) if later else _played_before(plays, every, named[0])
    shown = re.sub(r"^(?:on|in|after|before) ", "", case.meant.scope.when.words)
    side = "after" if later else "before"
    if found is None:
        return case.facts(told(f"No listed show {side} {shown} has {case.things}."))
    word = "next" if later else "last"
    said = f"{side.capitalize()} {shown}, {case.things} was {word} played on {night_of(every[found.key])}"
    return case.facts(told(f"{said}{_passed(named[0], every[found.key], later=later)}.", found))


def _comes_back(case: Case) -> bool:
    return bool(_COMES_BACK.search(case.asked.masked)) and not re.search(r"\bbefore\b", case.asked.masked)


def _played_after(plays: list[Played], every: dict[str, Night], when: When) -> Played | None:
    since = when.last + 1 if when.last else when.first
    return next((item for item in plays if every[item.key].day >= since), None)


def _played_before(plays: list[Played], every: dict[str, Night], when: When) -> Played | None:
    until = when.first - 1 if when.first else when.last
    return next((item for item in reversed(plays) if 0 < every[item.key].day <= until), None)


def _passed(when: When, night: Night, *, later: bool) -> str:
    if not when.is_day or not night.day:
        return ""
    return f", {abs(_days(night) - _day(when.first)):,} days {'later' if later else 'earlier'}"


def weekday(case: Case) -> Facts | NotKnown | None:
    """Which day of the week a night was."""
    found = [night for night in case.nights if night.day and night.day == night.last_day]
    if not found or len(found) > DATES_LISTED_MAX:
        return None
    return case.facts(
        *[
            told(f"{date_of(night)} was a {calendar.day_name[(_days(night) - 1) % 7]} ({place_of(night)}).", night)
            for night in found
        ]
    )


def length(case: Case) -> Facts | NotKnown | None:
    """How long a night lasted, where its list says."""
    rows = case.archive.rows(
        "SELECT event_key, max(duration_ms) AS ms FROM events WHERE duration_ms > 0 GROUP BY event_key"
    )
    lengths = {row.event_key: row.ms for row in rows if row.event_key in case.night_of}
    held = case.one_night([case.night_of[key] for key in lengths])
    if not case.meant.scope.says_something or len(held) > 6:
        return None
    if not held:
        return NotKnown("The lists do not tell how long it was.")
    return case.facts(
        *[told(f"The set on {night_of(night)} was {clock(lengths[night.key])} long.", night) for night in held]
    )


def _days(night: Night) -> int:
    return _day(night.day)


def _day(day: int) -> int:
    return datetime.date(day // 10_000, day // 100 % 100, day % 100).toordinal()
