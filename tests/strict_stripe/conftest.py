"""A strict Stripe for each test."""

from collections.abc import Iterator

import pytest
import stripe

from tests.strict_stripe import Manners, StrictStripe


@pytest.fixture
def stripe_server() -> Iterator[StrictStripe]:
    with StrictStripe(manners=Manners(held=True)) as running:
        yield running


@pytest.fixture
def client(stripe_server: StrictStripe) -> stripe.StripeClient:
    return stripe_server.client()
