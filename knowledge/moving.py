"""Moves the whole material to another embedder while questions go on being answered.

The new vectors are kept beside the old ones, row by row, so that a move that is broken off goes on
where it stopped. Only when every live passage has its new vector, and the new space of the index
holds them all, does the search change over; then the old vectors and their space go.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, bindparam, select, update

from knowledge.contracts import TIERS, Embedder, Turn, Turns, VectorIndex, VectorSpace, WriteLane
from knowledge.errors import IndexUnavailable
from knowledge.index_sync import bring_in_step, empty, holds_all
from knowledge.ingest import EMBED_BATCH
from knowledge.origins import (
    OpenAgain,
    Origin,
    covering,
    first_made,
    lacking,
    note,
    origin_of,
    progress,
    spaces_noted,
)
from knowledge.spaces import Searched, Space
from knowledge.tables import passages

FOLD_BATCH = 500
LOOK_EVERY_S = 0.1
"""How often a move that waits for an import looks whether the node closes."""

_KEEP_NEW = (
    update(passages)
    .where(passages.c.number == bindparam("at"))
    .values(next_vector=bindparam("made"), next_embedder=bindparam("maker"))
)
_FOLDED = {"vector": passages.c.next_vector, "embedder": passages.c.next_embedder}
_CLEARED = {"next_vector": None, "next_embedder": None}


@dataclass(frozen=True, slots=True)
class Embedding:
    """How many passages have their new vector, of how many."""

    done: int
    whole: int


Announce = Callable[[str, Embedding], None]
"""Is told "begins", "ends" or "fails", and where the move stands."""


class Move:
    """One per node, to the embedder that is wanted; it does nothing where that one made everything."""

    def __init__(
        self,
        lane: WriteLane,
        index: VectorIndex,
        wanted: Embedder,
        origin: Origin,
        open_again: OpenAgain,
        announce: Announce = lambda _what, _where: None,
        turns: Turns | None = None,
    ) -> None:
        self.turns = turns or Turns()
        self._lane, self._index, self._wanted = lane, index, wanted
        self._announce = announce
        self.importing = self.turns.importing
        self._paused, self._closed = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self.gone: str | None = None
        self.failure: str | None = None
        self._mine = self._noted(origin)
        self.embedding = Embedding(*lane.run(partial(progress, name=wanted.name)))
        self.searched = Searched(self._first(open_again))

    @property
    def under_way(self) -> bool:
        """Whether another space than the wanted one is searched."""
        return not self._searches_mine()

    def start(self) -> None:
        """Go on with the move in the background, if there is anything left of it.

        Where the index is away, nobody knows whether there is; it is looked again when it is back.
        """
        try:
            is_needed = (self._thread is None or not self._thread.is_alive()) and self._unfinished()
        except IndexUnavailable:
            self.searched.reach.lose()
            return
        if is_needed:
            self._thread = threading.Thread(target=self._in_background, name="embedding", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop after the batch that is being embedded."""
        self._closed.set()
        self._join()

    @contextmanager
    def in_foreground(self) -> Iterator[None]:
        """Let the caller move by itself; what it leaves goes on in the background."""
        self._paused.set()
        self._join()
        self._paused.clear()
        try:
            yield
        finally:
            if not self._closed.is_set():
                self.start()

    def run(self, embedded: Callable[[int, int], None] = lambda _done, _whole: None) -> None:
        """Embed what is lacking, change the search over, and take away what was before."""
        with self._alone(self.turns.moving) as alone:
            if not alone:
                return
            self.failure = None
            self._announce("begins", self.embedding)
            while not self._stopped() and not self._searches_mine():
                self._embed(embedded)
                self._change_over()
            self._take_old_away()
            if not self._stopped():
                self._announce("ends", self.embedding)

    def _noted(self, origin: Origin) -> str:
        def noted(owner: Connection) -> str:
            # Before the wanted one: in a home from before they were noted, the space without a name is its own.
            if not spaces_noted(owner) and (stored := next(iter(covering(owner)), None) or first_made(owner)):
                note(owner, stored, Origin())
            return note(owner, self._wanted.name, origin)

        return self._lane.run(noted)

    def _first(self, open_again: OpenAgain) -> Space:
        if self.embedding.done == self.embedding.whole:
            return self._mine_opened()
        names = self._lane.run(covering)
        for name in names:
            older = open_again(name, self._lane.run(partial(origin_of, name=name)))
            if older is not None and older.name == name:
                return Space(older, self._index.space(self._lane.run(partial(note, name=name, origin=Origin()))))
        self.gone = next(iter(names), None) or self._lane.run(first_made)
        return Space(self._wanted, None)

    def _mine_opened(self) -> Space:
        return Space(self._wanted, self._index.space(self._mine))

    def _searches_mine(self) -> bool:
        space = self.searched.space
        return space.embedder is self._wanted and space.vectors is not None

    def _unfinished(self) -> bool:
        return not self._searches_mine() or bool(self._old_spaces()) or bool(self._lane.run(_next_numbers))

    def _stopped(self) -> bool:
        return self._closed.is_set() or self._paused.is_set()

    def _join(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _in_background(self) -> None:
        try:
            self.run()
        except Exception as error:  # noqa: BLE001  # the old space answers on; the doctor says why
            if isinstance(error, IndexUnavailable):
                self.searched.reach.lose()
            self.failure = f"{type(error).__name__}: {error}"
            self._announce("fails", self.embedding)

    def _embed(self, embedded: Callable[[int, int], None]) -> None:
        name = self._wanted.name
        rows = self._lane.run(partial(lacking, name=name))
        self.embedding = Embedding(*self._lane.run(partial(progress, name=name)))
        for batch in _by_document(rows):
            if self._stopped():
                return
            self._embed_batch(batch)
            self.embedding = Embedding(self.embedding.done + len(batch), self.embedding.whole)
            embedded(self.embedding.done, self.embedding.whole)

    def _embed_batch(self, numbers: list[int]) -> None:
        query = select(passages.c.number, passages.c.searched).where(passages.c.number.in_(numbers))
        rows = self._lane.run(lambda owner: owner.execute(query.order_by(passages.c.number)).all())
        vectors = self._wanted.embed([row.searched for row in rows])
        made = [
            {"at": row.number, "made": vector.astype("<f4").tobytes(), "maker": self._wanted.name}
            for row, vector in zip(rows, vectors, strict=True)
        ]
        self._lane.run(partial(Connection.execute, statement=_KEEP_NEW, parameters=made))

    def _change_over(self) -> None:
        if self._stopped():
            return
        space = self._mine_opened()
        self._fill(space.vectors)  # most of it, while imports may go on
        with self._alone(self.importing) as alone:
            if not alone or self._lane.run(partial(lacking, name=self._wanted.name)):
                return
            self._fill(space.vectors)
            if self._stopped():
                return
            if not self._holds_all(space.vectors):
                raise IndexUnavailable(
                    "The vector index does not keep what it is given. `presence doctor` looks again."
                )
            self.searched.switch(space)

    def _fill(self, vectors: VectorSpace | None) -> None:
        for tier in TIERS:
            if vectors is not None and not self._stopped():
                bring_in_step(self._lane, vectors, self._wanted.name, tier)

    def _holds_all(self, vectors: VectorSpace | None) -> bool:
        if vectors is None:
            return False
        if not holds_all(self._lane, vectors):  # marked as whole, and it is not
            empty(vectors)
            self._fill(vectors)
        return holds_all(self._lane, vectors)

    @contextmanager
    def _alone(self, turn: Turn) -> Iterator[bool]:
        """Wait for a turn as long as nothing stops the move; whether it came."""
        alone = turn.acquire(timeout=LOOK_EVERY_S)
        while not alone and not self._stopped():
            alone = turn.acquire(timeout=LOOK_EVERY_S)
        try:
            yield alone and not self._stopped()
        finally:
            if alone:
                turn.release()

    def _take_old_away(self) -> None:
        if not self._searches_mine():
            return
        while not self._stopped() and (numbers := self._lane.run(_next_numbers)):
            self._lane.run(partial(_fold, name=self._wanted.name, numbers=numbers))
        for space in () if self._stopped() else self._old_spaces():
            self._index.drop(space)

    def _old_spaces(self) -> list[str]:
        return sorted((self._index.spaces() & self._lane.run(spaces_noted)) - {self._mine})


def _next_numbers(owner: Connection) -> list[int]:
    query = select(passages.c.number).where(passages.c.next_embedder.is_not(None)).limit(FOLD_BATCH)
    return list(owner.execute(query).scalars())


def _fold(owner: Connection, name: str, numbers: list[int]) -> None:
    """Let the new vector take the old one's place; one that was made for another move is forgotten."""
    here = passages.c.number.in_(numbers)
    owner.execute(update(passages).where(here, passages.c.next_embedder == name).values(**_FOLDED))
    owner.execute(update(passages).where(here).values(**_CLEARED))


def _by_document(rows: list[tuple[int, str]]) -> list[list[int]]:
    """Batch as the import did, so that a vector made again equals the first one."""
    batches: list[list[int]] = []
    last = None
    for number, document in rows:
        if document != last or len(batches[-1]) == EMBED_BATCH:
            batches.append([])
        batches[-1].append(number)
        last = document
    return batches
