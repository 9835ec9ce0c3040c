"""How much is taken from one client, and of one person, within a while. What is beyond is refused with a time.

Counted is by the client's address (`presence.web.clients`), and by the did of who is signed in: in memory where there
is one process, and in the database, under keyed hashes, where there may be several (`presence.processes.counting`).
In memory, the names that were counted longest ago are forgotten first, so that no flood of names takes more of it than
is set here.
"""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from presence.asking.contracts import Listener
from presence.errors import TooMany
from presence.settings import LimitsSettings
from presence.web.clients import client_of
from presence.web.deps import Asking, ListenerDep, asking_of, listener_of, speaks_for_itself

NAMES_MAX = 50_000
TIMES_MAX = 500_000
MINUTE, HOUR = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Limit:
    """So many of something within a while."""

    name: str
    most: int
    seconds: float


class Together(Protocol):
    """Counts for several processes."""

    def hit(self, what: str, whom: str, most: int, seconds: float, /) -> float:
        """Count one, or give how many seconds it takes until one is taken again.

        A database that is away raises, and lets nobody in.
        """
        ...


class Limits:
    """Counts in memory, or `together` with other processes; one per application. Thread-safe."""

    def __init__(
        self, settings: LimitsSettings, now: Callable[[], float] = time.monotonic, together: Together | None = None
    ) -> None:
        self._together = together
        self.sign_ins = Limit("sign-ins", settings.sign_ins_per_minute, MINUTE)
        self.documents = Limit("documents", settings.documents_per_minute, MINUTE)
        self.keys = Limit("keys", settings.keys_per_hour, HOUR)
        self.questions = Limit("questions", settings.questions_per_minute, MINUTE)
        self.offers = Limit("offers", settings.questions_per_minute, MINUTE)
        self.signed = Limit("signed", settings.signed_requests_per_minute, MINUTE)
        self.mails_to = Limit("mails-to", settings.mails_to_address_per_hour, HOUR)
        self.mails_from = Limit("mails-from", settings.mails_from_client_per_hour, HOUR)
        self.reports = Limit("reports", settings.reports_per_hour, HOUR)
        self.uploads = Limit("uploads", settings.uploads_per_hour, HOUR)
        self._taken: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._times = 0
        self._now = now
        self._lock = threading.Lock()

    @property
    def is_shared(self) -> bool:
        """Whether it is counted in the database."""
        return self._together is not None

    @property
    def names(self) -> int:
        """How many names are counted now."""
        return len(self._taken)

    def count(self, what: Limit, whom: Iterable[str | None]) -> None:
        """Count one more for each of these, or raise `TooMany`; None counts for nobody."""
        hit = self._hit if self._together is None else self._hit_together
        for name in whom:
            if name is not None and (wait := hit(what, name)):
                raise TooMany(max(1, math.ceil(wait)))

    def _hit_together(self, what: Limit, name: str) -> float:
        return 0.0 if self._together is None else self._together.hit(what.name, name, what.most, what.seconds)

    def _hit(self, what: Limit, name: str) -> float:
        with self._lock:
            return self._hit_here(what, name)

    def _hit_here(self, what: Limit, name: str) -> float:
        """Count one, or give how many seconds it takes until one is taken again."""
        now = self._now()
        taken = self._taken.setdefault((what.name, name), deque())
        self._taken.move_to_end((what.name, name))
        while taken and taken[0] <= now - what.seconds:
            taken.popleft()
            self._times -= 1
        if len(taken) >= what.most:
            return taken[0] + what.seconds - now
        taken.append(now)
        self._times += 1
        self._forget()
        return 0.0

    def _forget(self) -> None:
        while len(self._taken) > NAMES_MAX or self._times > TIMES_MAX:
            _, taken = self._taken.popitem(last=False)
            self._times -= len(taken)


@dataclass(frozen=True, slots=True)
class Limited:
    """A dependency of routes: counts by the client, and by the did where somebody is signed in."""

    what: str

    async def __call__(self, request: Request, listener: ListenerDep) -> Listener:
        """Count this request and say who asks, or raise `TooMany`; counting in memory needs no thread."""
        if request.app.state.limits.is_shared:
            await run_in_threadpool(self.count, request, listener)
        else:
            self.count(request, listener)
        return listener

    def count(self, request: Request, listener: Listener) -> None:
        """Do the same wherever one may wait for the database."""
        limits: Limits = request.app.state.limits
        limits.count(getattr(limits, self.what), (client_of(request), listener.did))


@dataclass(frozen=True, slots=True)
class LimitedLater:
    """The same for a route that goes on on a thread anyway: a session is looked up there, and counted by whose it is.

    The client is counted at once, whatever it sends; so is everything, where it is counted in the database.
    """

    what: str

    async def __call__(self, request: Request) -> Asking:
        """Count this request; `TooMany` of a person is raised where it is looked up who asks."""
        limits: Limits = request.app.state.limits
        if limits.is_shared or speaks_for_itself(request):
            listener = await Limited(self.what)(request, await listener_of(request))
            return Asking(listener, lambda: listener)
        asking, limit = await asking_of(request), getattr(limits, self.what)
        limits.count(limit, [client_of(request)])

        def looked_up() -> Listener:
            listener = asking.look_up()
            limits.count(limit, [listener.did])
            return listener

        return Asking(asking.known, looked_up)
