"""From a key to the key that it stands for now: what was joined, and what follows for the keys made of it.

A recording's key is made of its work's, a work's and a release's of their artist's, a night's of its
place's; joining two places joins the nights of one day, the second show still apart from the first.
"""

import re
from collections.abc import Mapping

_NIGHT = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})\|(?P<place>[^|]*\|[^|]*)\|(?P<ordinal>\d+)")

FOLLOWS: dict[str, frozenset[str]] = {
    "artist": frozenset({"artist", "work", "recording", "release"}),
    "work": frozenset({"work", "recording"}),
    "place": frozenset({"place", "event"}),
}
"""Kinds whose keys change with the keys of a kind, itself included; a kind that is not named changes alone."""


def followers(kind: str) -> frozenset[str]:
    """Give the kinds whose keys may change when something of this kind is joined or set apart."""
    return FOLLOWS.get(kind, frozenset({kind}))


class Substitution:
    """Immutable; `pairs` lead from a kind and a key to another key of that kind."""

    def __init__(self, pairs: Mapping[tuple[str, str], str]) -> None:
        self._pairs = pairs

    def of(self, kind: str, key: str) -> str:
        """Follow a key to its end; of keys that lead in a circle, all become the same one."""
        seen = [key]
        while (following := self._next(kind, seen[-1])) != seen[-1]:
            if following in seen:
                return min(seen[seen.index(following) :])
            seen.append(following)
        return seen[-1]

    def _next(self, kind: str, key: str) -> str:
        if (kind, key) in self._pairs:
            return self._pairs[kind, key]
        if kind == "recording":
            work, mark, mix = key.partition("#")
            return f"{self.of('work', work)}{mark}{mix}"
        if kind in ("work", "release"):
            title, mark, artist = key.partition("|")
            return f"{title}{mark}{self.of('artist', artist)}" if artist else key
        if kind == "event" and (night := _NIGHT.fullmatch(key)):
            return f"{night['date']}|{self.of('place', night['place'])}|{night['ordinal']}"
        return key
