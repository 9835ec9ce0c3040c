"""Holds: money set aside while an answer is being written. So far every hold is of zero.

A hold is placed before the first sentence and ends exactly once. Until there is a ledger, an amount
above zero is refused rather than forgotten.
"""

import threading
from dataclasses import dataclass

from billing.errors import HoldAlreadyEnded, NothingCanBePaid, OwedOutsideHold


@dataclass(frozen=True, slots=True)
class Hold:
    """What was set aside for one question."""

    id: str
    account: str
    ceiling_micros: int


class FreeHolds:
    """Holds of zero, kept in memory: losing them in a crash loses nothing."""

    def __init__(self) -> None:
        self._open: set[str] = set()
        self._lock = threading.Lock()

    def place(self, question_id: str, account: str, ceiling_micros: int) -> Hold:
        """Set the ceiling aside, or raise `NothingCanBePaid`."""
        if ceiling_micros != 0:
            raise NothingCanBePaid(ceiling_micros)
        with self._lock:
            self._open.add(question_id)
        return Hold(question_id, account, ceiling_micros)

    def end(self, hold: Hold, *, owed_micros: int) -> None:
        """Charge what is owed, never above the hold, and let the rest go."""
        if not 0 <= owed_micros <= hold.ceiling_micros:
            raise OwedOutsideHold(hold.id, owed_micros)
        with self._lock:
            if hold.id not in self._open:
                raise HoldAlreadyEnded(hold.id)
            self._open.remove(hold.id)
