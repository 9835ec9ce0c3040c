"""On which nights: first and last, all of them, those with several things, those to come."""

from collections.abc import Sequence
from typing import TypeVar

from knowledge.facts.answers.absent import never, no_encores, nothing
from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.phrases import date_of, listed, night_of, nights, place_of
from knowledge.facts.played import Night, Played
from knowledge.facts.told import Facts, FactSentence, NotKnown

DATES_LISTED_MAX = 15
T = TypeVar("T")


def first_last(case: Case) -> Facts | NotKnown | None:
    """When something was played, or a place visited, for the first or the last time; or the first and the last."""
    if case.asked.role == "encore":
        return no_encores(case)
    if case.meant.subjects:
        return _first_last_plays(case)
    return _first_last_nights(case) if case.nights else nothing(case)


def _first_last_plays(case: Case) -> Facts | NotKnown:
    played = flat(case.plays)
    if not played:
        return never(case)
    ends = [(word, item, case.night_of[item.key]) for word, item in _ends(case, played)]
    said = [
        told(f"{case.things} was {word} played{_within(case)} on {night_of(night)}.", item, night)
        for word, item, night in ends
    ]
    return case.facts(*said, case.basis(), about=[night for _, _, night in ends])


def _first_last_nights(case: Case) -> Facts:
    dated = [night for night in case.nights if night.day] or case.nights
    ends = _ends(case, dated)
    said = [told(f"The {word} show{_within(case)} was on {night_of(night)}.", night) for word, night in ends]
    only = ends[0][1]
    same_day = [night for night in dated if len(ends) == 1 and night.day == only.day and night is not only]
    also = f"There was another show that day: {listed(map(place_of, same_day))}."
    return case.facts(*said, told(also, *same_day) if same_day else None, about=[night for _, night in ends])


def _ends(case: Case, found: Sequence[T]) -> list[tuple[str, T]]:
    """Give the first, the last, or both, as the question asks, with the word for it."""
    ends = [("first", found[0])] if case.asked.wants_first else []
    return ends if ends and not case.asked.wants_last else [*ends, ("last", found[-1])]


def _within(case: Case) -> str:
    """The conditions of a question; a day is said by its night anyway."""
    return "" if case.meant.scope.when.is_day else case.within


def when(case: Case) -> Facts | NotKnown | None:
    """On which nights something was played, or a place visited."""
    if case.asked.wants_first or case.asked.wants_last:
        return first_last(case)
    if case.meant.subjects:
        return _when_played(case)
    if not case.meant.scope.says_something:
        return None
    return _when_held(case) if case.nights else nothing(case)


def _when_played(case: Case) -> Facts | NotKnown:
    if not flat(case.plays):
        return never(case)
    rows = {key: items[0] for key, items in case.plays.items()}
    found = [case.night_of[key] for key in case.plays]
    counted = f" at {nights(len(found))}" if len(found) > 1 else ""
    what = f"{case.things} was played{counted}{_within(case)}"
    if len(found) <= DATES_LISTED_MAX:
        return _dates(case, what, found, rows)
    return case.facts(told(f"{what}.", rows[found[0].key], rows[found[-1].key]), _span(found, rows), case.basis())


def _when_held(case: Case) -> Facts:
    found = case.nights
    if len(found) > DATES_LISTED_MAX:
        counted = f"There were {nights(len(found))}{case.within}."
        return case.facts(told(counted, found[0], found[-1]), _span(found, {}))
    one = f"The show{_within(case)} was"
    return _dates(case, one if len(found) == 1 else f"The {nights(len(found))}{case.within} were", found, {})


def _dates(case: Case, what: str, found: list[Night], rows: dict[str, Played]) -> Facts:
    """Say every date; a place that is that of all of them only once."""
    where = {place_of(night) for night in found}
    said = listed(map(night_of, found))
    if len(where) == 1:
        said = listed(map(date_of, found)) + "".join(f" at {place}" for place in where if place)
    joint = ": on" if len(found) > 1 else " on"
    return case.facts(told(f"{what}{joint} {said}.", *[rows.get(night.key, night) for night in found]), about=found)


def _span(found: list[Night], rows: dict[str, Played]) -> FactSentence:
    first, last = found[0], found[-1]
    said = f"The first was {night_of(first)}, the last {night_of(last)}."
    return told(said, rows.get(first.key, first), rows.get(last.key, last))


def together(case: Case) -> Facts | NotKnown | None:
    """At which nights several things were all played."""
    found: set[str] | None = None
    for thing in case.meant.subjects:
        plays = set(case.archive.plays(thing.subject, case.nights))
        found = plays if found is None else found & plays
    held = [night for night in case.nights if night.key in (found or set())]
    if not held:
        return case.facts(told(f"No listed show{case.within} has {case.things} together."), case.basis())
    if case.asked.counting or len(held) > DATES_LISTED_MAX:
        ends = told(f"The first was {night_of(held[0])}, the last {night_of(held[-1])}.", held[0], held[-1])
        return case.facts(
            told(f"{case.things} were played together at {nights(len(held))}{case.within}.", *held), ends, case.basis()
        )
    return case.facts(
        told(f"{case.things} were played together{case.within} on {listed(map(night_of, held))}.", *held), about=held
    )


def upcoming(case: Case) -> Facts | NotKnown | None:
    """The nights that are still to come."""
    today = int(case.today.strftime("%Y%m%d"))
    found = [night for night in case.archive.nights(case.meant.scope) if night.day >= today and night.day]
    if not found:
        return NotKnown("No coming date is in the notes.")
    one = found[:DATES_LISTED_MAX]
    return case.facts(told(f"Coming up: {listed(map(night_of, one))}.", *one), about=one[:1])
