"""Deliveries go wrong in every way one likes."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.strict_stripe import Delivery, Manners, StrictStripe
from tests.strict_stripe.receiving import Receiver, receiving
from tests.strict_stripe.shopping import paid_charge, subscribed, told, top_up


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


def test_every_order_is_rehearsed_with_a_receiver_of_its_own() -> None:
    server, receiver = receiving(Manners(held=True))
    with server:
        paid_charge(server, server.client())
        heard = []
        for order in server.webhooks.orders():
            fresh = Receiver(server.webhook_secret)
            copies = server.webhooks.rehearse(order, fresh)
            assert all(copy.statuses == [200] for copy in copies)
            heard.append(tuple(fresh.names))
        assert len(set(heard)) == 24
        assert len(server.webhooks.outbox) == 4
        assert not receiver.accepted


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
    receiver.pause_seconds = 0.01
    with server:
        paid_charge(server, server.client())
        server.webhooks.deliver()
        assert receiver.names == [name for name in told(server) for _ in range(2)]
        assert receiver.most_at_once == 1


def test_two_at_the_same_moment() -> None:
    server, receiver = receiving(Manners(at_once=2, held=True))
    receiver.pause_seconds = 0.05
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


def test_a_receiver_that_breaks_is_asked_again() -> None:
    calls = []

    def receive(payload: bytes, signature: str) -> int:
        calls.append(payload)
        if len(calls) == 1:
            raise RuntimeError("out of memory")
        return 200

    with StrictStripe(receive=receive) as server:
        server.expire(server.client().v1.checkout.sessions.create(top_up()).id)
        assert server.webhooks.wait()
        assert [delivery.statuses for delivery in server.webhooks.delivered] == [[500, 200]]
        assert [str(error) for error in server.webhooks.raised] == ["out of memory"]
