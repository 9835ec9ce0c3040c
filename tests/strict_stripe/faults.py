"""Faults: what goes wrong on the way, at the next request of a kind or now and then by a seeded die."""

import random
import threading
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from tests.strict_stripe.refusals import Refusal
from tests.strict_stripe.world import AUTHENTICATION_REQUIRED, CARD_DECLINED, Trouble

WAIT_SECONDS_MAX = 10.0


class Fault(Enum):
    # Before anything was done:
    ERROR_BEFORE_COMMIT = "500, and nothing was done"
    DROP_BEFORE_COMMIT = "the connection breaks, and nothing was done"
    LOCK_TIMEOUT = "409, somebody else holds the object"
    RATE_LIMIT = "429"
    WAIT = "the request is held until `release()`, its idempotency key in use"
    # In the middle:
    CARD_DECLINED = "the card is declined"
    AUTHENTICATION_REQUIRED = "the bank wants to see the customer"
    # After everything was done:
    ERROR_AFTER_COMMIT = "500, although all was done"
    DROP_AFTER_COMMIT = "the connection breaks, although all was done"


CARD_TROUBLES: dict[Fault, Trouble] = {
    Fault.CARD_DECLINED: CARD_DECLINED,
    Fault.AUTHENTICATION_REQUIRED: AUTHENTICATION_REQUIRED,
}
AFTER_COMMIT = (Fault.ERROR_AFTER_COMMIT, Fault.DROP_AFTER_COMMIT)


class ConnectionDropped(Exception):
    """The client hears nothing any more."""


@dataclass(slots=True)
class Planned:
    fault: Fault
    verb: str
    path: str
    times: int


class Faults:
    def __init__(self) -> None:
        self.injected: list[tuple[Fault, str, str]] = []
        self.waiting = threading.Semaphore(0)
        self._planned: list[Planned] = []
        self._release = threading.Event()
        self._dice = random.Random(0)
        self._rate = 0.0
        self._kinds: tuple[Fault, ...] = ()
        self._lock = threading.Lock()

    def next(self, fault: Fault, *, verb: str = "*", path: str = "*", times: int = 1) -> None:
        """Let the next matching requests meet the fault; `path` may hold wildcards."""
        self._planned.append(Planned(fault, verb, path, times))

    def randomly(self, rate: float, *, seed: int, kinds: tuple[Fault, ...]) -> None:
        """From now on let about this share of the requests meet one of the faults; 0 ends it."""
        self._dice, self._rate, self._kinds = random.Random(seed), rate, kinds

    def release(self) -> None:
        """Let go of every request that waits."""
        self._release.set()

    def draw(self, verb: str, path: str) -> Fault | None:
        """The fault this request meets."""
        with self._lock:
            fault = self._planned_for(verb, path) or self._thrown()
            if fault:
                self.injected.append((fault, verb, path))
            return fault

    def _planned_for(self, verb: str, path: str) -> Fault | None:
        for plan in self._planned:
            if plan.times and plan.verb in ("*", verb) and fnmatchcase(path, plan.path):
                plan.times -= 1
                return plan.fault
        return None

    def _thrown(self) -> Fault | None:
        return self._dice.choice(self._kinds) if self._rate and self._dice.random() < self._rate else None

    def strike(self, fault: Fault | None) -> None:
        """Do what the fault says, where it is one that raises or waits."""
        if fault is Fault.WAIT:
            self._release.clear()
            self.waiting.release()
            self._release.wait(WAIT_SECONDS_MAX)
        elif fault in (Fault.ERROR_BEFORE_COMMIT, Fault.ERROR_AFTER_COMMIT):
            raise Refusal(500, "api_error", "An unknown error occurred")
        elif fault in (Fault.DROP_BEFORE_COMMIT, Fault.DROP_AFTER_COMMIT):
            raise ConnectionDropped
        elif fault is Fault.LOCK_TIMEOUT:
            raise Refusal(409, "invalid_request_error", LOCKED, code="lock_timeout")
        elif fault is Fault.RATE_LIMIT:
            raise Refusal(429, "invalid_request_error", "Too many requests hit the API too quickly.", code="rate_limit")


LOCKED = (
    "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. "
    "If you see this error intermittently, retry the request."
)
