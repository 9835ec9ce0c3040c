"""Two nights compared: what they had in common, and what only one of them had."""

from knowledge.facts.answers.case import Case, told
from knowledge.facts.phrases import date_of, listed, night_of, place_of
from knowledge.facts.played import Night, Played, in_set
from knowledge.facts.scoping import Unclear
from knowledge.facts.told import Facts, NotKnown


def compare(case: Case) -> Facts | NotKnown | None:
    """What two nights had in common, and what only one of them had."""
    pair = _two_nights(case)
    if pair is None:
        return None
    items = case.archive.items(pair)
    if any(night.key not in items for night in pair):
        return NotKnown("For one of the two nights no list is known.")
    one, two = (items[night.key] for night in pair)
    if case.asked.set_no and pair:
        one = in_set(one, case.asked.set_no)
    works = [{item.work for item in each} for each in (one, two)]
    shared = [item for item in _each_once(one) if item.work in works[1]]
    only = [
        [item for item in _each_once(each) if item.work not in other]
        for each, other in ((one, works[1]), (two, works[0]))
    ]
    said = [
        told(f"Only on {night_of(night)}: {listed(item.name for item in part)}.", *part) if part
        else told(f"Nothing was played only on {night_of(night)}.", night)
        for night, part in zip(pair, only, strict=True)
    ]  # fmt: skip
    both = (
        told(f"On both nights: {listed(item.name for item in shared)}.", *shared)
        if shared
        else told("Nothing was played on both nights.")
    )
    if any(
        word in case.asked.masked for word in ("both", "common", "share", "same", "overlap", "repeat", "also", "again")
    ):
        return case.facts(both, about=pair)
    return case.facts(*said, about=pair)


def _two_nights(case: Case) -> list[Night] | None:
    days = [one.when.first for one in case.reading.dates if one.when.is_day]
    every = case.nights if len(days) >= 2 else case.archive.nights(type(case.meant.scope)())
    named = [_night_on(case, [night for night in every if night.day == day], day) for day in days[:2]]
    if len(days) == 1 and named[0] is not None:
        days_of = [night for night in every if night.day]
        at = next(number for number, night in enumerate(days_of) if night.key == named[0].key)
        later = any(word in case.asked.masked for word in ("after", "following", "next"))
        beside = days_of[at + 1] if later and at + 1 < len(days_of) else days_of[at - 1] if at else None
        named.append(beside)
    if len(named) < 2 or any(night is None for night in named):
        return None
    return [night for night in named if night is not None]


def _night_on(case: Case, found: list[Night], day: int) -> Night | None:
    if len(found) > 1:
        held = [night for night in found if night.key in case.archive.items(found)]
        found = held or found
    if len(found) > 1:
        raise Unclear(f"What was played on {date_of(night)} at {place_of(night)}?" for night in found)
    return found[0] if found else None


def _each_once(items: list[Played]) -> list[Played]:
    return list({item.work: item for item in reversed(items)}.values())[::-1]
