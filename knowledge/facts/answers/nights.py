"""How often, when first and last, where, ever, and the longest time between."""

import datetime
import re
from dataclasses import replace

from knowledge.facts.answers.case import Case, flat, meant_night, told
from knowledge.facts.archive import Night, Scope
from knowledge.facts.patterns.stories import wants_prose
from knowledge.facts.phrases import clock, date_of, listed, night_of, nights, place_of, quoted, times
from knowledge.facts.reading import Reading
from knowledge.facts.scoping import plays_of
from knowledge.facts.told import AboutNights, Facts, FactSentence, NotKnown

DATES_LISTED_MAX = 15
_COUNTS_NIGHTS = re.compile(
    r"\b(?:shows?|gigs?|concerts?|nights?|times?|often|sets?|dates?|appear\w*|performances?|perform(?:ed)?|play(?:ed)?|events?|part(?:y|ies)"
    r"|festivals?|slots?|visit(?:s|ed)?)\b"
)
NIGHTS_ABOUT_MAX = 60


def count(case: Case) -> Facts | NotKnown | None:
    """How many times something was played, or how many nights there were."""
    if case.asked.role == "encore":
        return no_encores(case)
    if case.meant.subjects:
        return _count_plays(case)
    if not _COUNTS_NIGHTS.search(case.asked.masked):
        return None
    if not case.nights:
        return _nothing(case)
    found = case.nights
    days = len({night.day for night in found})
    both = f", on {days:,} days" if days != len(found) else ""
    return case.facts(
        told(f"There were {nights(len(found))}{case.within}{both}.", found[0], found[-1]),
        _from_to(found),
        about=found,
    )


def _count_plays(case: Case) -> Facts | NotKnown:
    if case.asked.role:
        return _count_in_role(case)
    found = case.plays
    played = flat(found)
    if not played:
        return _never(case)
    first, last = case.night_of[played[0].key], case.night_of[played[-1].key]
    in_all = f", {times(len(played))} in all" if len(played) != len(found) else ""
    verb = "were" if len(case.meant.subjects) == 1 and case.meant.subjects[0].kind in ("artist", "label") else "was"
    noun = f"{case.things} {'records ' if verb == 'were' else ''}{verb} played at {nights(len(found))}{case.within}{in_all}."
    ends = None
    if len(found) > 1:
        ends = told(f"The first was {night_of(first)}, the last {night_of(last)}.", played[0], played[-1])
    return case.facts(
        told(noun, played[0], played[-1]), ends, case.basis(), about=[first, last] if len(found) <= 2 else []
    )


def _count_in_role(case: Case) -> Facts | NotKnown:
    from knowledge.facts.answers.orders import edge  # each needs the other's half

    wanted = {item.ident for item in flat(case.plays)}
    held = [item for items in case.items.values() if (item := edge(case, items)) is not None and item.ident in wanted]
    word = {"opener": "opened", "closer": "closed"}[case.asked.role]
    of_set = f" set {case.asked.set_no} of" if case.asked.set_no > 0 else ""
    if not held:
        return case.facts(
            told(f"{case.things} never {word}{of_set} one of the listed shows{case.within}."), case.basis()
        )
    return case.facts(
        told(f"{case.things} {word}{of_set} {nights(len(held))}{case.within}.", held[0], held[-1]),
        told(
            f"The first was {night_of(case.night_of[held[0].key])}, the last {night_of(case.night_of[held[-1].key])}.",
            held[0],
            held[-1],
        ),
        case.basis(),
    )


def first_last(case: Case) -> Facts | NotKnown | None:
    """When something was played, or a place visited, for the first or the last time; or the first and the last."""
    if case.asked.role == "encore":
        return no_encores(case)
    both = case.asked.wants_first and case.asked.wants_last
    if case.meant.subjects:
        played = flat(case.plays)
        if not played:
            return _never(case)
        chosen = [played[0], played[-1]] if both else [played[0] if case.asked.wants_first else played[-1]]
        words = ["first", "last"] if both else ["first" if case.asked.wants_first else "last"]
        sentences = [
            told(
                f"{case.things} was {word} played{'' if case.meant.scope.when.is_day else case.within} on {night_of(case.night_of[item.key])}.",
                item,
                case.night_of[item.key],
            )
            for word, item in zip(words, chosen, strict=True)
        ]
        return case.facts(*sentences, case.basis(), about=[case.night_of[item.key] for item in chosen])
    if not case.nights:
        return _nothing(case)
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
            return _never(case)
        found = [case.night_of[key] for key in case.plays]
        counted = f" at {nights(len(found))}" if len(found) > 1 else ""
        what, rows = (
            f"{case.things} was played{counted}{'' if day else case.within}",
            {item.key: item for item in reversed(played)},
        )
    elif case.meant.scope.says_something:
        found, what, rows = case.nights, f"The {nights(len(case.nights))}{case.within} were", {}
        if not found:
            return _nothing(case)
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


def where(case: Case) -> Facts | NotKnown | None:
    """Where a night was."""
    found = case.nights
    if not found:
        return _nothing(case)
    if len(found) <= DATES_LISTED_MAX:
        return case.facts(
            *[told(f"The show on {date_of(night)} was at {_everywhere(night)}.", night) for night in found], about=found
        )
    return count(case)


def _everywhere(night: Night) -> str:
    parts = [place_of(night), night.region, night.country]
    return ", ".join(part for number, part in enumerate(parts) if part and part not in parts[:number])


def exists(case: Case) -> Facts | NotKnown | None:
    """Whether something was ever played, or a place ever visited."""
    if case.asked.role == "encore":
        return no_encores(case)
    if case.meant.subjects:
        if case.asked.role:
            return _count_in_role(case)
        if not case.plays:
            return _never(case)
        return _affirmed(_count_plays(case))
    if not case.meant.scope.says_something:
        return None
    if not case.nights:
        return _nothing(case)
    return _affirmed(when(case))


