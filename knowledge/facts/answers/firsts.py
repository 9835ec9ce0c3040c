"""What was played only once, and what for the first time."""

from collections import defaultdict

from knowledge.facts.answers.case import Case, told
from knowledge.facts.answers.nights import when
from knowledge.facts.phrases import date_of, listed, quoted
from knowledge.facts.played import Played
from knowledge.facts.scope import Scope, Subject
from knowledge.facts.told import Facts, NotKnown

NAMED_MAX = 30


def once(case: Case) -> Facts | NotKnown | None:
    """What was played at one night only, of all nights there are."""
    if case.meant.subjects:
        return when(case)
    at: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for work, night, count in case.archive.appearances():
        at[work].append((night, count))
    found = {work: held[0] for work, held in at.items() if len(held) == 1 and held[0][0] in case.night_of}
    if not found:
        return case.facts(told(f"Nothing{case.within} was played only once."), case.basis())
    exactly = sum(count == 1 for _, count in found.values())
    also = f"; {exactly:,} of them exactly once" if exactly != len(found) else ""
    text = f"{len(found):,} {'was' if len(found) == 1 else 'were'} played at one show only{case.within}{also}"
    named = len(found) <= NAMED_MAX or case.meant.scope.says_something
    rows = _examples(case, {work: night for work, (night, _) in found.items()}, 2 * NAMED_MAX if named else 3)
    if named:
        text += ": " + listed(f"{quoted(item)} ({date_of(case.night_of[item.key])})" for item in rows)
    return case.facts(told(f"{text}.", *rows), case.basis())


def _examples(case: Case, night_of: dict[str, str], most: int) -> list[Played]:
    """Give one play of each work at its night, in the order of time, at most so many."""
    chosen = sorted(night_of, key=lambda work: (case.night_of[night_of[work]].day, work))[:most]
    plays = case.archive.plays(Subject("work_key", frozenset(chosen)), case.nights)
    first = {(item.work, key): item for key, items in plays.items() for item in reversed(items)}
    found = [first[work, night_of[work]] for work in chosen if (work, night_of[work]) in first]
    return sorted(found, key=lambda item: (case.night_of[item.key].day, case.night_of[item.key].ordinal, item.position))


def debuts(case: Case) -> Facts | NotKnown | None:
    """What was played for the first time in a stretch of time, or at a place."""
    if not case.meant.scope.says_something:
        return None
    order = {night.key: number for number, night in enumerate(case.archive.nights(Scope()))}
    first: dict[str, str] = {}
    for work, night, _ in case.archive.appearances():
        if night in order and (work not in first or order[night] < order[first[work]]):
            first[work] = night
    found = {work: night for work, night in first.items() if night in case.night_of}
    if not found:
        return case.facts(told(f"Nothing was played for the first time{case.within}."), case.basis())
    rows = _examples(case, found, 2 * NAMED_MAX)
    if case.asked.counting or len(found) > 2 * NAMED_MAX:
        return case.facts(told(f"{len(found):,} were played for the first time{case.within}.", *rows), case.basis())
    named = listed(f"{quoted(item)} ({date_of(case.night_of[item.key])})" for item in rows)
    return case.facts(told(f"Played for the first time{case.within}: {named}.", *rows))
