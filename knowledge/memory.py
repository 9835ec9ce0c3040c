"""A vector index in memory: exact, small, and the same behind the protocol as Chroma."""

import threading
from collections.abc import Sequence

import numpy as np

from knowledge.contracts import TIERS, Neighbour, Vectors


class MemorySpace:
    """Keeps one dictionary per tier; a query multiplies one matrix, which is built anew after a change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # a matrix must not outlive a change that came while it was built
        self._clear()

    def _clear(self) -> None:
        self._vectors: dict[int, dict[str, Vectors]] = {tier: {} for tier in TIERS}
        self._versions: dict[int, str] = {}
        self._matrices: dict[int, tuple[list[str], Vectors]] = {}

    def upsert(self, tier: int, ids: Sequence[str], vectors: Vectors) -> None:
        with self._lock:
            self._vectors[tier].update(zip(ids, vectors, strict=True))
            self._matrices.pop(tier, None)

    def delete(self, tier: int, ids: Sequence[str]) -> None:
        with self._lock:
            for passage_id in ids:
                self._vectors[tier].pop(passage_id, None)
            self._matrices.pop(tier, None)

    def nearest(self, tier: int, vector: Vectors, limit: int) -> list[Neighbour]:
        ids, matrix = self._matrix(tier)
        if not ids:
            return []
        similarities = matrix @ vector
        best = np.argsort(-similarities, kind="stable")[:limit]
        return [Neighbour(ids[row], float(similarities[row])) for row in best]

    def _matrix(self, tier: int) -> tuple[list[str], Vectors]:
        with self._lock:
            if tier not in self._matrices:
                kept = self._vectors[tier]
                rows = np.stack(list(kept.values())) if kept else np.zeros((0, 0), dtype=np.float32)
                self._matrices[tier] = list(kept), rows
            return self._matrices[tier]

    def ids(self, tier: int) -> set[str]:
        return set(self._vectors[tier])

    def version(self, tier: int) -> str | None:
        return self._versions.get(tier)

    def mark(self, tier: int, version: str) -> None:
        self._versions[tier] = version


class MemoryIndex(MemorySpace):
    """By itself the space without a name; the others are kept beside it."""

    is_elsewhere = False

    def __init__(self) -> None:
        super().__init__()
        self._others: dict[str, MemorySpace] = {}

    def space(self, name: str) -> MemorySpace:
        return self._others.setdefault(name, MemorySpace()) if name else self

    def spaces(self) -> set[str]:
        return set(self._others) | ({""} if self._versions or any(self._vectors.values()) else set())

    def drop(self, name: str) -> None:
        if name:
            self._others.pop(name, None)
        else:
            self._clear()
