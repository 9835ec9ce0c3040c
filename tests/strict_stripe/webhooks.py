"""Webhooks: every event, really signed, brought to the receiver as badly as the world does it."""

import itertools
import json
import math
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
import stripe

from tests.strict_stripe.world import Object, Told

Style = Literal["snapshot", "thin", "both"]
Receive = Callable[[bytes, str], int]

ATTEMPTS_MAX = 3
TIMEOUT_SECONDS = 10.0
ORDERS_MAX = 120
NOTHING_HEARD = 0


@dataclass(slots=True)
class Delivery:
    """One event on its way, and what the receiver answered so far."""

    event: Object
    style: Literal["snapshot", "thin"]
    statuses: list[int] = field(default_factory=list)

    @property
    def type(self) -> str:
        """The name of the snapshot event, for either style."""
        return str(self.event["type"]).removeprefix("v1.")

    @property
    def payload(self) -> bytes:
        return json.dumps(self.event, indent=2).encode()

    @property
    def arrived(self) -> bool:
        return any(200 <= status < 300 for status in self.statuses)


@dataclass(slots=True)
class Manners:
    """How deliveries go wrong; the default is that they do not."""

    style: Style = "snapshot"
    held: bool = False  # keep in the outbox until `deliver()`
    copies: int = 1  # deliver each event so many times, one after the other
    at_once: int = 1  # … and each time so many at the same moment
    shuffle_seed: int | None = None  # deliver what waits in another order
    drop: Callable[[Delivery], bool] = lambda delivery: False
    attempts_max: int = ATTEMPTS_MAX  # until the receiver answers 2xx


