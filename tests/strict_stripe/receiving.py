"""A receiver of webhooks that checks signatures as the SDK does, and remembers what it accepted."""

import json
import threading
import time
from typing import Any

import stripe

from tests.strict_stripe import Manners, StrictStripe
from tests.strict_stripe.strict import WEBHOOK_SECRET


class Receiver:
    """A receiver that checks signatures as the SDK does and remembers what it accepted."""

    def __init__(self, secret: str, statuses: tuple[int, ...] = (), *, pause_seconds: float = 0) -> None:
        self.secret = secret
        self.accepted: list[dict[str, Any]] = []
        self.most_at_once = 0
        self.pause_seconds = pause_seconds
        self._statuses = iter(statuses)
        self._inside = 0
        self._lock = threading.Lock()

    def __call__(self, payload: bytes, signature: str) -> int:
        stripe.WebhookSignature.verify_header(payload, signature, self.secret, tolerance=300)
        with self._lock:
            self._inside += 1
            self.most_at_once = max(self.most_at_once, self._inside)
        time.sleep(self.pause_seconds)
        with self._lock:
            self._inside -= 1
            status = next(self._statuses, 200)
            if status == 200:
                self.accepted.append(json.loads(payload))
        return status

    @property
    def names(self) -> list[str]:
        return [event["type"] for event in self.accepted]


def receiving(manners: Manners, *statuses: int) -> tuple[StrictStripe, Receiver]:
    receiver = Receiver(WEBHOOK_SECRET, statuses)
    return StrictStripe(receive=receiver, manners=manners), receiver
