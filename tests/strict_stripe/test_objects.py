"""Customers, prices and references, and the pages of their lists."""

from typing import Any

import pytest
import stripe

from tests.strict_stripe import StrictStripe
from tests.strict_stripe.shopping import paid_charge, told, top_up


def test_metadata_is_merged_and_unset(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"metadata": {"a": "1", "b": "2"}})
    merged = client.v1.customers.update(customer.id, {"metadata": {"b": "", "c": "3"}})
    assert merged.metadata is not None
    assert merged.metadata.to_dict() == {"a": "1", "c": "3"}
    emptied = client.v1.customers.update(customer.id, {"metadata": ""})
    assert emptied.metadata is not None
    assert not emptied.metadata.to_dict()


def test_a_deleted_customer_is_a_stub(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({})
    client.v1.customers.delete(customer.id)
    assert client.v1.customers.retrieve(customer.id).deleted
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.v1.checkout.sessions.create(top_up(customer=customer.id))
    assert told(stripe_server) == ["customer.created", "customer.deleted"]


def test_references_are_ids_until_they_are_expanded(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    charge = paid_charge(stripe_server, client)
    plain = client.v1.charges.retrieve(charge)
    assert isinstance(plain.payment_intent, str)
    listed = client.v1.charges.list({"expand": ["data.balance_transaction", "data.payment_intent"]}).data[0]
    assert isinstance(listed.balance_transaction, stripe.BalanceTransaction)
    assert isinstance(listed.payment_intent, stripe.PaymentIntent)
    for path in ("amount", "colour", "payment_intent.colour"):
        with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
            client.v1.charges.retrieve(charge, {"expand": [path]})
    with pytest.raises(stripe.InvalidRequestError, match="more than 4 levels"):
        client.v1.charges.retrieve(charge, {"expand": ["a.b.c.d.e"]})


def test_a_price_keeps_its_lookup_key_for_itself(client: stripe.StripeClient) -> None:
    product = client.v1.products.create({"name": "Tier"})
    params: Any = {"currency": "usd", "unit_amount": 500, "product": product.id, "lookup_key": "inner"}
    price = client.v1.prices.create(params)
    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        client.v1.prices.create(params)
    params["transfer_lookup_key"] = True
    moved = client.v1.prices.create(params)
    assert client.v1.prices.retrieve(price.id).lookup_key is None
    assert [one.id for one in client.v1.prices.list({"lookup_keys": ["inner"]}).data] == [moved.id]


def test_lists_are_paged_newest_first(client: stripe.StripeClient) -> None:
    ids = [client.v1.customers.create({}).id for _ in range(7)]
    first = client.v1.customers.list({"limit": 3})
    assert ([one.id for one in first.data], first.has_more) == (ids[:3:-1], True)
    second = client.v1.customers.list({"limit": 3, "starting_after": first.data[-1].id})
    assert [one.id for one in second.data] == ids[3:0:-1]
    back = client.v1.customers.list({"limit": 3, "ending_before": second.data[0].id})
    assert [one.id for one in back.data] == [one.id for one in first.data]
    assert [one.id for one in client.v1.customers.list({"limit": 3}).auto_paging_iter()] == ids[::-1]
    with pytest.raises(stripe.InvalidRequestError, match="between 1 and 100"):
        client.v1.customers.list({"limit": 101})
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.v1.customers.list({"starting_after": "cus_nobody"})


def test_live_mode_is_marked_everywhere() -> None:
    with StrictStripe(livemode=True) as server:
        client = server.client()
        session = client.v1.checkout.sessions.create(top_up())
        assert session.livemode
        assert session.id.startswith("cs_live_")
        server.pay(session.id)
        assert all(event["livemode"] for event in server.objects("event"))
