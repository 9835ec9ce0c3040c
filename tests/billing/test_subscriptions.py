"""Subscriptions by card and from the wallet: paid once a period, entitled to its end, never lost by a message."""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from billing import accounts
from billing.cards import CardsRefused, Subscription
from billing.cards.entitlements import Entitlements, bought
from billing.cards.subscriptions import HAS_ONE
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


def test_an_allowance_comes_to_who_had_no_wallet(desk: Desk) -> None:
    assert desk.till.wallets.find(ANN) is None
    subscribed(desk, gift=100 * CENT)
    arrive(desk)
    wallet = desk.till.wallets.find(ANN)
    assert wallet is not None
    assert (wallet.gift, wallet.posted) == (100 * CENT, 0)
    assert desk.till.wrong() == ()


def test_the_portal_is_the_processors_own_page(desk: Desk) -> None:
    assert desk.subscriptions.portal(subscribed(desk).ident, BACK).startswith("http")


def last_charge(server: StrictStripe) -> str:
    return str(server.objects("charge")[-1]["id"])


def test_a_refunded_subscription_is_explained_and_entitles_no_more(desk: Desk, server: StrictStripe) -> None:
    subscribed(desk)
    server.refund_from_dashboard(last_charge(server))
    arrive(desk)
    assert desk.till.balance(accounts.LOSSES) == -500 * CENT
    assert desk.cards.unexplained() == 0
    assert desk.entitled[ANN] == 0


def test_what_is_paid_back_in_part_entitles_still(desk: Desk, server: StrictStripe) -> None:
    subscription = subscribed(desk)
    server.refund_from_dashboard(last_charge(server), 100)
    arrive(desk)
    assert desk.entitled[ANN] == subscription.period_end
    server.refund_from_dashboard(last_charge(server), 400)
    arrive(desk)
    assert desk.entitled[ANN] == 0


def test_a_refund_that_fails_entitles_again(desk: Desk, server: StrictStripe) -> None:
    subscription = subscribed(desk)
    refund = server.refund_from_dashboard(last_charge(server))
    arrive(desk)
    assert desk.entitled[ANN] == 0
    server.refund_fails(refund)
    arrive(desk)
    assert desk.entitled[ANN] == subscription.period_end


def test_a_dispute_takes_back_at_once_and_gives_back_when_it_is_won(desk: Desk, server: StrictStripe) -> None:
    subscription = subscribed(desk)
    for won in (True, False):
        dispute = server.dispute(last_charge(server))
        arrive(desk)
        assert desk.entitled[ANN] == 0
        server.close_dispute(dispute, won=won)
        arrive(desk)
        assert desk.entitled[ANN] == (subscription.period_end if won else 0)
        server.get(last_charge(server))["disputed"] = False  # the bank asks again
    assert desk.cards.unexplained() == 0


def test_a_refund_of_the_second_month_leaves_the_first(desk: Desk, server: StrictStripe) -> None:
    first = subscribed(desk)
    server.advance_to_renewal(first.processor_id or "")
    arrive(desk)
    server.refund_from_dashboard(last_charge(server))
    arrive(desk)
    assert desk.entitled[ANN] == first.period_end
    desk.subscriptions.cancel(first.ident)


def test_who_paid_from_the_wallet_too_keeps_that(desk: Desk, server: StrictStripe, clock: Clock) -> None:
    desk.paid(2_000)
    by_wallet = desk.subscriptions.begin_from_wallet(ANN, "year", 1_000 * CENT)
    desk.till.lane.run(lambda writer: writer.exec_driver_sql("UPDATE subscriptions SET state = 'canceled'"))
    subscribed(desk)
    server.refund_from_dashboard(last_charge(server))
    arrive(desk)
    assert desk.entitled[ANN] == by_wallet.period_end


def test_what_the_till_could_not_do_is_an_alarm_and_done_later(desk: Desk, server: StrictStripe) -> None:
    subscription = subscribed(desk)
    desk.till_says = "The till is shut."
    server.refund_from_dashboard(last_charge(server))
    for _ in range(2):
        arrive(desk)
    assert desk.entitled[ANN] == subscription.period_end
    assert [sentence for _, sentence, _ in desk.cards.alarms()] == [
        f"{ANN} was paid back or disputes it, and is let in still: The till is shut."
    ]
    assert desk.inbox.work() == 0  # nothing waits to be looked into again: the message was understood
    desk.till_says = None
    desk.subscriptions.sweep()
    assert desk.entitled[ANN] == 0


def test_who_was_paid_back_is_not_kept_when_it_is_over(desk: Desk, server: StrictStripe, clock: Clock) -> None:
    first = subscribed(desk)
    desk.subscriptions.cancel(first.ident)
    server.close_dispute(server.dispute(last_charge(server)), won=False)
    server.advance(40 * DAY)
    arrive(desk)
    clock.now += 60 * DAY
    desk.subscriptions.sweep()
    assert desk.subscriptions.find(first.ident).state == "canceled"
    assert desk.lapsed == []


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


