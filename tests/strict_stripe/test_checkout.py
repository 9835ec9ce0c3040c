"""Checkout sessions through the real SDK: paid at once, paid later, expired, refused."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
import stripe

from tests.strict_stripe import StrictStripe, Terms
from tests.strict_stripe.refusals import Refusal
from tests.strict_stripe.shopping import paid_charge, told, top_up

DAY = 86_400


def test_a_session_paid_by_card(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up(metadata={"topup": "1"}, client_reference_id="wallet"))
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert stripe_server.pay(session.id)
    expand = ["payment_intent.latest_charge.balance_transaction", "line_items"]
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": expand})
    assert (paid.status, paid.payment_status, paid.amount_total) == ("complete", "paid", 1000)
    assert isinstance(paid.payment_intent, stripe.PaymentIntent)
    charge = paid.payment_intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (59, 941)
    assert paid.line_items is not None
    assert paid.line_items.data[0].description == "Top-up"
    assert told(stripe_server) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


@pytest.mark.parametrize(
    ("amount", "fee"), [(50, 31), (100, 33), (300, 39), (500, 45), (1000, 59), (5000, 175), (1017, 59), (1018, 60)]
)
def test_the_fee_is_rounded_half_up(amount: int, fee: int) -> None:
    assert Terms().fee_of(amount) == fee


def test_a_session_paid_by_a_slow_debit(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up())
    stripe_server.pay_later(session.id)
    waiting = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert isinstance(waiting.payment_intent, stripe.PaymentIntent)
    assert waiting.payment_intent.status == "processing"
    stripe_server.settle_later(session.id, succeeded=True)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert told(stripe_server)[-1] == "checkout.session.async_payment_succeeded"


def test_a_session_for_cards_alone(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up(allowed_payment_method_types=["card"], locale="de"))
    assert (session.payment_method_types, session.locale) == (["card"], "de")
    with pytest.raises(Refusal, match="takes no debit"):
        stripe_server.pay_later(session.id)
    with pytest.raises(stripe.InvalidRequestError, match="No eligible payment method"):
        client.v1.checkout.sessions.create(top_up(allowed_payment_method_types=["klarna"]))


def test_a_session_is_paid_once(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up())
    stripe_server.pay(session.id)
    for again in (stripe_server.pay, stripe_server.pay_later, stripe_server.decline):
        with pytest.raises(Refusal, match="This session is complete"):
            again(session.id)
    with pytest.raises(Refusal, match="awaits no payment"):
        stripe_server.settle_later(session.id, succeeded=True)


def test_a_slow_debit_that_fails(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up())
    stripe_server.pay_later(session.id)
    stripe_server.settle_later(session.id, succeeded=False)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert told(stripe_server)[-1] == "checkout.session.async_payment_failed"
    assert not stripe_server.objects("balance_transaction")


def test_a_session_expires_by_itself_or_when_asked(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    asked, left = (client.v1.checkout.sessions.create(top_up()).id for _ in range(2))
    client.v1.checkout.sessions.expire(asked)
    stripe_server.advance(DAY + 1)
    assert {one.status for one in client.v1.checkout.sessions.list().data} == {"expired"}
    assert told(stripe_server) == ["checkout.session.expired"] * 2
    with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
        client.v1.checkout.sessions.expire(left)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mode": None}, "Missing required param: mode"),
        ({"success_url": None}, "Missing required param: success_url"),
        ({"line_items": None}, "Missing required param: line_items"),
        ({"success_url": "/thanks"}, "Not a valid URL"),
        ({"customer": "cus_nobody"}, "No such customer: 'cus_nobody'"),
        ({"customer_email": "a@b.c", "customer": "known"}, "You may only specify one of these parameters"),
        ({"subscription_data": {"description": "x"}}, "You can not pass `subscription_data` in `payment` mode"),
        ({"expires_at": 60}, "between 30 minutes and 24 hours"),
        ({"line_items": [{"price": "price_none", "quantity": 1}]}, "No such price: 'price_none'"),
        ({"line_items": [{"price": "known"}]}, "Quantity is required"),
        ({"line_items": [{"price": "known", "quantity": 1}]}, "passed a recurring price"),
    ],
)
def test_a_session_that_cannot_be(client: stripe.StripeClient, changes: dict[str, Any], words: str) -> None:
    customer = client.v1.customers.create({}).id
    price = client.v1.prices.create(
        {"currency": "usd", "unit_amount": 100, "recurring": {"interval": "month"}, "product_data": {"name": "Tier"}}
    ).id
    params = top_up(**changes)
    params["customer"] = customer if changes.get("customer") == "known" else params.get("customer")
    if params["line_items"] and params["line_items"][0].get("price") == "known":
        params["line_items"][0]["price"] = price
    with pytest.raises(stripe.InvalidRequestError, match=words.replace("(", r"\(")):
        client.v1.checkout.sessions.create(params)


def test_less_than_fifty_cents_is_refused(client: stripe.StripeClient) -> None:
    params = top_up()
    params["line_items"][0]["price_data"]["unit_amount"] = 49
    with pytest.raises(stripe.InvalidRequestError, match=r"total amount due must add up to at least \$0.50") as caught:
        client.v1.checkout.sessions.create(params)
    assert caught.value.code == "amount_too_small"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.create({"amount": 49, "currency": "usd"})
    assert caught.value.code == "amount_too_small"


def test_the_fee_may_come_late(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    stripe_server.terms = replace(stripe_server.terms, fee_delay_seconds=3600)
    charge = paid_charge(stripe_server, client)
    assert client.v1.charges.retrieve(charge).balance_transaction is None
    stripe_server.advance(3600)
    late = client.v1.charges.retrieve(charge, {"expand": ["balance_transaction"]})
    assert isinstance(late.balance_transaction, stripe.BalanceTransaction)
    assert late.balance_transaction.fee == 59
    assert told(stripe_server)[-1] == "charge.updated"


def test_another_currency_may_be_shown(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up())
    stripe_server.pay(session.id, presented=(920, "eur"))
    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert (paid.amount_total, paid.currency) == (1000, "usd")
    assert paid.presentment_details is not None
    assert paid.presentment_details.presentment_currency == "eur"
    own = client.v1.checkout.sessions.create(top_up(adaptive_pricing={"enabled": False}))
    with pytest.raises(Refusal, match="its own currency only"):
        stripe_server.pay(own.id, presented=(920, "eur"))


async def opened(client: stripe.StripeClient) -> stripe.checkout.Session:
    return await client.v1.checkout.sessions.create_async(top_up(), {"idempotency_key": "topup:1"})


# The SDK hands its form to httpx under a name that httpx has since given to something else.
@pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload raw bytes:DeprecationWarning")
def test_the_sdk_without_waiting(stripe_server: StrictStripe) -> None:
    client = stripe_server.client(http_client=stripe.HTTPXClient())
    first, again = (asyncio.run(opened(client)) for _ in range(2))
    assert first.id == again.id
    assert [request.headers["Idempotency-Key"] for request in stripe_server.requests] == ["topup:1"] * 2
