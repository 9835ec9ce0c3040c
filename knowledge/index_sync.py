"""Keeps the vector index equal to what is live in the database, which alone is the truth."""

from collections.abc import Callable
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, select, update

from knowledge.contracts import TIERS, Embedder, VectorIndex, Vectors, WriteLane
from knowledge.lexical import LexicalIndex
from knowledge.publish import live_passages, new_version
from knowledge.tables import corpus_versions, passages

EMPTY = "empty"
EMBED_BATCH = 16


def is_in_step(owner: Connection, index: VectorIndex, tier: int) -> bool:
    """Whether the index was marked with the version that the database has now."""
    return (index.version(tier) or EMPTY) == _version(owner, tier)


def bring_in_step(index: VectorIndex, tier: int) -> Callable[[Connection], int]:
    """Give the command that adds what is missing and removes what is no longer live."""

    def command(owner: Connection) -> int:
        if is_in_step(owner, index, tier):
            return 0
        live = {row.id: row.vector for row in live_passages(owner, tier)}
        known = index.ids(tier)
        missing, gone = [ident for ident in live if ident not in known], sorted(known - live.keys())
        if gone:
            index.delete(tier, gone)
        if missing:
            index.upsert(tier, missing, matrix([live[ident] for ident in missing]))
        index.mark(tier, _version(owner, tier))
        return len(missing) + len(gone)

    return command


def rebuild(
    lane: WriteLane,
    index: VectorIndex,
    lexical: LexicalIndex,
    embedder: Embedder,
    embedded: Callable[[int, int], None],
) -> int:
    """Embed what other weights embedded, then build both indexes from the database."""
    _embed_again(lane, embedder, embedded)
    for tier in TIERS:
        index.delete(tier, sorted(index.ids(tier)))
        index.mark(tier, EMPTY)

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
        lane.run(bring_in_step(index, tier))
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
        lane.run(lambda owner, rows=made: owner.execute(statement, rows))  # type: ignore[misc]
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
