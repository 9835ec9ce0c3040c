"""Reads the newest passages ahead of any question: the first one about them is answered as quickly as the next.

What weighing a sentence takes, its vector and its terms, is made once and kept in memory (`knowledge.telling`), for as
many passages as are kept there. Nobody waits for this: while anything is asked it stands still, and it takes a
quarter of one core at most.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from knowledge.telling import KEPT_PASSAGES

log = logging.getLogger(__name__)

BEGIN_AFTER_S = 2.0
LOOK_EVERY_S = 60.0
BUSY_S = 0.2
REST = 3.0
"""How long it rests for each second that it worked."""


class Reads(Protocol):
    """What reads a passage as a search does (`knowledge.search.Search`)."""

    def not_read(self, limit: int) -> list[tuple[int, str]]:
        """Give number and id of those of the newest passages that were not read yet, the newest first."""
        ...

    def read_ahead(self, number: int, ident: str) -> None: ...


class ReadingAhead:
    """One per node, with a thread of its own from `start` to `close`."""

    def __init__(self, reads: Reads, is_busy: Callable[[], bool]) -> None:
        self._reads = reads
        self._is_busy = is_busy
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="reading-ahead", daemon=True)

    def start(self) -> None:
        """Begin in a moment, and look for new passages every minute."""
        self._thread.start()

    def close(self) -> None:
        """End after the passage that is being read."""
        self._closed.set()
        if self._thread.ident is not None:
            self._thread.join()

    def read(self) -> int:
        """Read what was not read yet; give how many passages that were."""
        passages = self._reads.not_read(KEPT_PASSAGES)
        for done, (number, ident) in enumerate(passages):
            while self._is_busy() and not self._closed.wait(BUSY_S):
                continue
            if self._closed.is_set():
                return done
            began = time.thread_time()
            self._reads.read_ahead(number, ident)
            self._closed.wait(REST * (time.thread_time() - began))
        return len(passages)

    def _work(self) -> None:
        wait = BEGIN_AFTER_S
        while not self._closed.wait(wait):
            wait = LOOK_EVERY_S
            try:
                self.read()
            except Exception as error:
                log.warning("reading ahead stopped", exc_info=error)
