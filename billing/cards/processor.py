"""The processor, as far as it is needed: Stripe through its own SDK. Amounts are minor units (cents).

Every request that makes something carries a key of ours, so that asking again makes nothing twice.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, TypeVar

import stripe

from billing.cards.errors import CardsAway, CardsRefused

T = TypeVar("T")
Tax = Literal["exclusive", "inclusive"]
PAID = "paid"
WORKED_OUT = "complete"
RETRIES = 2
PAGE = 100
_AWAY = (409, 429)
_SERVER_FAILED = 500


@dataclass(frozen=True, slots=True)
class Charge:
    """What was really taken from a card: its fee is known some time after."""

    ident: str
    fee: int | None
    refunded: int


@dataclass(frozen=True, slots=True)
class Checkout:
    """A payment page; `tax` is within its amount. It is not taxed where that was to be worked out and was not.

    `invoice` is what a page for a subscription was paid by.
    """

    ident: str
    url: str | None
    is_paid: bool
    is_over: bool
    amount: int
    currency: str
    intent: str | None
    charge: Charge | None
    metadata: Mapping[str, str] = field(default_factory=dict)
    tax: int = 0
    is_taxed: bool = True
    invoice: str | None = None


@dataclass(frozen=True, slots=True)
class Refunded:
    """A refund, as it stands."""

    ident: str
    amount: int
    currency: str
    state: str
    intent: str | None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement of the balance: net is the amount less the fee."""

    ident: str
    kind: str
    amount: int
    fee: int
    currency: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """A dispute, as it stands, with what it moved."""

    ident: str
    amount: int
    state: str
    intent: str | None
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Payout:
    """Money on its way to the bank."""

    ident: str
    amount: int
    state: str
    currency: str


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription, as it stands. To when it is paid is told by its invoices."""

    ident: str
    state: str
    amount: int
    ends: bool
    customer: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invoiced:
    """An invoice, as it stands, with the fee of its payment once that is known; `tax` is within its amount."""

    ident: str
    subscription: str | None
    is_paid: bool
    amount: int
    currency: str
    period_end: int
    intent: str | None
    fee: int | None
    tax: int = 0
    is_taxed: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the processor's own list."""

    ident: str
    kind: str
    object_id: str


