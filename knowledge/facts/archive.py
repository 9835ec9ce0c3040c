"""Looks up nights, items and releases in the views of a tier: parameterised queries, nothing else.

A night may be told of by several rows or sources; it counts once. An order of items is taken from one
source, the one that tells most. Playlists were never played to anybody and are no nights; neither
are nights that were called off.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text

from knowledge.facts.played import Night, Played, night_of, played_of
from knowledge.facts.scope import SUBJECTS, Scope, Subject, in_sql

_ROW = "d.id AS document_id, d.title AS document_title, d.date AS document_date, d.speaker, d.file_name"
_NIGHTS = f"""SELECT e.id, e.event_key, e.date, e.date_from, e.date_to, e.day_ordinal, e.title, e.kind, e.venue, e.city,
 e.region, e.country, e.tour, e.url, e.line, e.place, e.raw, e.tier, {_ROW}
 FROM events e JOIN documents d ON d.id = e.document_id
 WHERE NOT e.cancelled AND e.kind <> 'playlist'{{conditions}}
 ORDER BY e.date_from, e.day_ordinal, e.event_key, d.sha256, e.ordinal"""

_ITEMS = f"""SELECT i.*, {_ROW} FROM set_items i JOIN documents d ON d.id = i.document_id WHERE {{conditions}}
 ORDER BY i.event_key, d.sha256, i.position"""

KEYS_MAX = 900  # in one statement


class Archive:
    """One question's look at a tier: a reader's connection, and no longer than that."""

    def __init__(self, reader: Connection) -> None:
        self._reader = reader

    def nights(self, scope: Scope) -> list[Night]:
        """Give the nights of a scope in the order of time; those without a date come first."""
        conditions, values = in_sql(scope)
        rows = self._reader.execute(_expanding(_NIGHTS.format(conditions=conditions), values), values)
        found: dict[str, Night] = {}
        for row in rows:
            found.setdefault(row.event_key, night_of(row))
        return list(found.values())

    def items(self, nights: Iterable[Night]) -> dict[str, list[Played]]:
        """Give everything that was played at these nights, in order, each night from its fullest source."""
        keys = [night.key for night in nights]
        rows: list[Any] = []
        query = text(_ITEMS.format(conditions="i.event_key IN :keys")).bindparams(bindparam("keys", expanding=True))
        for start in range(0, len(keys), KEYS_MAX):
            rows += self._reader.execute(query, {"keys": keys[start : start + KEYS_MAX]})
        return _fullest(played_of(row) for row in rows)

    def plays(self, subject: Subject, nights: Iterable[Night]) -> dict[str, list[Played]]:
        """Give the items that are about a subject, by night; a night without one is left out."""
        wanted = {night.key for night in nights}
        column = subject.column if subject.column in SUBJECTS else "work_key"
        query = text(_ITEMS.format(conditions=f"i.{column} IN :keys")).bindparams(bindparam("keys", expanding=True))
        rows = self._reader.execute(query, {"keys": sorted(subject.keys)})
        return _fullest(played_of(row) for row in rows if row.event_key in wanted)

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
        named = f"NOT is_unknown AND {column} <> ''"
        what = f"SELECT {column}, count(DISTINCT event_key), count(*) FROM set_items WHERE {named}"
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
        return _fullest(played_of(row) for row in rows if row.event_key in wanted)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """Give the rows of one query of this package; values are bound, sequences expanded."""
        return list(self._reader.execute(_expanding(statement, values), values))


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