class Webhooks:
    def __init__(self, secret: str, receive: Receive | None, manners: Manners) -> None:
        self.secret = secret
        self.manners = manners
        self.outbox: list[Delivery] = []
        self.delivered: list[Delivery] = []
        self.failed: list[Delivery] = []
        self.dropped: list[Delivery] = []
        self.raised: list[Exception] = []  # by a receiver that is a function of this process
        self.signing_time: Callable[[], float] = time.time
        self._receive = receive
        self._lock = threading.Lock()
        self._sender: threading.Thread | None = None
        self._awake = threading.Condition(self._lock)
        self._busy = False
        self._closing = False

    # --- into the outbox ---------------------------------------------------------------------------------------------

    def tell(self, told: Told) -> None:
        """Something happened."""
        wanted = self.manners.style
        with self._lock:
            if wanted in ("snapshot", "both"):
                self._post(Delivery(told.snapshot, "snapshot"))
            if wanted in ("thin", "both") and told.thin:
                self._post(Delivery(told.thin, "thin"))

    def _post(self, delivery: Delivery) -> None:
        (self.dropped if self.manners.drop(delivery) else self.outbox).append(delivery)

    def waiting(self, *types: str) -> list[int]:
        """The places in the outbox of the events of these types, in the order asked for."""
        return [at for name in types for at, delivery in enumerate(self.outbox) if delivery.type == name]

    def orders(
        self, *, among: Sequence[int] | None = None, orders_max: int = ORDERS_MAX, seed: int = 0
    ) -> Iterator[list[int]]:
        """Every order in which what waits can arrive; where there are too many, a seeded choice of them."""
        places = list(among) if among is not None else list(range(len(self.outbox)))
        if math.factorial(len(places)) <= orders_max:
            yield from (list(order) for order in itertools.permutations(places))
            return
        dice = random.Random(seed)
        for _ in range(orders_max):
            yield dice.sample(places, len(places))

    # --- out of the outbox -------------------------------------------------------------------------------------------

    def rehearse(self, order: Sequence[int], receive: Receive) -> list[Delivery]:
        """Bring what waits to another receiver, in this order of places; the outbox stays as it is."""
        copies = [Delivery(self.outbox[place].event, self.outbox[place].style) for place in order]
        for copy in copies:
            self._bring(copy, receive)
        return copies

    def deliver(self, order: Sequence[int] | None = None) -> list[Delivery]:
        """Deliver what waits, in this order of places; places left out stay in the outbox."""
        with self._lock:
            places = list(order) if order is not None else self._own_order()
            chosen = [self.outbox[place] for place in places]
            self.outbox = [delivery for at, delivery in enumerate(self.outbox) if at not in places]
        for delivery in chosen:
            for _ in range(self.manners.copies):
                self._bring(delivery, self._receive)
            (self.delivered if delivery.arrived else self.failed).append(delivery)
        return chosen

    def _own_order(self) -> list[int]:
        places = list(range(len(self.outbox)))
        if self.manners.shuffle_seed is not None:
            random.Random(self.manners.shuffle_seed).shuffle(places)
        return places

    def resend(self, event_id: str) -> int:
        """Deliver an event once more, as the dashboard's button does; its status."""
        known = [*self.delivered, *self.failed, *self.dropped, *self.outbox]
        delivery = next(one for one in known if one.event["id"] == event_id)
        self._attempt(delivery, self._receive)
        return delivery.statuses[-1]

    def _bring(self, delivery: Delivery, receive: Receive | None) -> None:
        for _ in range(self.manners.attempts_max):
            before = len(delivery.statuses)
            self._attempt_at_once(delivery, receive)
            if any(200 <= status < 300 for status in delivery.statuses[before:]):
                return

    def _attempt_at_once(self, delivery: Delivery, receive: Receive | None) -> None:
        if self.manners.at_once == 1:
            self._attempt(delivery, receive)
            return
        together = threading.Barrier(self.manners.at_once)

        def attempt() -> None:
            together.wait()
            self._attempt(delivery, receive)

        threads = [threading.Thread(target=attempt) for _ in range(self.manners.at_once)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _attempt(self, delivery: Delivery, receive: Receive | None) -> None:
        payload = delivery.payload
        try:
            status = receive(payload, self.sign(payload)) if receive else NOTHING_HEARD
        except Exception as error:  # noqa: BLE001 - a receiver that breaks is one of the ways deliveries go wrong
            self.raised.append(error)
            status = 500
        delivery.statuses.append(status)

    def sign(self, payload: bytes, *, secret: str | None = None, at: int | None = None) -> str:
        """The `Stripe-Signature` header of a payload."""
        moment = at if at is not None else int(self.signing_time())
        header: Any = stripe.WebhookSignature.generate_signature_header(payload.decode(), secret or self.secret, moment)
        return str(header)

    # --- by itself ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Deliver by itself whatever is not held."""
        self._sender = threading.Thread(target=self._send_on, daemon=True)
        self._sender.start()

    def wake(self) -> None:
        with self._awake:
            self._awake.notify_all()

    def _due(self) -> bool:
        return bool(self.outbox) and not self.manners.held and self._receive is not None

    def _send_on(self) -> None:
        while True:
            with self._awake:
                self._awake.wait_for(lambda: self._closing or self._due())
                if self._closing:
                    return
                self._busy = True
            self.deliver()
            with self._awake:
                self._busy = False
                self._awake.notify_all()

    def wait(self, timeout_seconds: float = TIMEOUT_SECONDS) -> bool:
        """Until nothing is on its way; False where that took too long."""
        with self._awake:
            self._awake.notify_all()
            return self._awake.wait_for(lambda: not self._busy and not self._due(), timeout_seconds)

    def close(self) -> None:
        with self._awake:
            self._closing = True
            self._awake.notify_all()
        if self._sender:
            self._sender.join(TIMEOUT_SECONDS)


def over_http(url: str) -> Receive:
    """A receiver that listens at an address; 0 where it does not answer."""

    def receive(payload: bytes, signature: str) -> int:
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}
        try:
            return httpx.post(url, content=payload, headers=headers, timeout=TIMEOUT_SECONDS).status_code
        except httpx.HTTPError:
            return NOTHING_HEARD

    return receive
