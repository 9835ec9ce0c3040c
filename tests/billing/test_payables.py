"""Collaborators are paid whole cents of what they earned; tips go the same way as answers."""

import pytest

from billing import BillingError, Currency, Sale, accounts
from billing.errors import NotEnough, NoWallet, SplitWrong
from billing.payables import Payables
from billing.shares import ARTIST
from billing.statements import earned_by
from billing.tips import tip_from_wallet
from tests.billing.conftest import ANN, CENT, Till, fixed


@pytest.fixture
def drummer(till: Till) -> str:
    party, _ = till.splits.add_party("A drummer")
    till.splits.accept(party.ident, till.splits.propose("node", {ARTIST: 6_667, party.ident: 3_333}))
    return party.ident


@pytest.fixture
def payables(till: Till) -> Payables:
    return Payables(till.database.snapshot, till.lane, Currency("usd"), till.clock)


def sell(till: Till, ident: str, micros: int) -> None:
    hold = till.holds.place(ident, ANN, fixed(micros))
    till.holds.capture(hold, micros, Sale("ask", "What?"), beside=lambda *_: None)


def test_whole_cents_are_paid_and_the_rest_is_carried(till: Till, drummer: str, payables: Payables) -> None:
    till.top_up(ANN, 1_000 * CENT)
    for number in range(7):
        sell(till, f"q{number}", 10 * CENT)
    owed = payables.owed(drummer)
    assert owed == 7 * 33_330
    assert payables.pay_out(drummer, "november", proof="bank transfer 17") == 23
    assert payables.owed(drummer) == owed - 23 * CENT
    assert payables.pay_out(drummer, "november", proof="bank transfer 17") == 23, "once for each id"
    assert till.balance(accounts.BANK) == 23 * CENT
    earned = earned_by(till.database.snapshot, drummer)
    assert (earned.owed, earned.months[0].paid_out) == (payables.owed(drummer), 23 * CENT)
    with pytest.raises(NotEnough):
        payables.pay_out(drummer, "december", proof="bank transfer 18")


@pytest.mark.parametrize("minor", [0, -1, 10**18])
def test_nobody_is_paid_what_she_did_not_earn(till: Till, drummer: str, payables: Payables, minor: int) -> None:
    till.top_up(ANN, 100 * CENT)
    sell(till, "q", 10 * CENT)
    with pytest.raises(BillingError):
        payables.pay_out(drummer, "x", proof="by hand", minor=minor)
    assert till.balance(accounts.BANK) == 0
    with pytest.raises(SplitWrong):
        payables.pay_out("nobody", "x", proof="by hand")


def test_a_tip_is_divided_and_receipted_once(till: Till, drummer: str, payables: Payables) -> None:
    till.top_up(ANN, 1_000 * CENT)
    receipt = tip_from_wallet(till.lane, till.receipts, ANN, 300 * CENT, "thanks", till.clock)
    assert receipt is not None
    assert receipt.said["kind"] == "tip"
    assert tip_from_wallet(till.lane, till.receipts, ANN, 300 * CENT, "thanks", till.clock) is None
    assert payables.owed(drummer) == 999_900
    assert till.balance(accounts.TIPS) == 300 * CENT - 999_900
    assert till.wallets.open(ANN).posted == 700 * CENT


def test_a_tip_beyond_the_wallet_is_none(till: Till) -> None:
    with pytest.raises(NoWallet):
        tip_from_wallet(till.lane, till.receipts, ANN, CENT, "x", till.clock)
    till.top_up(ANN, CENT)
    with pytest.raises(NotEnough):
        tip_from_wallet(till.lane, till.receipts, ANN, 2 * CENT, "x", till.clock)
    assert till.wallets.open(ANN).posted == CENT
