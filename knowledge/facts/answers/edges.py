"""What a night, or a set of it, was opened and closed with."""

from collections import Counter
from dataclasses import replace

from knowledge.facts.answers.absent import no_encores
from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.phrases import listed, night_of, nights, quoted, times
from knowledge.facts.played import Played, in_set
from knowledge.facts.scoping import Unclear
from knowledge.facts.told import Facts, FactSentence, NotKnown

NIGHTS_TOLD_MAX = 6
NIGHTS_ASKED_MAX = 20
USUAL_TOLD = 3


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
    ends = f"first {night_of(found[0])}, last {night_of(found[-1])}"
    return case.facts(told(f"{case.things} {verb} {nights(len(held))}{case.within}, {ends}.", held[0], held[-1]))


def usual_edge(case: Case) -> Facts | NotKnown:
    """With what nights were opened or closed most often."""
    case = replace(case, asked=replace(case.asked, role=case.asked.role or case.asked.of))
    found = case.items if case.asked.set_no else case.archive.edges(case.nights, last=case.asked.role == "closer")
    edges = [item for items in found.values() if (item := edge(case, items)) is not None]
    if not edges:
        return NotKnown(f"No list{case.within} is known.")
    noun = "opener" if case.asked.role == "opener" else "closer"
    return case.facts(ranked(case, edges, f"The most usual {noun}{case.within} was", len(edges)), case.basis())


def ranked(case: Case, items: list[Played], opening: str, of: int, least: int = 1) -> FactSentence:
    """Say what stands first, with its number, and what comes next; equals are all named."""
    counted = Counter(item.work for item in items)
    first = {item.work: item for item in reversed(items)}
    ranking = sorted(counted.items(), key=lambda one: (-one[1], first[one[0]].name))
    best = ranking[0][1]
    top = [work for work, number in ranking if number == best][:8]
    rest = [(work, number) for work, number in ranking if number < best][:USUAL_TOLD]
    each = " each" if len(top) > 1 else ""
    said = f"{opening} {listed(quoted(first[work]) for work in top)}, {times(best)}{each} of {of:,}"
    if rest:
        said += "; then " + listed(f"{quoted(first[work])} ({number:,})" for work, number in rest)
    return told(f"{said}.", *[first[work] for work in top])
