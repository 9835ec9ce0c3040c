"""What was played in which order: set lists, openers and closers, what came after what, two nights compared."""

import re
from collections import Counter
from dataclasses import replace

from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.answers.nights import no_encores
from knowledge.facts.archive import Night, Played, in_set
from knowledge.facts.phrases import date_of, listed, night_of, nights, place_of, quoted, sequence, times
from knowledge.facts.scoping import Unclear
from knowledge.facts.told import Facts, FactSentence, NotKnown

NIGHTS_TOLD_MAX = 6
NIGHTS_ASKED_MAX = 20
USUAL_TOLD = 3


def set_list(case: Case) -> Facts | NotKnown | None:
    """Everything that was played at a night, or in one of its sets."""
    found = case.nights
    if not found:
        return NotKnown(f"No show{case.within} is in the lists.")
    listed_nights = case.one_night([night for night in found if night.key in case.items])
    if not listed_nights:
        return NotKnown(f"For {night_of(found[0])} no list is known.")
    listed_nights = case.edge_nights(listed_nights)
    if len(listed_nights) > 4:
        return None
    if len(listed_nights) > 1:
        raise Unclear(case.choices(listed_nights))
    return case.facts(*_set_list_of(case, listed_nights[0]), about=listed_nights)


def _set_list_of(case: Case, night: Night) -> list[FactSentence]:
    items = case.items[night.key]
    numbers = sorted({item.set_no for item in items})
    if case.asked.set_no:
        wanted = numbers[-1] if case.asked.set_no == -1 else case.asked.set_no
        part = in_set(items, wanted)
        if not part:
            return [told(f"The list of {night_of(night)} has {len(numbers)} sets, no set {wanted}.", night)]
        return [told(f"Set {wanted} on {night_of(night)}: {sequence(part)}.", *part)]
    said = [told(f"This was played on {night_of(night)}.", night)]
    for number in numbers:
        part = in_set(items, number)
        name = part[0].set_name or (f"Set {number}" if len(numbers) > 1 else "In order")
        said.append(told(f"{name}: {sequence(part)}.", *part))
    return said


def edge(case: Case, items: list[Played]) -> Played | None:
    """Give the first or the last item of a night, or of the set that was asked for."""
    if case.asked.set_no:
        items = in_set(items, case.asked.set_no)
    return None if not items else items[0] if case.asked.role == "opener" else items[-1]


def role(case: Case) -> Facts | NotKnown | None:
    """What a night was opened or closed with; over many nights, with what most often."""
    if case.asked.role == "encore":
        return no_encores(case)
    if case.meant.subjects:
        return _nights_in_role(case)
    held = case.one_night(case.edge_nights(case.listed))
    if not held:
        return NotKnown(f"No list{case.within} is known.")
    one_day = case.meant.scope.when.day is not None
    if (
        NIGHTS_TOLD_MAX < len(held) <= NIGHTS_ASKED_MAX * (1 + one_day)
        and (case.meant.places or one_day)
        and not case.asked.usual
    ):
        raise Unclear(case.choices([held[0], held[-1]]))
    if len(held) > NIGHTS_TOLD_MAX or (case.asked.usual and len(held) > 1):
        return usual_edge(case)
    of_set = (
        f"set {case.asked.set_no} of " if case.asked.set_no > 0 else "the last set of " if case.asked.set_no else ""
    )
    verb = "opened" if case.asked.role == "opener" else "closed"
    said = []
    for night in held:
        item = edge(case, case.items[night.key])
        if item is not None:
            said.append(told(f"{quoted(item)} {verb} {of_set}the show on {night_of(night)}.", item))
    return case.facts(*said, about=held) if said else NotKnown("There was no such set.")


def _nights_in_role(case: Case) -> Facts | NotKnown:
    wanted = {item.ident for item in flat(case.plays)}
    held = [item for items in case.items.values() if (item := edge(case, items)) is not None and item.ident in wanted]
    verb = "opened" if case.asked.role == "opener" else "closed"
    if not held:
        return case.facts(told(f"No: {case.things} {verb} none of the listed shows{case.within}."), case.basis())
    found = [case.night_of[item.key] for item in held]
    if case.asked.wants_first or case.asked.wants_last:
        at = 0 if case.asked.wants_first else -1
        word = "first" if case.asked.wants_first else "last"
        return case.facts(
            told(f"{case.things} {word} {verb} a show{case.within} on {night_of(found[at])}.", held[at]),
            about=[found[at]],
        )
    if len(held) <= 12:
        return case.facts(
            told(f"{case.things} {verb} the show{case.within} on {listed(map(night_of, found))}.", *held), about=found
        )
    return case.facts(
        told(
            f"{case.things} {verb} {nights(len(held))}{case.within}, first {night_of(found[0])}, last {night_of(found[-1])}.",
            held[0],
            held[-1],
        )
    )


