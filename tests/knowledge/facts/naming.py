"""A handful of invented names, and questions read beside them."""

import datetime

from knowledge.facts.keys import name_key, normal
from knowledge.facts.names import Entity, Kind, Names
from knowledge.facts.reader import read
from knowledge.facts.reading import Reading


def entity(kind: Kind, name: str, detail: str = "", weight: int = 5) -> Entity:
    key = f"{name_key(name)}|{name_key(detail)}" if detail else name_key(name)
    return Entity(kind, frozenset({key}), name, {normal(name), name_key(name)}, weight, detail)


NAMES = Names(
    [
        entity("work", "Brass Lantern", weight=40),
        entity("work", "Paper Lantern", weight=2),
        entity("work", "Night Heron"),
        entity("work", "Quiet Ledger"),
        entity("work", "Mill Race"),
        entity("work", "Going Round the Long Road Singing"),
        entity("work", "Sometimes"),
        entity("work", "Silver Needle"),
        entity("work", "Silver Thimble"),
        entity("work", "Friday Night Blues"),
        entity("work", "Porto"),
        entity("work", "Salt Harbour"),
        entity("city", "Salt Harbour"),
        entity("city", "Porto", weight=3),
        entity("city", "Galway"),
        entity("country", "Iceland", weight=0),
        entity("place", "Lamp Room"),
        entity("place", "Garden Hall", "Leeds"),
        entity("place", "Garden Hall", "Cork"),
        entity("artist", "Copper Choir"),
        entity("label", "Low Tide"),
        entity("person", "Una Field"),
    ],
    2005,
    2015,
    day_first=True,
)


def reading_of(question: str) -> Reading:
    """Read a question beside these names; the artist is called Ada."""
    return read(question, NAMES, NAMES.calendar(datetime.date(2026, 11, 21)), frozenset({"ada"}))
