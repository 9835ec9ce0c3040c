"""Time between nights and within them: the longest gap, before and after a date, the day of the week, the length."""

import calendar
import datetime
import re
from dataclasses import replace
from itertools import pairwise

from knowledge.facts.answers.absent import never
from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.answers.nights import DATES_LISTED_MAX, when
from knowledge.facts.phrases import clock, date_of, night_of, nights, place_of
from knowledge.facts.played import Night
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


def around(case: Case) -> Facts | NotKnown | None:
    """When something had been played before a night, or was played again after it."""
    days = [one.when for one in case.reading.dates if one.when.first]
    if not days:
        return None
    plays = flat(
        case.in_any_time(plays_of(replace(case.meant, scope=Scope()), case.archive, case.archive.nights(Scope())))
    )
    later = re.search(r"\bcome back\b|\breturn|\bagain\b|\bnext\b|\bafter\b", case.asked.masked) and not re.search(
        r"\bbefore\b", case.asked.masked
    )
    every = {night.key: night for night in case.archive.nights(Scope())}
    if later:
        found = [item for item in plays if every[item.key].day > days[0].last][:1]
    else:
        found = [item for item in plays if 0 < every[item.key].day < days[0].first][-1:]
    side = "after" if later else "before"
    shown = case.meant.scope.when.words.removeprefix("on ").removeprefix("in ")
    if not found:
        return case.facts(told(f"No listed show {side} {shown} has {case.things}."))
    night = every[found[0].key]
    apart = abs(_days(night) - _day(days[0].last if later else days[0].first)) if days[0].is_day and night.day else 0
    passed = f", {apart:,} days {'later' if later else 'earlier'}" if apart else ""
    word = "next" if later else "last"
    return case.facts(
        told(f"{side.capitalize()} {shown}, {case.things} was {word} played on {night_of(night)}{passed}.", found[0])
    )


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
