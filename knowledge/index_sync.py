"""Keeps a space of the vector index equal to what is live in the database, which alone is the truth."""

from functools import partial

import numpy as np
from sqlalchemy import Connection, select

from knowledge.contracts import TIERS, Vectors, VectorSpace, WriteLane
from knowledge.lexical import LexicalIndex
from knowledge.publish import live_ids, live_passages, new_version, vectors_of
from knowledge.tables import corpus_versions

EMPTY = "empty"
UPSERT_BATCH = 2_000


def should_hold(owner: Connection, tier: int) -> tuple[set[str], str]:
    """Give what a space should hold of a tier, and the version that it should be marked with."""
    return set(live_ids(owner, tier)), _version(owner, tier)


def bring_in_step(lane: WriteLane, vectors: VectorSpace, embedder: str, tier: int) -> int:
    """Add what is missing and remove what is no longer live; give how many entries changed.

    The lane is asked in short turns; the index, which takes its time, is written between them.
    """
    version = lane.run(lambda owner: _version(owner, tier))
    if (vectors.version(tier) or EMPTY) == version:
        return 0
    live = lane.run(lambda owner: live_ids(owner, tier))
    known = vectors.ids(tier)
    missing, gone = [ident for ident in live if ident not in known], sorted(known - set(live))
    if gone:
        vectors.delete(tier, gone)
    added = 0
    for start in range(0, len(missing), UPSERT_BATCH):
        wanted = missing[start : start + UPSERT_BATCH]
        found = lane.run(partial(vectors_of, ids=wanted, embedder=embedder))
        if found:
            vectors.upsert(tier, list(found), matrix(list(found.values())))
        added += len(found)
    if added == len(missing):  # otherwise it is behind, and stays known to be
        vectors.mark(tier, version)
    return added + len(gone)


def holds_all(lane: WriteLane, vectors: VectorSpace) -> bool:
    """Whether the space holds, tier by tier, exactly what is live."""
    return all(vectors.ids(tier) == set(lane.run(partial(live_ids, tier=tier))) for tier in TIERS)


def empty(vectors: VectorSpace) -> None:
    """Take everything out; the mark goes first, so that what is broken off here is noticed."""
    for tier in TIERS:
        vectors.mark(tier, EMPTY)
        vectors.delete(tier, sorted(vectors.ids(tier)))


def rebuild_words(owner: Connection, lexical: LexicalIndex) -> int:
    """Build the lexical index anew from the database; give the number of passages."""
    lexical.clear(owner)
    count = 0
    for tier in TIERS:
        rows = list(live_passages(owner, tier))
        lexical.add(owner, tier, [(row.number, row.searched) for row in rows])
        new_version(owner, tier)
        count += len(rows)
    return count


def matrix(blobs: list[bytes]) -> Vectors:
    """Read stored vectors back: shape (n, dimension)."""
    return np.stack([np.frombuffer(blob, dtype="<f4") for blob in blobs])


def _version(owner: Connection, tier: int) -> str:
    found = owner.execute(select(corpus_versions.c.version).where(corpus_versions.c.tier == tier)).scalar()
    return found or EMPTY
