"""Money from outside: the real SDK against a strict server that speaks, signs and fails as the processor does."""

import itertools
from dataclasses import replace

import pytest

from billing import accounts
from billing.cards import CardsAway, CardsRefused, Payment, Processor, WebhookRefused
from billing.errors import WalletFrozen
from presence.database import Database, open_database
from presence.migrations import upgrade
from presence.write_lane import WriteLane
from tests.billing.card_desk import NODE, Desk
from tests.billing.conftest import ANN, CENT, Clock, Till
from tests.strict_stripe import Fault, StrictStripe
from trustgraph import Key


@pytest.fixture
def desk(till: Till, server: StrictStripe, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("time.time", clock)  # the SDK looks at the clock when it checks a signature
    return Desk(till, server, clock)


def charge_of(desk: Desk, payment: Payment) -> str:
    return str(desk.server.get(payment.intent_id or "")["latest_charge"])


def test_a_payment_is_credited_once_with_its_true_fee(desk: Desk) -> None:
    payment = desk.paid()
    for _ in range(3):
        desk.cards.fulfil(payment.session_id or "")
    assert (payment.state, payment.fee_micros) == ("paid", 59 * CENT)
    assert desk.posted == 1_000 * CENT
    assert desk.till.balance(accounts.PROCESSOR) == -941 * CENT
    assert desk.till.balance(accounts.FEES) == -59 * CENT
    assert desk.cards.unexplained() == 0


@pytest.mark.parametrize("minor", [0, -5, 49, 20_001, True, 1.5])
def test_amounts_that_no_card_pays_are_refused_here(desk: Desk, minor: int) -> None:
    from billing import BillingError

    with pytest.raises(BillingError):
        desk.begin(minor)
    assert desk.server.requests == []


def test_a_page_that_was_left_credits_nothing(desk: Desk, server: StrictStripe) -> None:
    payment = desk.begin()
    desk.cards.fulfil(payment.session_id or "")
    server.expire(payment.session_id or "")
    desk.cards.fulfil(payment.session_id or "")
    assert desk.cards.payment(payment.ident).state == "expired"
    assert desk.posted == 0


def test_money_that_comes_later_is_credited_when_it_comes(desk: Desk, server: StrictStripe) -> None:
    payment = desk.begin()
    server.pay_later(payment.session_id or "")
    desk.cards.fulfil(payment.session_id or "")
    assert desk.posted == 0
    server.settle_later(payment.session_id or "", succeeded=True)
    desk.cards.fulfil(payment.session_id or "")
    assert desk.posted == 1_000 * CENT


def test_a_fee_that_is_known_late_is_booked_late(desk: Desk, server: StrictStripe) -> None:
    server.terms = replace(server.terms, fee_delay_seconds=60)
    assert desk.paid().fee_micros is None
    server.advance(61)
    desk.cards.sweep()
    assert desk.till.balance(accounts.FEES) == -59 * CENT
    assert desk.cards.unexplained() == 0


FAULTS = [
    Fault.ERROR_BEFORE_COMMIT,
    Fault.DROP_BEFORE_COMMIT,
    Fault.LOCK_TIMEOUT,
    Fault.RATE_LIMIT,
    Fault.ERROR_AFTER_COMMIT,
    Fault.DROP_AFTER_COMMIT,
]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_was_asked_for_twice_is_one_page(desk: Desk, server: StrictStripe, fault: Fault) -> None:
    server.faults.next(fault, verb="post")
    try:
        payment = desk.begin()
    except CardsAway:
        payment = desk.begin()  # she tries again; the page that nobody saw is never paid
    server.pay(payment.session_id or "")
    desk.cards.fulfil(payment.session_id or "")
    assert desk.posted == 1_000 * CENT


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_refund_that_was_asked_for_twice_is_one_refund(desk: Desk, server: StrictStripe, fault: Fault) -> None:
    desk.paid(1_000)
    server.faults.next(fault, verb="post", times=9)  # more than anybody tries again
    desk.cards.refund_unspent(ANN)
    assert desk.posted == 0
    server.faults._planned.clear()
    for _ in range(2):
        desk.cards.sweep()
    assert [one["amount"] for one in server.objects("refund")] == [1_000]
    assert desk.posted == 0
    assert desk.cards.unexplained() == 0


def test_a_webhook_that_never_arrives_is_made_up_for(desk: Desk, server: StrictStripe, clock: Clock) -> None:
    payment = desk.begin()
    server.pay(payment.session_id or "")
    clock.now += 120
    desk.cards.sweep()
    assert desk.posted == 1_000 * CENT
    assert desk.inbox.sweep() > 0
    desk.inbox.work()
    assert desk.posted == 1_000 * CENT


def test_the_unspent_rest_goes_back_to_where_it_came_from(desk: Desk) -> None:
    desk.paid(1_000)
    desk.paid(500)
    desk.spend(1_100 * CENT + 5_000)
    assert desk.cards.refund_unspent(ANN) == 399 * CENT
    assert desk.posted == 5_000
    refunded = [one["amount"] for one in desk.server.objects("refund")]
    assert refunded == [399]
    assert desk.cards.unexplained() == 0
    assert desk.cards.refund_unspent(ANN) == 0


def test_a_refund_that_fails_is_in_the_wallet_again(desk: Desk, server: StrictStripe) -> None:
    desk.paid(1_000)
    desk.cards.refund_unspent(ANN)
    assert desk.posted == 0
    refund = server.objects("refund")[0]["id"]
    server.refund_fails(refund)
    for _ in range(2):
        desk.cards.look_at_refund(refund)
    assert desk.posted == 1_000 * CENT
    assert desk.cards.unexplained() == 0
    assert desk.cards.refund_unspent(ANN) == 1_000 * CENT


def test_a_refund_from_the_dashboard_takes_what_is_unspent(desk: Desk, server: StrictStripe) -> None:
    payment = desk.paid(1_000)
    desk.spend(400 * CENT)
    refund = server.refund_from_dashboard(charge_of(desk, payment))
    for _ in range(2):
        desk.cards.look_at_refund(refund)
    assert desk.posted == 0
    assert desk.till.balance(accounts.LOSSES) == -400 * CENT
    assert desk.cards.unexplained() == 0


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_freezes_and_is_booked_to_the_cent(desk: Desk, server: StrictStripe, won: bool) -> None:
    payment = desk.paid(1_000)
    desk.spend(300 * CENT)
    dispute = server.dispute(charge_of(desk, payment))
    for _ in range(2):
        desk.cards.look_at_dispute(dispute)
    with pytest.raises(WalletFrozen):
        desk.spend(CENT, "q2")
    assert len(desk.cards.alarms()) == 1
    server.close_dispute(dispute, won=won)
    for _ in range(2):
        desk.cards.look_at_dispute(dispute)
    assert desk.till.wallets.open(ANN).frozen_because is None
    assert desk.posted == (700 * CENT if won else 0)
    assert desk.till.balance(accounts.DISPUTED) == 0
    assert desk.till.balance(accounts.LOSSES) == (0 if won else -300 * CENT)
    assert desk.cards.unexplained() == 0


def test_a_warning_of_fraud_closes_the_wallet_once(desk: Desk, server: StrictStripe) -> None:
    payment = desk.paid(1_000)
    warning = server.early_fraud_warning(charge_of(desk, payment))
    desk.cards.look_at_warning(warning)
    with pytest.raises(WalletFrozen):
        desk.spend(CENT)
    assert len(desk.cards.alarms()) == 1
    desk.till.wallets.freeze(desk.till.wallets.open(ANN).ident, None)
    desk.cards.look_at_warning(warning)
    desk.spend(CENT)


def test_a_payout_empties_what_lies_with_the_processor(desk: Desk, server: StrictStripe) -> None:
    desk.paid(1_000)
    server.advance(3 * 24 * 3600)
    payout = server.pay_out()
    for _ in range(2):
        desk.cards.look_at_payout(payout)
    assert desk.till.balance(accounts.PROCESSOR) == 0
    assert desk.till.balance(accounts.BANK) == -941 * CENT
    assert desk.cards.unexplained() == 0


def test_another_amount_than_asked_for_goes_to_suspense(desk: Desk, server: StrictStripe) -> None:
    payment = desk.begin()
    line = {"currency": "usd", "unit_amount": 900, "product_data": {"name": "Wallet"}}
    metadata = {"payment": payment.ident, "owner": ANN, "purpose": "top_up", "node": NODE}
    params = {"mode": "payment", "line_items": [{"price_data": line, "quantity": 1}], "metadata": metadata}
    session = server.client().v1.checkout.sessions.create({**params, "success_url": "https://a.example"})  # type: ignore[arg-type]
    server.pay(session.id)
    desk.cards.fulfil(session.id)
    assert desk.cards.payment(payment.ident).state == "suspense"
    assert desk.posted == 0
    assert desk.till.balance(accounts.SUSPENSE) == 900 * CENT
    assert len(desk.cards.alarms()) == 1
    assert desk.cards.unexplained() == 0


def test_a_tip_goes_to_the_artist(desk: Desk) -> None:
    desk.paid(300, purpose="tip")
    assert desk.till.balance(accounts.TIPS) == 300 * CENT
    assert desk.posted == 0


def test_a_payment_of_another_shop_is_none_of_ours(desk: Desk, server: StrictStripe) -> None:
    line = {"currency": "usd", "unit_amount": 900, "product_data": {"name": "A shirt"}}
    params = {
        "mode": "payment",
        "line_items": [{"price_data": line, "quantity": 1}],
        "success_url": "https://a.example",
    }
    session = server.client().v1.checkout.sessions.create(params)  # type: ignore[arg-type]
    server.pay(session.id)
    assert desk.cards.fulfil(session.id) is None


def test_a_database_from_before_learns_what_it_forgot(desk: Desk, server: StrictStripe, tmp_path: object) -> None:
    payment = desk.paid(1_000)
    desk.till.lane.run(lambda _: None)
    other = open_database(None, tmp_path / "older.db")  # type: ignore[operator]
    upgrade(other.owner)
    lane = WriteLane(other.owner)
    till = Till(other, lane, desk.till.clock, Key(b"p" * 32))
    older = Desk(till, server, desk.till.clock)
    older.inbox.sweep()
    older.inbox.work()
    assert older.posted == 1_000 * CENT
    assert till.wrong() == ()
    lane.close()
    other.close()
    assert payment.state == "paid"


@pytest.mark.parametrize("style", ["snapshot", "thin"])
def test_signed_messages_come_in_and_are_looked_into(desk: Desk, server: StrictStripe, style: str) -> None:
    server.webhooks.manners.style = style  # type: ignore[assignment]
    payment = desk.begin()
    server.pay(payment.session_id or "")
    for _ in range(2):
        server.webhooks.rehearse(range(len(server.webhooks.outbox)), desk.receive)
    assert desk.posted == 1_000 * CENT


@pytest.mark.parametrize("harm", ["forged", "stale", "future", "re-encoded", "absent", "wrong mode", "wrong account"])
def test_a_message_that_is_not_to_be_believed_leaves_no_row(
    desk: Desk, server: StrictStripe, clock: Clock, harm: str
) -> None:
    payment = desk.begin()
    server.pay(payment.session_id or "")
    delivery = server.webhooks.outbox[-1]
    if harm == "wrong mode":
        delivery.event["livemode"] = True
    if harm == "wrong account":
        delivery.event["account"] = "acct_1other"
    payload = delivery.payload
    at = {"stale": clock.now - 301, "future": clock.now + 301}.get(harm, clock.now)
    signature = server.webhooks.sign(payload, at=int(at), secret="whsec_other" if harm == "forged" else None)
    if harm == "re-encoded":
        payload = payload.replace(b" ", b"")
    with pytest.raises(WebhookRefused):
        desk.inbox.receive(payload, None if harm == "absent" else signature)
    assert desk.inbox.work() == 0
    assert desk.posted == 0


def final(desk: Desk) -> dict[str, object]:
    names = [*accounts.FIXED]
    state: dict[str, object] = {name: desk.till.balance(name) for name in names}
    wallet = desk.till.wallets.open(ANN)
    return state | {"wallet": wallet.posted, "frozen": wallet.frozen_because, "left": desk.cards.unexplained()}


LIVES = ("top-up", "refund", "dispute won", "dispute lost", "refund from the dashboard")


@pytest.mark.slow
@pytest.mark.parametrize("life", LIVES)
def test_whatever_the_order_there_is_one_final_state(
    server: StrictStripe, clock: Clock, tmp_path: object, monkeypatch: pytest.MonkeyPatch, life: str
) -> None:
    monkeypatch.setattr("time.time", clock)
    opened: list[tuple[Database, WriteLane]] = []
    names = itertools.count()

    def fresh() -> Desk:
        database = open_database(None, tmp_path / f"{next(names)}.db")  # type: ignore[operator]
        upgrade(database.owner)
        lane = WriteLane(database.owner)
        opened.append((database, lane))
        return Desk(Till(database, lane, clock, Key(b"p" * 32)), server, clock)

    first = fresh()
    payment = first.paid(1_000)
    charge = charge_of(first, payment)
    if life == "refund":
        first.cards.refund_unspent(ANN)
    elif life == "refund from the dashboard":
        server.refund_from_dashboard(charge, 400)
        server.refund_from_dashboard(charge, 100)
    elif life.startswith("dispute"):
        server.close_dispute(server.dispute(charge), won=life.endswith("won"))
    outcomes = []
    for order in server.webhooks.orders():
        desk = fresh()
        server.webhooks.rehearse([*order, *order[::2]], desk.receive)
        outcomes.append(final(desk))
        assert desk.till.wrong() == ()
        database, lane = opened.pop()
        lane.close()
        database.close()
    assert outcomes
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert outcomes[0]["left"] == 0
    for database, lane in opened:
        lane.close()
        database.close()


def test_when_the_processor_is_away_nothing_is_lost(desk: Desk, server: StrictStripe) -> None:
    del server
    with pytest.raises((CardsAway, CardsRefused)):
        Processor("sk_test_x", address="http://127.0.0.1:1").checkout("cs_1")
    assert desk.posted == 0


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.DROP_BEFORE_COMMIT, Fault.ERROR_BEFORE_COMMIT])
def test_a_page_of_a_list_that_does_not_come_is_no_bug(
    desk: Desk, server: StrictStripe, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr("billing.cards.processor.PAGE", 2)
    desk.paid()
    total = len(server.objects("event"))
    assert desk.inbox.sweep() == total
    server.faults.next(fault, path="/v1/events", times=9)
    with pytest.raises(CardsAway):
        desk.inbox.sweep()
