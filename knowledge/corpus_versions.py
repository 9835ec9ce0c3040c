"""At which versions the tiers stand that a reader may see, asked for once in each of its snapshots."""

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, RootTransaction

_VERSIONS = "SELECT tier, version, passages, words FROM corpus_versions ORDER BY tier"


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
        # On the driver's own connection: SQLAlchemy takes several times as long as these few rows do.
        driver: Any = reader.connection.driver_connection
        known = tuple(CorpusVersion(*row) for row in driver.execute(_VERSIONS).fetchall())
        if moment is not None:
            _known[moment] = known
    return known
