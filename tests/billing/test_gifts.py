"""What was given: it goes together to the later end, and what has expired does not come back."""

from billing import accounts
from tests.billing.conftest import ANN, CENT, Clock, Till

DAY = 24 * 3600


def test_what_was_given_without_an_end_keeps_none(till: Till, clock: Clock) -> None:
    till.wallets.give(ANN, CENT, "for good")
    till.wallets.give(ANN, CENT, "for a day", until=int((clock.now + DAY) * 1000))
    clock.now += 2 * DAY
    assert till.wallets.expire_gifts() == 0
    assert till.wallets.open(ANN).gift == 2 * CENT


def test_gifts_go_together_to_the_later_end(till: Till, clock: Clock) -> None:
    for days in (3, 1):
        till.wallets.give(ANN, CENT, f"{days}", until=int((clock.now + days * DAY) * 1000))
    clock.now += 2 * DAY
    assert till.wallets.open(ANN).gift_at(till.wallets.millis()) == 2 * CENT
    clock.now += 2 * DAY
    assert till.wallets.expire_gifts() == 1
    assert till.wallets.open(ANN).gift == 0


def test_what_has_expired_does_not_come_back_with_the_next_gift(till: Till, clock: Clock) -> None:
    till.wallets.give(ANN, 5 * CENT, "old", until=int((clock.now + DAY) * 1000))
    clock.now += 2 * DAY
    for _ in range(2):
        wallet = till.wallets.give(ANN, CENT, "new", until=int((clock.now + DAY) * 1000))
        assert wallet.gift == CENT
    assert till.balance(accounts.PROMOTION) == -CENT
