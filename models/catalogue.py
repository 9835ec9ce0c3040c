"""The catalogue: a few local language models that are known to suit an artist's machine.

It names what to fetch and what it must be: one file at one revision, with its size and its SHA-256.
The list itself is `catalogue.toml` beside this file.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from models.errors import ModelMissing


@dataclass(frozen=True, slots=True)
class Entry:
    """One model; without `sha256` it is checked against what the hub states."""

    name: str
    repo: str
    file: str
    size_bytes: int
    licence: str
    languages: tuple[str, ...]
    ram_gb: int
    purpose: str
    revision: str = "main"
    sha256: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The shortest name to type."""
        return self.aliases[0] if self.aliases else self.name


@cache
def entries() -> tuple[Entry, ...]:
    """Give the whole catalogue, the smallest first."""
    told = tomllib.loads((files("models") / "catalogue.toml").read_text(encoding="utf-8"))
    return tuple(_entry(table) for table in told["model"])


def find(name: str) -> Entry:
    """Find a model by its name or its alias, or raise `ModelMissing`."""
    for entry in entries():
        if name.lower() in (entry.name, *entry.aliases):
            return entry
    known = ", ".join(entry.short for entry in entries())
    raise ModelMissing(f"There is no model “{name[:60]}” in the catalogue. It has: {known}.")


def _entry(table: dict[str, Any]) -> Entry:
    lists = {key: tuple(table[key]) for key in ("languages", "aliases")}
    return Entry(**{**table, **lists})
