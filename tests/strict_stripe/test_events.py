"""Events are read back through the API."""

from typing import Any

import pytest
import stripe

from tests.strict_stripe import StrictStripe
from tests.strict_stripe.shopping import paid_charge, subscribed, told


def test_events_are_listed_by_kind_and_time(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    paid_charge(stripe_server, client)
    begun = stripe_server.objects("event")[-1]["created"]
    stripe_server.advance(100)
    subscribed(stripe_server, client)
    types: Any = ["invoice.paid", "checkout.session.completed"]
    listed = client.v1.events.list({"types": types}).data
    assert [one.type for one in listed] == ["checkout.session.completed", "invoice.paid", "checkout.session.completed"]
    late = list(client.v1.events.list({"created": {"gte": begun + 50}, "limit": 3}).auto_paging_iter())
    assert [one.type for one in late][::-1] == told(stripe_server)[4:]
    assert {one.type for one in client.v1.events.list({"type": "charge.*"}).data} == {"charge.succeeded"}
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        client.v1.events.list({"type": "charge.failed", "types": types})


def test_events_are_kept_for_thirty_days(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    client.v1.customers.create({})
    event = client.v1.events.list().data[0].id
    stripe_server.advance(30 * 86_400)
    assert not client.v1.events.list().data
    with pytest.raises(stripe.InvalidRequestError, match="No such event"):
        client.v1.events.retrieve(event)


def test_a_snapshot_shows_the_moment_and_what_changed(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "Ann"})
    client.v1.customers.update(customer.id, {"name": "Anna"}, {"idempotency_key": "rename:1"})
    created, updated = stripe_server.objects("event")
    assert created["data"]["object"]["name"] == "Ann"
    assert updated["data"]["previous_attributes"] == {"name": "Ann"}
    assert updated["request"]["idempotency_key"] == "rename:1"
