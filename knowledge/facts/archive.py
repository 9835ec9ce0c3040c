"""Looks up nights, items and releases in the views of a tier: parameterised queries, nothing else.

A night may be told of by several rows or sources; it counts once. An order of items is taken from one
source, the one that tells most. Playlists were never played to anybody and are no nights; neither
are nights that were called off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, text

from knowledge.facts.dates import When
from knowledge.facts.told import FactRow


@dataclass(frozen=True, slots=True)
class Night:
    """An event as its rows tell it together; dates as yyyymmdd, 0 where unknown."""

    key: str
    ident: str
    date: str
    day: int
    last_day: int
    ordinal: int
    title: str
    kind: str
    venue: str
    city: str
    region: str
    country: str
    tour: str
    url: str
    row: FactRow


@dataclass(frozen=True, slots=True)
class Played:
    """An item of a night, with its row."""

    ident: str
    key: str  # of the night
    document_id: str
    position: int
    set_no: int
    set_name: str
    encore: bool
    title: str
    work: str
    recording: str
    artist: str
    version: str
    label: str
    time_ms: int | None
    time_basis: str
    bpm_milli: int | None
    musical_key: str
    duration_ms: int | None
    segue: bool
    is_unknown: bool
    guests: str
    note: str
    row: FactRow

    @property
    def name(self) -> str:
        """The title with its version, and the artist before it where one is told."""
        title = f"{self.title} ({self.version})" if self.version else self.title
        return f"{self.artist} – {title}" if self.artist else title


@dataclass(frozen=True, slots=True)
class Scope:
    """Which nights: every condition has to hold; keys of one condition are alternatives."""

    when: When = field(default_factory=When)
    places: tuple[tuple[str, frozenset[str]], ...] = ()  # column, keys
    ordinal: int = 0
    kinds: frozenset[str] = frozenset()
    performers: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()  # of the nights themselves
    without: tuple[tuple[str, frozenset[str]], ...] = ()  # column, keys that must not be

    @property
    def says_something(self) -> bool:
        return bool(
            self.when.says_something
            or self.places
            or self.ordinal
            or self.kinds
            or self.performers
            or self.keys
            or self.without
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """What was played: any item whose columns hold one of the keys."""

    column: str  # work_key, recording_key, artist_key, label_key
    keys: frozenset[str]


_ROW = "d.id AS document_id, d.title AS document_title, d.date AS document_date, d.speaker, d.file_name"
_NIGHTS = f"""SELECT e.id, e.event_key, e.date, e.date_from, e.date_to, e.day_ordinal, e.title, e.kind, e.venue, e.city,
 e.region, e.country, e.tour, e.url, e.line, e.place, e.raw, e.tier, {_ROW}
 FROM events e JOIN documents d ON d.id = e.document_id
 WHERE NOT e.cancelled AND e.kind <> 'playlist'{{conditions}}
 ORDER BY e.date_from, e.day_ordinal, e.event_key, d.sha256, e.ordinal"""
_ITEMS = f"""SELECT i.*, {_ROW} FROM set_items i JOIN documents d ON d.id = i.document_id WHERE {{conditions}}
 ORDER BY i.event_key, d.sha256, i.position"""
COLUMNS = {"place_key", "city_key", "region_key", "country_key", "tour_key", "title_key", "event_key"}
SUBJECTS = {"work_key", "recording_key", "artist_key", "label_key"}
KEYS_MAX = 900  # in one statement


class Archive:
    """One question's look at a tier: a reader's connection, and no longer than that."""

    def __init__(self, reader: Connection) -> None:
        self._reader = reader

    def nights(self, scope: Scope) -> list[Night]:
        """Give the nights of a scope in the order of time; those without a date come first."""
        conditions, values = _conditions(scope)
        rows = self._reader.execute(_expanding(_NIGHTS.format(conditions=conditions), values), values)
        found: dict[str, Night] = {}
        for row in rows:
            found.setdefault(row.event_key, _night(row))
        return list(found.values())

    def items(self, nights: Iterable[Night]) -> dict[str, list[Played]]:
        """Give everything that was played at these nights, in order, each night from its fullest source."""
        keys = [night.key for night in nights]
        rows: list[Any] = []
        query = text(_ITEMS.format(conditions="i.event_key IN :keys")).bindparams(bindparam("keys", expanding=True))
        for start in range(0, len(keys), KEYS_MAX):
            rows += self._reader.execute(query, {"keys": keys[start : start + KEYS_MAX]})
        return _fullest(_played(row) for row in rows)

    def plays(self, subject: Subject, nights: Iterable[Night]) -> dict[str, list[Played]]:
        """Give the items that are about a subject, by night; a night without one is left out."""
        wanted = {night.key for night in nights}
        column = subject.column if subject.column in SUBJECTS else "work_key"
        query = text(_ITEMS.format(conditions=f"i.{column} IN :keys")).bindparams(bindparam("keys", expanding=True))
        rows = self._reader.execute(query, {"keys": sorted(subject.keys)})
        return _fullest(_played(row) for row in rows if row.event_key in wanted)

    def listed(self) -> set[str]:
        """Give the keys of the nights of which a list is known."""
        return set(self._reader.execute(text("SELECT DISTINCT event_key FROM set_items")).scalars())

    def appearances(self) -> list[tuple[str, str, int]]:
        """Give what was ever played where: work, night, and how often there; without a row's other columns."""
        query = (
            "SELECT work_key, event_key, count(*) FROM set_items WHERE NOT is_unknown AND event_key <> '' GROUP BY 1, 2"
        )
        return [(row[0], row[1], row[2]) for row in self._reader.execute(text(query))]

    def counted(self, column: str, nights: Sequence[Night] | None) -> dict[str, tuple[int, int]]:
        """Count by a key: at how many of these nights, and how often in all; None means every night."""
        column = column if column in SUBJECTS else "work_key"
        what = f"SELECT {column}, count(DISTINCT event_key), count(*) FROM set_items WHERE NOT is_unknown AND {column} <> ''"
        if nights is None:
            rows = list(self._reader.execute(text(f"{what} AND event_key <> '' GROUP BY 1")))
        else:
            keys = [night.key for night in nights]
            within = text(f"{what} AND event_key IN :keys GROUP BY 1").bindparams(bindparam("keys", expanding=True))
            parts = [keys[start : start + KEYS_MAX] for start in range(0, len(keys), KEYS_MAX)]
            rows = [row for part in parts for row in self._reader.execute(within, {"keys": part})]
        found: dict[str, tuple[int, int]] = {}
        for key, at, times in rows:
            before = found.get(key, (0, 0))
            found[key] = before[0] + at, before[1] + times
        return found

    def edges(self, nights: Iterable[Night], *, last: bool) -> dict[str, list[Played]]:
        """Give the first or the last item of each of many nights, without reading the others."""
        end = "max" if last else "min"
        apart = f"(i.event_key, i.position) IN (SELECT event_key, {end}(position) FROM set_items GROUP BY event_key)"
        wanted = {night.key for night in nights}
        rows = self._reader.execute(text(_ITEMS.format(conditions=apart)))
        return _fullest(_played(row) for row in rows if row.event_key in wanted)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """Give the rows of one query of this package; values are bound, sequences expanded."""
        return list(self._reader.execute(_expanding(statement, values), values))