def test_what_was_worked_out_last_is_told_last_whichever_process_did(desk: Desk) -> None:
    told: list[tuple[str, int]] = []

    def elsewhere(_owner: str, until: int) -> None:
        told.append(("elsewhere", until))

    def here(_owner: str, until: int) -> None:
        if not told:
            desk.cards.run(lambda plain: bought(plain, "second", ANN, 2_000))
            Entitlements(desk.cards, elsewhere).settle(ANN)
        told.append(("here", until))

    desk.cards.run(lambda plain: bought(plain, "first", ANN, 1_000))
    Entitlements(desk.cards, here).settle(ANN)
    assert told == [("elsewhere", 2_000), ("here", 1_000), ("here", 2_000)]


def test_two_presses_at_once_subscribe_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.till.top_up(ANN, 2_000 * CENT)
    both = threading.Barrier(2)
    check = desk.subscriptions._check_new

    def at_once(owner: str, every: str) -> None:
        check(owner, every)
        both.wait(30)

    monkeypatch.setattr(desk.subscriptions, "_check_new", at_once)

    def subscribe() -> str:
        try:
            return desk.subscriptions.begin_from_wallet(ANN, "month", 500 * CENT).state
        except CardsRefused as refusal:
            return str(refusal)

    with ThreadPoolExecutor(2) as threads:
        told = {one.result() for one in [threads.submit(subscribe) for _ in range(2)]}
    assert told == {"active", HAS_ONE}
    assert desk.posted == 1_500 * CENT
    assert [one.is_live for one in desk.subscriptions.of_owner(ANN)].count(True) == 1
    assert desk.till.wrong() == ()


@pytest.mark.parametrize(("ends", "posted", "state"), [(True, 1_500, "active"), (False, 1_000, "active")])
def test_what_is_wanted_while_renewals_are_looked_through_counts(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch, ends: bool, posted: int, state: str
) -> None:
    desk.till.top_up(ANN, 2_000 * CENT)
    subscription = desk.subscriptions.begin_from_wallet(ANN, "month", 500 * CENT)
    if not ends:
        desk.subscriptions.cancel(subscription.ident)
    clock.now = subscription.period_end + 1
    renew = desk.subscriptions._renew

    def changed_meanwhile(due: Subscription, now: int) -> None:
        desk.subscriptions._end_or_not(due.ident, ends=ends)
        renew(due, now)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.subscriptions, "_renew", changed_meanwhile)
        desk.subscriptions.sweep()
    assert (desk.posted, desk.subscriptions.find(subscription.ident).state) == (1_500 * CENT, state)
    desk.subscriptions.sweep()  # as she wants it
    assert desk.posted == posted * CENT
    assert desk.subscriptions.find(subscription.ident).state == ("canceled" if ends else "active")


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


TAKEN_BACK = {
    "refund": 0,
    "refund in parts": 0,
    "refund that failed": 1,
    "dispute lost": 0,
    "dispute won": 1,
    "refund of the first month": 2,
    "dispute lost of the second month": 1,
}


@pytest.fixture
def fresh(
    server: StrictStripe, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Desk], None]], None]:
    """Give a way to do something at a desk over a database of its own, whose books are right afterwards."""
    monkeypatch.setattr("time.time", clock)
    names = itertools.count()

    def at_a_desk(deed: Callable[[Desk], None]) -> None:
        database = open_database(None, tmp_path / f"{next(names)}.db")
        upgrade(database.owner)
        lane = WriteLane(database.owner)
        till = Till(database, lane, clock, Key(b"p" * 32))
        deed(Desk(till, server, clock))
        assert till.wrong() == ()
        lane.close()
        database.close()

    return at_a_desk


def live(desk: Desk, server: StrictStripe, life: str) -> list[int]:
    """Subscribe, and have it taken back; give the ends of what was paid, after a 0."""
    first = subscribed(desk)
    ends, charge = [0, first.period_end], last_charge(server)
    if life.endswith("month"):
        server.advance_to_renewal(first.processor_id or "")
        arrive(desk)
        ends.append(desk.subscriptions.find(first.ident).period_end)
        charge = charge if "first" in life else last_charge(server)
    if life.startswith("dispute"):
        server.close_dispute(server.dispute(charge), won="won" in life)
        return ends
    for part in (200, 300) if life.endswith("parts") else (500,):
        refund = server.refund_from_dashboard(charge, part)
    if life.endswith("failed"):
        server.refund_fails(refund)
    return ends


@pytest.mark.slow
@pytest.mark.parametrize("life", TAKEN_BACK)
def test_whatever_the_order_what_stands_entitles(
    server: StrictStripe, fresh: Callable[[Callable[[Desk], None]], None], life: str
) -> None:
    """What tells of a payment and of its being taken back comes in every order, or in forty where there are more."""
    ends: list[int] = []
    fresh(lambda desk: ends.extend(live(desk, server, life)))
    told = [delivery.event["type"] for delivery in server.webhooks.outbox]
    looked_into = ("invoice.paid", "customer.subscription.created", "refund", "charge.refund", "charge.dispute")
    among = [place for place, kind in enumerate(told) if kind.startswith(looked_into)]
    orders = list(server.webhooks.orders(among=among, orders_max=40))
    assert len(orders) >= 24
    for order in orders:

        def hear(desk: Desk, order: list[int] = order) -> None:
            server.webhooks.rehearse([*order, *order[::2]], desk.receive)
            assert desk.entitled[ANN] == ends[TAKEN_BACK[life]]
            assert desk.cards.unexplained() == 0

        fresh(hear)
