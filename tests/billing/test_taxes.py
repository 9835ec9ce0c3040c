"""Tax that the processor collects is owed to others: never in a wallet, never income, given back in proportion."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from billing import accounts
from billing.cards import CardsRefused, Payment
from billing.cards.processor import Tax
from tests.billing.card_desk import Desk
from tests.billing.conftest import ANN, CENT, Clock, Till
from tests.billing.test_subscriptions import arrive, last_charge, subscribed
from tests.strict_stripe import StrictStripe

ON_TOP: Tax = "exclusive"
WITHIN: Tax = "inclusive"


@pytest.fixture
def desk(till: Till, server: StrictStripe, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk whose artist has tax worked out, at 8.3 %; in the end everything that came is explained."""
    monkeypatch.setattr("time.time", clock)
    made = Desk(till, server, clock)
    collect(made)
    yield made
    assert made.cards.unexplained() == 0


def collect(desk: Desk) -> None:
    """Have tax worked out from now on."""
    desk.server.terms = replace(desk.server.terms, tax_rate=Decimal("0.083"))
    desk.cards.processor.tax = ON_TOP


def owed(desk: Desk) -> int:
    """How much tax is owed, in cents."""
    cents, rest = divmod(desk.till.balance(accounts.TAX), CENT)
    assert rest == 0
    return cents


def charge_of(desk: Desk, payment: Payment) -> str:
    return str(desk.server.get(payment.intent_id or "")["latest_charge"])


def test_tax_on_top_is_paid_beside_what_is_credited(desk: Desk, server: StrictStripe) -> None:
    payment = desk.paid(1_000)
    assert server.get(payment.intent_id or "")["amount"] == 1_083
    assert (desk.posted, owed(desk)) == (1_000 * CENT, 83)
    assert (payment.micros, payment.tax_micros) == (1_000 * CENT, 83 * CENT)


def test_tax_within_the_price_is_not_credited(desk: Desk, server: StrictStripe) -> None:
    desk.cards.processor.tax = WITHIN
    payment = desk.paid(1_000)
    assert server.get(payment.intent_id or "")["amount"] == 1_000
    assert (desk.posted, owed(desk)) == (923 * CENT, 77)
    assert payment.state == "paid"


def test_where_it_is_off_nothing_is_worked_out(desk: Desk, server: StrictStripe) -> None:
    desk.cards.processor.tax = None
    payment = desk.paid(1_000)
    assert server.objects("checkout.session")[-1]["automatic_tax"]["enabled"] is False
    assert (desk.posted, owed(desk), payment.tax_micros) == (1_000 * CENT, 0, 0)


def test_the_tax_of_a_tip_is_nobodys_income(desk: Desk, server: StrictStripe) -> None:
    desk.paid(300, purpose="tip")
    assert desk.till.balance(accounts.TIPS) == 300 * CENT
    assert owed(desk) == 25


def test_the_tax_of_a_subscription_is_nobodys_income_and_comes_with_each_invoice(
    desk: Desk, server: StrictStripe
) -> None:
    first = subscribed(desk)
    assert (desk.till.balance(accounts.SUBSCRIPTIONS), owed(desk)) == (500 * CENT, 42)
    server.advance_to_renewal(first.processor_id or "")
    arrive(desk)
    arrive(desk)
    assert (desk.till.balance(accounts.SUBSCRIPTIONS), owed(desk)) == (1_000 * CENT, 84)
    server.refund_from_dashboard(last_charge(server), 500)
    arrive(desk)
    assert desk.entitled[ANN] > first.period_end  # its tax was not paid back yet: a part
    server.refund_from_dashboard(last_charge(server), 42)
    arrive(desk)
    assert desk.entitled[ANN] == first.period_end
    assert owed(desk) == 42


def test_what_is_unspent_goes_back_with_its_tax(desk: Desk, server: StrictStripe) -> None:
    desk.paid(1_000)
    desk.spend(600 * CENT)
    assert desk.cards.refund_unspent(ANN) == 433 * CENT
    assert [one["amount"] for one in server.objects("refund")] == [433]
    assert (desk.posted, owed(desk)) == (0, 50)


def test_all_that_was_paid_goes_back_to_the_cent(desk: Desk, server: StrictStripe) -> None:
    payment = desk.paid(1_000)
    for part in (333, 77, 1):
        desk.cards.look_at_refund(server.refund_from_dashboard(charge_of(desk, payment), part))
    assert desk.cards.refund_unspent(ANN)
    assert sum(one["amount"] for one in server.objects("refund")) == 1_083
    assert (desk.posted, owed(desk)) == (0, 0)
    assert desk.till.balance(accounts.LOSSES) == 0


