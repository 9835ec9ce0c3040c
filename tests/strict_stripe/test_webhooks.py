"""Webhooks are really signed, and come in both styles."""

import json
import time
from typing import Any

import pytest
import stripe

from tests.strict_stripe import Manners, StrictStripe
from tests.strict_stripe.receiving import Receiver, receiving
from tests.strict_stripe.shopping import paid_charge, subscribed, told, top_up
from tests.strict_stripe.strict import WEBHOOK_SECRET


@pytest.fixture
def signed(stripe_server: StrictStripe, client: stripe.StripeClient) -> tuple[bytes, str]:
    paid_charge(stripe_server, client)
    payload = stripe_server.webhooks.outbox[-1].payload
    return payload, stripe_server.webhooks.sign(payload)


def test_a_signed_event_is_an_event(
    stripe_server: StrictStripe, client: stripe.StripeClient, signed: tuple[bytes, str]
) -> None:
    event = client.construct_event(signed[0], signed[1], stripe_server.webhook_secret)
    assert event.type == "checkout.session.completed"
    assert isinstance(event.data.object, stripe.checkout.Session)
    assert event.data.object.payment_status == "paid"
    assert event.api_version == "2026-10-28.endive"


@pytest.mark.parametrize("case", ["tampered", "re-serialised", "stale", "wrong secret", "absent", "empty secret"])
def test_a_bad_signature_is_refused(
    stripe_server: StrictStripe, client: stripe.StripeClient, signed: tuple[bytes, str], case: str
) -> None:
    payload, header = signed
    webhooks, secret = stripe_server.webhooks, stripe_server.webhook_secret
    bad: dict[str, tuple[bytes, str | None, str]] = {
        "tampered": (payload.replace(b"paid", b"free"), header, secret),
        "re-serialised": (json.dumps(json.loads(payload)).encode(), header, secret),
        "stale": (payload, webhooks.sign(payload, at=int(time.time()) - 301), secret),
        "wrong secret": (payload, webhooks.sign(payload, secret="whsec_other"), secret),
        "absent": (payload, None, secret),
        "empty secret": (payload, header, ""),
    }
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(*bad[case])


def test_thin_events_lead_to_the_object_and_to_the_snapshot() -> None:
    server, receiver = receiving(Manners(style="both", held=True))
    with server:
        client = server.client()
        paid_charge(server, client)
        server.webhooks.deliver()
        thin = next(event for event in receiver.accepted if event["type"] == "v1.checkout.session.completed")
        payload = json.dumps(thin).encode()
        notification = client.parse_event_notification(payload, server.webhooks.sign(payload), server.webhook_secret)
        session: Any = notification.fetch_related_object()  # type: ignore[union-attr]
        assert session.payment_status == "paid"
        full: Any = notification.fetch_event()
        snapshot = client.v1.events.retrieve(full.snapshot_event)
        assert snapshot.type == "checkout.session.completed"
        assert len(receiver.accepted) == 2 * len(told(server))


def test_thin_alone_sends_no_snapshot() -> None:
    server, receiver = receiving(Manners(style="thin", held=True))
    with server:
        subscribed(server, server.client())
        server.webhooks.deliver()
        assert receiver.accepted
        assert {event["object"] for event in receiver.accepted} == {"v2.core.event"}


async def _fetch(notification: Any) -> Any:
    return await notification.fetch_related_object_async()


def test_the_sdk_sends_a_parameter_too_many_when_it_fetches_without_waiting() -> None:
    """A defect of 16.1.0: `usage` leaks into the query. Where this test fails, a newer SDK has mended it."""
    import asyncio

    server, receiver = receiving(Manners(style="thin", held=True))
    with server:
        client = server.client(http_client=stripe.HTTPXClient())
        paid_charge(server, server.client())
        server.webhooks.deliver()
        payload = json.dumps(receiver.accepted[-1]).encode()
        notification = client.parse_event_notification(payload, server.webhooks.sign(payload), server.webhook_secret)
        with pytest.raises(stripe.InvalidRequestError, match="Received unknown parameter: usage"):
            asyncio.run(_fetch(notification))


def test_events_of_an_account_are_fetched_in_its_name() -> None:
    receiver = Receiver(WEBHOOK_SECRET)
    manners = Manners(style="thin", held=True)
    with StrictStripe(receive=receiver, manners=manners, accounts=("acct_known",)) as server:
        client = server.client()
        session = client.v1.checkout.sessions.create(top_up(), {"stripe_account": "acct_known"})
        server.pay(session.id)
        server.webhooks.deliver()
        payload = json.dumps(receiver.accepted[-1]).encode()
        notification: Any = client.parse_event_notification(
            payload, server.webhooks.sign(payload), server.webhook_secret
        )
        assert notification.fetch_related_object().id == session.id
        assert server.requests[-1].headers["Stripe-Context"] == "acct_known"
