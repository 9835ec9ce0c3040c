"""Callers that ask at the same time are embedded together, in small batches.

Nobody waits for a thread of its own: the caller that finds nobody computing computes the next
batch, for itself and for others. Questions and long work take turns, so an import of hundreds of
texts holds a question up by one small batch of its own at most, and is never starved itself.
"""

import threading
from collections import deque
from collections.abc import Sequence

import numpy as np

from models.embedders.batches import BATCH, by_length
from models.embedders.contracts import Embedder, Vectors


class _Asking:
    """What one caller asked, and as much of it as is answered."""

    def __init__(self, texts: Sequence[str], dimension: int) -> None:
        self.texts = texts
        self.portions = deque(by_length(texts))
        self.rows = np.zeros((len(texts), dimension), dtype=np.float32)
        self.missing = len(texts)
        self.failure: Exception | None = None

    @property
    def ended(self) -> bool:
        return self.failure is not None or not self.missing


_Portion = tuple[_Asking, list[int]]


class BrokenOff(RuntimeError):
    """The caller that computed for the others was interrupted."""


class Together:
    """Wraps an embedder; one batch computes at a time, and its failure reaches the callers in it, no others."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.dimension = embedder.dimension
        self.form = embedder.form
        self._changed = threading.Condition()
        self._computing = False
        self._questions: deque[_Asking] = deque()
        self._long_works: deque[_Asking] = deque()
        self._long_work_is_next = False

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one unit row per text, in the caller's order."""
        asking = _Asking(texts, self.dimension)
        with self._changed:
            if texts:
                (self._questions if len(texts) <= BATCH else self._long_works).append(asking)
        while batch := self._batch_unless_ended(asking):
            self._compute(batch)
        if asking.failure is not None:
            raise asking.failure
        return asking.rows

    def _batch_unless_ended(self, asking: _Asking) -> list[_Portion]:
        """Wait until the caller is answered (nothing) or has to compute (a batch, perhaps of others)."""
        with self._changed:
            self._changed.wait_for(lambda: asking.ended or not self._computing)
            if asking.ended:
                return []
            self._computing = True
            return self._next_batch()

    def _next_batch(self) -> list[_Portion]:
        long_work = bool(self._long_works) and (self._long_work_is_next or not self._questions)
        self._long_work_is_next = not long_work
        return [self._portion_of_long_work()] if long_work else self._waiting_questions()

    def _portion_of_long_work(self) -> _Portion:
        asking = self._long_works.popleft()
        portion = asking.portions.popleft()
        if asking.portions:
            self._long_works.append(asking)
        return asking, portion

    def _waiting_questions(self) -> list[_Portion]:
        batch: list[_Portion] = []
        places_left = BATCH
        while self._questions and len(self._questions[0].texts) <= places_left:
            asking = self._questions.popleft()
            places_left -= len(asking.texts)
            batch.append((asking, asking.portions.popleft()))
        return batch

    def _compute(self, batch: list[_Portion]) -> None:
        rows: Vectors | None = None
        failure: Exception = BrokenOff("The computation was broken off. Ask again.")
        try:
            rows = self._embedder.embed([asking.texts[place] for asking, places in batch for place in places])
        except Exception as error:  # noqa: BLE001  # whoever is in this batch raises it
            failure = error
        finally:
            with self._changed:
                self._hand_out(batch, rows, failure)
                self._computing = False
                self._changed.notify_all()

    def _hand_out(self, batch: list[_Portion], rows: Vectors | None, failure: Exception) -> None:
        first = 0
        for asking, places in batch:
            if rows is None:
                asking.failure = failure
                if asking in self._long_works:
                    self._long_works.remove(asking)
            else:
                asking.rows[places] = rows[first : first + len(places)]
                asking.missing -= len(places)
                first += len(places)
