"""At which versions the tiers stand that a reader may see, asked for once in each of its snapshots."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, Connection, Integer, RootTransaction, String, column, text

# That its columns are named spares it to be looked through at each reading.
_VERSIONS = text("SELECT tier, version, passages, words FROM corpus_versions ORDER BY tier").columns(
    column("tier", Integer), column("version", String), column("passages", BigInteger), column("words", BigInteger)
)


class CorpusVersion(NamedTuple):
    """A tier, the version of its material, and how many passages and words that has."""

    tier: int
    version: str
    passages: int
    words: int


_known: WeakKeyDictionary[RootTransaction, tuple[CorpusVersion, ...]] = WeakKeyDictionary()


def corpus_versions_of(reader: Connection) -> tuple[CorpusVersion, ...]:
    """Give those of a reader's own snapshot, the lowest tier first; it has one snapshot from its first look on."""
    moment = reader.get_transaction()
    known = None if moment is None else _known.get(moment)
    if known is None:
        known = tuple(CorpusVersion(*row) for row in reader.execute(_VERSIONS))
        if (moment := reader.get_transaction()) is not None:
            _known[moment] = known
    return known
