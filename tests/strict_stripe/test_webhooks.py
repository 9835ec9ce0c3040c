"""Webhooks: really signed, in both styles, and delivered as badly as one likes."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import stripe

from tests.strict_stripe import Delivery, Manners, StrictStripe
from tests.strict_stripe.conftest import paid_charge, subscribed, told, top_up
from tests.strict_stripe.strict import WEBHOOK_SECRET


class Receiver:
    """A receiver that checks signatures as the SDK does and remembers what it accepted."""

    def __init__(self, secret: str, statuses: tuple[int, ...] = ()) -> None:
        self.secret = secret
        self.accepted: list[dict[str, Any]] = []
        self.most_at_once = 0
        self._statuses = iter(statuses)
        self._inside = 0
        self._lock = threading.Lock()

    def __call__(self, payload: bytes, signature: str) -> int:
        stripe.WebhookSignature.verify_header(payload, signature, self.secret, tolerance=300)
        with self._lock:
            self._inside += 1
            self.most_at_once = max(self.most_at_once, self._inside)
        time.sleep(0.01)
        with self._lock:
            self._inside -= 1
            status = next(self._statuses, 200)
            if status == 200:
                self.accepted.append(json.loads(payload))
        return status

    @property
    def names(self) -> list[str]:
        return [event["type"] for event in self.accepted]


def receiving(manners: Manners, *statuses: int) -> tuple[StrictStripe, Receiver]:
    receiver = Receiver(WEBHOOK_SECRET, statuses)
    return StrictStripe(receive=receiver, manners=manners), receiver


# --- signatures ------------------------------------------------------------------------------------------------------


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


# --- the two styles --------------------------------------------------------------------------------------------------


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


# --- deliveries ------------------------------------------------------------------------------------------------------


def test_events_arrive_by_themselves_in_order() -> None:
    server, receiver = receiving(Manners())
    with server:
        paid_charge(server, server.client())
        assert server.webhooks.wait()
        assert receiver.names == told(server)
        assert not server.webhooks.outbox


def test_a_held_outbox_waits() -> None:
    server, receiver = receiving(Manners(held=True))
    with server:
        paid_charge(server, server.client())
        assert server.webhooks.wait()
        assert not receiver.accepted
        assert [delivery.type for delivery in server.webhooks.outbox] == told(server)
        server.webhooks.deliver()
        assert receiver.names == told(server)


def test_every_order_of_what_waits() -> None:
    server, receiver = receiving(Manners(held=True))
    with server:
        charge = paid_charge(server, server.client())
        server.refund_from_dashboard(charge)
        places = server.webhooks.waiting("checkout.session.completed", "refund.created", "charge.refunded")
        orders = list(server.webhooks.orders(among=places))
        assert len(orders) == 6
        assert len({tuple(order) for order in orders}) == 6
        server.webhooks.deliver(orders[-1])
        assert receiver.names == ["charge.refunded", "refund.created", "checkout.session.completed"]
        assert len(server.webhooks.outbox) == len(told(server)) - 3


def test_too_many_orders_are_sampled_by_seed() -> None:
    server, _ = receiving(Manners(held=True))
    with server:
        subscribed(server, server.client())
        first, again = (list(server.webhooks.orders(orders_max=5, seed=1)) for _ in range(2))
        assert first == again
        assert len(first) == 5
        assert first != list(server.webhooks.orders(orders_max=5, seed=2))


def test_shuffled_by_seed() -> None:
    server, receiver = receiving(Manners(held=True, shuffle_seed=5))
    with server:
        subscribed(server, server.client())
        server.webhooks.deliver()
        assert sorted(receiver.names) == sorted(told(server))
        assert receiver.names != told(server)


def test_twice_one_after_the_other() -> None:
    server, receiver = receiving(Manners(copies=2, held=True))
    with server:
        paid_charge(server, server.client())
        server.webhooks.deliver()
        assert receiver.names == [name for name in told(server) for _ in range(2)]
        assert receiver.most_at_once == 1


def test_two_at_the_same_moment() -> None:
    server, receiver = receiving(Manners(at_once=2, held=True))
    with server:
        paid_charge(server, server.client())
        server.webhooks.deliver()
        assert receiver.most_at_once == 2
        assert len(receiver.names) == 2 * len(told(server))


def test_dropped_events_can_still_be_read_and_sent_again() -> None:
    def lost(delivery: Delivery) -> bool:
        return delivery.type == "checkout.session.completed"

    server, receiver = receiving(Manners(drop=lost, held=True))
    with server:
        client = server.client()
        paid_charge(server, client)
        server.webhooks.deliver()
        assert "checkout.session.completed" not in receiver.names
        missed = client.v1.events.list({"type": "checkout.session.completed"}).data[0]
        assert server.webhooks.resend(missed.id) == 200
        assert receiver.names[-1] == "checkout.session.completed"


def test_repeated_until_it_is_accepted() -> None:
    server, receiver = receiving(Manners(held=True), 500, 503, 200)
    with server:
        server.expire(server.client().v1.checkout.sessions.create(top_up()).id)
        delivery = server.webhooks.deliver()[0]
        assert delivery.statuses == [500, 503, 200]
        assert receiver.names == ["checkout.session.expired"]


def test_given_up_after_the_last_attempt() -> None:
    server, receiver = receiving(Manners(held=True, attempts_max=2), 500, 500)
    with server:
        server.expire(server.client().v1.checkout.sessions.create(top_up()).id)
        server.webhooks.deliver()
        assert not receiver.accepted
        assert [one.statuses for one in server.webhooks.failed] == [[500, 500]]


class _Listener(BaseHTTPRequestHandler):
    seen: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.headers["Stripe-Signature"], body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


@pytest.fixture
def listening() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    seen: list[tuple[str, bytes]] = []
    http = HTTPServer(("127.0.0.1", 0), type("Handler", (_Listener,), {"seen": seen}))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{http.server_address[1]}/stripe", seen
    http.shutdown()
    http.server_close()
    thread.join()


def test_over_http(listening: tuple[str, list[tuple[str, bytes]]]) -> None:
    url, seen = listening
    with StrictStripe(url) as server:
        client = server.client()
        paid_charge(server, client)
        assert server.webhooks.wait()
        types = [client.construct_event(body, header, server.webhook_secret).type for header, body in seen]
        assert types == told(server)


def test_nobody_listens() -> None:
    with StrictStripe("http://127.0.0.1:9/stripe", manners=Manners(attempts_max=1)) as server:
        paid_charge(server, server.client())
        assert server.webhooks.wait()
        assert [one.statuses for one in server.webhooks.failed] == [[0]] * len(told(server))


# --- events read back ------------------------------------------------------------------------------------------------


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
