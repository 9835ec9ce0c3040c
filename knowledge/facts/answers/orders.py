"""What was played in which order: set lists, the third song, which set something was in."""

import re
from dataclasses import replace

from knowledge.facts.answers.case import Case, told
from knowledge.facts.answers.edges import NIGHTS_TOLD_MAX, usual_edge
from knowledge.facts.asked import Asked
from knowledge.facts.phrases import night_of, quoted, sequence
from knowledge.facts.played import Night, in_set
from knowledge.facts.scoping import Unclear
from knowledge.facts.told import Facts, FactSentence, NotKnown


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


def position(case: Case) -> Facts | NotKnown | None:
    """The third song of the second set."""
    held = case.one_night(case.edge_nights(case.listed))
    if not held:
        return NotKnown(f"No list{case.within} is known.")
    if len(held) > NIGHTS_TOLD_MAX:
        if case.asked.nth not in (1, -1):
            return None
        edged = Case(case.reading, _as_edge(case.asked), case.meant, case.archive, case.today)
        return usual_edge(edged)
    said = []
    for night in held:
        items = in_set(case.items[night.key], case.asked.set_no) if case.asked.set_no else case.items[night.key]
        at = case.asked.nth - 1 if case.asked.nth > 0 else len(items) - 1
        if 0 <= at < len(items):
            of_set = f"Set {items[at].set_no}, number" if case.asked.set_no else "Number"
            said.append(told(f"{of_set} {at + 1} on {night_of(night)} was {quoted(items[at])}.", items[at]))
    return case.facts(*said, about=held) if said else NotKnown("The list is not that long.")


def _as_edge(asked: Asked) -> Asked:
    return replace(asked, role="opener" if asked.nth == 1 else "closer")


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
