"""Where a night was, and which places there were."""

from collections.abc import Callable

from knowledge.facts.answers.absent import nothing
from knowledge.facts.answers.case import Case, told
from knowledge.facts.answers.counts import count
from knowledge.facts.answers.firsts import NAMED_MAX
from knowledge.facts.answers.nights import DATES_LISTED_MAX
from knowledge.facts.phrases import date_of, listed, place_of
from knowledge.facts.played import Night
from knowledge.facts.told import Facts, NotKnown


def where(case: Case) -> Facts | NotKnown | None:
    """Where a night was."""
    found = case.nights
    if not found:
        return nothing(case)
    if len(found) <= DATES_LISTED_MAX:
        return case.facts(
            *[told(f"The show on {date_of(night)} was at {_everywhere(night)}.", night) for night in found], about=found
        )
    return count(case)


def _everywhere(night: Night) -> str:
    parts = [place_of(night), night.region, night.country]
    return ", ".join(part for number, part in enumerate(parts) if part and part not in parts[:number])


def places(case: Case) -> Facts | NotKnown | None:
    """Which venues, towns, countries or festivals there were."""
    named: dict[str, Callable[[Night], str]] = {
        "place": lambda night: night.venue or night.title,
        "city": lambda night: night.city,
        "country": lambda night: night.country,
        "region": lambda night: night.region,
    }
    first: dict[str, Night] = {}
    for night in case.nights:
        if name := named[case.asked.of](night):
            first.setdefault(name, night)
    if not first:
        return NotKnown(f"No show{case.within} is in the lists.")
    if len(first) > 2 * NAMED_MAX:
        return case.facts(told(f"There were {len(first):,} of them{case.within}.", *first.values()), case.basis())
    return case.facts(told(f"{len(first):,}{case.within}: {listed(first)}.", *first.values()), case.basis())
