"""On which nights: first and last, all of them, those with several things, those to come."""

from knowledge.facts.answers.absent import never, no_encores, nothing
from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.phrases import date_of, listed, night_of, nights, place_of
from knowledge.facts.told import Facts, NotKnown

DATES_LISTED_MAX = 15


def first_last(case: Case) -> Facts | NotKnown | None:
    """When something was played, or a place visited, for the first or the last time; or the first and the last."""
    if case.asked.role == "encore":
        return no_encores(case)
    both = case.asked.wants_first and case.asked.wants_last
    if case.meant.subjects:
        played = flat(case.plays)
        if not played:
            return never(case)
        chosen = [played[0], played[-1]] if both else [played[0] if case.asked.wants_first else played[-1]]
        words = ["first", "last"] if both else ["first" if case.asked.wants_first else "last"]
        within = "" if case.meant.scope.when.is_day else case.within
        sentences = [
            told(f"{case.things} was {word} played{within} on {night_of(night)}.", item, night)
            for word, item in zip(words, chosen, strict=True)
            if (night := case.night_of[item.key])
        ]
        return case.facts(*sentences, case.basis(), about=[case.night_of[item.key] for item in chosen])
    if not case.nights:
        return nothing(case)
    dated = [night for night in case.nights if night.day] or case.nights
    picked = [dated[0], dated[-1]] if both else [dated[0] if case.asked.wants_first else dated[-1]]
    names = ["first", "last"] if both else ["first" if case.asked.wants_first else "last"]
    same_day = [night for night in dated if not both and night.day == picked[0].day and night is not picked[0]]
    told_of = [
        told(f"The {name} show{'' if case.meant.scope.when.is_day else case.within} was on {night_of(night)}.", night)
        for name, night in zip(names, picked, strict=True)
    ]
    also = (
        told(f"There was another show that day: {listed(place_of(night) for night in same_day)}.", *same_day)
        if same_day
        else None
    )
    return case.facts(*told_of, also, about=picked)


def when(case: Case) -> Facts | NotKnown | None:
    """On which nights something was played, or a place visited."""
    if case.asked.wants_first or case.asked.wants_last:
        return first_last(case)
    day = case.meant.scope.when.is_day  # an answer says it anyway
    if case.meant.subjects:
        played = flat(case.plays)
        if not played:
            return never(case)
        found = [case.night_of[key] for key in case.plays]
        counted = f" at {nights(len(found))}" if len(found) > 1 else ""
        what, rows = (
            f"{case.things} was played{counted}{'' if day else case.within}",
            {item.key: item for item in reversed(played)},
        )
    elif case.meant.scope.says_something:
        found, what, rows = case.nights, f"The {nights(len(case.nights))}{case.within} were", {}
        if not found:
            return nothing(case)
        if len(found) == 1:
            what = "The show was" if day else f"The show{case.within} was"
    else:
        return None
    if len(found) <= DATES_LISTED_MAX:
        same = len({place_of(night) for night in found}) == 1
        said = listed(date_of(night) for night in found) + (f" at {place_of(found[0])}" if place_of(found[0]) else "")
        said = said if same else listed(night_of(night) for night in found)
        joint = ": on" if len(found) > 1 else " on"
        return case.facts(told(f"{what}{joint} {said}.", *[rows.get(night.key, night) for night in found]), about=found)
    first, last = found[0], found[-1]
    counted = f"{what}." if case.meant.subjects else f"There were {nights(len(found))}{case.within}."
    return case.facts(
        told(counted, rows.get(first.key, first), rows.get(last.key, last)),
        told(
            f"The first was {night_of(first)}, the last {night_of(last)}.",
            rows.get(first.key, first),
            rows.get(last.key, last),
        ),
        case.basis() if case.meant.subjects else None,
    )


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
