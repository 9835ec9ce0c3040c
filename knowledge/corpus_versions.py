"""At which versions the tiers stand that a reader may see, asked for once in each of its snapshots."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, text

_VERSIONS = text("SELECT tier, version, passages, words FROM corpus_versions ORDER BY tier")


class CorpusVersion(NamedTuple):
    """A tier, the version of its material, and how many passages and words that has."""

    tier: int
    version: str
    passages: int
    words: int


_known: WeakKeyDictionary[Connection, tuple[CorpusVersion, ...]] = WeakKeyDictionary()


def corpus_versions_of(reader: Connection) -> tuple[CorpusVersion, ...]:
    """Give those of a reader's own snapshot, the lowest tier first; it has one snapshot from its first look on."""
    known = _known.get(reader)
    if known is None:
        known = _known[reader] = tuple(CorpusVersion(*row) for row in reader.execute(_VERSIONS))
    return known