class Processor:
    """Stripe. Raises `CardsAway` where it is unknown what happened, `CardsRefused` where nothing did.

    `tax` has Stripe work out and collect what is to be collected: on top of prices, or within them.
    """

    def __init__(self, key: str, *, address: str | None = None, tax: Tax | None = None) -> None:
        addresses: Any = {"api": address} if address else None
        self._client = stripe.StripeClient(key, base_addresses=addresses, max_network_retries=RETRIES)
        self.is_live = "_live_" in key
        self.tax = tax

    def look(self) -> bool:
        """Read the balance, to see whether the key holds; give whether it is real money."""
        return bool(_asked(self._client.v1.balance.retrieve).livemode)

    def open_checkout(
        self,
        ident: str,
        *,
        amount: int,
        currency: str,
        name: str,
        metadata: Mapping[str, str],
        back: str,
        save_card: bool = False,
    ) -> Checkout:
        """Open a payment page for an amount; it leads back to `back`. `save_card` keeps the card for later."""
        line = self._price(amount, currency, name)
        params: Any = {
            **self._taxed(),
            "mode": "payment",
            "line_items": [{"price_data": line, "quantity": 1}],
            "client_reference_id": ident,
            "metadata": dict(metadata),
            "payment_intent_data": {"metadata": dict(metadata)},
            "adaptive_pricing": {"enabled": False},
            "success_url": _named_in(back),
            "cancel_url": back,
        }
        if save_card:
            params["customer_creation"] = "always"
            params["payment_intent_data"]["setup_future_usage"] = "off_session"
        options: Any = {"idempotency_key": f"payment:{ident}"}
        return _checkout(_asked(lambda: self._client.v1.checkout.sessions.create(params, options)))

    def open_subscription(
        self, ident: str, *, amount: int, currency: str, every: str, name: str, metadata: Mapping[str, str], back: str
    ) -> Checkout:
        """Open a page for a subscription."""
        price = self._price(amount, currency, name)
        params: Any = {
            **self._taxed(),
            "mode": "subscription",
            "line_items": [{"price_data": {**price, "recurring": {"interval": every}}, "quantity": 1}],
            "client_reference_id": ident,
            "subscription_data": {"metadata": dict(metadata)},
            "success_url": _named_in(back),
            "cancel_url": back,
        }
        options: Any = {"idempotency_key": f"subscription:{ident}"}
        return _checkout(_asked(lambda: self._client.v1.checkout.sessions.create(params, options)))

    def _price(self, amount: int, currency: str, name: str) -> dict[str, Any]:
        price: dict[str, Any] = {"currency": currency, "unit_amount": amount, "product_data": {"name": name}}
        return price if self.tax is None else {**price, "tax_behavior": self.tax}

    def _taxed(self) -> dict[str, Any]:
        return {} if self.tax is None else {"automatic_tax": {"enabled": True}}

    def subscribed(self, ident: str) -> Subscribed:
        """Read a subscription again."""
        return _subscribed(_asked(lambda: self._client.v1.subscriptions.retrieve(ident)))

    def end_with_period(self, ident: str, *, ends: bool) -> Subscribed:
        """Let a subscription end with what is paid for, or go on."""
        params: Any = {"cancel_at_period_end": ends}
        return _subscribed(_asked(lambda: self._client.v1.subscriptions.update(ident, params)))

    def open_portal(self, customer: str, back: str) -> str:
        """Open the page where a customer sees her cards and invoices; give its address."""
        params: Any = {"customer": customer, "return_url": back}
        return _asked(lambda: self._client.v1.billing_portal.sessions.create(params)).url

    def invoiced(self, ident: str) -> Invoiced:
        """Read an invoice again, with the fee of its payment."""
        params: Any = {"expand": ["payments"]}
        found = _asked(lambda: self._client.v1.invoices.retrieve(ident, params))
        intent = _intent_of(found)
        details = found.parent.subscription_details if found.parent is not None else None
        subscription = _ident(details.subscription) if details is not None else None
        end = max((line.period.end for line in found.lines.data), default=0)
        fee = self._fee_of(intent) if intent is not None else None
        return Invoiced(
            found.id or ident,
            subscription,
            found.status == PAID,
            found.amount_paid,
            found.currency,
            end,
            intent,
            fee,
            sum(one.amount for one in found.total_taxes or ()),
            not found.automatic_tax.enabled or found.automatic_tax.status == WORKED_OUT,
        )

    def invoice_of(self, intent: str) -> str | None:
        """Find the invoice that a payment paid."""
        params: Any = {"payment": {"type": "payment_intent", "payment_intent": intent}}
        found = _asked(lambda: self._client.v1.invoice_payments.list(params))
        return _ident(found.data[0].invoice) if found.data else None

    def _fee_of(self, intent: str) -> int | None:
        params: Any = {"expand": ["latest_charge.balance_transaction"]}
        charge = _asked(lambda: self._client.v1.payment_intents.retrieve(intent, params)).latest_charge
        return _charge(charge).fee if isinstance(charge, stripe.Charge) else None

    def checkout(self, ident: str) -> Checkout:
        """Read a payment page again, with its charge and fee."""
        expand: Any = {"expand": ["payment_intent.latest_charge.balance_transaction"]}
        return _checkout(_asked(lambda: self._client.v1.checkout.sessions.retrieve(ident, expand)))

    def checkout_of(self, intent: str) -> Checkout | None:
        """Find the payment page of a payment."""
        found = _asked(lambda: self._client.v1.checkout.sessions.list({"payment_intent": intent}))
        return self.checkout(found.data[0].id) if found.data else None

    def direct(self, intent: str) -> Checkout:
        """Read a payment that no page was opened for, as if there had been one."""
        params: Any = {"expand": ["latest_charge.balance_transaction"]}
        found = _asked(lambda: self._client.v1.payment_intents.retrieve(intent, params))
        charge = _charge(found.latest_charge) if isinstance(found.latest_charge, stripe.Charge) else None
        is_paid, is_over = found.status == "succeeded", found.status == "canceled"
        metadata = _plain(found.metadata)
        return Checkout(
            f"direct:{intent}", None, is_paid, is_over, found.amount_received, found.currency, intent, charge, metadata
        )

    def saved_card(self, intent: str) -> tuple[str | None, str | None]:
        """Give the customer and the card that a payment kept."""
        found = _asked(lambda: self._client.v1.payment_intents.retrieve(intent))
        return _ident(found.customer), _ident(found.payment_method)

    def charge_saved(
        self, ident: str, *, amount: int, currency: str, card: tuple[str, str], metadata: Mapping[str, str]
    ) -> str:
        """Charge a card that was kept, while nobody is there; give the payment."""
        customer, method = card
        params: Any = {
            "amount": amount,
            "currency": currency,
            "customer": customer,
            "payment_method": method,
            "confirm": True,
            "off_session": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "metadata": dict(metadata),
        }
        options: Any = {"idempotency_key": f"payment:{ident}"}
        return _asked(lambda: self._client.v1.payment_intents.create(params, options)).id

    def intent_with(self, customer: str, ident: str) -> str | None:
        """Find the payment of a customer that bears our name for it."""
        params: Any = {"customer": customer, "limit": 20}
        found = _asked(lambda: self._client.v1.payment_intents.list(params))
        return next((one.id for one in found.data if _plain(one.metadata).get("payment") == ident), None)

    def intent_of_charge(self, charge: str) -> str | None:
        """Give the payment that a charge belongs to."""
        return _ident(_asked(lambda: self._client.v1.charges.retrieve(charge)).payment_intent)

    def refund(self, ident: str, *, intent: str, amount: int, tries: int = 0) -> Refunded:
        """Pay back a part of a payment."""
        params: Any = {"payment_intent": intent, "amount": amount, "metadata": {"refund": ident}}
        options: Any = {"idempotency_key": f"refund:{ident}:{tries}"}
        return _refunded(_asked(lambda: self._client.v1.refunds.create(params, options)))

    def refunded(self, ident: str) -> Refunded:
        """Read a refund again."""
        return _refunded(_asked(lambda: self._client.v1.refunds.retrieve(ident)))

    def refunds_of(self, intent: str) -> list[Refunded]:
        """Give every refund of a payment."""
        return [_refunded(one) for one in _listed(self._client.v1.refunds.list, {"payment_intent": intent})]

    def disputed(self, ident: str) -> Disputed:
        """Read a dispute again."""
        found = _asked(lambda: self._client.v1.disputes.retrieve(ident))
        moved = tuple(_moved(one) for one in found.balance_transactions)
        return Disputed(found.id, found.amount, found.status, _ident(found.payment_intent), moved)

    def suspected(self, ident: str) -> str | None:
        """Give the charge that an early fraud warning is about."""
        return _ident(_asked(lambda: self._client.v1.radar.early_fraud_warnings.retrieve(ident)).charge)

    def payout(self, ident: str) -> Payout:
        """Read a payout again."""
        found = _asked(lambda: self._client.v1.payouts.retrieve(ident))
        return Payout(found.id, found.amount, found.status, found.currency)

    def movements(self) -> Iterator[Moved]:
        """Give every movement of the balance, the newest first."""
        for one in _listed(self._client.v1.balance_transactions.list, {}):
            yield _moved(one)

    def told_since(self, seconds: int) -> Iterator[Told]:
        """Give the events since a time (Unix seconds), the newest first."""
        for one in _listed(self._client.v1.events.list, {"created": {"gte": seconds}}):
            yield Told(one.id, one.type, str(getattr(one.data.object, "id", "")))


