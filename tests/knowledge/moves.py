"""Embedders to move between, one of them held in its work, and nodes that are moving."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from sqlalchemy import text

from knowledge import Embedder, Origin, VectorIndex
from knowledge.contracts import Vectors
from models.embedders.hashed import HashedEmbedder
from presence.bootstrap import Services
from tests.nodes import open_node

WAIT_S = 120.0
"""How long a test waits for another thread before it says that it hangs."""

QUESTIONS = ("Where is the rented piano?", "Who was on the ferry?", "What was the piano tuned to?", "piano")


class WideEmbedder:
    """Other weights, of another dimension; writes down what it embedded."""

    name = "Wide words/768"
    dimension = 768

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._hashed = HashedEmbedder()

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts.extend(texts)
        small = self._hashed.embed(texts)
        every = np.zeros_like(small)
        every[:, 0] = 0.6  # all texts have something in common: other answers than the old weights'
        return np.hstack([every, 0.8 * np.roll(small, 7, axis=1)]).astype(np.float32)


class HeldEmbedder(WideEmbedder):
    """Stops the move before a batch until it is let go; listeners are never held."""

    def __init__(self, *, batches: int = 0) -> None:
        super().__init__()
        self._free = batches
        self.held, self.let_go = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> Vectors:
        if threading.current_thread().name == "embedding":
            if self._free == 0:
                self.held.set()
                assert self.let_go.wait(WAIT_S)
            self._free = max(self._free - 1, 0)
        return super().embed(texts)


def never_again(_name: str, _origin: Origin) -> Embedder | None:
    """Open nothing: the old weights are gone."""
    return None


@contextmanager
def moving_node(
    home: Path,
    embedder: HeldEmbedder,
    index: VectorIndex,
    *,
    database_url: str | None = None,
    open_again: Callable[[str, Origin], Embedder | None] | None = None,
) -> Iterator[Services]:
    """Open a node whose move is held; it is let go before the node closes, whatever happens."""
    with open_node(home, embedder=embedder, index=index, database_url=database_url, open_again=open_again) as services:
        try:
            assert embedder.held.wait(WAIT_S)
            yield services
        finally:
            embedder.let_go.set()


def finished(services: Services, embedder: HeldEmbedder | None = None) -> None:
    """Let the move go on and wait until it is over."""
    if embedder is not None:
        embedder.let_go.set()
    thread = services.library._move._thread
    if thread is not None:
        thread.join(WAIT_S)
        assert not thread.is_alive()


def made_by(services: Services) -> list[tuple[str, str | None]]:
    """Which embedders made the vectors of each live passage, in the order of import."""
    with services.database.reader(4) as reader:
        rows = reader.execute(text("SELECT embedder, next_embedder FROM passages ORDER BY number"))
        return [(row.embedder, row.next_embedder) for row in rows]
