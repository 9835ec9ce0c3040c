"""Which nights a question for the prose is about."""

from knowledge.facts.answers.case import Case, flat, meant_night
from knowledge.facts.answers.edges import edge
from knowledge.facts.patterns.stories import wants_prose
from knowledge.facts.played import Night
from knowledge.facts.reading import Reading
from knowledge.facts.told import AboutNights

NIGHTS_ABOUT_MAX = 60


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
    works = {item.ident for thing in case.meant.subjects for item in flat(case.archive.plays(thing.subject, held))}
    items = case.archive.items(held)
    return [
        night for night in held if (item := edge(case, items.get(night.key, []))) is not None and item.ident in works
    ]


def unsaid(reading: Reading) -> str:
    """Give what a question asks beside the names and dates by which its night was found."""
    spans = [*((one.start, one.end) for one in reading.mentions), *((one.start, one.end) for one in reading.dates)]
    rest, at = "", 0
    for start, end in sorted(spans):
        rest, at = rest + reading.question[at : max(at, start)], max(at, end)
    return " ".join((rest + reading.question[at:]).split())
