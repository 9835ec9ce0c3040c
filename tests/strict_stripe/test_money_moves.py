"""Money that goes back, is taken back, and goes to the bank."""

from dataclasses import replace

import pytest
import stripe

from tests.strict_stripe import StrictStripe
from tests.strict_stripe.shopping import paid_charge, told, top_up

DAY = 86_400


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


def test_the_balance_calls_a_debit_a_payment(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(top_up())
    stripe_server.pay_later(session.id)
    stripe_server.settle_later(session.id, succeeded=True)
    client.v1.refunds.create({"charge": stripe_server.objects("charge")[0]["id"]})
    moved = stripe_server.objects("balance_transaction")
    assert [one["type"] for one in moved] == ["payment", "payment_refund"]
    assert [one["reporting_category"] for one in moved] == ["charge", "refund"]
