"""Shopping: the few purchases that tests begin with."""

from typing import Any

import stripe

from tests.strict_stripe.strict import StrictStripe


def top_up(**changes: Any) -> Any:
    """The parameters of a checkout that takes ten dollars."""
    price = {"currency": "usd", "unit_amount": 1000, "product_data": {"name": "Top-up"}}
    return {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "https://artist.example/thanks?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://artist.example/wallet",
        **changes,
    }


def tier(*, interval: str = "month", amount: int = 500, **changes: Any) -> Any:
    """The parameters of a checkout that begins a subscription."""
    price = {
        "currency": "usd",
        "unit_amount": amount,
        "product_data": {"name": "Tier"},
        "recurring": {"interval": interval},
    }
    return top_up(mode="subscription", line_items=[{"price_data": price, "quantity": 1}], **changes)


def paid_charge(server: StrictStripe, client: stripe.StripeClient, **changes: Any) -> str:
    """The id of the charge behind a paid top-up."""
    session = client.v1.checkout.sessions.create(top_up(**changes))
    server.pay(session.id)
    return str(server.objects("charge")[-1]["id"])


def subscribed(server: StrictStripe, client: stripe.StripeClient, **changes: Any) -> str:
    """The id of a paid, active subscription."""
    session = client.v1.checkout.sessions.create(tier(**changes))
    server.pay(session.id)
    return str(server.objects("subscription")[-1]["id"])


def told(server: StrictStripe) -> list[str]:
    """The names of all events so far, the oldest first."""
    return [event["type"] for event in server.objects("event")]
