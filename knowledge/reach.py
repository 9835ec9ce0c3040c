"""Whether the vector index answers; while it does not, notes are found by their words alone.

Nobody who asks waits for an index that failed a moment ago: it is tried again in the background, brought in step
with the database, and only then searched again.
"""

import threading
from collections.abc import Callable
from typing import Any

from knowledge.errors import IndexUnavailable

RETRY_S = 2.0
"""How long an index that failed is left alone before it is tried again."""
AWAY = (
    "The vector index does not answer: notes are found by their words alone. "
    "It is tried again every few seconds, and brought up to date when it is back."
)


class Reach:
    """Thread-safe."""

    def __init__(self) -> None:
        self._failed = threading.Event()

    @property
    def is_lost(self) -> bool:
        """Whether the index failed, and is not back yet."""
        return self._failed.is_set()

    def lose(self) -> None:
        """Say that the index failed."""
        self._failed.set()

    def find(self) -> None:
        """Say that it answers, and holds what it should."""
        self._failed.clear()

    def wait(self) -> None:
        """Wait until it failed."""
        self._failed.wait()


class Healing:
    """A thread that brings an index in step again which was away. `heal` raises `IndexUnavailable` while it is."""

    def __init__(self, reach: Reach, heal: Callable[[], Any], *, retry_s: float = RETRY_S) -> None:
        self._reach, self._heal, self._retry_s = reach, heal, retry_s
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self.failure: str | None = None

    def start(self) -> None:
        """Begin."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="vector-index", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop after what is being brought in step."""
        self._closed.set()
        self._reach.lose()  # wakes it
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        self._reach.wait()
        while not self._closed.wait(self._retry_s):
            try:
                self._heal()
            except IndexUnavailable:
                continue
            except Exception as error:  # noqa: BLE001  # the database may be away as well; it must go on when that is back
                self.failure = type(error).__name__
                continue
            self.failure = None
            if self._reach.is_lost:
                self._reach.find()
                continue  # once more: what came in before it was found was not told to it
            self._reach.wait()
