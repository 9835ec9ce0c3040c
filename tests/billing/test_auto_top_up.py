"""Topping up by itself: wanted, within her limit, once each time, and off as soon as the bank says no."""

from typing import Any

import pytest

from billing.cards import CardsRefused
from billing.cards.auto import AutoTopUp
from tests.billing.card_desk import Desk
from tests.billing.conftest import ANN, CENT, Clock, Till
from tests.strict_stripe import AUTHENTICATION_REQUIRED, CARD_DECLINED, Fault, StrictStripe, Trouble

BACK = "https://artist.example/wallet"


@pytest.fixture
def desk(till: Till, server: StrictStripe, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("time.time", clock)
    desk = Desk(till, server, clock)
    payment = desk.auto.begin(ANN, 1_000, below=200, month_max=2_500, name="Wallet", back=BACK)
    server.pay(payment.session_id or "")
    desk.cards.fulfil(payment.session_id or "")
    desk.auto.sweep()
    return desk


def test_it_tops_up_once_when_there_is_less_than_the_floor(desk: Desk) -> None:
    desk.auto.sweep()
    assert desk.posted == 1_000 * CENT
    desk.spend(850 * CENT)
    for _ in range(3):
        desk.auto.sweep()
    assert desk.posted == 1_150 * CENT
    assert desk.cards.unexplained() == 0
    assert desk.cards.refund_unspent(ANN) == 1_150 * CENT
    assert desk.cards.unexplained() == 0


def test_it_keeps_within_the_month(desk: Desk, clock: Clock) -> None:
    for number in range(5):
        left = desk.posted - 100 * CENT
        if left > 0:
            desk.spend(left, f"q{number}")
        desk.auto.sweep()
    assert desk.posted == 100 * CENT
    clock.now += 32 * 24 * 3600
    desk.auto.sweep()
    assert desk.posted == 1_100 * CENT


@pytest.mark.parametrize("trouble", [CARD_DECLINED, AUTHENTICATION_REQUIRED])
def test_a_bank_that_says_no_turns_it_off(desk: Desk, server: StrictStripe, trouble: Trouble) -> None:
    desk.spend(900 * CENT)
    server.trouble_next_charge(trouble)
    for _ in range(3):
        desk.auto.sweep()
    found = desk.auto.find(ANN)
    assert found is not None
    assert (found.state, bool(found.why)) == ("off", True)
    assert desk.posted == 100 * CENT


@pytest.mark.slow
@pytest.mark.parametrize("fault", [Fault.ERROR_AFTER_COMMIT, Fault.DROP_AFTER_COMMIT, Fault.DROP_BEFORE_COMMIT])
def test_unknown_is_not_failed(desk: Desk, server: StrictStripe, fault: Fault) -> None:
    desk.spend(900 * CENT)
    server.faults.next(fault, verb="post", times=3)
    for _ in range(3):
        desk.auto.sweep()
    assert desk.posted == 1_100 * CENT
    assert sum(one["status"] == "succeeded" for one in server.objects("payment_intent")) == 2
    assert desk.cards.unexplained() == 0


def test_off_is_off(desk: Desk) -> None:
    desk.auto.turn_off(ANN)
    desk.spend(900 * CENT)
    desk.auto.sweep()
    assert desk.posted == 100 * CENT


def test_who_stops_it_while_her_card_is_learnt_has_stopped_it(
    till: Till, server: StrictStripe, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", clock)
    desk = Desk(till, server, clock)
    payment = desk.auto.begin(ANN, 1_000, below=200, month_max=2_500, name="Wallet", back=BACK)
    server.pay(payment.session_id or "")
    desk.cards.fulfil(payment.session_id or "")
    learn = desk.cards.processor.saved_card

    def stopped_meanwhile(intent: str) -> tuple[str | None, str | None]:
        desk.auto.turn_off(ANN)
        return learn(intent)

    monkeypatch.setattr(desk.cards.processor, "saved_card", stopped_meanwhile)
    desk.auto.sweep()
    desk.spend(900 * CENT)
    desk.auto.sweep()
    found = desk.auto.find(ANN)
    assert found is not None
    assert (found.state, found.why) == ("off", "You turned it off.")
    assert desk.posted == 100 * CENT


def test_who_stops_it_while_others_are_charged_is_not_charged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.spend(900 * CENT)
    begin = desk.auto._begun

    def stopped_meanwhile(auto: AutoTopUp) -> str | None:
        desk.auto.turn_off(ANN)
        return begin(auto)

    monkeypatch.setattr(desk.auto, "_begun", stopped_meanwhile)
    desk.auto.sweep()
    assert desk.posted == 100 * CENT


def test_a_bank_that_says_no_turns_off_nothing_that_is_wanted_since(
    desk: Desk, server: StrictStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.spend(900 * CENT)
    server.trouble_next_charge(CARD_DECLINED)
    charge = desk.cards.processor.charge_saved

    def wanted_anew(*what: Any, **more: Any) -> str:
        desk.auto.begin(ANN, 2_000, below=100, month_max=4_000, name="Wallet", back=BACK)
        return charge(*what, **more)

    monkeypatch.setattr(desk.cards.processor, "charge_saved", wanted_anew)
    desk.auto.sweep()
    found = desk.auto.find(ANN)
    assert found is not None
    assert (found.state, found.micros, found.why) == ("waiting", 2_000 * CENT, None)


@pytest.mark.parametrize(("minor", "below", "most"), [(1_000, 0, 2_000), (1_000, 1_001, 2_000), (1_000, 100, 999)])
def test_wishes_that_cannot_be(desk: Desk, minor: int, below: int, most: int) -> None:
    with pytest.raises(CardsRefused):
        desk.auto.begin(ANN, minor, below=below, month_max=most, name="Wallet", back=BACK)
