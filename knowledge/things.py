"""The things one can ask to be told about: a record, or a night; what their rows say, and what her notes say of them.

A thing is called by the opaque id of one of its rows, as a page shows it, and known by the key that all
of its rows share. What a tier knows of it is a function of the rows and notes that the tier may read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from knowledge.contracts import Readers
from knowledge.evidence import About, Evidence
from knowledge.facts.archive import Archive
from knowledge.facts.days import spoken
from knowledge.facts.phrases import clock, listed, night_of
from knowledge.facts.played import Night, fact_row
from knowledge.facts.scope import Scope
from knowledge.facts.told import FactRow, Facts, FactSentence
from knowledge.search import Search

ThingKind = Literal["release", "event"]
TRACKS_TOLD_MAX = 40
CREDITS_TOLD_MAX = 12

_DOCUMENT = "d.id AS document_id, d.title AS document_title, d.date AS document_date, d.speaker, d.file_name"
_FROM = "JOIN documents d ON d.id = x.document_id"
_KEY_OF = {
    "release": "SELECT release_key FROM releases WHERE id = :id UNION SELECT release_key FROM tracks WHERE id = :id",
    "event": "SELECT event_key FROM events WHERE id = :id UNION SELECT event_key FROM set_items WHERE id = :id",
}
_RELEASE = f"SELECT x.*, {_DOCUMENT} FROM releases x {_FROM} WHERE x.release_key = :key ORDER BY d.sha256, x.ordinal"
_RELEASES = f"SELECT x.*, {_DOCUMENT} FROM releases x {_FROM} ORDER BY x.date, x.release_key, d.sha256, x.ordinal"
_TRACKS = f"""SELECT x.*, {_DOCUMENT} FROM tracks x {_FROM} WHERE x.release_key = :key
 ORDER BY d.sha256, x.medium_no, x.position, x.ordinal"""
_CREDITS = f"""SELECT x.*, {_DOCUMENT} FROM credits x {_FROM} WHERE x.of_kind = 'release' AND x.of_key = :key
 ORDER BY d.sha256, x.ordinal"""


@dataclass(frozen=True, slots=True)
class Thing:
    """A record or a night; `dates` are ISO 8601, `names` are as they are written."""

    ident: str
    kind: ThingKind
    key: str
    name: str
    dates: tuple[str, ...]
    names: tuple[str, ...]
    row: FactRow

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"/{'sets' if self.kind == 'event' else 'releases'}/{self.ident}"

    @property
    def about(self) -> About:
        """What prose about it is looked for by."""
        return About(self.dates, self.names, frozenset({self.row.document_id}) if self.kind == "event" else frozenset())


class Things:
    """One per node; thread-safe."""

    def __init__(self, readers: Readers, search: Search) -> None:
        self._readers = readers
        self._search = search

    def find(self, ident: str, tier: int) -> Thing | None:
        """Find the thing that a row belongs to; None when this tier may not read it or it is no such row."""
        with self._readers(tier) as reader:
            archive = Archive(reader)
            for kind, statement in _KEY_OF.items():
                keys = [row[0] for row in archive.rows(statement, id=ident) if row[0]]
                if keys:
                    return _release(archive, keys[0]) if kind == "release" else _event(archive, keys[0])
        return None

    def every(self, tier: int) -> list[Thing]:
        """Give every record and every night that a tier may know, the oldest first within each kind."""
        with self._readers(tier) as reader:
            archive = Archive(reader)
            releases: dict[str, Thing] = {}
            for row in archive.rows(_RELEASES):
                releases.setdefault(row.release_key, _release_of(row))
            return [*releases.values(), *map(_event_of, archive.nights(Scope()))]

    def told(self, thing: Thing, tier: int) -> Facts:
        """Say what the rows of a thing say, each sentence with its rows."""
        with self._readers(tier) as reader:
            told = _told_release(reader, thing) if thing.kind == "release" else _told_event(reader, thing)
        return Facts(thing.kind, tuple(told))

    def notes(self, thing: Thing, tier: int, question: str = "") -> Evidence | None:
        """Find what the notes say of a thing, the most telling first; None where they say nothing of it."""
        found = self._search.find(question or thing.name, tier, thing.about)
        if not isinstance(found, Evidence):
            return None
        held = tuple(one for one in found.sentences if one.time is None)
        return Evidence(held, found.passages_seen) if held else None


def _release(archive: Archive, key: str) -> Thing | None:
    rows = archive.rows(_RELEASE, key=key)
    return _release_of(rows[0]) if rows else None


def _release_of(row: Any) -> Thing:
    dates = (row.date,) if row.date else ()
    return Thing(row.id, "release", row.release_key, row.title, dates, (row.title,), fact_row(row, "release"))


def _event(archive: Archive, key: str) -> Thing | None:
    nights = archive.nights(Scope(keys=frozenset({key})))
    return _event_of(nights[0]) if nights else None


def _event_of(night: Night) -> Thing:
    names = tuple(name for name in (night.title, night.venue) if name)
    dates = (night.date,) if night.date else ()
    return Thing(night.ident, "event", night.key, night_of(night), dates, names, night.row)


def _told_release(reader: Connection, thing: Thing) -> list[FactSentence]:
    archive = Archive(reader)
    rows = archive.rows(_RELEASE, key=thing.key)
    told = [_published(rows)] if rows else []
    tracks = _fullest(archive.rows(_TRACKS, key=thing.key))
    if tracks:
        shown = listed(f"“{row.title}”" for row in tracks[:TRACKS_TOLD_MAX])
        more = f" and {len(tracks) - TRACKS_TOLD_MAX} more" if len(tracks) > TRACKS_TOLD_MAX else ""
        count = f"{len(tracks)} track" + ("" if len(tracks) == 1 else "s")
        cited = tuple(fact_row(row, "track") for row in tracks[:TRACKS_TOLD_MAX])
        told.append(FactSentence(f"It holds {count}: {shown}{more}.", cited))
    by_role: dict[str, list[Any]] = {}
    for row in archive.rows(_CREDITS, key=thing.key)[:CREDITS_TOLD_MAX]:
        by_role.setdefault(row.role, []).append(row)
    for role, credited in by_role.items():
        names = listed(dict.fromkeys(row.person for row in credited))
        told.append(FactSentence(f"{_sentence(role)}: {names}.", tuple(fact_row(row, "credit") for row in credited)))
    return told


def _published(rows: Sequence[Any]) -> FactSentence:
    """Say when and where a record came out, each part from the first row that knows it."""
    used: dict[str, Any] = {rows[0].id: rows[0]}

    def of(column: str) -> str:
        row = next((row for row in rows if getattr(row, column)), None)
        if row is None:
            return ""
        used[row.id] = row
        return str(getattr(row, column))

    date, label, number, medium = of("date"), of("label"), of("catalogue_number"), of("medium")
    name = f"“{rows[0].title}”" + (f" by {artist}" if (artist := of("artist")) else "")
    came_out = (f" came out {_on(date)}" if date else "") + (f" on {label}" if label else "")
    details = ", ".join(part for part in (number, medium) if part)
    said = f"{name}{came_out or ' is in the catalogue'}" + (f" ({details})" if details else "")
    return FactSentence(f"{said}.", tuple(fact_row(row, "release") for row in used.values()))


def _on(date: str) -> str:
    digits = date.replace("-", "")
    return f"on {spoken(int(digits))}" if len(digits) == 8 and digits.isdigit() else f"in {date}"


def _told_event(reader: Connection, thing: Thing) -> list[FactSentence]:
    archive = Archive(reader)
    nights = archive.nights(Scope(keys=frozenset({thing.key})))
    if not nights:
        return []
    night = nights[0]
    items = archive.items(nights).get(thing.key, [])
    part = f" as part of {night.tour}" if night.tour else ""
    told = [FactSentence(f"{_sentence(night_of(night))}{part}.", (night.row,))]
    if items:
        length = max((item.time_ms for item in items if item.time_ms is not None), default=None)
        until = f", the last of them from {clock(length)} on" if length else ""
        played = "1 piece was" if len(items) == 1 else f"{len(items)} pieces were"
        told.append(FactSentence(f"{played} played{until}.", (items[0].row, items[-1].row)))
    return told


def _fullest(rows: Sequence[Any]) -> list[Any]:
    """Of several sources of one record keep the one that tells most; ties by the source's content."""
    by_source: dict[str, list[Any]] = {}
    for row in rows:
        by_source.setdefault(row.document_id, []).append(row)
    return max(by_source.values(), key=len, default=[])


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
