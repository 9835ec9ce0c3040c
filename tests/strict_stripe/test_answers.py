"""What the double says has the shape the SDK's classes describe, for every kind of object."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.strict_stripe import StrictStripe, answers
from tests.strict_stripe.answers import AnswerOutOfShape, check_answer
from tests.strict_stripe.shopping import paid_charge, subscribed, top_up
from tests.strict_stripe.world import COLLECTIONS

MAIN_KINDS = set(COLLECTIONS) | {"billing_portal.session", "line_item", "item", "v2.core.event"}


def fill(server: StrictStripe, client: stripe.StripeClient) -> None:
    """One object of every kind."""
    charge = paid_charge(server, client, payment_intent_data={"setup_future_usage": "off_session"})
    subscription = subscribed(server, client)
    server.fail_next_renewal(subscription)
    server.advance_to_renewal(subscription)
    server.decline(client.v1.checkout.sessions.create(top_up()).id)
    server.pay_later(client.v1.checkout.sessions.create(top_up()).id)
    server.pay_out()
    server.refund_fails(client.v1.refunds.create({"charge": charge, "amount": 100}).id)
    server.close_dispute(server.dispute(charge), won=True)
    server.early_fraud_warning(charge)
    customer = server.objects("customer")[0]["id"]
    client.v1.billing_portal.sessions.create({"customer": customer, "return_url": "https://artist.example"})


def test_every_kind_of_object_has_the_shape_of_its_class(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    fill(stripe_server, client)
    kinds = {kind for kind in MAIN_KINDS if stripe_server.objects(kind)}
    assert kinds == MAIN_KINDS
    for kind in kinds:
        for thing in stripe_server.objects(kind):
            check_answer(thing)
    client.v1.balance.retrieve()


def test_every_collection_that_can_be_fetched_is_fetched_by_the_sdk(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    fill(stripe_server, client)
    for kind, url in COLLECTIONS.items():
        newest = stripe_server.objects(kind)[-1]["id"]
        fetched = client.deserialize(client.raw_request("get", f"{url}/{newest}"), api_mode="V1")
        assert (fetched["id"], fetched["object"]) == (newest, kind)
        assert type(fetched) is not stripe.StripeObject


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda charge: charge.update(colour="red"), "keys the SDK does not know: ['colour']"),
        (lambda charge: charge.pop("captured"), "lacks what the SDK promises: ['captured']"),
        (lambda charge: charge.update(status="done"), "charge.status is 'done'"),
        (lambda charge: charge.update(amount="1000"), "charge.amount is '1000'"),
        (lambda charge: charge.update(paid=1), "charge.paid is 1"),
        (lambda charge: charge.update(object="chargement"), "knows no object 'chargement'"),
        (lambda charge: charge["billing_details"].update(shoe_size=38), "shoe_size"),
        (lambda charge: charge["outcome"].pop("type"), "lacks what the SDK promises: ['type']"),
        (lambda charge: charge.update(customer={"id": "x", "object": "refund", "deleted": True}), "not a Customer"),
    ],
)
def test_an_answer_out_of_shape_is_found(
    stripe_server: StrictStripe, client: stripe.StripeClient, spoil: Any, words: str
) -> None:
    charge = deepcopy(stripe_server.get(paid_charge(stripe_server, client)))
    check_answer(charge)
    spoil(charge)
    with pytest.raises(AnswerOutOfShape) as found:
        check_answer(charge)
    assert words in str(found.value)


def test_a_double_at_fault_says_so_and_fails_the_test_that_used_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LISTS", ())
    server = StrictStripe()
    server.__enter__()
    with pytest.raises(stripe.APIError, match="Defect of the double"):
        server.client().v1.customers.list()
    with pytest.raises(AnswerOutOfShape):
        server.__exit__(None, None, None)


def test_the_official_examples_fit_the_reading_of_the_classes() -> None:
    """The examples are one release older, so they may lack new fields; what they have, the classes mostly know."""
    file = Path(__file__).parents[3] / "shared/data/stripe/fixtures3.v2436-2026-08-21.json"
    if not file.exists():
        pytest.skip("the official examples are not at hand")
    resources = json.loads(file.read_text())["resources"]
    for kind in ("balance_transaction", "customer", "payout", "price", "product", "refund", "item", "invoice_payment"):
        check_answer(_without_examples_of_nothing(resources[kind]))


def _without_examples_of_nothing(value: Any) -> Any:
    """The examples show `{}` where nothing is, and words such as `action` for any text."""
    if isinstance(value, dict):
        return {
            name: _without_examples_of_nothing(one) for name, one in value.items() if one != {} or name == "metadata"
        }
    return value
