"""How much is taken from one client, and of one person, within a while. What is beyond is refused with a time.

Counted is in memory: by the client's address (`presence.web.clients`), and by the did of who is signed in.
"""

import math
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from presence.errors import TooMany
from presence.settings import LimitsSettings
from presence.web.clients import client_of
from presence.web.deps import ListenerDep

CLIENTS_MAX = 20_000


class Limits:
    """Counts in memory; one per application. Thread-safe."""

    def __init__(self, settings: LimitsSettings) -> None:
        self.sign_ins = RateLimitItemPerMinute(settings.sign_ins_per_minute, namespace="sign-ins")
        self.documents = RateLimitItemPerMinute(settings.documents_per_minute, namespace="documents")
        self.keys = RateLimitItemPerHour(settings.keys_per_hour, namespace="keys")
        self.questions = RateLimitItemPerMinute(settings.questions_per_minute, namespace="questions")
        self.offers = RateLimitItemPerMinute(settings.questions_per_minute, namespace="offers")
        self.signed = RateLimitItemPerMinute(settings.signed_requests_per_minute, namespace="signed")
        self.mails_to = RateLimitItemPerHour(settings.mails_to_address_per_hour, namespace="mails-to")
        self.mails_from = RateLimitItemPerHour(settings.mails_from_client_per_hour, namespace="mails-from")
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._lock = threading.Lock()

    def count(self, what: RateLimitItem, whom: Iterable[str | None]) -> None:
        """Count one more for each of these, or raise `TooMany`; None counts for nobody."""
        with self._lock:
            self._forget_idle()
            for name in whom:
                if name is not None and not self._limiter.hit(what, name):
                    ends = self._limiter.get_window_stats(what, name).reset_time
                    raise TooMany(max(1, math.ceil(ends - time.time())))

    def _forget_idle(self) -> None:
        """The library forgets what it counted, but not for whom."""
        events = self._storage.events
        if len(events) > CLIENTS_MAX:
            for name in [name for name, counted in events.items() if not counted]:
                events.pop(name, None)


@dataclass(frozen=True, slots=True)
class Limited:
    """A dependency of routes: counts by the client, and by the did where somebody is signed in."""

    what: str

    def __call__(self, request: Request, listener: ListenerDep) -> None:
        """Count this request, or raise `TooMany`."""
        limits: Limits = request.app.state.limits
        limits.count(getattr(limits, self.what), (client_of(request), listener.did))
