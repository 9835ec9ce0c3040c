"""How often something was played, how many nights there were, and whether there ever was one."""

import re
from dataclasses import replace

from knowledge.facts.answers.absent import never, no_encores, nothing
from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.answers.edges import edge
from knowledge.facts.answers.nights import when
from knowledge.facts.phrases import night_of, nights, times
from knowledge.facts.played import Night
from knowledge.facts.told import Facts, FactSentence, NotKnown

_COUNTS_NIGHTS = re.compile(
    r"\b(?:shows?|gigs?|concerts?|nights?|times?|often|sets?|dates?|appear\w*|performances?|perform(?:ed)?|play(?:ed)?|events?|part(?:y|ies)"
    r"|festivals?|slots?|visit(?:s|ed)?)\b"
)


def count(case: Case) -> Facts | NotKnown | None:
    """How many times something was played, or how many nights there were."""
    if case.asked.role == "encore":
        return no_encores(case)
    if case.meant.subjects:
        return _count_plays(case)
    if not _COUNTS_NIGHTS.search(case.asked.masked):
        return None
    if not case.nights:
        return nothing(case)
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
        return never(case)
    first, last = case.night_of[played[0].key], case.night_of[played[-1].key]
    in_all = f", {times(len(played))} in all" if len(played) != len(found) else ""
    verb = "were" if len(case.meant.subjects) == 1 and case.meant.subjects[0].kind in ("artist", "label") else "was"
    records = "records " if verb == "were" else ""
    noun = f"{case.things} {records}{verb} played at {nights(len(found))}{case.within}{in_all}."
    ends = None
    if len(found) > 1:
        ends = told(f"The first was {night_of(first)}, the last {night_of(last)}.", played[0], played[-1])
    return case.facts(
        told(noun, played[0], played[-1]), ends, case.basis(), about=[first, last] if len(found) <= 2 else []
    )


def _count_in_role(case: Case) -> Facts | NotKnown:
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


def _from_to(found: list[Night]) -> FactSentence:
    if len(found) < 2:
        return told(f"It was {night_of(found[0])}.", found[0])
    return told(f"The first was {night_of(found[0])}, the last {night_of(found[-1])}.", found[0], found[-1])


def exists(case: Case) -> Facts | NotKnown | None:
    """Whether something was ever played, or a place ever visited."""
    if case.asked.role == "encore":
        return no_encores(case)
    if case.meant.subjects:
        if case.asked.role:
            return _count_in_role(case)
        if not case.plays:
            return never(case)
        return _affirmed(_count_plays(case))
    if not case.meant.scope.says_something:
        return None
    if not case.nights:
        return nothing(case)
    return _affirmed(when(case))


def _affirmed(answer: Facts | NotKnown | None) -> Facts | NotKnown | None:
    """Say yes before what was found; a "no" says it itself."""
    if not isinstance(answer, Facts) or answer.sentences[0].text.startswith("No"):
        return answer
    first = answer.sentences[0]
    lowered = first.text[:1].lower() + first.text[1:] if first.text.startswith(("The ", "There ")) else first.text
    return replace(answer, sentences=(replace(first, text=f"Yes: {lowered}"), *answer.sentences[1:]))
