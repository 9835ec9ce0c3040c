"""Payments through the real SDK: sessions, intents, saved cards, refunds, disputes, payouts."""

from dataclasses import replace
from typing import Any

import pytest
import stripe

from tests.strict_stripe import StrictStripe, Terms
from tests.strict_stripe.conftest import paid_charge, told, top_up

DAY = 86_400


def saved_card(client: stripe.StripeClient, card: str = "pm_card_visa") -> tuple[str, str]:
    """A customer and her card."""
    customer = client.v1.customers.create({"email": "fan@example.com"})
    return customer.id, client.v1.payment_methods.attach(card, {"customer": customer.id}).id


def off_session(customer: str, method: str, **changes: Any) -> Any:
    return {
        "amount": 1000,
        "currency": "usd",
        "customer": customer,
        "payment_method": method,
        "confirm": True,
        "off_session": True,
        "return_url": "https://artist.example",
        **changes,
    }


# --- sessions --------------------------------------------------------------------------------------------------------


def test_a_session_paid_by_card(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up(metadata={"topup": "1"}, client_reference_id="wallet"))
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert stripe_server.pay(session.id)
    expand = ["payment_intent.latest_charge.balance_transaction", "line_items"]
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": expand})
    assert (paid.status, paid.payment_status, paid.amount_total) == ("complete", "paid", 1000)
    assert isinstance(paid.payment_intent, stripe.PaymentIntent)
    charge = paid.payment_intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (59, 941)
    assert paid.line_items is not None
    assert paid.line_items.data[0].description == "Top-up"
    assert told(stripe_server) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


@pytest.mark.parametrize(
    ("amount", "fee"), [(50, 31), (100, 33), (300, 39), (500, 45), (1000, 59), (5000, 175), (1017, 59), (1018, 60)]
)
def test_the_fee_is_rounded_half_up(amount: int, fee: int) -> None:
    assert Terms().fee_of(amount) == fee


def test_a_session_paid_by_a_slow_debit(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up())
    stripe_server.pay_later(session.id)
    waiting = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert isinstance(waiting.payment_intent, stripe.PaymentIntent)
    assert waiting.payment_intent.status == "processing"
    stripe_server.settle_later(session.id, succeeded=True)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert told(stripe_server)[-1] == "checkout.session.async_payment_succeeded"


def test_a_slow_debit_that_fails(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up())
    stripe_server.pay_later(session.id)
    stripe_server.settle_later(session.id, succeeded=False)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert told(stripe_server)[-1] == "checkout.session.async_payment_failed"
    assert not stripe_server.objects("balance_transaction")


def test_a_session_expires_by_itself_or_when_asked(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    asked, left = (client.v1.checkout.sessions.create(top_up()).id for _ in range(2))
    client.v1.checkout.sessions.expire(asked)
    stripe_server.advance(DAY + 1)
    assert {one.status for one in client.v1.checkout.sessions.list().data} == {"expired"}
    assert told(stripe_server) == ["checkout.session.expired"] * 2
    with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
        client.v1.checkout.sessions.expire(left)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mode": None}, "Missing required param: mode"),
        ({"success_url": None}, "Missing required param: success_url"),
        ({"line_items": None}, "Missing required param: line_items"),
        ({"success_url": "/thanks"}, "Not a valid URL"),
        ({"customer": "cus_nobody"}, "No such customer: 'cus_nobody'"),
        ({"customer_email": "a@b.c", "customer": "known"}, "You may only specify one of these parameters"),
        ({"subscription_data": {"description": "x"}}, "You can not pass `subscription_data` in `payment` mode"),
        ({"expires_at": 60}, "between 30 minutes and 24 hours"),
        ({"line_items": [{"price": "price_none", "quantity": 1}]}, "No such price: 'price_none'"),
        ({"line_items": [{"price": "known"}]}, "Quantity is required"),
        ({"line_items": [{"price": "known", "quantity": 1}]}, "passed a recurring price"),
    ],
)
def test_a_session_that_cannot_be(client: stripe.StripeClient, changes: dict[str, Any], words: str) -> None:
    customer = client.v1.customers.create({}).id
    price = client.v1.prices.create(
        {"currency": "usd", "unit_amount": 100, "recurring": {"interval": "month"}, "product_data": {"name": "Tier"}}
    ).id
    params = top_up(**changes)
    params["customer"] = customer if changes.get("customer") == "known" else params.get("customer")
    if params["line_items"] and params["line_items"][0].get("price") == "known":
        params["line_items"][0]["price"] = price
    with pytest.raises(stripe.InvalidRequestError, match=words.replace("(", r"\(")):
        client.v1.checkout.sessions.create(params)