def _asked(request: Callable[[], T]) -> T:
    try:
        return request()
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise CardsAway from error
    except stripe.StripeError as error:
        status = error.http_status
        if status is None or status >= _SERVER_FAILED or status in _AWAY:
            raise CardsAway from error
        raise CardsRefused(f"The payment service refuses this: {error.user_message or error}") from error


def _listed(request: Callable[[Any], Any], params: Mapping[str, Any]) -> Iterator[Any]:
    """Give every object of a list, page by page; a page that does not come is `CardsAway`, too."""
    after: dict[str, str] = {}
    while True:
        page = _asked(partial(request, {**params, **after, "limit": PAGE}))
        yield from page.data
        if not page.has_more:
            return
        after = {"starting_after": page.data[-1].id}


def _checkout(found: stripe.checkout.Session) -> Checkout:
    intent = found.payment_intent
    charge = intent.latest_charge if isinstance(intent, stripe.PaymentIntent) else None
    return Checkout(
        found.id,
        found.url,
        found.payment_status == PAID,
        found.status == "expired",
        found.amount_total or 0,
        found.currency or "",
        _ident(intent),
        _charge(charge) if isinstance(charge, stripe.Charge) else None,
        _plain(found.metadata),
        found.total_details.amount_tax if found.total_details is not None else 0,
        not found.automatic_tax.enabled or found.automatic_tax.status == WORKED_OUT,
        _ident(found.invoice),
    )


def _named_in(back: str) -> str:
    """Give the address to come back to from a paid page, with the page's name in it."""
    return back + ("&" if "?" in back else "?") + "paid={CHECKOUT_SESSION_ID}"


def _subscribed(found: stripe.Subscription) -> Subscribed:
    items = found["items"].data
    return Subscribed(
        found.id,
        found.status,
        sum((item.price.unit_amount or 0) * (item.quantity or 1) for item in items),
        bool(found.cancel_at_period_end),
        _ident(found.customer) or "",
        _plain(found.metadata),
    )


def _intent_of(found: stripe.Invoice) -> str | None:
    payments = found.payments.data if found.payments is not None else []
    paid = [one for one in payments if one.status == PAID]
    return _ident(paid[0].payment.payment_intent) if paid else None


def _charge(found: stripe.Charge) -> Charge:
    moved = found.balance_transaction
    fee = moved.fee if isinstance(moved, stripe.BalanceTransaction) else None
    return Charge(found.id, fee, found.amount_refunded)


def _refunded(found: stripe.Refund) -> Refunded:
    state, intent = found.status or "pending", _ident(found.payment_intent)
    return Refunded(found.id, found.amount, found.currency, state, intent, _plain(found.metadata))


def _moved(found: stripe.BalanceTransaction) -> Moved:
    return Moved(found.id, found.type, found.amount, found.fee, found.currency)


def _ident(found: Any) -> str | None:
    return found if found is None or isinstance(found, str) else str(found.id)


def _plain(metadata: Any) -> dict[str, str]:
    return {} if metadata is None else {str(name): str(metadata[name]) for name in metadata.to_dict()}
