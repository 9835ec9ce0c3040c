"""Passages as the reader of a tier sees them, kept in memory while what she may see stands as it is.

Reading some seventy rows out of two views takes far longer than weighing them. What is kept for a tier was read by a
reader of that tier, and is given only to readers whose own snapshot names the same versions of all tiers up to hers:
whatever is published, taken back or moved begins it anew. A passage without a vector of the asking embedder is not
kept: it may be given one, and no version tells of that.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Connection, String, bindparam, text

from knowledge.contracts import Vectors
from knowledge.evidence import SourcePassage

KEPT_AT_EACH_TIER = 2_000
_WIDTH = 13
"""So many columns of a row are the fields of `SourcePassage`, in their order."""

_READ = text(
    "SELECT p.id, p.document_id, d.title, d.kind, d.date, p.speaker, d.licence, d.file_name, p.heading, p.tier, p.text,"
    " d.sha256, p.ordinal, p.sentences, p.number, p.vector, p.embedder, p.next_vector, p.next_embedder"
    " FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.number IN :numbers OR p.id IN :ids"
).bindparams(bindparam("numbers", type_=BigInteger, expanding=True), bindparam("ids", type_=String, expanding=True))

VectorOf = Callable[[bytes | None, str | None, bytes | None, str | None], bytes | None]
"""Which of a row's two vectors is the asking embedder's (`knowledge.spaces.Space.vector_of`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A passage with its number, its sentences' places as the column gives them, and its vector, if it has one."""

    passage: SourcePassage
    sentences: Any
    number: int
    vector: Vectors | None


def stored(reader: Connection, numbers: Sequence[int], ids: Sequence[str], vector_of: VectorOf) -> list[Stored]:
    """Read the passages of these numbers and of these ids, as far as this reader may see them."""
    rows = reader.execute(_READ, {"numbers": numbers, "ids": ids}).all()
    return [_stored(row, vector_of(*row[_WIDTH + 2 :])) for row in rows]


class KeptPassages:
    """Those of one embedder; thread-safe."""

    def __init__(self) -> None:
        self._seen: dict[int, _Seen] = {}

    def of(
        self,
        reader: Connection,
        tier: int,
        versions: tuple[tuple[int, str], ...],
        wanted: tuple[Sequence[int], Sequence[str]],
        vector_of: VectorOf,
    ) -> list[Stored]:
        """Give the passages of these numbers and of these ids, each once, as `stored` does.

        `versions` are those of the tiers 0..`tier`, each with its tier, in the reader's own snapshot.
        """
        seen = self._seen.get(tier)
        if seen is None or seen.versions != versions:
            seen = self._seen[tier] = _Seen(versions)
        found, numbers, ids = seen.kept(*wanted)
        if numbers or ids:
            read = stored(reader, numbers, ids, vector_of)
            seen.keep(one for one in read if one.vector is not None)
            found.update((one.number, one) for one in read)
        return list(found.values())


class _Seen:
    """What readers of one tier have read at the same versions; thread-safe."""

    def __init__(self, versions: tuple[tuple[int, str], ...]) -> None:
        self.versions = versions
        self._stored: OrderedDict[int, Stored] = OrderedDict()
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()

    def kept(self, numbers: Sequence[int], ids: Sequence[str]) -> tuple[dict[int, Stored], list[int], list[str]]:
        """Give what is here by number, and of what is wanted what is not."""
        with self._lock:
            unknown = [ident for ident in ids if ident not in self._numbers]
            wanted = {*numbers, *(self._numbers[ident] for ident in ids if ident in self._numbers)}
            found = {number: self._stored[number] for number in wanted if number in self._stored}
            for number in found:
                self._stored.move_to_end(number)
        return found, [number for number in wanted if number not in found], unknown

    def keep(self, read: Iterable[Stored]) -> None:
        """Keep these, and let those go that were read least lately."""
        with self._lock:
            for one in read:
                self._stored[one.number] = one
                self._numbers[one.passage.ident] = one.number
            while len(self._stored) > KEPT_AT_EACH_TIER:
                _, gone = self._stored.popitem(last=False)
                self._numbers.pop(gone.passage.ident, None)


def _stored(row: Sequence[Any], vector: bytes | None) -> Stored:
    made = None if vector is None else np.frombuffer(vector, dtype="<f4")
    return Stored(SourcePassage(*row[:_WIDTH]), row[_WIDTH], row[_WIDTH + 1], made)
