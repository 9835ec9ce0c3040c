"""The room of several processes, opened once: what the one that leads does again and again for all of them."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from presence.processes.counting import SharedCounts
from presence.processes.left import Left
from presence.processes.living import Living
from presence.stepping_in.lookout import Lookout

LOOK_SECONDS = 2.0
SWEEP_SECONDS = 60.0
STEP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Processes:
    """`counts` is None where one process counts in memory."""

    living: Living
    left: Left
    counts: SharedCounts | None
    steward: Lookout
    stop: Callable[[str], None]
    """Lets an answer stop, whichever process writes it."""


class Steward:
    """Looks after what others left: answers in the middle, an index that is behind, counts of yesterday."""

    def __init__(
        self, living: Living, left: Left, counts: SharedCounts | None, bring_in_step: Callable[[], object]
    ) -> None:
        self._living, self._left, self._counts, self._bring_in_step = living, left, counts, bring_in_step
        self._swept_at = self._stepped_at = time.monotonic()

    def look(self) -> None:
        """Do what is due, if this process leads."""
        if self._living.is_alone or not self._living.leads:
            return
        now = time.monotonic()
        if self._counts is not None and now - self._swept_at >= SWEEP_SECONDS:
            self._swept_at = now
            self._counts.sweep()
        if now - self._stepped_at >= STEP_SECONDS:
            self._stepped_at = now
            self._bring_in_step()
        self._left.settle()


def open_processes(
    living: Living,
    left: Left,
    counts: SharedCounts | None,
    stop: Callable[[str], object],
    bring_in_step: Callable[[], object],
) -> Processes:
    """Open it; whoever opened it closes the steward. `stop` stops what is written here."""
    living.stop = stop

    def stop_anywhere(ident: str) -> None:
        stop(ident)
        living.tell_stop(ident)

    steward = Lookout(Steward(living, left, counts, bring_in_step).look, name="steward", seconds=LOOK_SECONDS)
    return Processes(living, left, counts, steward, stop_anywhere)


def number_of(secret: bytes) -> int:
    """Make a number of 31 bits of a node's secret, by which nobody can know it."""
    return int.from_bytes(hashlib.sha256(b"number of " + secret).digest()[:4], "big") >> 1
