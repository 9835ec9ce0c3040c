"""Which nights a question is about, and which of the music, as conditions on rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge.facts.days import When


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


COLUMNS = {"place_key", "city_key", "region_key", "country_key", "tour_key", "title_key", "event_key"}
SUBJECTS = {"work_key", "recording_key", "artist_key", "label_key"}


def in_sql(scope: Scope) -> tuple[str, dict[str, Any]]:
    """Write a scope as conditions on events, each opened with AND, and the values that they bind."""
    found = [*_of_time(scope.when), *_of_nights(scope), *_of_places(scope)]
    values = {name: value for _, bound in found for name, value in bound.items()}
    return "".join(f" AND {condition}" for condition, _ in found), values


_Condition = tuple[str, dict[str, Any]]


def _of_time(when: When) -> Iterator[_Condition]:
    if when.first:
        yield "e.date_from >= :first", {"first": when.first}
    if when.last:
        yield "e.date_to <= :last AND e.date_to > 0", {"last": when.last}
    for column in ("month", "day", "weekday"):
        if getattr(when, column) is not None:
            yield f"e.{column} = :{column}", {column: getattr(when, column)}


def _of_nights(scope: Scope) -> Iterator[_Condition]:
    if scope.ordinal:
        yield "e.day_ordinal = :ordinal", {"ordinal": scope.ordinal}
    if scope.kinds:
        yield "e.kind IN :kinds", {"kinds": sorted(scope.kinds)}
    if scope.keys:
        yield "e.event_key IN :nights", {"nights": sorted(scope.keys)}
    if scope.performers:
        yield (
            "e.event_key IN (SELECT of_key FROM credits WHERE of_kind = 'event' AND person_key IN :performers)",
            {"performers": sorted(scope.performers)},
        )


def _of_places(scope: Scope) -> Iterator[_Condition]:
    for column, _ in (*scope.places, *scope.without):
        if column not in COLUMNS:
            raise ValueError(column)
    for number, (column, keys) in enumerate(scope.places):
        yield f"e.{column} IN :place{number}", {f"place{number}": sorted(keys)}
    for number, (column, keys) in enumerate(scope.without):
        yield f"e.{column} NOT IN :without{number}", {f"without{number}": sorted(keys)}