def usual_edge(case: Case) -> Facts | NotKnown:
    """With what nights were opened or closed most often."""
    case = replace(case, asked=replace(case.asked, role=case.asked.role or case.asked.of))
    found = case.items if case.asked.set_no else case.archive.edges(case.nights, last=case.asked.role == "closer")
    edges = [item for items in found.values() if (item := edge(case, items)) is not None]
    if not edges:
        return NotKnown(f"No list{case.within} is known.")
    noun = "opener" if case.asked.role == "opener" else "closer"
    return case.facts(_ranked(case, edges, f"The most usual {noun}{case.within} was", len(edges)), case.basis())


def position(case: Case) -> Facts | NotKnown | None:
    """The third song of the second set."""
    held = case.one_night(case.edge_nights(case.listed))
    if not held:
        return NotKnown(f"No list{case.within} is known.")
    if len(held) > NIGHTS_TOLD_MAX:
        if case.asked.nth not in (1, -1):
            return None
        edged = Case(case.reading, _as_edge(case), case.meant, case.archive, case.today)
        return usual_edge(edged)
    said = []
    for night in held:
        items = in_set(case.items[night.key], case.asked.set_no) if case.asked.set_no else case.items[night.key]
        at = case.asked.nth - 1 if case.asked.nth > 0 else len(items) - 1
        if 0 <= at < len(items):
            of_set = f"Set {items[at].set_no}, number" if case.asked.set_no else "Number"
            said.append(told(f"{of_set} {at + 1} on {night_of(night)} was {quoted(items[at])}.", items[at]))
    return case.facts(*said, about=held) if said else NotKnown("The list is not that long.")


def _as_edge(case: Case):  # type: ignore[no-untyped-def]
    values = {name: getattr(case.asked, name) for name in case.asked.__slots__}
    return type(case.asked)(**{**values, "role": "opener" if case.asked.nth == 1 else "closer"})


def following(case: Case) -> Facts | NotKnown | None:
    """What came after something."""
    return _beside(case, 1)


def preceding(case: Case) -> Facts | NotKnown | None:
    """What came before something."""
    return _beside(case, -1)


def _beside(case: Case, step: int) -> Facts | NotKnown | None:
    if not case.plays:
        return case.facts(told(f"{case.things} is in none of the listed shows{case.within}."))
    word = "after" if step > 0 else "before"
    held = [night for night in case.nights if night.key in case.plays]
    case.one_night(held)
    pairs = [(item, other) for night in held for item, other in _neighbours(case, night, step)]
    wants_segue = "segue" in case.asked.masked and step > 0
    if wants_segue:
        pairs = [(item, other) for item, other in pairs if item.segue] or pairs
    if len(held) <= 3 and not (case.asked.usual and len(held) > 1):
        return case.facts(*_told_beside(case, held, pairs, word), about=held)
    others = [other for _, other in pairs if other is not None]
    if not others:
        ends = "closed" if step > 0 else "opened"
        return case.facts(told(f"{case.things} {ends} the set each time{case.within}.", *flat(case.plays)))
    said = _ranked(case, others, f"What came {word} {case.things} most often{case.within} was", len(pairs), least=8)
    return case.facts(
        said, told(f"{case.things} was played at {nights(len(held))}{case.within}.", *flat(case.plays)[:1])
    )


def _neighbours(case: Case, night: Night, step: int) -> list[tuple[Played, Played | None]]:
    items = case.items.get(night.key) or case.archive.items([night]).get(night.key, [])
    wanted = {item.ident for item in case.plays[night.key]}
    at = [number for number, item in enumerate(items) if item.ident in wanted]
    found: list[tuple[Played, Played | None]] = []
    for number in at:
        other = items[number + step] if 0 <= number + step < len(items) else None
        same_set = other is not None and other.set_no == items[number].set_no
        found.append((items[number], other if same_set else None))
    return found


def _told_beside(
    case: Case, held: list[Night], pairs: list[tuple[Played, Played | None]], word: str
) -> list[FactSentence]:
    said = []
    for night in held:
        for item, other in pairs:
            if item.key != night.key:
                continue
            if other is None:
                ends = "ended" if word == "after" else "began"
                said.append(told(f"On {night_of(night)}, {quoted(item)} {ends} set {item.set_no}.", item))
            else:
                straight = " straight" if (item if word == "after" else other).segue else ""
                said.append(
                    told(f"On {night_of(night)}, {quoted(other)} came{straight} {word} {quoted(item)}.", other, item)
                )
    return said


def transition(case: Case) -> Facts | NotKnown | None:
    """How often, when, or whether one thing went into another."""
    if len(case.meant.subjects) < 2:
        return None
    order = list(case.meant.subjects)
    if "out of" in case.asked.masked or "} after {" in case.asked.masked or "following {" in case.asked.masked:
        order.reverse()
    runs = _runs(case, order)
    shown = " > ".join(thing.name for thing in order)
    if not runs:
        return case.facts(told(f"No: “{shown}” is in none of the listed shows{case.within}."), case.basis())
    found = list(dict.fromkeys(run[0].key for run in runs))
    held = [case.night_of[key] for key in found]
    straight = sum(all(item.segue for item in run[:-1]) for run in runs)
    if (case.asked.wants_first or case.asked.wants_last) and not case.asked.counting:
        at = 0 if case.asked.wants_first else -1
        word = "first" if case.asked.wants_first else "last"
        return case.facts(
            told(f"“{shown}” was {word} played{case.within} on {night_of(held[at])}.", runs[at][0]), about=[held[at]]
        )
    yes = "" if case.asked.counting else "Yes: "
    said = f"{yes}“{shown}” was played {times(len(runs))}{case.within}, at {nights(len(found))}"
    said += f"; {times(straight)} straight into it." if straight != len(runs) else ", each time straight into it."
    ends = (
        told(f"The first was {night_of(held[0])}, the last {night_of(held[-1])}.", runs[0][0], runs[-1][0])
        if len(held) > 1
        else None
    )
    dates = (
        told(f"On {listed(map(night_of, held))}.", *[run[0] for run in runs])
        if len(held) <= 12 and not case.asked.counting
        else None
    )
    return case.facts(told(said, *runs[0]), dates or ends, about=held)