def test_less_than_fifty_cents_is_refused(client: stripe.StripeClient) -> None:
    params = top_up()
    params["line_items"][0]["price_data"]["unit_amount"] = 49
    with pytest.raises(stripe.InvalidRequestError, match=r"at least \$0.50 usd") as caught:
        client.v1.checkout.sessions.create(params)
    assert caught.value.code == "amount_too_small"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.create({"amount": 49, "currency": "usd"})
    assert caught.value.code == "amount_too_small"


def test_the_fee_may_come_late(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    stripe_server.terms = replace(stripe_server.terms, fee_delay_seconds=3600)
    charge = paid_charge(stripe_server, client)
    assert client.v1.charges.retrieve(charge).balance_transaction is None
    stripe_server.advance(3600)
    late = client.v1.charges.retrieve(charge, {"expand": ["balance_transaction"]})
    assert isinstance(late.balance_transaction, stripe.BalanceTransaction)
    assert late.balance_transaction.fee == 59
    assert told(stripe_server)[-1] == "charge.updated"


# --- saved cards -----------------------------------------------------------------------------------------------------


def test_a_card_is_saved_while_paying_and_charged_again_off_session(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    customer = client.v1.customers.create({}).id
    wishes = {"setup_future_usage": "off_session", "metadata": {"wallet": "1"}}
    paid_charge(stripe_server, client, customer=customer, payment_intent_data=wishes)
    card = client.v1.payment_methods.list({"customer": customer, "type": "card"}).data[0]
    intent = client.v1.payment_intents.create(off_session(customer, card.id))
    assert (intent.status, intent.amount_received) == ("succeeded", 1000)
    assert stripe_server.objects("payment_intent")[0]["metadata"] == {"wallet": "1"}


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_authenticationRequired", "authentication_required", "authentication_required"),
    ],
)
def test_an_off_session_charge_that_fails(
    stripe_server: StrictStripe, client: stripe.StripeClient, card: str, code: str, decline_code: str
) -> None:
    customer, method = saved_card(client, card)
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.create(off_session(customer, method))
    assert caught.value.code == code
    assert caught.value.error is not None
    assert caught.value.error.decline_code == decline_code
    assert told(stripe_server)[-2:] == ["charge.failed", "payment_intent.payment_failed"]
    assert not stripe_server.objects("balance_transaction")


@pytest.mark.parametrize("succeeded", [True, False])
def test_a_payment_that_the_bank_wants_confirmed(
    stripe_server: StrictStripe, client: stripe.StripeClient, succeeded: bool
) -> None:
    customer, method = saved_card(client, "pm_card_authenticationRequired")
    intent = client.v1.payment_intents.create(off_session(customer, method, off_session=False))
    assert intent.status == "requires_action"
    assert told(stripe_server)[-1] == "payment_intent.requires_action"
    stripe_server.authenticate(intent.id, succeeded=succeeded)
    after = client.v1.payment_intents.retrieve(intent.id)
    assert after.status == ("succeeded" if succeeded else "requires_payment_method")


def test_an_intent_is_confirmed_or_canceled_once(client: stripe.StripeClient) -> None:
    automatic: Any = {"enabled": True, "allow_redirects": "never"}
    intent = client.v1.payment_intents.create(
        {"amount": 1000, "currency": "usd", "automatic_payment_methods": automatic}
    )
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        client.v1.payment_intents.confirm(intent.id)
    assert client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.cancel(intent.id)
    assert caught.value.code == "payment_intent_unexpected_state"
    other = client.v1.payment_intents.create({"amount": 1000, "currency": "usd"})
    assert client.v1.payment_intents.cancel(other.id).status == "canceled"


def test_the_way_back_is_asked_for(client: stripe.StripeClient) -> None:
    customer, method = saved_card(client)
    with pytest.raises(stripe.InvalidRequestError, match="you must provide a `return_url`"):
        client.v1.payment_intents.create(off_session(customer, method, return_url=None))


def test_a_card_of_somebody_else_is_refused(client: stripe.StripeClient) -> None:
    _, method = saved_card(client)
    stranger = client.v1.customers.create({}).id
    with pytest.raises(stripe.InvalidRequestError, match="belongs to a customer"):
        client.v1.payment_intents.create(off_session(stranger, method))
    client.v1.payment_methods.detach(method)
    with pytest.raises(stripe.InvalidRequestError, match="not attached"):
        client.v1.payment_methods.detach(method)


# --- refunds, disputes, payouts --------------------------------------------------------------------------------------


