"""What the pages about nights, records and songs show beside an answer: lists, links, and where a song was played.

Everything is read through the views of a tier, so that a page says what an answer could cite, and no more.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.contracts import Readers
from knowledge.facts.archive import Archive
from knowledge.facts.played import Night, Played
from knowledge.facts.scope import Scope, Subject
from knowledge.things import Thing

_LINKS = (
    "SELECT url, label, relation, tier FROM links WHERE of_kind = :kind AND of_key = :key ORDER BY relation, url, tier"
)
_LICENCE = "SELECT licence FROM documents WHERE id = :document"
_RELEASES = """SELECT x.id, x.release_key, x.title, x.artist, x.kind, x.date, x.label, x.catalogue_number, x.licence,
 x.tier, d.licence AS of_document FROM releases x JOIN documents d ON d.id = x.document_id
 ORDER BY x.date DESC, x.title, d.sha256, x.ordinal"""
_TRACKS = """SELECT x.id, x.document_id, x.title, x.artist, x.version, x.duration_ms, x.tier FROM tracks x
 JOIN documents d ON d.id = x.document_id WHERE x.release_key = :key
 ORDER BY d.sha256, x.medium_no, x.position, x.ordinal"""
_CREDITS = """SELECT x.role, x.person, x.tier FROM credits x JOIN documents d ON d.id = x.document_id
 WHERE x.of_kind = :kind AND x.of_key = :key ORDER BY d.sha256, x.ordinal"""
_OF_WORK = {
    "set_items": "SELECT work_key, title, artist, tier FROM set_items WHERE id = :id AND NOT is_unknown",
    "tracks": "SELECT work_key, title, artist, tier FROM tracks WHERE id = :id",
}
_ON_RELEASES = """SELECT r.id, r.release_key, r.title, r.date, r.tier FROM releases r
 JOIN documents d ON d.id = r.document_id
 WHERE r.release_key IN (SELECT release_key FROM tracks WHERE work_key = :key AND release_key <> '')
 ORDER BY r.date, r.title, d.sha256, r.ordinal"""


@dataclass(frozen=True, slots=True)
class Link:
    """An address elsewhere; `relation` is buy, listen, watch, tickets or elsewhere."""

    url: str
    label: str
    relation: str
    tier: int

    @property
    def host(self) -> str:
        """Where it leads, as people read it."""
        return self.url.partition("://")[2].partition("/")[0].removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Release:
    """A record as its first row tells it; `date` is ISO 8601 or ""."""

    ident: str
    key: str
    title: str
    artist: str
    kind: str
    date: str
    label: str
    catalogue_number: str
    licence: str
    tier: int


@dataclass(frozen=True, slots=True)
class Track:
    """A track of a record; `length_ms` is None where it is not told."""

    ident: str
    name: str
    length_ms: int | None
    tier: int


@dataclass(frozen=True, slots=True)
class Song:
    """A piece of music: on which records it is, and at which nights it was played, the newest first."""

    key: str
    name: str
    tier: int
    releases: tuple[tuple[str, str, str, int], ...]  # id, title, date, tier
    plays: tuple[tuple[Night, Played], ...]


class Leaves:
    """One per node; thread-safe."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def nights(self, tier: int, year: int | None = None) -> tuple[dict[int, int], list[Night]]:
        """Give how many nights each year has (0 where no date is known), and those of one or of all, newest first."""
        with self._readers(tier) as reader:
            every = Archive(reader).nights(Scope())
        by_year = Counter(night.day // 10_000 for night in every)
        shown = [night for night in reversed(every) if year in (None, night.day // 10_000)]
        return dict(sorted(by_year.items(), reverse=True)), shown

    def releases(self, tier: int) -> list[Release]:
        """Give every record, the newest first."""
        with self._readers(tier) as reader:
            rows = Archive(reader).rows(_RELEASES)
        found: dict[str, Release] = {}
        for row in rows:
            found.setdefault(row.release_key, _release(row))
        return list(found.values())

    def links(self, thing: Thing, tier: int) -> list[Link]:
        """Give where else a night or a record is, each address once."""
        with self._readers(tier) as reader:
            rows = Archive(reader).rows(_LINKS, kind=thing.kind, key=thing.key)
        found: dict[str, Link] = {}
        for row in rows:
            found.setdefault(row.url, Link(row.url, row.label, row.relation, row.tier))
        return list(found.values())

    def licence(self, thing: Thing, tier: int) -> str:
        """Give the licence of the note that tells of a thing, or ""."""
        with self._readers(tier) as reader:
            rows = Archive(reader).rows(_LICENCE, document=thing.row.document_id)
        return str(rows[0].licence) if rows else ""

    def tracks(self, thing: Thing, tier: int) -> list[Track]:
        """Give the tracks of a record in their order, from the source that tells most."""
        with self._readers(tier) as reader:
            rows = _fullest(Archive(reader).rows(_TRACKS, key=thing.key))
        return [Track(row.id, _named(row), row.duration_ms, row.tier) for row in rows]

    def credits(self, thing: Thing, tier: int) -> dict[str, list[str]]:
        """Give who did what, by role."""
        with self._readers(tier) as reader:
            rows = Archive(reader).rows(_CREDITS, kind=thing.kind, key=thing.key)
        by_role: dict[str, list[str]] = {}
        for row in rows:
            names = by_role.setdefault(row.role, [])
            if row.person not in names:
                names.append(row.person)
        return by_role

    def song(self, ident: str, tier: int) -> Song | None:
        """Give the song that a row of a set or a record is of; None where this tier knows no such row."""
        with self._readers(tier) as reader:
            archive = Archive(reader)
            row = next((row for query in _OF_WORK.values() for row in archive.rows(query, id=ident)), None)
            if row is None or not row.work_key:
                return None
            nights = {night.key: night for night in archive.nights(Scope())}
            plays = archive.plays(Subject("work_key", frozenset({row.work_key})), nights.values())
            releases = archive.rows(_ON_RELEASES, key=row.work_key)
        played = [(nights[key], item) for key, items in plays.items() for item in items if not item.is_unknown]
        played.sort(key=lambda one: (-one[0].day, one[0].key, one[1].position))
        name = f"{row.artist} – {row.title}" if row.artist else str(row.title)
        on = {one.release_key: (one.id, one.title, one.date, one.tier) for one in reversed(releases)}
        return Song(row.work_key, name, row.tier, tuple(on.values())[::-1], tuple(played))


def _release(row: Any) -> Release:
    return Release(
        row.id, row.release_key, row.title, row.artist, row.kind, row.date, row.label, row.catalogue_number,
        row.licence or row.of_document, row.tier,
    )  # fmt: skip


def _named(row: Any) -> str:
    title = f"{row.title} ({row.version})" if row.version else row.title
    return f"{row.artist} – {title}" if row.artist else str(title)


def _fullest(rows: Sequence[Any]) -> list[Any]:
    by_source: dict[str, list[Any]] = {}
    for row in rows:
        by_source.setdefault(row.document_id, []).append(row)
    return max(by_source.values(), key=len, default=[])
