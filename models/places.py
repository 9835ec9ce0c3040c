"""The bounded queue in front of a writer: a place is taken before an answer is promised."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from models.errors import WriterBusy, WriterStopped

# What a listener who finds the queue full is told to wait.
RETRY_AFTER_S = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue, to be given back exactly once."""

    question_id: str


class Places:
    """Thread-safe; counts those who wait and those who are being written for."""

    def __init__(self, places_max: int, *, at_once: int = 1) -> None:
        self._places_max = places_max
        self._at_once = at_once
        self._taken: OrderedDict[str, Place] = OrderedDict()
        self._lock = threading.Lock()
        self._closed = False
        self.given_back: Callable[[str], object] = lambda _question_id: None
        """Told of every place that is given back, once."""

    def take(self, question_id: str) -> Place:
        """Take the last place, or raise `WriterBusy`."""
        with self._lock:
            if self._closed:
                raise WriterStopped
            if len(self._taken) >= self._places_max:
                raise WriterBusy(len(self._taken), RETRY_AFTER_S)
            place = Place(question_id)
            self._taken[question_id] = place
            return place

    def give_back(self, place: Place) -> None:
        """Free a place; giving it back twice changes nothing."""
        with self._lock:
            was_taken = self._taken.pop(place.question_id, None) is not None
        if was_taken:
            self.given_back(place.question_id)

    def ahead(self, question_id: str) -> int:
        """How many answers have to end before this one begins; 0 when it is its turn or it has no place."""
        with self._lock:
            place = list(self._taken).index(question_id) if question_id in self._taken else 0
            return max(0, place - self._at_once + 1)

    @property
    def taken(self) -> int:
        """How many wait or are being written for."""
        with self._lock:
            return len(self._taken)

    def close(self) -> None:
        """Let nobody in any more."""
        with self._lock:
            self._closed = True
