"""Money is set aside before an answer, and each hold ends exactly once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import Connection

from billing import Cited, Hold, Receipt, Sale, accounts, check_receipt
from billing.errors import (
    CapReached,
    FreeUsedUp,
    HoldAlreadyEnded,
    NotEnough,
    NoWallet,
    OwedOutsideHold,
    WalletFrozen,
)
from billing.prices import Free, Offer
from presence.paying.signatures import is_signed_by
from tests.billing.conftest import ANN, BOB, CENT, Clock, Till, fixed

DAY = 24 * 3600


def nothing_beside(_: Connection, receipt: Receipt | None) -> Receipt | None:
    return receipt


def captured(till: Till, hold: Hold, owed: int, *cited: Cited) -> Receipt | None:
    sale = Sale("ask", "What was it?", 3, cited)
    return till.holds.capture(hold, owed, sale, beside=nothing_beside)


def test_what_is_owed_is_taken_and_the_rest_is_free_again(till: Till) -> None:
    till.top_up(ANN, 100 * CENT)
    hold = till.holds.place("q1", ANN, Offer(10 * CENT, 10 * CENT, "1"))
    assert till.wallets.open(ANN).available == 90 * CENT
    receipt = captured(till, hold, 4 * CENT)
    wallet = till.wallets.open(ANN)
    assert (wallet.posted, wallet.held, wallet.available) == (96 * CENT, 0, 96 * CENT)
    assert till.balance(accounts.ANSWERS) == 4 * CENT
    assert receipt is not None
    assert receipt.said["micros"] == 4 * CENT


def test_a_release_charges_nothing(till: Till) -> None:
    till.top_up(ANN, 100 * CENT)
    till.holds.release(till.holds.place("q1", ANN, fixed(10 * CENT)))
    assert till.wallets.open(ANN).available == 100 * CENT


def test_more_than_there_is_cannot_be_set_aside(till: Till) -> None:
    till.top_up(ANN, 10 * CENT)
    till.holds.place("q1", ANN, fixed(6 * CENT))
    with pytest.raises(NotEnough) as refused:
        till.holds.place("q2", ANN, fixed(6 * CENT))
    assert (refused.value.needed_micros, refused.value.available_micros) == (6 * CENT, 4 * CENT)


def test_who_has_no_wallet_has_nothing_to_pay_from(till: Till) -> None:
    with pytest.raises(NoWallet):
        till.holds.place("q1", ANN, fixed(CENT))


@pytest.mark.parametrize("owed", [-1, 10 * CENT + 1, 2**63])
def test_never_more_than_was_set_aside(till: Till, owed: int) -> None:
    till.top_up(ANN, 100 * CENT)
    hold = till.holds.place("q1", ANN, fixed(10 * CENT))
    with pytest.raises(OwedOutsideHold):
        captured(till, hold, owed)
    assert till.wallets.open(ANN).held == 10 * CENT


def test_a_hold_ends_once(till: Till) -> None:
    till.top_up(ANN, 100 * CENT)
    hold = till.holds.place("q1", ANN, fixed(10 * CENT))
    captured(till, hold, 10 * CENT)
    with pytest.raises(HoldAlreadyEnded):
        captured(till, hold, 10 * CENT)
    with pytest.raises(HoldAlreadyEnded):
        till.holds.release(hold)
    assert till.wallets.open(ANN).posted == 90 * CENT


def test_capture_release_and_expiry_at_once_end_a_hold_once(till: Till, clock: Clock) -> None:
    till.top_up(ANN, 1_000 * CENT)
    captures = 0
    with ThreadPoolExecutor(3) as threads:
        for number in range(60):
            hold = till.holds.place(f"q{number}", ANN, fixed(CENT))
            ways: list[Callable[[], object]] = [
                partial(captured, till, hold, CENT),
                partial(till.holds.release, hold),
                till.holds.end_all,
            ]
            done = [threads.submit(way) for way in ways]
            lost = [one.exception() for one in done[:2]]
            assert all(error is None or isinstance(error, HoldAlreadyEnded) for error in lost)
            assert done[2].exception() is None
            captures += lost[0] is None
            assert sum(error is None for error in lost) <= 1
    assert till.wallets.open(ANN).posted == (1_000 - captures) * CENT


def test_200_at_once_and_money_for_50(till: Till) -> None:
    till.top_up(ANN, 50 * CENT)

    def ask(number: int) -> bool:
        try:
            hold = till.holds.place(f"q{number}", ANN, fixed(CENT))
        except NotEnough:
            return False
        captured(till, hold, CENT)
        return True

    with ThreadPoolExecutor(32) as threads:
        answered = list(threads.map(ask, range(200)))
    assert sum(answered) == 50
    assert till.wallets.open(ANN).posted == 0


def test_what_is_committed_beside_a_capture_is_committed_with_it_or_not_at_all(till: Till) -> None:
    till.top_up(ANN, 100 * CENT)
    hold = till.holds.place("q1", ANN, fixed(10 * CENT))

    def fails(_: Connection, receipt: Receipt | None) -> None:
        raise RuntimeError(receipt)

    with pytest.raises(RuntimeError):
        till.holds.capture(hold, 10 * CENT, Sale("ask", "What?"), beside=fails)
    assert till.wallets.open(ANN).held == 10 * CENT
    assert till.receipts.of_owner(ANN) == []
    captured(till, hold, 10 * CENT)


def test_what_was_given_is_spent_before_what_was_paid(till: Till) -> None:
    till.top_up(ANN, 10 * CENT)
    till.wallets.give(ANN, 4 * CENT, "welcome")
    hold = till.holds.place("q1", ANN, fixed(6 * CENT))
    receipt = captured(till, hold, 5 * CENT)
    wallet = till.wallets.open(ANN)
    assert (wallet.gift, wallet.posted, wallet.held, wallet.gift_held) == (0, 9 * CENT, 0, 0)
    assert receipt is not None
    assert (receipt.said["micros"], receipt.said["given"]) == (5 * CENT, 4 * CENT)
    assert till.balance(accounts.PROMOTION) == -4 * CENT


def test_what_was_given_once_is_not_given_again_and_expires(till: Till, clock: Clock) -> None:
    until = int((clock.now + DAY) * 1000)
    for _ in range(2):
        till.wallets.give(ANN, 4 * CENT, "welcome", until=until)
    assert till.wallets.open(ANN).gift == 4 * CENT
    hold = till.holds.place("q1", ANN, fixed(CENT))
    clock.now += 2 * DAY
    with pytest.raises(NotEnough):
        till.holds.place("q2", ANN, fixed(CENT))
    assert till.wallets.expire_gifts() == 1
    captured(till, hold, CENT)  # what was set aside in time is hers to spend
    assert till.wallets.open(ANN).gift == 0
    assert till.balance(accounts.PROMOTION) == -CENT


def test_her_own_limits(till: Till, clock: Clock) -> None:
    till.top_up(ANN, 100 * CENT)
    till.wallets.limit(ANN, day_max=10 * CENT, month_max=15 * CENT)
    captured(till, till.holds.place("q1", ANN, fixed(6 * CENT)), 6 * CENT)
    hold = till.holds.place("q2", ANN, fixed(4 * CENT))
    with pytest.raises(CapReached) as refused:
        till.holds.place("q3", ANN, fixed(1))
    assert refused.value.period == "day"
    till.holds.release(hold)
    captured(till, till.holds.place("q4", ANN, fixed(4 * CENT)), 4 * CENT)
    clock.now += DAY
    with pytest.raises(CapReached) as refused:
        till.holds.place("q5", ANN, fixed(6 * CENT))
    assert refused.value.period == "month"
    captured(till, till.holds.place("q6", ANN, fixed(5 * CENT)), 5 * CENT)


def test_a_frozen_wallet_pays_nothing(till: Till) -> None:
    wallet = till.top_up(ANN, 100 * CENT)
    till.wallets.freeze(wallet.ident, "a payment is disputed")
    with pytest.raises(WalletFrozen):
        till.holds.place("q1", ANN, fixed(CENT))
    till.wallets.freeze(wallet.ident, None)
    captured(till, till.holds.place("q2", ANN, fixed(CENT)), CENT)


def test_a_hold_that_nobody_keeps_alive_expires(till: Till, clock: Clock) -> None:
    till.top_up(ANN, 100 * CENT)
    left = Till(till.database, till.lane, clock, till.key)  # another process
    hold = left.holds.place("q1", ANN, fixed(CENT))
    clock.now += 100
    left.holds.keep_alive()
    clock.now += 100
    assert till.holds.expire() == []
    clock.now += 100
    assert left.holds.expire() == [], "whatever the clock does, what is written here is alive"
    assert till.holds.expire() == ["q1"]
    assert till.holds.expire() == []
    with pytest.raises(HoldAlreadyEnded):
        captured(left, hold, CENT)
    assert till.wallets.open(ANN).available == 100 * CENT


def test_free_places_are_counted(till: Till, clock: Clock) -> None:
    free = Offer(0, 0, "1", free=Free("first", 2, per_client_a_day=3, a_day=4))
    captured(till, till.holds.place("q1", ANN, free, client="here"), 0)
    till.holds.release(till.holds.place("q2", ANN, free, client="here"))  # not in the notes: it counts as nothing
    captured(till, till.holds.place("q3", ANN, free, client="here"), 0)
    with pytest.raises(FreeUsedUp):
        till.holds.place("q4", ANN, free, client="elsewhere")
    captured(till, till.holds.place("q5", BOB, free, client="here"), 0)
    with pytest.raises(FreeUsedUp):
        till.holds.place("q6", BOB, free, client="here")
    captured(till, till.holds.place("q7", BOB, free, client="there"), 0)
    with pytest.raises(FreeUsedUp):
        till.holds.place("q8", "did:key:cat", free, client="there")
    clock.now += DAY
    captured(till, till.holds.place("q9", "did:key:cat", free, client="there"), 0)


def test_a_receipt_holds_by_the_public_key_alone(till: Till) -> None:
    till.top_up(ANN, 100 * CENT)
    receipt = captured(till, till.holds.place("q1", ANN, fixed(CENT)), CENT)
    assert receipt is not None
    copy = {**receipt.as_json(), "payer_is": ANN, "question_is": "What was it?"}
    assert check_receipt(copy, till.key.did, is_signed_by)["micros"] == CENT
    kept = till.receipts.find(receipt.ident)
    assert kept is not None
    assert kept.as_json() == receipt.as_json()
    assert "What was it?" not in receipt.body
    assert ANN not in receipt.body