def test_refunds_never_exceed_the_charge(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    charge = paid_charge(stripe_server, client)
    client.v1.refunds.create({"charge": charge, "amount": 400, "metadata": {"lot": "1"}})
    with pytest.raises(stripe.InvalidRequestError, match=r"\$7.00\) is greater than unrefunded amount"):
        client.v1.refunds.create({"charge": charge, "amount": 700})
    intent = stripe_server.get(charge)["payment_intent"]
    assert client.v1.refunds.create({"payment_intent": intent}).amount == 600
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"charge": charge})
    assert caught.value.code == "charge_already_refunded"
    whole = client.v1.charges.retrieve(charge, {"expand": ["refunds"]})
    assert (whole.refunded, whole.amount_refunded) == (True, 1000)
    assert whole.refunds is not None
    assert [one.amount for one in whole.refunds.data] == [600, 400]
    assert len(client.v1.refunds.list({"payment_intent": intent}).data) == 2


def test_a_refund_that_fails_gives_the_money_back_to_the_balance(
    stripe_server: StrictStripe, client: stripe.StripeClient
) -> None:
    charge = paid_charge(stripe_server, client)
    refund = stripe_server.refund_from_dashboard(charge, 300)
    stripe_server.refund_fails(refund)
    assert client.v1.refunds.retrieve(refund).status == "failed"
    assert client.v1.charges.retrieve(charge).amount_refunded == 0
    moved = [one["amount"] for one in stripe_server.objects("balance_transaction")]
    assert moved == [1000, -300, 300]
    assert told(stripe_server)[-3:] == ["refund.updated", "charge.refund.updated", "refund.failed"]


def test_a_refund_may_take_its_time(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    stripe_server.terms = replace(stripe_server.terms, refunds_pend=True)
    refund = client.v1.refunds.create({"charge": paid_charge(stripe_server, client)})
    assert refund.status == "pending"
    stripe_server.refund_succeeds(refund.id)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"


@pytest.mark.parametrize(("won", "fee_returned", "net"), [(False, False, -2500), (True, False, -1500), (True, True, 0)])
def test_a_dispute_takes_the_money_and_a_fee(
    stripe_server: StrictStripe, client: stripe.StripeClient, won: bool, fee_returned: bool, net: int
) -> None:
    stripe_server.terms = replace(stripe_server.terms, dispute_fee_returned=fee_returned)
    charge = paid_charge(stripe_server, client)
    dispute = client.v1.disputes.retrieve(stripe_server.dispute(charge))
    assert (dispute.status, dispute.amount, dispute.balance_transactions[0].net) == ("needs_response", 1000, -2500)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"charge": charge})
    assert caught.value.code == "charge_disputed"
    stripe_server.close_dispute(dispute.id, won=won)
    closed = client.v1.disputes.list({"charge": charge}).data[0]
    assert closed.status == ("won" if won else "lost")
    assert sum(one.net for one in closed.balance_transactions) == net
    expected = ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    expected += ["charge.dispute.funds_reinstated"] * won + ["charge.dispute.closed"]
    assert [name for name in told(stripe_server) if "dispute" in name] == expected


def test_a_warning_before_the_dispute(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    charge = paid_charge(stripe_server, client)
    warning = client.v1.radar.early_fraud_warnings.retrieve(stripe_server.early_fraud_warning(charge))
    assert (warning.charge, warning.actionable) == (charge, True)


def test_a_payout_is_the_sum_of_its_movements(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    for _ in range(2):
        paid_charge(stripe_server, client)
    with pytest.raises(Exception, match="insufficient funds"):
        stripe_server.pay_out()
    stripe_server.advance(2 * DAY)
    payout = client.v1.payouts.retrieve(stripe_server.pay_out())
    assert (payout.amount, payout.status, payout.reconciliation_status) == (1882, "paid", "completed")
    inside = client.v1.balance_transactions.list({"payout": payout.id, "expand": ["data.source"]}).data
    assert sum(one.net for one in inside) == 0
    assert sorted(one.type for one in inside) == ["charge", "charge", "payout"]
    assert {type(one.source) for one in inside} == {stripe.Charge, stripe.Payout}


def test_a_payout_that_fails_comes_back_with_the_next(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    paid_charge(stripe_server, client)
    stripe_server.advance(2 * DAY)
    failed = client.v1.payouts.retrieve(stripe_server.pay_out(succeeded=False))
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert client.v1.balance.retrieve().available[0].amount == 941
    assert client.v1.payouts.retrieve(stripe_server.pay_out()).amount == 941
    assert client.v1.balance.retrieve().available[0].amount == 0


# --- customers, prices, references -----------------------------------------------------------------------------------


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
