"""Material that came from another database whole: its indexes are made here, and its versions stay what they were."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import numpy as np
from sqlalchemy import Connection

from knowledge.contracts import TIERS, VectorIndex, Vectors, VectorSpace, WriteLane
from knowledge.errors import IndexUnavailable
from knowledge.index_sync import bring_in_step, matrix
from knowledge.lexical import LexicalIndex
from knowledge.origins import Origin, covering, note
from knowledge.publish import live_ids, live_passages, vectors_of

SAMPLE = 200
"""How many vectors of each compartment are read again; of all of them, the ids are."""
NEAR = 1e-5
BATCH = 1_000


class KeptSpace(VectorSpace, Protocol):
    """A space that can tell what it keeps."""

    def kept(self, tier: int, ids: Sequence[str]) -> dict[str, Vectors]:
        """Give the vectors of these ids, as far as they are there."""
        ...


class KeptIndex(VectorIndex, Protocol):
    """An index of such spaces."""

    def space(self, name: str) -> KeptSpace:
        """Give the space of this name, an empty one when there was none."""
        ...


def fill_words(owner: Connection, lexical: LexicalIndex) -> int:
    """Make the lexical index, unless it is there; give the number of passages."""
    live = {tier: list(live_passages(owner, tier)) for tier in TIERS}
    if any({row.number for row in rows} != lexical.numbers(owner, tier) for tier, rows in live.items()):
        lexical.clear(owner)
        for tier, rows in live.items():
            for start in range(0, len(rows), BATCH):
                lexical.add(owner, tier, [(row.number, row.searched) for row in rows[start : start + BATCH]])
    return sum(len(rows) for rows in live.values())


def strangers(lane: WriteLane, index: VectorIndex) -> int:
    """Count what an index holds that is no live passage: it may be somebody else's."""
    live = {tier: set(lane.run(partial(live_ids, tier=tier))) for tier in TIERS}
    spaces = [index.space(name) for name in index.spaces()]
    return sum(len(space.ids(tier) - live[tier]) for space in spaces for tier in TIERS)


def fill_vectors(
    lane: WriteLane, space_of: Callable[[str], KeptSpace], told: Callable[[int, int], None] = lambda _done, _whole: None
) -> int:
    """Make the vector index from the stored vectors, and look at what it holds then; give the number of vectors.

    Raises `IndexUnavailable` where it does not hold what it was given.
    """
    names = lane.run(covering)
    if not names:
        return 0
    space = space_of(lane.run(partial(note, name=names[0], origin=Origin())))
    count = 0
    for tier in TIERS:
        bring_in_step(lane, space, names[0], tier)
        live = lane.run(partial(live_ids, tier=tier))
        if space.ids(tier) != set(live) or not _alike(lane, space, names[0], tier, live):
            raise IndexUnavailable(f"The vector index does not hold what it was given of tier {tier}. Begin again.")
        count += len(live)
        told(tier + 1, len(TIERS))
    return count


def _alike(lane: WriteLane, space: KeptSpace, embedder: str, tier: int, live: Sequence[str]) -> bool:
    chosen = list(live[:: max(1, len(live) // SAMPLE)])[:SAMPLE]
    stored = lane.run(partial(vectors_of, ids=chosen, embedder=embedder))
    kept = space.kept(tier, chosen)
    if not chosen:
        return True
    if set(kept) != set(stored):
        return False
    expected = matrix([stored[ident] for ident in chosen])
    return bool(np.allclose(expected, np.stack([kept[ident] for ident in chosen]), atol=NEAR))
