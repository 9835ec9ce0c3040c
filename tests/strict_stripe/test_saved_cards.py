"""Saved cards are charged when nobody is there, and say so when the bank wants somebody to be."""

from typing import Any

import pytest
import stripe

from tests.strict_stripe import StrictStripe
from tests.strict_stripe.shopping import paid_charge, told


def saved_card(client: stripe.StripeClient, card: str = "pm_card_visa") -> tuple[str, str]:
    """A customer and her card."""
    customer = client.v1.customers.create({"email": "fan@example.com"})
    return customer.id, client.v1.payment_methods.attach(card, {"customer": customer.id}).id


def off_session(customer: str, method: str, **changes: Any) -> Any:
    return {
        "amount": 1000,
        "currency": "usd",
        "customer": customer,
        "payment_method": method,
        "confirm": True,
        "off_session": True,
        "return_url": "https://artist.example",
        **changes,
    }


def test_a_card_is_saved_while_paying_and_charged_again_off_session(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    customer = client.v1.customers.create({}).id
    wishes = {"setup_future_usage": "off_session", "metadata": {"wallet": "1"}}
    paid_charge(stripe_server, client, customer=customer, payment_intent_data=wishes)
    card = client.v1.payment_methods.list({"customer": customer, "type": "card"}).data[0]
    intent = client.v1.payment_intents.create(off_session(customer, card.id))
    assert (intent.status, intent.amount_received) == ("succeeded", 1000)
    assert stripe_server.objects("payment_intent")[0]["metadata"] == {"wallet": "1"}


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_authenticationRequired", "authentication_required", "authentication_required"),
    ],
)
def test_an_off_session_charge_that_fails(
    stripe_server: StrictStripe, client: stripe.StripeClient, card: str, code: str, decline_code: str
) -> None:
    customer, method = saved_card(client, card)
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.create(off_session(customer, method))
    assert caught.value.code == code
    assert caught.value.error is not None
    assert caught.value.error.decline_code == decline_code
    assert told(stripe_server)[-2:] == ["charge.failed", "payment_intent.payment_failed"]
    assert not stripe_server.objects("balance_transaction")


@pytest.mark.parametrize("succeeded", [True, False])
def test_a_payment_that_the_bank_wants_confirmed(
    stripe_server: StrictStripe, client: stripe.StripeClient, succeeded: bool
) -> None:
    customer, method = saved_card(client, "pm_card_authenticationRequired")
    intent = client.v1.payment_intents.create(off_session(customer, method, off_session=False))
    assert intent.status == "requires_action"
    assert told(stripe_server)[-1] == "payment_intent.requires_action"
    stripe_server.authenticate(intent.id, succeeded=succeeded)
    after = client.v1.payment_intents.retrieve(intent.id)
    assert after.status == ("succeeded" if succeeded else "requires_payment_method")


def test_an_intent_is_confirmed_or_canceled_once(client: stripe.StripeClient) -> None:
    automatic: Any = {"enabled": True, "allow_redirects": "never"}
    intent = client.v1.payment_intents.create(
        {"amount": 1000, "currency": "usd", "automatic_payment_methods": automatic}
    )
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        client.v1.payment_intents.confirm(intent.id)
    assert client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.cancel(intent.id)
    assert caught.value.code == "payment_intent_unexpected_state"
    other = client.v1.payment_intents.create({"amount": 1000, "currency": "usd"})
    assert client.v1.payment_intents.cancel(other.id).status == "canceled"


def test_the_way_back_is_asked_for(client: stripe.StripeClient) -> None:
    customer, method = saved_card(client)
    with pytest.raises(stripe.InvalidRequestError, match="you must provide a `return_url`"):
        client.v1.payment_intents.create(off_session(customer, method, return_url=None))


def test_a_card_of_somebody_else_is_refused(client: stripe.StripeClient) -> None:
    _, method = saved_card(client)
    stranger = client.v1.customers.create({}).id
    with pytest.raises(stripe.InvalidRequestError, match="belongs to a customer"):
        client.v1.payment_intents.create(off_session(stranger, method))
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        client.v1.payment_methods.attach(method, {"customer": stranger})
    client.v1.payment_methods.detach(method)
    with pytest.raises(stripe.InvalidRequestError, match="not attached"):
        client.v1.payment_methods.detach(method)
