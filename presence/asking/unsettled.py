"""Answers that this process began and could not end, since the database went away: they end once it is back, free.

Whatever gives a place in the queue back has ended or given up. What is not known to be settled a moment later is
looked up: where it has no end, it failed, and nothing is charged.
"""

import threading
import time
from collections.abc import Callable

import structlog
from sqlalchemy import Connection

from presence.asking.one_by_one import OneByOne
from presence.asking.steps import TakenOver
from presence.asking.transcripts import Transcripts
from presence.write_lane import WriteLane

LOOK_S = 1.0
PATIENCE_S = 1.0
"""How long whoever ended an answer may take to say so."""
log = structlog.get_logger()


class Unsettled:
    """Thread-safe. One per process."""

    def __init__(
        self,
        lane: WriteLane,
        transcripts: Transcripts,
        abandon: Callable[[Connection, str], object],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lane, self._transcripts, self._abandon, self._now = lane, transcripts, abandon, now
        self._left: dict[str, float] = {}
        self._lock = threading.Lock()
        self._each = OneByOne()

    def leave(self, ident: str) -> None:
        """Note that nobody writes this answer any more."""
        with self._lock:
            self._left[ident] = self._now()

    def settled(self, ident: str) -> None:
        """Note that it has its end."""
        with self._lock:
            self._left.pop(ident, None)

    def settle(self) -> int:
        """End what has no end; give how many answers. One that cannot be ended stands in the way of no other.

        Raises what the database does while it is away.
        """
        with self._lock:
            due = [ident for ident, at in self._left.items() if at <= self._now() - PATIENCE_S]
        return self._each.end(due, self._ended)

    def _ended(self, ident: str) -> bool:
        try:
            is_ended = self._lane.run(lambda owner: self._transcripts.give_up(owner, ident, self._abandon), ends=True)
        except TakenOver:  # it waits for the artist, and costs nothing
            self._lane.run(lambda owner: self._abandon(owner, ident), ends=True)
            is_ended = False
        self.settled(ident)
        if is_ended:
            log.warning("answer_unsettled", question=ident)
            self._transcripts.announce(ident)
        return is_ended
