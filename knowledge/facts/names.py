"""Every name that a tier may know, and what it can mean. One per tier and version of its material.

What is known only from a higher tier is not here, so it cannot be linked, suggested or counted.
"""

import datetime
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection, text

from knowledge.facts.areas import areas
from knowledge.facts.days import Calendar
from knowledge.facts.keys import name_key, normal

Kind = Literal[
    "work", "recording", "artist", "label", "place", "city", "region", "country", "tour", "event", "person", "release"
]
PLACES: tuple[Kind, ...] = ("place", "city", "region", "country")
ALIAS_KINDS: dict[str, Kind] = {"work": "work", "recording": "work", "person": "person", "place": "place",
    "event": "event", "release": "release", "label": "label", "artist": "artist", "city": "city"}  # fmt: skip


@dataclass(slots=True)
class Entity:
    """Something that has a name. `weight` is how many rows speak of it; `keys` are several for a continent."""

    kind: Kind
    keys: frozenset[str]
    name: str
    spellings: set[str] = field(default_factory=set)
    weight: int = 0
    detail: str = ""  # tells it from another of the same name: a city, an artist

    @property
    def shown(self) -> str:
        return f"{self.name}, {self.detail}" if self.detail else self.name

    @property
    def ident(self) -> tuple[str, tuple[str, ...]]:
        return self.kind, tuple(sorted(self.keys))


_NAMED: tuple[tuple[Kind, str], ...] = (
    ("work", "SELECT work_key, title, artist, count(*) FROM set_items WHERE NOT is_unknown GROUP BY 1, 2, 3"),
    ("work", "SELECT work_key, title, artist, count(*) FROM tracks GROUP BY 1, 2, 3"),
    (
        "recording",
        "SELECT recording_key, title || ' (' || version || ')', artist, count(*) FROM set_items"
        " WHERE version_key <> '' AND NOT is_unknown GROUP BY 1, 2, 3",
    ),
    ("artist", "SELECT artist_key, artist, '', count(*) FROM set_items WHERE artist <> '' GROUP BY 1, 2"),
    ("artist", "SELECT artist_key, artist, '', count(*) FROM tracks WHERE artist <> '' GROUP BY 1, 2"),
    ("label", "SELECT label_key, label, '', count(*) FROM set_items WHERE label <> '' GROUP BY 1, 2"),
    ("label", "SELECT label_key, label, '', count(*) FROM tracks WHERE label <> '' GROUP BY 1, 2"),
    ("label", "SELECT label_key, label, '', count(*) FROM releases WHERE label <> '' GROUP BY 1, 2"),
    ("place", "SELECT place_key, venue, city, count(*) FROM events WHERE venue <> '' GROUP BY 1, 2, 3"),
    (
        "city",
        "SELECT city_key, city, coalesce(nullif(region, ''), country), count(*) FROM events"
        " WHERE city <> '' GROUP BY 1, 2, 3",
    ),
    ("region", "SELECT region_key, region, '', count(*) FROM events WHERE region <> '' GROUP BY 1, 2"),
    ("country", "SELECT country_key, country, '', count(*) FROM events WHERE country <> '' GROUP BY 1, 2"),
    ("tour", "SELECT tour_key, tour, '', count(*) FROM events WHERE tour <> '' GROUP BY 1, 2"),
    ("event", "SELECT event_key, title, '', 1 FROM events WHERE title <> ''"),
    ("person", "SELECT person_key, person, '', count(*) FROM credits GROUP BY 1, 2"),
    ("release", "SELECT release_key, title, artist, count(*) FROM releases GROUP BY 1, 2, 3"),
)
_ALIASES = text("SELECT kind, name_key, alias FROM aliases")
_SPAN = text("SELECT min(year), max(year) FROM events WHERE year > 0")
_COUNTRIES = text("SELECT country_key, count(*) FROM events GROUP BY 1 ORDER BY 2 DESC, 1")
_MONTH_FIRST = {"us", "usa", "united states", "ph"}


class Names:
    """Immutable once built; shared by threads."""

    def __init__(self, entities: Iterable[Entity], first_year: int = 0, last_year: int = 0, *, day_first: bool = True):
        self.entities = list(entities)
        self.first_year, self.last_year, self.day_first = first_year, last_year, day_first
        self.exact: dict[str, list[Entity]] = defaultdict(list)
        self.tokens: dict[str, set[int]] = defaultdict(set)
        for number, entity in enumerate(self.entities):
            for spelling in entity.spellings:
                self.exact[spelling].append(entity)
                for token in spelling.split():
                    self.tokens[token].add(number)
        self.acronyms: dict[str, list[Entity]] = defaultdict(list)
        for entity in self.entities:
            for initials in _initials(entity.name):
                self.acronyms[initials].append(entity)
        self.spellings = list(self.exact)
        self.words = sorted(self.tokens)
        self.longest = max((len(spelling.split()) for spelling in self.exact), default=0)

    def calendar(self, today: datetime.date) -> Calendar:
        """Give how dates are read beside this material."""
        return Calendar(self.first_year, self.last_year, self.day_first, today)

    def beginning_with(self, letters: str) -> set[int]:
        """Give the names that hold a word which begins with these letters."""
        at, found = bisect_left(self.words, letters), set[int]()
        while at < len(self.words) and self.words[at].startswith(letters):
            found |= self.tokens[self.words[at]]
            at += 1
        return found


