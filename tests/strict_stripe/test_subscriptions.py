"""Subscriptions live by the clock: renewed, in arrears, changed, ended."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from tests.strict_stripe import AUTHENTICATION_REQUIRED, StrictStripe
from tests.strict_stripe.periods import end_of_period, rest_of
from tests.strict_stripe.shopping import subscribed, tier, told

DAY = 86_400


def at(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type]


def price(client: stripe.StripeClient, amount: int, interval: Any = "month") -> str:
    return client.v1.prices.create(
        {
            "currency": "usd",
            "unit_amount": amount,
            "recurring": {"interval": interval},
            "product_data": {"name": "Other tier"},
        }
    ).id


def test_a_paid_checkout_begins_a_subscription(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(tier(subscription_data={"metadata": {"tier": "inner"}}))
    stripe_server.pay(session.id)
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "invoice.payments"]})
    assert (paid.status, paid.payment_status, paid.payment_intent) == ("complete", "paid", None)
    assert isinstance(paid.subscription, stripe.Subscription)
    assert (paid.subscription.status, paid.subscription.metadata.to_dict()) == ("active", {"tier": "inner"})
    assert isinstance(paid.invoice, stripe.Invoice)
    assert paid.invoice.parent is not None
    assert paid.invoice.parent.subscription_details is not None
    assert paid.invoice.parent.subscription_details.subscription == paid.subscription.id
    assert (paid.invoice.billing_reason, paid.invoice.amount_paid) == ("subscription_create", 500)
    assert paid.invoice.payments is not None
    assert paid.invoice.payments.data[0].payment.type == "payment_intent"


def test_the_events_of_a_beginning(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscribed(stripe_server, client)
    names = told(stripe_server)
    assert names[-1] == "checkout.session.completed"
    for earlier, later in [
        ("customer.created", "customer.subscription.created"),
        ("customer.subscription.created", "invoice.paid"),
        ("invoice.created", "invoice.finalized"),
        ("invoice.finalized", "invoice.paid"),
        ("invoice.paid", "customer.subscription.updated"),
    ]:
        assert names.index(earlier) < names.index(later)


def test_periods_stand_on_the_items_and_not_on_the_subscription(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    subscription = client.v1.subscriptions.retrieve(subscribed(stripe_server, client))
    item = subscription["items"].data[0]
    assert 28 * DAY <= item.current_period_end - item.current_period_start <= 31 * DAY
    assert "current_period_end" not in subscription.to_dict()


def test_a_renewal_is_drawn_up_then_collected(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    stripe_server.advance_to_renewal(subscription)
    first, second = stripe_server.objects("invoice")
    assert first["lines"]["data"][0]["period"]["end"] == second["lines"]["data"][0]["period"]["start"]
    assert (second["billing_reason"], second["status"], second["amount_paid"]) == ("subscription_cycle", "paid", 500)
    assert told(stripe_server).count("invoice.paid") == 2


def test_a_draft_is_not_collected_in_its_first_hour(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    stripe_server.advance_to_renewal(subscription)
    stripe_server.advance_to_renewal(subscription)
    end = stripe_server.get(subscription)["items"]["data"][0]["current_period_end"]
    start = stripe_server.get(subscription)["items"]["data"][0]["current_period_start"]
    stripe_server.advance(end - start - 1800)
    assert stripe_server.objects("invoice")[-1]["status"] == "draft"
    stripe_server.advance(1800)
    assert stripe_server.objects("invoice")[-1]["status"] == "paid"


def test_a_renewal_that_fails_once(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    stripe_server.fail_next_renewal(subscription)
    stripe_server.advance_to_renewal(subscription)
    assert client.v1.subscriptions.retrieve(subscription).status == "past_due"
    owed = stripe_server.objects("invoice")[-1]
    assert (owed["status"], owed["attempt_count"], owed["amount_remaining"]) == ("open", 1, 500)
    stripe_server.advance(owed["next_payment_attempt"] - owed["status_transitions"]["finalized_at"])
    assert client.v1.subscriptions.retrieve(subscription).status == "active"
    assert client.v1.invoices.retrieve(owed["id"]).status == "paid"
    assert told(stripe_server).count("invoice.payment_failed") == 1


def test_who_pays_what_she_owes_is_back(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    stripe_server.fail_next_renewal(subscription, times=1)
    stripe_server.advance_to_renewal(subscription)
    card = stripe_server.get(subscription)["default_payment_method"]
    client.v1.invoices.pay(stripe_server.objects("invoice")[-1]["id"], {"payment_method": card})
    assert client.v1.subscriptions.retrieve(subscription).status == "active"
    stripe_server.advance(4 * DAY)
    assert told(stripe_server).count("invoice.paid") == 2


def test_a_renewal_that_fails_every_time_ends_the_subscription(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    subscription = subscribed(stripe_server, client)
    stripe_server.fail_next_renewal(subscription, times=4)
    stripe_server.advance_to_renewal(subscription)
    stripe_server.advance(16 * DAY)
    ended = client.v1.subscriptions.retrieve(subscription)
    assert ended.status == "canceled"
    assert ended.cancellation_details is not None
    assert ended.cancellation_details.reason == "payment_failed"
    assert told(stripe_server).count("invoice.payment_failed") == 4
    stripe_server.advance(40 * DAY)
    assert len(stripe_server.objects("invoice")) == 2


def test_a_renewal_that_the_bank_wants_confirmed(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    stripe_server.trouble_next_charge(AUTHENTICATION_REQUIRED)
    stripe_server.advance_to_renewal(subscription)
    assert "invoice.payment_action_required" in told(stripe_server)


def test_who_leaves_keeps_her_period(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    leaving = client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    assert (leaving.status, leaving.cancel_at) == ("active", leaving["items"].data[0].current_period_end)
    stripe_server.advance_to_renewal(subscription)
    assert client.v1.subscriptions.retrieve(subscription).status == "canceled"
    assert told(stripe_server)[-1] == "customer.subscription.deleted"
    assert len(stripe_server.objects("invoice")) == 1


def test_who_stays_after_all_is_renewed(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    staying = client.v1.subscriptions.update(subscription, {"cancel_at_period_end": False})
    assert (staying.cancel_at, staying.canceled_at) == (None, None)
    stripe_server.advance_to_renewal(subscription)
    assert len(stripe_server.objects("invoice")) == 2


def test_an_end_at_once(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    assert client.v1.subscriptions.cancel(subscription).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        client.v1.subscriptions.cancel(subscription)
    with pytest.raises(stripe.InvalidRequestError, match="can only update its cancellation_details"):
        client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    assert not client.v1.subscriptions.list().data
    assert len(client.v1.subscriptions.list({"status": "all"}).data) == 1


def test_a_deleted_customer_takes_her_subscriptions_along(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    subscription = stripe_server.get(subscribed(stripe_server, client))
    client.v1.customers.delete(subscription["customer"])
    assert subscription["status"] == "canceled"


def change(client: stripe.StripeClient, subscription: str, price_id: str, **more: Any) -> stripe.Subscription:
    item = client.v1.subscriptions.retrieve(subscription)["items"].data[0]
    params: Any = {"items": [{"id": item.id, "price": price_id}], **more}
    return client.v1.subscriptions.update(subscription, params)


def test_another_price_is_prorated_on_the_next_invoice(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    subscription = subscribed(stripe_server, client)
    changed = change(client, subscription, price(client, 1500))
    assert changed["items"].data[0].price.unit_amount == 1500
    assert len(stripe_server.objects("invoice")) == 1
    stripe_server.advance_to_renewal(subscription)
    renewal = stripe_server.objects("invoice")[-1]
    amounts = [line["amount"] for line in renewal["lines"]["data"]]
    assert amounts == [-500, 1500, 1500]
    assert [line["parent"]["subscription_item_details"]["proration"] for line in renewal["lines"]["data"]] == [
        True,
        True,
        False,
    ]


def test_another_price_without_proration(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    change(client, subscription, price(client, 1500), proration_behavior="none")
    stripe_server.advance_to_renewal(subscription)
    assert stripe_server.objects("invoice")[-1]["total"] == 1500


def test_another_price_invoiced_at_once(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    change(client, subscription, price(client, 1500), proration_behavior="always_invoice")
    invoice = stripe_server.objects("invoice")[-1]
    assert (invoice["billing_reason"], invoice["total"], invoice["status"]) == ("subscription_update", 1000, "paid")


def test_another_rhythm_begins_a_new_cycle_today(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = subscribed(stripe_server, client)
    changed = change(client, subscription, price(client, 5000, "year"))
    item = changed["items"].data[0]
    assert 365 * DAY <= item.current_period_end - item.current_period_start <= 366 * DAY
    assert stripe_server.objects("invoice")[-1]["total"] == 4500
    stripe_server.advance(40 * DAY)
    assert len(stripe_server.objects("invoice")) == 2


def test_an_item_changes_by_itself_too(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = stripe_server.get(subscribed(stripe_server, client))
    item = subscription["items"]["data"][0]["id"]
    client.v1.subscription_items.update(item, {"quantity": 2, "proration_behavior": "none"})
    assert client.v1.subscription_items.list({"subscription": subscription["id"]}).data[0].quantity == 2


def test_a_declined_first_payment_begins_nothing(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(tier())
    assert not stripe_server.pay(session.id, card="pm_card_chargeDeclined")
    assert not stripe_server.objects("subscription")
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert stripe_server.pay(session.id)


def test_a_subscription_without_a_page(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({}).id
    params: Any = {"customer": customer, "items": [{"price": price(client, 700)}]}
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        client.v1.subscriptions.create(params)
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    params["default_payment_method"] = card
    assert client.v1.subscriptions.create(params).status == "active"
    invoices = client.v1.invoices.list({"subscription": stripe_server.objects("subscription")[0]["id"]})
    assert [invoice.amount_paid for invoice in invoices.data] == [700]


def test_the_payment_of_an_invoice_is_found_from_either_side(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    subscribed(stripe_server, client)
    intent = stripe_server.objects("payment_intent")[0]["id"]
    found = client.v1.invoice_payments.list({"payment": {"type": "payment_intent", "payment_intent": intent}}).data[0]
    assert found.invoice == stripe_server.objects("invoice")[0]["id"]


@pytest.mark.parametrize(
    ("anchor", "start", "interval", "end"),
    [
        (at(2026, 1, 31), at(2026, 1, 31), "month", at(2026, 2, 28)),
        (at(2026, 1, 31), at(2026, 2, 28), "month", at(2026, 3, 31)),
        (at(2026, 12, 15), at(2026, 12, 15), "month", at(2027, 1, 15)),
        (at(2024, 2, 29), at(2024, 2, 29), "year", at(2025, 2, 28)),
        (at(2024, 2, 29), at(2027, 2, 28), "year", at(2028, 2, 29)),
    ],
)
def test_periods_follow_the_calendar(anchor: int, start: int, interval: str, end: int) -> None:
    assert end_of_period(anchor, start, {"interval": interval, "interval_count": 1}) == end


def test_the_rest_of_a_period_is_rounded_half_up() -> None:
    assert [rest_of(1000, (0, 3), now) for now in range(4)] == [1000, 667, 333, 0]
