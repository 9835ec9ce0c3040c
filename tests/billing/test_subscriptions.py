"""Subscriptions by card and from the wallet: paid once a period, entitled to its end, never lost by a message."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from billing import accounts
from billing.cards import CardsRefused, Subscription
from billing.errors import NotEnough
from presence.database import open_database
from presence.migrations import upgrade
from presence.write_lane import WriteLane
from tests.billing.card_desk import Desk
from tests.billing.conftest import ANN, CENT, Clock, Till
from tests.strict_stripe import StrictStripe
from trustgraph import Key

DAY = 24 * 3600
BACK = "https://artist.example/tiers"


@pytest.fixture
def desk(till: Till, server: StrictStripe, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("time.time", clock)
    return Desk(till, server, clock)


def subscribed(desk: Desk, every: str = "month", gift: int = 0) -> Subscription:
    desk.subscriptions.begin(ANN, every, 500, name="Supporter", back=BACK, gift_micros=gift)
    desk.server.pay(desk.server.objects("checkout.session")[-1]["id"])
    arrive(desk)
    return desk.subscriptions.of_owner(ANN)[0]


def arrive(desk: Desk) -> None:
    desk.server.webhooks.rehearse(range(len(desk.server.webhooks.outbox)), desk.receive)


def test_a_card_pays_a_month_and_entitles_to_its_end(desk: Desk, clock: Clock) -> None:
    subscription = subscribed(desk)
    assert (subscription.state, subscription.every, subscription.micros) == ("active", "month", 500 * CENT)
    assert desk.entitled[ANN] == subscription.period_end
    assert 28 * DAY <= subscription.period_end - clock.now <= 31 * DAY
    assert desk.till.balance(accounts.SUBSCRIPTIONS) == 500 * CENT
    assert desk.till.balance(accounts.FEES) == -45 * CENT
    assert desk.cards.unexplained() == 0


def test_a_renewal_is_booked_once_and_entitles_further(desk: Desk, server: StrictStripe) -> None:
    first = subscribed(desk)
    server.advance_to_renewal(first.processor_id or "")
    arrive(desk)
    arrive(desk)
    second = desk.subscriptions.find(first.ident)
    assert second.period_end > first.period_end
    assert desk.till.balance(accounts.SUBSCRIPTIONS) == 1_000 * CENT
    assert desk.cards.unexplained() == 0


def test_a_failed_renewal_entitles_no_further(desk: Desk, server: StrictStripe, clock: Clock) -> None:
    first = subscribed(desk)
    server.fail_next_renewal(first.processor_id or "", times=9)
    server.advance_to_renewal(first.processor_id or "")
    arrive(desk)
    assert desk.subscriptions.find(first.ident).state == "past_due"
    assert desk.entitled[ANN] == first.period_end
    desk.subscriptions.sweep()
    assert desk.lapsed == []
    server.advance(30 * DAY)
    arrive(desk)
    assert desk.subscriptions.find(first.ident).state == "canceled"
    clock.now += 60 * DAY
    for _ in range(2):
        desk.subscriptions.sweep()
    assert desk.lapsed == [ANN]
    assert desk.till.balance(accounts.SUBSCRIPTIONS) == 500 * CENT


def test_it_ends_with_what_is_paid_for_and_may_go_on(desk: Desk, server: StrictStripe) -> None:
    first = subscribed(desk, "year")
    ending = desk.subscriptions.cancel(first.ident)
    assert (ending.ends, ending.period_end, ending.is_live) == (1, first.period_end, True)
    assert desk.subscriptions.resume(first.ident).ends == 0
    desk.subscriptions.cancel(first.ident)
    server.advance(367 * DAY)
    arrive(desk)
    assert desk.subscriptions.find(first.ident).state == "canceled"
    with pytest.raises(CardsRefused):
        desk.subscriptions.cancel(first.ident)


def test_nobody_subscribes_twice(desk: Desk) -> None:
    subscribed(desk)
    with pytest.raises(CardsRefused):
        desk.subscriptions.begin(ANN, "month", 500, name="Supporter", back=BACK)
    with pytest.raises(CardsRefused):
        desk.subscriptions.begin_from_wallet(ANN, "month", 500 * CENT)


def test_an_allowance_comes_once_a_period_and_touches_nothing_that_was_paid(desk: Desk, server: StrictStripe) -> None:
    desk.paid(1_000)
    first = subscribed(desk, gift=100 * CENT)
    arrive(desk)
    wallet = desk.till.wallets.open(ANN)
    assert (wallet.gift, wallet.posted) == (100 * CENT, 1_000 * CENT)
    assert wallet.gift_expires_at == first.period_end * 1000
    desk.spend(150 * CENT)
    server.advance_to_renewal(first.processor_id or "")
    arrive(desk)
    wallet = desk.till.wallets.open(ANN)
    assert (wallet.gift, wallet.posted) == (100 * CENT, 950 * CENT)


def test_the_portal_is_the_processors_own_page(desk: Desk) -> None:
    assert desk.subscriptions.portal(subscribed(desk).ident, BACK).startswith("http")


def test_a_refunded_subscription_is_explained(desk: Desk, server: StrictStripe) -> None:
    subscribed(desk)
    server.refund_from_dashboard(server.objects("charge")[-1]["id"])
    arrive(desk)
    assert desk.till.balance(accounts.LOSSES) == -500 * CENT
    assert desk.cards.unexplained() == 0


def test_the_wallet_pays_a_month_and_the_next(desk: Desk, clock: Clock) -> None:
    desk.paid(1_200)
    subscription = desk.subscriptions.begin_from_wallet(ANN, "month", 500 * CENT)
    assert (subscription.state, desk.posted) == ("active", 700 * CENT)
    assert desk.entitled[ANN] == subscription.period_end
    clock.now = subscription.period_end + 1
    for _ in range(2):
        desk.subscriptions.sweep()
    assert desk.posted == 200 * CENT
    assert desk.till.balance(accounts.SUBSCRIPTIONS) == 1_000 * CENT
    second = desk.subscriptions.find(subscription.ident)
    assert second.period_end > subscription.period_end
    clock.now = second.period_end + 1
    desk.subscriptions.sweep()
    assert desk.subscriptions.find(subscription.ident).state == "past_due"
    desk.paid(500)
    desk.subscriptions.sweep()
    assert desk.posted == 700 * CENT  # not before the next try
    clock.now += DAY
    desk.subscriptions.sweep()
    assert desk.posted == 200 * CENT
    assert desk.subscriptions.find(subscription.ident).state == "active"


def test_an_unpaid_one_from_the_wallet_lapses_after_grace(desk: Desk, clock: Clock) -> None:
    desk.paid(500)
    subscription = desk.subscriptions.begin_from_wallet(ANN, "month", 500 * CENT)
    clock.now = subscription.period_end + 1
    for _ in range(5):
        desk.subscriptions.sweep()
        clock.now += DAY
    assert desk.subscriptions.find(subscription.ident).state == "canceled"
    assert desk.entitled[ANN] == subscription.period_end
    assert desk.lapsed == [ANN]


def test_who_cannot_pay_has_no_subscription(desk: Desk) -> None:
    with pytest.raises(NotEnough):
        desk.subscriptions.begin_from_wallet(ANN, "month", 500 * CENT)
    assert desk.entitled == {}
    assert not desk.subscriptions.of_owner(ANN)[0].is_live


@pytest.mark.slow
def test_whatever_the_order_a_subscriptions_life_has_one_final_state(
    server: StrictStripe, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", clock)
    server.terms = replace(server.terms, fee_delay_seconds=0)
    names, outcomes = itertools.count(), []

    def with_fresh(deed: "list[int] | None") -> None:
        database = open_database(None, tmp_path / f"{next(names)}.db")
        upgrade(database.owner)
        lane = WriteLane(database.owner)
        till = Till(database, lane, clock, Key(b"p" * 32))
        desk = Desk(till, server, clock)
        if deed is None:
            first = subscribed(desk)
            server.advance_to_renewal(first.processor_id or "")
            desk.subscriptions.cancel(first.ident)
            server.advance(40 * DAY)
        else:
            server.webhooks.rehearse([*deed, *deed[::3]], desk.receive)
            one = desk.subscriptions.of_owner(ANN)[0]
            paid = till.balance(accounts.SUBSCRIPTIONS), till.balance(accounts.FEES), desk.cards.unexplained()
            outcomes.append((one.state, one.period_end, one.ends, paid))
            assert till.wrong() == ()
        lane.close()
        database.close()

    with_fresh(None)
    for order in itertools.islice(server.webhooks.orders(orders_max=40), 40):
        with_fresh(list(order))
    assert len(set(outcomes)) == 1
    assert outcomes[0][0] == "canceled"
    assert outcomes[0][3][2] == 0
