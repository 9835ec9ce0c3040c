"""Taxes through the real SDK: worked out on the page, on top of a price or within it, and on each invoice."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import stripe

from tests.strict_stripe import StrictStripe
from tests.strict_stripe.shopping import tier, top_up


def taxed(params: Any, behaviour: str | None) -> Any:
    price = params["line_items"][0]["price_data"]
    if behaviour is not None:
        price["tax_behavior"] = behaviour
    return {**params, "automatic_tax": {"enabled": True}}


@pytest.fixture
def registered(stripe_server: StrictStripe) -> StrictStripe:
    stripe_server.terms = replace(stripe_server.terms, tax_rate=Decimal("0.19"))
    return stripe_server


@pytest.mark.parametrize(("behaviour", "total", "tax"), [("exclusive", 1_190, 190), ("inclusive", 1_000, 160)])
def test_it_is_worked_out_when_the_place_is_known(
    registered: StrictStripe, client: stripe.StripeClient, behaviour: str, total: int, tax: int
) -> None:
    session = client.v1.checkout.sessions.create(taxed(top_up(), behaviour))
    assert (session.automatic_tax.status, session.amount_total) == ("requires_location_inputs", 1_000)
    registered.pay(session.id)
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert paid.total_details is not None
    assert (paid.automatic_tax.status, paid.amount_total, paid.total_details.amount_tax) == ("complete", total, tax)
    assert isinstance(paid.payment_intent, stripe.PaymentIntent)
    assert paid.payment_intent.amount_received == total


def test_each_invoice_of_a_subscription_has_its_tax(registered: StrictStripe, client: stripe.StripeClient) -> None:
    registered.pay(client.v1.checkout.sessions.create(taxed(tier(), "exclusive")).id)
    registered.advance_to_renewal(registered.objects("subscription")[-1]["id"])
    invoices = client.v1.invoices.list().data
    assert len(invoices) == 2
    for invoice in invoices:
        assert (invoice.amount_paid, invoice.total_excluding_tax) == (595, 500)
        assert [one.amount for one in invoice.total_taxes or ()] == [95]


def test_a_price_has_to_say_whether_tax_is_within_it(registered: StrictStripe, client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="tax behavior"):
        client.v1.checkout.sessions.create(taxed(top_up(), None))
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(taxed(top_up(), "beside"))
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(top_up(automatic_tax={"on": True}))