def names_of(reader: Connection) -> Names:
    """Read every name from the views of a tier."""
    found: dict[tuple[str, str], Entity] = {}
    for kind, query in _NAMED:
        for key, name, detail, rows in reader.execute(text(query)):
            entity = found.setdefault((kind, key), Entity(kind, frozenset({key}), name, detail=detail))
            if _is_own(kind, key, name) and not _is_own(kind, key, entity.name):
                entity.name, entity.detail = name, detail
            entity.weight += rows
            entity.spellings |= set(_spellings(kind, name, detail))
    for kind, key, alias in reader.execute(_ALIASES):
        for entity in list(_aliased(found, ALIAS_KINDS.get(kind), key)):
            entity.spellings |= {normal(alias), name_key(alias)}
            if key in entity.keys and _is_own(entity.kind, key, alias) and not _is_own(entity.kind, key, entity.name):
                entity.name = alias  # what was set apart under a name of its own
    _one_city(found)
    _name_details(found.values())
    first, last = reader.execute(_SPAN).one()
    home = next((row[0] for row in reader.execute(_COUNTRIES)), "")
    for place in _unheard_of(found):
        found[place.kind, min(place.keys)] = place
    entities = [*sorted(found.values(), key=lambda entity: (entity.kind, sorted(entity.keys))), *_continents(found)]
    return Names(entities, first or 0, last or 0, day_first=home not in _MONTH_FIRST)


def _is_own(kind: Kind, key: str, name: str) -> bool:
    """Whether a key is made of this name; of joined things one name is, and the others were other names of it."""
    title = name.partition(" (")[0] if kind == "recording" else name
    return key.split("#")[0].split("|")[0] == name_key(title)


_VERSION = re.compile(r"(?P<title>.*) \((?P<version>[^()]*)\)")


def _initials(name: str) -> Iterator[str]:
    """Give what a long name is called for short: MSG, GDTRFB."""
    words = normal(name).split()
    for letters in {"".join(word[0] for word in words), "".join(word[0] for word in words if word not in _SMALL)}:
        yield from (letters[:length] for length in range(3, len(letters) + 1))


_SMALL = {"the", "a", "of", "and", "in", "on", "to"}


def _aliased(found: dict[tuple[str, str], Entity], kind: Kind | None, key: str) -> Iterator[Entity]:
    for (of_kind, of_key), entity in found.items():
        if of_kind == kind and (of_key == key or of_key.split("|")[0] == key or key in entity.spellings):
            yield entity


def _spellings(kind: Kind, name: str, detail: str) -> Iterator[str]:
    yield from (normal(name), name_key(name))
    if kind == "recording" and (found := _VERSION.fullmatch(name)):
        yield normal(f"{found['version']} of {found['title']}")
        yield normal(found["version"])
    if detail:
        yield normal(f"{name} {detail}")
        if kind in ("work", "recording", "release"):
            yield normal(f"{detail} {name}")
    known = areas()
    if kind == "region":
        yield from (name_key(other) for other in known.regions.get(name_key(name), ()))
    if kind == "country":
        yield from (name_key(other) for other in known.country_names(name_key(name)))
    if kind == "city":
        yield from (name_key(other) for other in known.cities.get(name_key(name), ()))
        yield from (normal(f"{name} {region}") for region in known.regions.get(name_key(detail), ()))
    if kind == "place" and "," in name:
        yield name_key(name.split(",")[0])


def _one_city(found: dict[tuple[str, str], Entity]) -> None:
    """Where one source leaves out the region that another tells, the city is the same one."""
    by_name: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (kind, key), entity in found.items():
        if kind == "city":
            by_name[name_key(entity.name)].append((kind, key))
    for keys in by_name.values():
        told = [key for key in keys if found[key].detail]
        untold = [key for key in keys if not found[key].detail]
        if len(told) == 1 and untold:
            whole = found[told[0]]
            for other in untold:
                part = found.pop(other)
                whole.keys |= part.keys
                whole.spellings |= part.spellings
                whole.weight += part.weight


def _name_details(entities: Iterable[Entity]) -> None:
    """Keep the detail where two things share a name; elsewhere it would only be in the way."""
    by_name: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for entity in entities:
        by_name[entity.kind, name_key(entity.name)].add(tuple(sorted(entity.keys)))
    for entity in entities:
        if len(by_name[entity.kind, name_key(entity.name)]) == 1:
            entity.detail = ""


def _unheard_of(found: dict[tuple[str, str], Entity]) -> list[Entity]:
    """Name the regions and countries that no row speaks of: that the lists do not hold them is an answer, too."""
    known, unheard = areas(), list[Entity]()
    areas_of: dict[Kind, dict[str, tuple[str, ...]]] = {"region": known.regions, "country": known.countries}
    for kind, named in areas_of.items():
        heard = {spelling for (of, _), entity in found.items() if of == kind for spelling in entity.spellings}
        for code, names in named.items():
            spellings = {name_key(name) for name in names}
            if code not in heard and not spellings & heard:
                unheard.append(Entity(kind, frozenset({f"{kind} {code}"}), names[0], spellings))
    return unheard


def _continents(found: dict[tuple[str, str], Entity]) -> Iterator[Entity]:
    """Name what several countries of the lists make together, and what their people are called."""
    known = areas()
    countries = {key: entity for (kind, key), entity in found.items() if kind == "country" and entity.weight}
    for continent in known.continents:
        keys = frozenset(known.country_keys(continent) & countries.keys())
        spellings = {name_key(continent)} | {name_key(d) for d, of in known.demonyms.items() if of == continent}
        if len(keys) > 1 or (keys and not any(spellings & countries[key].spellings for key in keys)):
            weight = sum(countries[key].weight for key in keys)
            yield Entity("country", keys, continent, spellings, weight)
    for demonym, of in known.demonyms.items():
        for entity in countries.values():
            if name_key(of) in entity.spellings:
                entity.spellings.add(demonym)