def _runs(case: Case, order: list) -> list[tuple[Played, ...]]:  # type: ignore[type-arg]
    first = case.archive.plays(order[0].subject, case.nights)
    items = case.archive.items([night for night in case.nights if night.key in first])
    found = []
    for night in case.nights:
        row = items.get(night.key, [])
        for number in range(len(row) - len(order) + 1):
            run = tuple(row[number : number + len(order)])
            together = all(item.set_no == run[0].set_no for item in run)
            if together and all(_is(item, thing) for item, thing in zip(run, order, strict=True)):
                found.append(run)
    return found


def _is(item: Played, thing) -> bool:  # type: ignore[no-untyped-def]
    values = {"work_key": item.work, "recording_key": item.recording}
    return values.get(thing.subject.column) in thing.subject.keys


def order(case: Case) -> Facts | NotKnown | None:
    """In which order several things were played at a night."""
    found = [case.archive.plays(thing.subject, case.nights) for thing in case.meant.subjects]
    held = case.one_night([night for night in case.nights if all(night.key in plays for plays in found)])
    if not held or len(held) > 3:
        return None
    said = []
    for night in held:
        items = sorted((plays[night.key][0] for plays in found), key=lambda item: item.position)
        yes = ""
        if re.search(r"\b(?:did|was) \{WORK\}", case.asked.masked) and "before or after" not in case.asked.masked:
            wanted = case.meant.subjects[0] if " before " in case.asked.masked else case.meant.subjects[-1]
            yes = "Yes: on" if items[0].work in wanted.subject.keys else "No: on"
        said.append(
            told(f"{yes or 'On'} {night_of(night)}: first {', then '.join(quoted(item) for item in items)}.", *items)
        )
    return case.facts(*said, about=held)


def position_of(case: Case) -> Facts | NotKnown | None:
    """Which number of which set something was."""
    held = case.one_night([night for night in case.nights if night.key in case.plays])
    if not held or len(held) > NIGHTS_TOLD_MAX:
        return None
    said = []
    for night in held:
        items = case.items[night.key]
        for item in case.plays[night.key]:
            part = in_set(items, item.set_no)
            at = next(number for number, one in enumerate(part, start=1) if one.ident == item.ident)
            said.append(told(f"On {night_of(night)}, {quoted(item)} was number {at} of set {item.set_no}.", item))
    return case.facts(*said, about=held)


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
    named = [_one_of(case, [night for night in every if night.day == day], day) for day in days[:2]]
    if len(days) == 1 and named[0] is not None:
        days_of = [night for night in every if night.day]
        at = next(number for number, night in enumerate(days_of) if night.key == named[0].key)
        later = any(word in case.asked.masked for word in ("after", "following", "next"))
        beside = days_of[at + 1] if later and at + 1 < len(days_of) else days_of[at - 1] if at else None
        named.append(beside)
    if len(named) < 2 or any(night is None for night in named):
        return None
    return [night for night in named if night is not None]


def _one_of(case: Case, found: list[Night], day: int) -> Night | None:
    if len(found) > 1:
        held = [night for night in found if night.key in case.archive.items(found)]
        found = held or found
    if len(found) > 1:
        raise Unclear(f"What was played on {date_of(night)} at {place_of(night)}?" for night in found)
    return found[0] if found else None


def _each_once(items: list[Played]) -> list[Played]:
    return list({item.work: item for item in reversed(items)}.values())[::-1]


def _ranked(case: Case, items: list[Played], opening: str, of: int, least: int = 1) -> FactSentence:
    """Say what stands first, with its number, and what comes next; equals are all named."""
    counted = Counter(item.work for item in items)
    first = {item.work: item for item in reversed(items)}
    ranking = sorted(counted.items(), key=lambda one: (-one[1], first[one[0]].name))
    best = ranking[0][1]
    top = [work for work, number in ranking if number == best][:8]
    rest = [(work, number) for work, number in ranking if number < best][:USUAL_TOLD]
    said = f"{opening} {listed(quoted(first[work]) for work in top)}, {times(best)}{' each' if len(top) > 1 else ''} of {of:,}"
    if rest:
        said += "; then " + listed(f"{quoted(first[work])} ({number:,})" for work, number in rest)
    return told(f"{said}.", *[first[work] for work in top])
