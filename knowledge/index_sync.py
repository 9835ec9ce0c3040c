"""Keeps the vector index equal to what is live in the database, which alone is the truth."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, select, update

from knowledge.contracts import TIERS, Embedder, VectorIndex, Vectors, WriteLane
from knowledge.ingest import EMBED_BATCH
from knowledge.lexical import LexicalIndex
from knowledge.publish import live_ids, live_passages, new_version, vectors_of
from knowledge.tables import corpus_versions, passages

EMPTY = "empty"
UPSERT_BATCH = 2_000


def is_in_step(owner: Connection, index: VectorIndex, tier: int) -> bool:
    """Whether the index was marked with the version that the database has now."""
    return (index.version(tier) or EMPTY) == _version(owner, tier)


def bring_in_step(lane: WriteLane, index: VectorIndex, tier: int) -> int:
    """Add what is missing and remove what is no longer live; give how many entries changed.

    The lane is asked in short turns; the index, which takes its time, is written between them.
    """
    version = lane.run(lambda owner: _version(owner, tier))
    if (index.version(tier) or EMPTY) == version:
        return 0
    live = lane.run(lambda owner: live_ids(owner, tier))
    known = index.ids(tier)
    missing, gone = [ident for ident in live if ident not in known], sorted(known - set(live))
    if gone:
        index.delete(tier, gone)
    for start in range(0, len(missing), UPSERT_BATCH):
        wanted = missing[start : start + UPSERT_BATCH]
        found = lane.run(partial(vectors_of, ids=wanted))
        index.upsert(tier, list(found), matrix(list(found.values())))
    index.mark(tier, version)
    return len(missing) + len(gone)


def rebuild(
    lane: WriteLane,
    index: VectorIndex,
    lexical: LexicalIndex,
    embedder: Embedder,
    embedded: Callable[[int, int], None],
) -> int:
    """Embed what other weights embedded, then build both indexes from the database."""
    for tier in TIERS:  # first, so that a rebuild that is broken off leaves no old vector behind
        index.mark(tier, EMPTY)
        index.delete(tier, sorted(index.ids(tier)))
    _embed_again(lane, embedder, embedded)

    def words(owner: Connection) -> int:
        lexical.clear(owner)
        count = 0
        for tier in TIERS:
            rows = list(live_passages(owner, tier))
            lexical.add(owner, tier, [(row.number, row.searched) for row in rows])
            new_version(owner, tier)
            count += len(rows)
        return count

    count = lane.run(words)
    for tier in TIERS:
        bring_in_step(lane, index, tier)
    return count


def matrix(blobs: list[bytes]) -> Vectors:
    """Read stored vectors back: shape (n, dimension)."""
    return np.stack([np.frombuffer(blob, dtype="<f4") for blob in blobs])


def _embed_again(lane: WriteLane, embedder: Embedder, embedded: Callable[[int, int], None]) -> None:
    stale: list[Any] = lane.run(
        lambda owner: list(
            owner.execute(
                select(passages.c.number, passages.c.document_id, passages.c.searched)
                .where(passages.c.embedder != embedder.name)
                .order_by(passages.c.number)
            )
        )
    )
    statement = (
        update(passages)
        .where(passages.c.number == bindparam("at"))
        .values(vector=bindparam("made"), embedder=embedder.name)
    )
    done = 0
    for batch in _by_document(stale):
        vectors = embedder.embed([row.searched for row in batch])
        made = [
            {"at": row.number, "made": vector.astype("<f4").tobytes()}
            for row, vector in zip(batch, vectors, strict=True)
        ]
        lane.run(partial(Connection.execute, statement=statement, parameters=made))
        done += len(batch)
        embedded(done, len(stale))


def _by_document(rows: list[Any]) -> list[list[Any]]:
    """Batch as the import did, so that a rebuilt vector equals the first one."""
    batches: list[list[Any]] = []
    for row in rows:
        full = batches and (batches[-1][0].document_id != row.document_id or len(batches[-1]) == EMBED_BATCH)
        if not batches or full:
            batches.append([])
        batches[-1].append(row)
    return batches


def _version(owner: Connection, tier: int) -> str:
    found = owner.execute(select(corpus_versions.c.version).where(corpus_versions.c.tier == tier)).scalar()
    return found or EMPTY
