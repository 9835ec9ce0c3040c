"""Regions, countries and continents: "CO" is Colorado, "Holland" the Netherlands, "Europe" many."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from knowledge.facts.keys import name_key


@dataclass(frozen=True, slots=True)
class Areas:
    """By key: every name of a region or a country; by a continent's name: the keys of its countries."""

    regions: dict[str, tuple[str, ...]]
    countries: dict[str, tuple[str, ...]]
    continents: dict[str, tuple[str, ...]]
    cities: dict[str, tuple[str, ...]]
    demonyms: dict[str, str] = field(default_factory=dict)

    def country_names(self, key: str) -> tuple[str, ...]:
        """Give every name of a country by its code or by any of its names."""
        return self.countries.get(key) or next(
            (names for names in self.countries.values() if key in {name_key(name) for name in names}), ()
        )

    def country_keys(self, continent: str) -> frozenset[str]:
        """Give every key under which a country of this continent may stand in a list."""
        codes = self.continents[continent]
        names = (name_key(name) for code in codes for name in self.countries[code])
        # "ca" and "in" are also regions; as countries they stand in another column.
        return frozenset({*codes, *names})


@cache
def areas() -> Areas:
    """Read them once."""
    told = tomllib.loads((Path(__file__).parent / "areas.toml").read_text(encoding="utf-8"))
    spread = {
        part: {key: tuple(names) for key, names in told[part].items()}
        for part in ("regions", "countries", "continents")
    }
    cities = {name_key(name): tuple(others) for name, others in told["cities"].items()}
    return Areas(**spread, cities=cities, demonyms=told["demonyms"])
