"""The world of one account: its objects, its clock, and the events that tell of every change.

Objects are dictionaries in the shape of the API, references among them are
ids, and every change is told by an event that keeps a copy of how the object
stood at that moment.
"""

import heapq
import random
import string
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from stripe._api_version import _ApiVersion

from tests.strict_stripe.events_known import is_thin_name, snapshot_names
from tests.strict_stripe.refusals import no_such
from tests.strict_stripe.shapes import resource_shape
from tests.strict_stripe.terms import Terms

Object = dict[str, Any]
Params = dict[str, Any]

API_VERSION = _ApiVersion.CURRENT
LETTERS = string.ascii_letters + string.digits

# Where an object is fetched, by its `object` word.
COLLECTIONS = {
    "balance_transaction": "/v1/balance_transactions",
    "billing_portal.configuration": "/v1/billing_portal/configurations",
    "charge": "/v1/charges",
    "checkout.session": "/v1/checkout/sessions",
    "customer": "/v1/customers",
    "dispute": "/v1/disputes",
    "event": "/v1/events",
    "invoice": "/v1/invoices",
    "invoice_payment": "/v1/invoice_payments",
    "payment_intent": "/v1/payment_intents",
    "payment_method": "/v1/payment_methods",
    "payout": "/v1/payouts",
    "price": "/v1/prices",
    "product": "/v1/products",
    "radar.early_fraud_warning": "/v1/radar/early_fraud_warnings",
    "refund": "/v1/refunds",
    "subscription": "/v1/subscriptions",
    "subscription_item": "/v1/subscription_items",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a card is not charged."""

    code: str
    decline_code: str
    message: str


CARD_DECLINED = Trouble("card_declined", "generic_decline", "Your card was declined.")
INSUFFICIENT_FUNDS = Trouble("card_declined", "insufficient_funds", "Your card has insufficient funds.")
AUTHENTICATION_REQUIRED = Trouble(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened: the snapshot event and, where the SDK knows one, the thin event beside it."""

    snapshot: Object
    thin: Object | None


@dataclass(order=True, slots=True)
class Due:
    at: int
    turn: int
    action: Callable[[], None] = field(compare=False)


class World:
    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        terms: Terms,
        seed: int = 0,
        livemode: bool = False,
        account: str | None = None,
        tell_to: Callable[[Told], None] = lambda told: None,
    ) -> None:
        self.terms = terms
        self.livemode = livemode
        self.account = account
        self.troubles: deque[Trouble] = deque()
        # What the API does not show: the card behind a method, what waits for the next invoice.
        self.troubled_methods: dict[str, Trouble] = {}
        self.failing_renewals: dict[str, int] = {}
        self.pending_lines: dict[str, list[Object]] = {}
        self.paid_out: dict[str, str] = {}
        self.lines_of_sessions: dict[str, list[Object]] = {}
        self.wishes: dict[str, Params] = {}  # what a session asks for the payment or subscription it will make
        self.base_address = ""
        self.request: Object | None = None
        self._tables: dict[str, dict[str, Object]] = {}
        self._now = now
        self._offset_seconds = 0
        self._moment: int | None = None
        self._schedule: list[Due] = []
        self._turns = count()
        self._tell_to = tell_to
        self._dice = random.Random(f"{seed}{account or ''}")

    # --- the clock -------------------------------------------------------------------------------------------------

    def timestamp(self) -> int:
        """Now; while something overdue is caught up with, the moment it was due."""
        return self._moment if self._moment is not None else self._clock()

    def _clock(self) -> int:
        return int(self._now().timestamp()) + self._offset_seconds

    def schedule(self, at: int, action: Callable[[], None]) -> None:
        heapq.heappush(self._schedule, Due(at, next(self._turns), action))

    def advance(self, seconds: int) -> None:
        """Let time pass, and everything happen that falls due meanwhile, each at its moment."""
        self._offset_seconds += seconds
        self.catch_up()

    def catch_up(self) -> None:
        while self._schedule and self._schedule[0].at <= self._clock():
            due = heapq.heappop(self._schedule)
            self._moment = due.at
            try:
                due.action()
            finally:
                self._moment = None

    # --- the objects -----------------------------------------------------------------------------------------------

    def new_id(self, prefix: str, length: int = 24) -> str:
        return f"{prefix}_{self.letters(length)}"

    def letters(self, length: int) -> str:
        return "".join(self._dice.choices(LETTERS, k=length))

    def add(self, kind: str, object_id: str, **fields: Any) -> Object:
        """A new object; `created` and `livemode` are of this world, where its class has them."""
        shape = resource_shape(kind)
        of_world = {"created": self.timestamp(), "livemode": self.livemode}
        known = {name: value for name, value in of_world.items() if shape and name in shape.fields}
        made = {"id": object_id, "object": kind, **known, **fields}
        self.table(kind)[object_id] = made
        return made

    def table(self, kind: str) -> dict[str, Object]:
        return self._tables.setdefault(kind, {})

    def newest_first(self, kind: str) -> list[Object]:
        return list(reversed(self.table(kind).values()))

    def get(self, kind: str, object_id: str, *, param: str = "id", in_path: bool = False) -> Object:
        """The object, or the refusal Stripe gives for an id it does not know."""
        found = self.table(kind).get(object_id)
        if found is None:
            raise no_such(kind, object_id, param=param, in_path=in_path)
        return found

    def find(self, object_id: str) -> Object | None:
        """Whatever has this id."""
        return next((table[object_id] for table in self._tables.values() if object_id in table), None)

    # --- the events ------------------------------------------------------------------------------------------------

    def change(self, thing: Object, event: str | None = None, **fields: Any) -> None:
        """Set fields; where an event is named, tell of it with what was there before."""
        before = {name: deepcopy(thing.get(name)) for name, value in fields.items() if thing.get(name) != value}
        thing.update(fields)
        if event:
            self.tell(event, thing, before=before)

    def tell(self, name: str, thing: Object, *, before: Object | None = None) -> None:
        if name not in snapshot_names():
            raise LookupError(f"no event is called {name}")
        data: Object = {"object": deepcopy(thing)}
        if before:
            data["previous_attributes"] = before
        snapshot = self.add(
            "event",
            self.new_id("evt"),
            api_version=API_VERSION,
            data=data,
            pending_webhooks=1,
            request=self.request or {"id": None, "idempotency_key": None},
            type=name,
        )
        if self.account:
            snapshot["account"] = self.account
        self._tell_to(Told(snapshot, self._thin(snapshot, thing) if is_thin_name(f"v1.{name}") else None))

    def _thin(self, snapshot: Object, thing: Object) -> Object:
        moment = datetime.fromtimestamp(snapshot["created"], UTC)
        thin = {
            "id": self.new_id("evt_test" if not self.livemode else "evt"),
            "object": "v2.core.event",
            "type": f"v1.{snapshot['type']}",
            "created": f"{moment:%Y-%m-%dT%H:%M:%S}.000Z",
            "livemode": self.livemode,
            "context": self.account,
            "reason": {"type": "request", "request": dict(self.request)} if self.request else None,
            "snapshot_event": snapshot["id"],
            "related_object": {
                "id": thing["id"],
                "type": thing["object"],
                "url": f"{COLLECTIONS[thing['object']]}/{thing['id']}",
            },
        }
        self.table("v2.core.event")[thin["id"]] = thin
        return thin

    @contextmanager
    def asked_by(self, request_id: str, idempotency_key: str | None) -> Iterator[None]:
        """Events told inside name the request that caused them."""
        self.request = {"id": request_id, "idempotency_key": idempotency_key or f"auto-{request_id}"}
        try:
            yield
        finally:
            self.request = None
