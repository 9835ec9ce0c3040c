"""The vectors of a tier that is small enough, kept in memory and compared one by one.

Asking an index takes longer than comparing a question with two thousand passages, and may miss one of them. A tier's
part is made from that tier alone, whoever asked first, and stands as long as its version does. About a tier that is
larger, or that holds a passage without a vector of the asking embedder, the index is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from knowledge.contracts import Neighbour, Vectors
from knowledge.kept_passages import VectorOf

KEPT_AT_EACH_TIER = 2_000

_READ = text(
    "SELECT id, vector, embedder, next_vector, next_embedder FROM passages WHERE tier = :tier ORDER BY id LIMIT :limit"
)


def similarities(rows: Vectors | Sequence[Vectors], vector: Vectors) -> npt.NDArray[np.float64]:
    """Give the cosine of each row to a vector, all of unit length.

    A row's is the same to the last bit wherever it stands, and beside whichever others: a matrix product's is not.
    """
    return np.einsum("ij,j->i", np.asarray(rows), vector).astype(np.float64) if len(rows) else np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """All passages of one tier at one version: a row of unit length for each, in the order of their ids."""

    version: str
    ids: Sequence[str]
    vectors: Vectors

    def nearest(self, vector: Vectors, limit: int) -> list[Neighbour]:
        """Give the nearest passages, nearest first; among equals the lower id."""
        if not self.ids:
            return []
        found = similarities(self.vectors, vector)
        order = np.argsort(-np.round(found, 5), kind="stable")[:limit]
        return [Neighbour(self.ids[row], near) for row, near in zip(order.tolist(), found[order].tolist(), strict=True)]


class KeptVectors:
    """Those of one embedder; thread-safe, as each part is made whole and then put in its place."""

    def __init__(self) -> None:
        self._parts: dict[int, Near | str] = {}
        """By tier; of one that is not kept, the version at which that was seen."""

    def of(self, reader: Connection, tier: int, version: str, vector_of: VectorOf) -> Near | None:
        """Give a tier at the version of the reader's own snapshot; None where it is too large or not whole."""
        kept = self._parts.get(tier)
        if isinstance(kept, Near) and kept.version == version:
            return kept
        if kept == version:
            return None
        rows = reader.execute(_READ, {"tier": tier, "limit": KEPT_AT_EACH_TIER + 1}).all()
        vectors = [vector_of(*row[1:]) for row in rows[:KEPT_AT_EACH_TIER]]
        made = [np.frombuffer(vector, dtype="<f4") for vector in vectors if vector is not None]
        if len(made) < len(rows):
            self._parts[tier] = version
            return None
        near = Near(version, [row.id for row in rows], np.array(made, dtype=np.float32))
        self._parts[tier] = near
        return near
