"""Where entries are looked up: a protocol, and the small implementation that lives in memory.

A look-up only finds; whether what was found counts is for `walk` and `judging` to say.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Protocol

from trustgraph.entries import Entry, nearness


class Store(Protocol):
    """One snapshot of the log."""

    def by_event(self, ident: str) -> Entry | None:
        """Give the entry that holds a document."""
        ...

    def newest(self, pair: str) -> Entry | None:
        """Give the last entry of a pair, taken back or not."""
        ...

    def live(self, sub: str, now: int, most: int) -> Iterable[Entry]:
        """Give what lets somebody in and has not expired: the highest tier first, `most` of each at most.

        Within a tier, what was signed near to the artist comes first: nobody floods her word out of view.
        """
        ...

    def knows(self, sub: str) -> bool:
        """Say whether anything was ever signed about somebody."""
        ...

    def slot(self, slots: str, sub: str) -> int | None:
        """Give the ordinal that somebody has under a right already."""
        ...

    def slots_taken(self, slots: str) -> int:
        """Give how many were let in under a right, ever."""
        ...


class MemoryStore:
    """The log in dictionaries: for an exported log, and beside which the database is measured."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._by_event: dict[str, Entry] = {}
        self._newest: dict[str, Entry] = {}
        self._subjects: set[str | None] = set()
        self._of_sub: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._slots: dict[str, dict[str, int]] = defaultdict(dict)

    def put(self, entry: Entry) -> None:
        """Add an entry."""
        self.entries.append(entry)
        self._by_event[entry.event] = entry
        self._subjects.add(entry.sub)
        if entry.kind == "revoke":
            self._forget(entry)
        elif entry.pair is not None and entry.sub is not None:
            self._newest[entry.pair] = entry
            if entry.kind == "grant":
                self._of_sub[entry.sub][entry.pair] = entry
        if entry.slots is not None and entry.sub is not None and entry.ordinal is not None:
            self._slots[entry.slots][entry.sub] = entry.ordinal

    def by_event(self, ident: str) -> Entry | None:
        return self._by_event.get(ident)

    def newest(self, pair: str) -> Entry | None:
        return self._newest.get(pair)

    def live(self, sub: str, now: int, most: int) -> Iterator[Entry]:
        found = [entry for entry in self._of_sub.get(sub, {}).values() if (entry.exp or 0) > now]
        found.sort(key=lambda entry: (-(entry.tier or 0), nearness(entry), -entry.seq))
        for _, of_tier in groupby(found, key=lambda entry: entry.tier):
            yield from islice(of_tier, most)

    def knows(self, sub: str) -> bool:
        return sub in self._subjects

    def slot(self, slots: str, sub: str) -> int | None:
        return self._slots.get(slots, {}).get(sub)

    def slots_taken(self, slots: str) -> int:
        return len(self._slots.get(slots, ()))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def _forget(self, revocation: Entry) -> None:
        ended = self.entries[revocation.about - 1] if revocation.about is not None else None
        if ended is not None and ended.pair is not None and self._newest.get(ended.pair) is ended:
            self._of_sub[ended.sub or ""].pop(ended.pair, None)