def test_a_refund_that_fails_owes_the_tax_again(desk: Desk, server: StrictStripe) -> None:
    desk.paid(1_000)
    desk.cards.refund_unspent(ANN)
    assert owed(desk) == 0
    refund = server.objects("refund")[0]["id"]
    server.refund_fails(refund)
    for _ in range(2):
        desk.cards.look_at_refund(refund)
    assert (desk.posted, owed(desk)) == (1_000 * CENT, 83)
    assert desk.cards.refund_unspent(ANN) == 1_083 * CENT


@pytest.mark.parametrize("first", [0, 1, 2])
def test_parts_give_back_tax_in_proportion_whichever_is_seen_first(
    desk: Desk, server: StrictStripe, first: int
) -> None:
    payment = desk.paid(1_000)
    refunds = [server.refund_from_dashboard(charge_of(desk, payment), part) for part in (201, 199, 83)]
    for refund in [refunds[first], *refunds, *reversed(refunds)]:
        desk.cards.look_at_refund(refund)
    assert owed(desk) == 83 - 37  # of 4.83, at 8.3 in 108.3
    assert desk.posted == (1_000 - 483 + 37) * CENT


def test_a_dispute_that_is_won_leaves_the_tax_owed(desk: Desk, server: StrictStripe) -> None:
    disputed(desk, server, won=True)


def test_a_lost_dispute_takes_no_tax_out_of_a_wallet(desk: Desk, server: StrictStripe) -> None:
    disputed(desk, server, won=False)


def disputed(desk: Desk, server: StrictStripe, *, won: bool) -> None:
    payment = desk.paid(1_000)
    desk.paid(500)
    dispute = server.dispute(charge_of(desk, payment))
    server.close_dispute(dispute, won=won)
    for _ in range(2):
        desk.cards.look_at_dispute(dispute)
    assert desk.posted == (1_500 if won else 500) * CENT
    assert desk.till.balance(accounts.LOSSES) == (0 if won else -83 * CENT)
    assert owed(desk) == 83 + 42  # what the bank took back is not the tax office's doing


def test_a_payment_whose_tax_could_not_be_worked_out_is_an_alarm(desk: Desk, server: StrictStripe) -> None:
    server.terms = replace(server.terms, knows_the_place=False)
    desk.paid(1_000)
    subscribed(desk)
    assert (desk.posted, owed(desk)) == (1_000 * CENT, 0)
    assert len([sentence for _, sentence, _ in desk.cards.alarms() if "could not be worked out" in sentence]) == 2


def test_a_wallet_does_not_fill_itself_where_tax_is_worked_out_on_a_page(desk: Desk, server: StrictStripe) -> None:
    desk.cards.processor.tax = None
    wishes = {"below": 200, "month_max": 3_000, "name": "Wallet", "back": "https://artist.example/wallet"}
    payment = desk.auto.begin(ANN, 1_000, **wishes)  # type: ignore[arg-type]
    server.pay(payment.session_id or "")
    desk.cards.fulfil(payment.session_id or "")
    desk.auto.sweep()
    desk.spend(900 * CENT)
    desk.cards.processor.tax = ON_TOP
    desk.auto.sweep()
    auto = desk.auto.find(ANN)
    assert auto is not None
    assert auto.state == "off"
    assert len(server.objects("charge")) == 1
    with pytest.raises(CardsRefused, match="cannot fill itself"):
        desk.auto.begin(ANN, 1_000, **wishes)  # type: ignore[arg-type]


def test_tax_that_is_owed_otherwise_is_said(desk: Desk) -> None:
    payment = desk.paid(1_000)
    told = "Another amount of tax is owed than was collected and not given back."
    change = "UPDATE card_payments SET tax_micros = tax_micros {} WHERE id = '{}'"
    for by, said in (("+ 1", (told,)), ("- 1", ())):
        desk.till.lane.run(lambda writer, by=by: writer.exec_driver_sql(change.format(by, payment.ident)))  # type: ignore[misc]
        assert desk.till.wrong() == said


def test_the_books_name_the_tax(desk: Desk, clock: Clock) -> None:
    from billing.beancount import exported

    desk.paid(1_000)
    lines = list(exported(desk.till.database.snapshot, desk.cards.currency, clock()))
    assert "  Liabilities:Tax  -0.830000 USD" in lines