def _affirmed(answer: Facts | NotKnown | None) -> Facts | NotKnown | None:
    """Say yes before what was found; a "no" says it itself."""
    if not isinstance(answer, Facts) or answer.sentences[0].text.startswith("No"):
        return answer
    first = answer.sentences[0]
    lowered = first.text[:1].lower() + first.text[1:] if first.text.startswith(("The ", "There ")) else first.text
    return replace(answer, sentences=(replace(first, text=f"Yes: {lowered}"), *answer.sentences[1:]))


def gap(case: Case) -> Facts | NotKnown | None:
    """The longest time between two plays of something, or between two nights."""
    if case.meant.subjects:
        rows = {key: items[0] for key, items in case.plays.items()}
        found = [case.night_of[key] for key in case.plays]
        if not found:
            return _never(case)
    else:
        rows, found = {}, [night for night in case.nights if night.day]
    dated = [night for night in found if night.day]
    if len(dated) < 2:
        return when(case)
    _, at = max((_days(b) - _days(a), -n) for n, (a, b) in enumerate(zip(dated, dated[1:], strict=False)))
    before, after = dated[-at], dated[-at + 1]
    days = _days(after) - _days(before)
    between = sum(before.day < night.day < after.day for night in case.nights)
    what = f"plays of {case.things}" if case.meant.subjects else "shows"
    shows = f", with {nights(between)} between" if case.meant.subjects else ""
    return case.facts(
        told(
            f"The longest gap between two {what}{case.within} was {days:,} days, from {night_of(before)} to {night_of(after)}{shows}.",
            rows.get(before.key, before), rows.get(after.key, after),
        )
    )  # fmt: skip


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
            told(f"{date_of(night)} was a {_DAY_NAMES[(_days(night) - 1) % 7]} ({place_of(night)}).", night)
            for night in found
        ]
    )


_DAY_NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


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


def prose(case: Case) -> AboutNights | None:
    """Find the nights whose notes a question asks for; the notes themselves are found by searching."""
    if not case.meant.scope.says_something and not case.meant.subjects:
        return None
    held = case.nights
    for narrower in (_with_all, _in_role):
        held = narrower(case, held) or held
    if not held or len(held) > NIGHTS_ABOUT_MAX:
        return None
    return AboutNights(
        tuple(meant_night(night) for night in held), unsaid(case.reading), wants_prose(case.asked.masked)
    )


def _with_all(case: Case, held: list[Night]) -> list[Night]:
    """Keep the nights at which everything that is named was played."""
    for thing in case.meant.subjects:
        plays = case.archive.plays(thing.subject, held)
        held = [night for night in held if night.key in plays] or held
    return held


def _in_role(case: Case, held: list[Night]) -> list[Night]:
    """Keep the nights that were opened or closed with it."""
    if not case.meant.subjects or case.asked.role not in ("opener", "closer"):
        return held
    from knowledge.facts.answers.orders import edge

    works = {item.ident for thing in case.meant.subjects for item in flat(case.archive.plays(thing.subject, held))}
    items = case.archive.items(held)
    return [
        night for night in held if (item := edge(case, items.get(night.key, []))) is not None and item.ident in works
    ]


def unsaid(reading: Reading) -> str:
    """Give what a question asks beside the names and dates by which its night was found."""
    spans = sorted([(one.start, one.end) for one in (*reading.mentions, *reading.dates)])
    rest, at = "", 0
    for start, end in spans:
        rest, at = rest + reading.question[at : max(at, start)], max(at, end)
    return " ".join((rest + reading.question[at:]).split())


def no_encores(case: Case) -> Facts | NotKnown:
    """Answer about encores from lists that mark them; where they do not, say so."""
    marked = [item for item in flat(case.items) if item.encore]
    if case.meant.subjects:
        wanted = {item.ident for item in flat(case.plays)}
        marked = [item for item in marked if item.ident in wanted]
    if not marked:
        return NotKnown("The lists do not mark encores.")
    if len({item.key for item in marked}) <= 3:
        said = [
            told(f"The encore on {night_of(night)} was {listed(quoted(i) for i in marked if i.key == night.key)}.", *[i for i in marked if i.key == night.key])
            for night in case.nights if any(item.key == night.key for item in marked)
        ]  # fmt: skip
        return case.facts(*said)
    return case.facts(
        told(
            f"{case.things or 'An encore'} was an encore at {nights(len({i.key for i in marked}))}{case.within}.",
            marked[0],
            marked[-1],
        )
    )


def _from_to(found: list[Night]) -> FactSentence:
    if len(found) < 2:
        return told(f"It was {night_of(found[0])}.", found[0])
    return told(f"The first was {night_of(found[0])}, the last {night_of(found[-1])}.", found[0], found[-1])


def _never(case: Case) -> Facts | NotKnown:
    """Say that the lists do not hold it, never that it never was."""
    if not case.nights:
        return _nothing(case)
    if not case.listed:
        return NotKnown(f"For the {nights(len(case.nights))}{case.within} no list is known.")
    elsewhere = ""
    if case.meant.scope.says_something:
        whole = flat(plays_of(case.meant, case.archive, case.archive.nights(Scope())))
        elsewhere = f" It is in {nights(len({item.key for item in whole}), 'other listed show')}." if whole else ""
    return case.facts(told(f"No: {case.things} is in none of the listed shows{case.within}.{elsewhere}"), case.basis())


def _nothing(case: Case) -> Facts:
    return case.facts(told(f"No show{case.within} is in the lists."))
