"""How many different songs, places, artists or labels there were."""

from collections.abc import Callable, Iterable

from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.answers.rankings import example_of
from knowledge.facts.played import Night, Played, in_set
from knowledge.facts.told import Facts, NotKnown

MANY_NIGHTS = 20


def distinct(case: Case) -> Facts | NotKnown | None:
    """How many different songs, or places, or artists."""
    asked = case.asked.masked
    for word, noun, name in (
        ("venue|clubs?|halls?|places", "venues", lambda night: (night.venue, night.city) if night.venue else None),
        ("cit(?:y|ies)|towns", "cities", lambda night: (night.city, night.region) if night.city else None),
        ("countr", "countries", lambda night: night.country or None),
        ("states|regions|provinces", "states or regions", lambda night: night.region or None),
    ):
        if _says(word, asked):
            return _counted_places(case, noun, name)
    held = case.one_night(case.listed) if case.meant.scope.when.is_day else []
    for word, column in (("artists?", "artist_key"), ("labels?", "label_key")):
        if _says(word, asked):
            return _counted(case, set(case.counted(column)), f"{column.removesuffix('_key')}s")
    if not case.asked.set_no and len(case.nights) > MANY_NIGHTS:
        return _distinct_works(case)
    items = in_nights(case)
    works = {item.work for item in items if not item.is_unknown}
    if not works:
        return NotKnown(f"No list{case.within} is known.")
    word = "pieces" if any(item.artist for item in items) else "songs"
    entries = f" ({len(items):,} entries in all)" if len(items) != len(works) else ""
    only = len(held) == 1
    of_set = f" in set {case.asked.set_no}" if case.asked.set_no > 0 else ""
    return case.facts(
        told(f"{len(works):,} different {word} were played{of_set}{case.within}{entries}.", *items[:1]),
        None if only else case.basis(),
    )


def _distinct_works(case: Case) -> Facts | NotKnown:
    """Count over many nights without reading their lists."""
    counted = case.counted("work_key")
    if not counted:
        return NotKnown(f"No list{case.within} is known.")
    example = example_of(case, "work_key", min(counted, key=lambda key: (counted[key], key)))
    entries = sum(plays for _, plays in counted.values())
    word = "pieces" if example.artist else "songs"
    said = f"{len(counted):,} different {word} were played{case.within} ({entries:,} entries in all)."
    return case.facts(told(said, example), case.basis())


def in_nights(case: Case) -> list[Played]:
    """Give the items of all nights, or of the set that was asked for."""
    if case.asked.set_no:
        return [item for items in case.items.values() for item in in_set(items, case.asked.set_no)]
    return flat(case.items)


def _counted(case: Case, found: set[str], noun: str) -> Facts:
    return case.facts(
        told(f"{len(found):,} different {noun} were played{case.within}.", *case.listed[:1]), case.basis()
    )


def _counted_places(case: Case, noun: str, name: Callable[[Night], object]) -> Facts:
    held: Iterable[Night] = [case.night_of[key] for key in case.plays] if case.meant.subjects else case.nights
    found = {ident for night in held if (ident := name(night)) is not None}
    return case.facts(told(f"There were {len(found):,} different {noun}{case.within}.", *case.nights[:1]), case.basis())


def _says(pattern: str, text: str) -> bool:
    import re

    return re.search(rf"\b(?:{pattern})\w*\b", text) is not None
