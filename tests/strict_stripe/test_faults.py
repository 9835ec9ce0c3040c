"""Faults strike before anything is done, or after all is done, and the same key tells the difference."""

import pytest
import stripe

from tests.strict_stripe import CARD_DECLINED, Fault, StrictStripe
from tests.strict_stripe.shopping import told, top_up

KEY: stripe.RequestOptions = {"idempotency_key": "topup:1"}


def code_of(error: stripe.StripeError) -> str | None:
    """The SDK leaves `code` empty for 409 and 429; it stands in `error`."""
    return error.error.code if error.error else None


def count(server: StrictStripe) -> int:
    return len(server.objects("checkout.session"))


@pytest.mark.parametrize(
    ("fault", "error", "status", "code"),
    [
        (Fault.ERROR_BEFORE_COMMIT, stripe.APIError, 500, None),
        (Fault.DROP_BEFORE_COMMIT, stripe.APIConnectionError, None, None),
        (Fault.LOCK_TIMEOUT, stripe.StripeError, 409, "lock_timeout"),
        (Fault.RATE_LIMIT, stripe.RateLimitError, 429, "rate_limit"),
    ],
)
def test_before_the_commit_nothing_happened_and_the_key_is_free(
    stripe_server: StrictStripe,
    client: stripe.StripeClient,
    fault: Fault,
    error: type[stripe.StripeError],
    status: int | None,
    code: str | None,
) -> None:
    stripe_server.faults.next(fault)
    with pytest.raises(error) as caught:
        client.v1.checkout.sessions.create(top_up(), KEY)
    assert (caught.value.http_status, code_of(caught.value)) == (status, code)
    assert count(stripe_server) == 0
    assert client.v1.checkout.sessions.create(top_up(), KEY).id
    assert count(stripe_server) == 1
    assert stripe_server.faults.injected == [(fault, "post", "/v1/checkout/sessions")]


def test_a_connection_that_breaks_after_the_commit_hides_an_answer_that_the_key_recovers(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    stripe_server.faults.next(Fault.DROP_AFTER_COMMIT)
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(top_up(), KEY)
    assert count(stripe_server) == 1
    assert client.v1.checkout.sessions.create(top_up(), KEY).id == stripe_server.objects("checkout.session")[0]["id"]
    assert count(stripe_server) == 1


def test_an_error_after_the_commit_is_repeated_to_the_key(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    stripe_server.faults.next(Fault.ERROR_AFTER_COMMIT)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            client.v1.checkout.sessions.create(top_up(), KEY)
        assert caught.value.http_status == 500
    assert count(stripe_server) == 1


def test_the_sdk_itself_retries_over_a_broken_connection(stripe_server: StrictStripe) -> None:
    stripe_server.faults.next(Fault.DROP_AFTER_COMMIT, verb="post", path="/v1/checkout/*")
    client = stripe_server.client(max_network_retries=1)
    assert client.v1.checkout.sessions.create(top_up()).id
    assert count(stripe_server) == 1


def test_faults_by_die_are_the_same_for_the_same_seed() -> None:
    assert outcomes(seed=3) == outcomes(seed=3)
    assert {True, False} == set(outcomes(seed=3))
    assert outcomes(seed=3) != outcomes(seed=4)


def outcomes(*, seed: int) -> list[bool]:
    with StrictStripe() as server:
        client = server.client()
        server.faults.randomly(0.5, seed=seed, kinds=(Fault.ERROR_BEFORE_COMMIT, Fault.RATE_LIMIT))
        return [_succeeds(client) for _ in range(12)]


def _succeeds(client: stripe.StripeClient) -> bool:
    try:
        client.v1.customers.create({})
    except stripe.StripeError:
        return False
    return True


def test_the_next_card_is_declined(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up())
    stripe_server.trouble_next_charge(CARD_DECLINED)
    assert stripe_server.pay(session.id) is False
    assert stripe_server.pay(session.id) is True
    assert [name for name in told(stripe_server) if name.startswith("charge")] == ["charge.failed", "charge.succeeded"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Fault.CARD_DECLINED, "card_declined"), (Fault.AUTHENTICATION_REQUIRED, "authentication_required")],
)
def test_a_card_in_trouble_at_the_next_request(
    stripe_server: StrictStripe, client: stripe.StripeClient, fault: Fault, code: str
) -> None:
    customer = client.v1.customers.create({"payment_method": "pm_card_visa"})
    saved = client.v1.customers.payment_methods.list(customer.id).data[0].id
    stripe_server.faults.next(fault)
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.create(
            {
                "amount": 1000,
                "currency": "usd",
                "customer": customer.id,
                "payment_method": saved,
                "confirm": True,
                "off_session": True,
                "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            }
        )
    assert (caught.value.http_status, caught.value.code) == (402, code)
    assert caught.value.error is not None
    assert caught.value.error.payment_intent is not None
    intent = client.v1.payment_intents.retrieve(caught.value.error.payment_intent.id)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.code == code