def _conditions(scope: Scope) -> tuple[str, dict[str, Any]]:
    parts: list[str] = []
    values: dict[str, Any] = {}

    def add(condition: str, **bound: Any) -> None:
        parts.append(f" AND {condition}")
        values.update(bound)

    when = scope.when
    if when.first:
        add("e.date_from >= :first", first=when.first)
    if when.last:
        add("e.date_to <= :last AND e.date_to > 0", last=when.last)
    for column in ("month", "day", "weekday"):
        if getattr(when, column) is not None:
            add(f"e.{column} = :{column}", **{column: getattr(when, column)})
    if scope.ordinal:
        add("e.day_ordinal = :ordinal", ordinal=scope.ordinal)
    if scope.kinds:
        add("e.kind IN :kinds", kinds=sorted(scope.kinds))
    if scope.keys:
        add("e.event_key IN :nights", nights=sorted(scope.keys))
    if scope.performers:
        add(
            "e.event_key IN (SELECT of_key FROM credits WHERE of_kind = 'event' AND person_key IN :performers)",
            performers=sorted(scope.performers),
        )
    for number, (column, keys) in enumerate(scope.places):
        if column not in COLUMNS:
            raise ValueError(column)
        add(f"e.{column} IN :place{number}", **{f"place{number}": sorted(keys)})
    for number, (column, keys) in enumerate(scope.without):
        if column not in COLUMNS:
            raise ValueError(column)
        add(f"e.{column} NOT IN :without{number}", **{f"without{number}": sorted(keys)})
    return "".join(parts), values


def _expanding(statement: str, values: dict[str, Any]) -> Any:
    lists: list[Any] = [
        bindparam(name, expanding=True) for name, value in values.items() if isinstance(value, (list, tuple))
    ]
    return text(statement).bindparams(*lists)


def _fullest(items: Iterable[Played]) -> dict[str, list[Played]]:
    """Of several sources of one night keep the one that tells most; ties by the source's content."""
    by_source: dict[str, dict[str, list[Played]]] = {}
    for item in items:
        by_source.setdefault(item.key, {}).setdefault(item.document_id, []).append(item)
    return {key: max(sources.values(), key=len) for key, sources in by_source.items() if key}


def fact_row(row: Any, kind: str, event_key: str = "") -> FactRow:
    """Read what a citation shows of a row that was selected with its document."""
    return FactRow(
        row.id, kind, row.document_id, row.document_title, row.document_date, row.speaker, row.file_name,
        row.line, row.place, row.raw, row.tier, event_key,
    )  # fmt: skip


def _night(row: Any) -> Night:
    return Night(
        row.event_key, row.id, row.date, row.date_from, row.date_to, row.day_ordinal, row.title, row.kind, row.venue,
        row.city, row.region, row.country, row.tour, row.url, fact_row(row, "event", row.event_key),
    )  # fmt: skip


def _played(row: Any) -> Played:
    return Played(
        row.id, row.event_key, row.document_id, row.position, row.set_no, row.set_name, bool(row.encore), row.title,
        row.work_key, row.recording_key, row.artist, row.version, row.label, row.time_ms, row.time_basis,
        row.bpm_milli, row.musical_key, row.duration_ms, bool(row.segue), bool(row.is_unknown), row.guests, row.note,
        fact_row(row, "set_item", row.event_key),
    )  # fmt: skip


def in_set(items: Sequence[Played], set_no: int) -> list[Played]:
    """Give the items of one set, by its number; -1 is the last one."""
    numbers = sorted({item.set_no for item in items})
    wanted = numbers[-1] if set_no == -1 and numbers else set_no
    return [item for item in items if item.set_no == wanted]
