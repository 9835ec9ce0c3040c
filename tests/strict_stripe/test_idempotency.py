"""A key is good for one request: its answer is kept for a day, and nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.strict_stripe import Fault, StrictStripe
from tests.strict_stripe.shopping import top_up

KEY: stripe.RequestOptions = {"idempotency_key": "topup:1"}


def test_the_same_request_has_the_same_answer(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    first = client.v1.checkout.sessions.create(top_up(), KEY)
    again = client.v1.checkout.sessions.create(top_up(), KEY)
    assert again.id == first.id
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert first.last_response is not None
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert len(stripe_server.objects("checkout.session")) == 1


def test_another_request_under_the_key_is_refused(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    client.v1.checkout.sessions.create(top_up(), KEY)
    with pytest.raises(stripe.IdempotencyError, match="same parameters") as caught:
        client.v1.checkout.sessions.create(top_up(client_reference_id="other"), KEY)
    assert caught.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({}, KEY)


def test_the_key_is_in_use_while_its_request_runs(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    stripe_server.faults.next(Fault.WAIT)
    with ThreadPoolExecutor() as pool:
        running = pool.submit(client.v1.checkout.sessions.create, top_up(), KEY)
        assert stripe_server.faults.waiting.acquire(timeout=5)
        with pytest.raises(stripe.StripeError) as caught:
            client.v1.checkout.sessions.create(top_up(), KEY)
        stripe_server.faults.release()
        first = running.result()
    assert caught.value.http_status == 409
    assert caught.value.error is not None  # the SDK leaves `code` of a 409 empty
    assert caught.value.error.code == "idempotency_key_in_use"
    assert client.v1.checkout.sessions.create(top_up(), KEY).id == first.id
    assert len(stripe_server.objects("checkout.session")) == 1


def test_a_decline_is_kept_too(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"payment_method": "pm_card_chargeDeclined"})
    saved = client.v1.customers.payment_methods.list(customer.id).data[0].id
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.payment_intents.create(
                {
                    "amount": 1000,
                    "currency": "usd",
                    "customer": customer.id,
                    "payment_method": saved,
                    "confirm": True,
                    "off_session": True,
                    "return_url": "https://artist.example",
                },
                KEY,
            )
    assert len(stripe_server.objects("payment_intent")) == 1


def test_a_request_refused_for_its_parameters_leaves_the_key_free(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(top_up(mode="paymnt"), KEY)
    assert client.v1.checkout.sessions.create(top_up(), KEY).id


def test_after_a_day_the_key_is_forgotten(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    first = client.v1.customers.create({}, KEY)
    stripe_server.advance(86_399)
    assert client.v1.customers.create({}, KEY).id == first.id
    stripe_server.advance(2)
    assert client.v1.customers.create({}, KEY).id != first.id
