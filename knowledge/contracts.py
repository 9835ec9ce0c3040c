"""What knowledge needs from others, stated here and handed over by the bootstrap."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Lock
from types import TracebackType
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

Vectors = npt.NDArray[np.float32]
"""Shape (n, dimension), rows of unit length."""

T = TypeVar("T")

LOWEST_TIER = 0
HIGHEST_TIER = 4
TIERS = range(LOWEST_TIER, HIGHEST_TIER + 1)


class Embedder(Protocol):
    """Turns texts into vectors; what one text becomes does not depend on its neighbours' order."""

    @property
    def name(self) -> str:
        """Identifies the weights: vectors of different names never mix."""
        ...

    @property
    def dimension(self) -> int:
        """Columns of every matrix that `embed` gives."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one row of unit length per text, float32."""
        ...


class Neighbour(NamedTuple):
    """A passage near a question; similarity is the cosine, -1 to 1."""

    passage_id: str
    similarity: float


class VectorSpace(Protocol):
    """The vectors of one embedder, one compartment per tier; a query names its compartment, never a filter."""

    def upsert(self, tier: int, ids: Sequence[str], vectors: Vectors) -> None: ...

    def delete(self, tier: int, ids: Sequence[str]) -> None: ...

    def nearest(self, tier: int, vector: Vectors, limit: int) -> list[Neighbour]: ...

    def ids(self, tier: int) -> set[str]: ...

    def version(self, tier: int) -> str | None:
        """Give what `mark` last said of this tier; None for an empty or new compartment."""
        ...

    def mark(self, tier: int, version: str) -> None: ...


class VectorIndex(VectorSpace, Protocol):
    """A rebuildable index of several spaces, which never mix; by itself it is the space without a name."""

    is_elsewhere: bool
    """Whether it is a server: it is there for material that outgrew one machine, and is asked about all of it."""

    def space(self, name: str) -> VectorSpace:
        """Give the space of this name, an empty one when there was none; "" is the one without a name."""
        ...

    def spaces(self) -> set[str]:
        """Give the names of the spaces that take up room."""
        ...

    def drop(self, name: str) -> None:
        """Take a space away with all it holds; one that does not exist is no error."""
        ...


class WriteLane(Protocol):
    """The one writer of the database; a command runs alone and whole, or not at all."""

    def run(self, command: Callable[[Connection], T]) -> T: ...


class Turn(Protocol):
    """A lock as `threading.Lock` is one; several processes may share it."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool: ...  # noqa: FBT001, FBT002  # as a lock's

    def release(self) -> None: ...

    def locked(self) -> bool: ...

    def __enter__(self) -> bool: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Turns:
    """What is done by one at a time: taking in, writing to the index, moving to another embedder."""

    importing: Turn = field(default_factory=Lock)
    indexing: Turn = field(default_factory=Lock)
    moving: Turn = field(default_factory=Lock)


class Readers(Protocol):
    """Opens a connection on which only the views of tiers 0..t exist."""

    def __call__(self, tier: int) -> AbstractContextManager[Connection]: ...


class QuestionParser(Protocol):
    """Chooses which of several plain questions another one means; None when it is none of them."""

    def choose(self, question: str, among: Sequence[str]) -> int | None: ...
