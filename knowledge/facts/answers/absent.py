"""What the lists do not hold: never that something never was."""

from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.phrases import listed, night_of, nights, quoted
from knowledge.facts.scope import Scope
from knowledge.facts.scoping import plays_of
from knowledge.facts.told import Facts, NotKnown


def never(case: Case) -> Facts | NotKnown:
    """Say that the lists do not hold it, never that it never was."""
    if not case.nights:
        return nothing(case)
    if not case.listed:
        return NotKnown(f"For the {nights(len(case.nights))}{case.within} no list is known.")
    elsewhere = ""
    if case.meant.scope.says_something:
        whole = flat(plays_of(case.meant, case.archive, case.archive.nights(Scope())))
        elsewhere = f" It is in {nights(len({item.key for item in whole}), 'other listed show')}." if whole else ""
    return case.facts(told(f"No: {case.things} is in none of the listed shows{case.within}.{elsewhere}"), case.basis())


def nothing(case: Case) -> Facts:
    return case.facts(told(f"No show{case.within} is in the lists."))


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
            told(f"The encore on {night_of(night)} was {listed(map(quoted, played))}.", *played)
            for night in case.nights
            if (played := [item for item in marked if item.key == night.key])
        ]
        return case.facts(*said)
    return case.facts(
        told(
            f"{case.things or 'An encore'} was an encore at {nights(len({i.key for i in marked}))}{case.within}.",
            marked[0],
            marked[-1],
        )
    )
