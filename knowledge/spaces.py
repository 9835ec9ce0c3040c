"""Which embedder and which vectors a search uses: one pair, taken once per search and changed in one moment."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from knowledge.contracts import Embedder, VectorSpace
from knowledge.kept_passages import KeptPassages
from knowledge.kept_vectors import KeptVectors
from knowledge.reach import Reach
from knowledge.telling import SentenceVectors


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """An embedder with the vectors that it made; without vectors, passages are found by their words alone."""

    embedder: Embedder
    vectors: VectorSpace | None
    sentence_vectors: SentenceVectors = field(init=False)
    passages: KeptPassages = field(default_factory=KeptPassages, init=False)
    kept_vectors: KeptVectors = field(default_factory=KeptVectors, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentence_vectors", SentenceVectors(self.embedder))

    def vector_of(
        self, vector: bytes | None, embedder: str | None, next_vector: bytes | None, next_embedder: str | None
    ) -> bytes | None:
        """Give this embedder's vector of a passage, whichever of its two places it is in."""
        if self.vectors is None:
            return None
        name = self.embedder.name
        return next_vector if next_embedder == name else vector if embedder == name else None


class Searched:
    """The space that is searched now."""

    def __init__(self, space: Space) -> None:
        self.reach = Reach()
        self._space = space
        self._users: Counter[Space] = Counter()
        self._changed = threading.Condition()

    @property
    def space(self) -> Space:
        return self._space

    @contextmanager
    def used(self) -> Iterator[Space]:
        """Take the space for one search; it stays whole until that search is over."""
        with self._changed:
            space = self._space
            self._users[space] += 1
        try:
            yield space
        finally:
            with self._changed:
                self._users[space] -= 1
                self._changed.notify_all()

    def switch(self, space: Space) -> None:
        """Let every search from now on use this space; return when the last one of the old space is over."""
        with self._changed:
            old, self._space = self._space, space
            self._changed.wait_for(lambda: not self._users[old])
            del self._users[old]
