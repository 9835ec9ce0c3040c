"""From the artist's words to the one thing that is meant, and from which tier on it is known."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from knowledge.errors import NameUnclear, NameUnknown
from knowledge.facts import tables
from knowledge.facts.keys import name_key, normal
from knowledge.facts.names import Entity, Names
from knowledge.facts.reading import Reading
from knowledge.facts.rekeying import KEYED, KINDS
from knowledge.tables import documents

CHOICES_MAX = 8
APART_MAX = 10_000
_NIGHT = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})\s*(?P<words>.*)")
_NIGHTS = text("SELECT DISTINCT event_key, date, title, venue, city FROM events WHERE date = :date ORDER BY event_key")


@dataclass(frozen=True, slots=True)
class Known:
    """One thing: its kind, the key that its rows bear now, how it is called."""

    kind: str
    key: str
    name: str
    rows: int = 0

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.kind}, {self.rows} rows): {self.key}" if self.rows else f"{self.name}: {self.key}"


def find(reader: Connection, names: Names, read: Callable[[str], Reading], kind: str | None, said: str) -> list[Known]:
    """Give everything that a name, or a key, can mean; raises `NameUnknown` with what is alike."""
    if kind is not None and kind not in KINDS:
        raise NameUnknown(kind, KINDS)
    if kind in (None, "event") and (night := _NIGHT.fullmatch(said.strip())):
        return _nights(reader, night["date"], normal(night["words"]), said)
    wanted = [entity for entity in names.entities if entity.weight and (len(entity.keys) == 1 or entity.kind == "city")]
    wanted = [entity for entity in wanted if kind in (None, entity.kind)]
    keyed = [entity for entity in wanted if said in entity.keys]
    spelt = {id(entity) for form in (normal(said), name_key(said)) for entity in names.exact.get(form, ())}
    found = keyed or [entity for entity in wanted if id(entity) in spelt]
    if not found:
        raise NameUnknown(said, _alike(read(f"“{said}”"), wanted))
    called = [entity for entity in found if name_key(entity.name) == name_key(said)]
    return [_known(entity) for entity in called or found]


def only(found: list[Known], said: str) -> Known:
    """Give the one thing that was found; raises `NameUnclear` where there are several."""
    if len(found) > 1:
        raise NameUnclear(said, tuple(one.shown for one in found[:CHOICES_MAX]))
    return found[0]


def _alike(reading: Reading, wanted: list[Entity]) -> tuple[str, ...]:
    near = [entity for mention in reading.mentions for entity in mention.candidates]
    idents = {entity.ident for entity in wanted}
    alike = [_known(entity).shown for entity in (*near, *reading.suggestions) if entity.ident in idents]
    return tuple(dict.fromkeys(alike))[:CHOICES_MAX]


def _known(entity: Entity) -> Known:
    # A city that one source names without its region has two keys; the longer one says more.
    return Known(entity.kind, max(sorted(entity.keys), key=len), entity.shown, entity.weight)


def _nights(reader: Connection, date: str, words: str, said: str) -> list[Known]:
    found: dict[str, Known] = {}
    for row in reader.execute(_NIGHTS, {"date": date}):
        where = ", ".join(part for part in (row.title, row.venue, row.city) if part)
        if all(word in normal(where).split() for word in words.split()):
            found.setdefault(row.event_key, Known("event", row.event_key, f"{date} {where}"))
    if not found:
        raise NameUnknown(said)
    return list(found.values())


def known_from(owner: Connection, kind: str, key: str) -> int | None:
    """Give the lowest tier whose live rows tell of a thing; None when none does."""
    lowest = [
        owner.execute(
            select(func.min(keyed.table.c.tier))
            .join(documents, documents.c.id == keyed.table.c.document_id)
            .where(keyed.key == key, keyed.kind == kind)
            .where(documents.c.published_at.is_not(None), documents.c.retracted_at.is_(None))
        ).scalar()
        for keyed in KEYED
        if keyed.may_hold(frozenset({kind})) and keyed.table is not tables.aliases
    ]
    return min((tier for tier in lowest if tier is not None), default=None)


def counted(owner: Connection, kind: str, key: str) -> dict[int, int]:
    """Count the live rows that tell of a thing, by tier."""
    counts: dict[int, int] = {}
    for keyed in KEYED:
        if not keyed.may_hold(frozenset({kind})) or keyed.table is tables.aliases:
            continue
        rows = owner.execute(
            select(keyed.table.c.tier, func.count())
            .join(documents, documents.c.id == keyed.table.c.document_id)
            .where(keyed.key == key, keyed.kind == kind)
            .where(documents.c.published_at.is_not(None), documents.c.retracted_at.is_(None))
            .group_by(keyed.table.c.tier)
        )
        for tier, count in rows:
            counts[tier] = counts.get(tier, 0) + count
    return counts


def key_apart(kind: str, key: str, name: str | None, taken: Callable[[str], bool]) -> str:
    """Give the key of what is set apart: by its new name, in the form of the old key, or with a number."""
    if name is not None and kind != "event":
        return "|".join([name_key(name), *key.split("|")[1:]])
    numbered = (f"{key}~{number}" for number in range(2, APART_MAX))
    return next(candidate for candidate in numbered if not taken(candidate))
