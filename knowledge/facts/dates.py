"""Dates as people say them in a question: "5/8/77", "the summer of 89", "New Year's Eve 1978", "between 1972 and 74".

Nothing is guessed from a bare number that could be something else.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace

from knowledge.facts.date_forms import FORMS
from knowledge.facts.days import NEVER, Calendar, Dated, When, calendar_date, day_after, day_before, on_day

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
    return _joined(question, _of_one_year(question, bounded))


def _numeric(question: str, known: Calendar) -> Iterator[Dated]:
    for found in _NUMERIC.finditer(question):
        one, two, year = int(found["one"]), int(found["two"]), known.year(found["year"])
        month_first, day_first = on_day(year, one, two), on_day(year, two, one)
        likely, other = (day_first, month_first) if known.day_first else (month_first, day_first)
        if likely is not None:
            yield Dated(found.start(), found.end(), likely, other if other != likely else None)
        elif other is not None:
            yield Dated(found.start(), found.end(), other)


def _ruled(question: str, known: Calendar) -> Iterator[Dated]:
    for pattern, read in FORMS:
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
        when = When(0, day_before(one.when.first), words=f"before {said}")
    elif word in ("until", "till", "up to", "through", "by"):
        when = When(0, one.when.last, words=f"until {said}")
    elif word == "after":
        when = When(day_after(one.when.last), 0, words=f"after {said}")
    elif word == "since":
        when = When(one.when.first, 0, words=f"since {said}")
    else:
        return replace(one, start=bound.start())
    return Dated(bound.start(), one.end, when)


_BESIDE = re.compile(r"\s*(?:,|and|&|vs\.?|versus|or|to|-|–)\s*(?:on\s+)?(?:the\s+)?", re.IGNORECASE)


def _of_one_year(question: str, found: list[Dated]) -> list[Dated]:
    """Give "May 8" in "May 8 and May 9 1977" the year that stands once for both."""
    told = list(found)
    for number in range(len(told) - 2, -1, -1):
        one, other = told[number].when, told[number + 1].when
        beside = _BESIDE.fullmatch(question[told[number].end : told[number + 1].start])
        if beside and one.month and one.day and not one.first and other.is_day:
            day = on_day(other.first // 10_000, one.month, one.day)
            told[number] = replace(told[number], when=day) if day is not None else told[number]
    return told


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


DATES_PER_DOCUMENT_MAX = 200
_IN_PROSE = [FORMS[0], FORMS[1], FORMS[2]]


def dates_in(text: str) -> list[str]:
    """Give the days that a text names with their year, as ISO 8601, each once."""
    known = Calendar(1900, 2050, day_first=False, today=datetime.date(2000, 1, 1))
    found: dict[str, None] = {}
    for pattern, read in _IN_PROSE:
        for match in pattern.finditer(text):
            when = read(match, known) if len(match["year"]) == 4 else None
            if when is not None and when.first != NEVER:
                found[calendar_date(when.first).isoformat()] = None
    return list(found)[:DATES_PER_DOCUMENT_MAX]
