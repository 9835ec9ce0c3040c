"""A subscription that could not be renewed is told, one that renews itself is no news, and one that ends is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from presence.bootstrap import Services
from presence.settings import BillingSettings
from presence.telling.events import DAY_SECONDS
from tests.mailing import USER, Mailroom, text_of
from tests.nodes import client_of
from tests.presence.telling.people import ANN, Clock, all_mail
from tests.presence.web.paying import CENT, open_shop
from tests.strict_stripe import StrictStripe
from tests.trusting import sign_in

PRICE = 500


@pytest.fixture
def server() -> Iterator[StrictStripe]:
    with StrictStripe() as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, room: Mailroom, clock: Clock, server: StrictStripe) -> Iterator[Services]:
    billing = BillingSettings(stripe_key=SecretStr(server.api_key), stripe_url=server.base_address)
    more: dict[str, Any] = {"billing": billing, "smtp_url": SecretStr(room.url), "mail_from": USER}
    with open_shop(tmp_path / "shop", roles=("presence", "till"), **more) as node:
        with client_of(node) as client:
            sign_in(client, ANN)
            all_mail(client, node, room)
        yield node


def pay_in(shop: Services, server: StrictStripe, months: int) -> None:
    """Pay in by card what so many months cost."""
    assert shop.cards is not None
    payment = shop.cards.cards.begin(ANN.did, months * PRICE, purpose="top_up", name="Wallet", back="https://a.example")
    server.pay(payment.session_id or "")
    shop.cards.cards.fulfil(payment.session_id or "")


def subscribe(shop: Services) -> str:
    """Subscribe from the wallet; being let in is told, as a first letter."""
    assert shop.cards is not None
    made = shop.cards.subscriptions.begin_from_wallet(ANN.did, "month", PRICE * CENT)
    assert shop.telling.look() == 1
    return made.ident


def later(shop: Services, clock: Clock, days: float) -> int:
    """Let time go by, renew what is due, look, and give how many letters that became."""
    assert shop.cards is not None
    clock.ahead += days * DAY_SECONDS
    shop.cards.subscriptions.sweep()
    return shop.telling.look()


def test_what_renews_itself_is_no_news(shop: Services, server: StrictStripe, clock: Clock) -> None:
    pay_in(shop, server, 2)
    subscribe(shop)
    assert [later(shop, clock, days) for days in (20, 6, 6, 20)] == [0] * 4


def test_a_renewal_that_failed_is_told_once_and_where_to_look(
    shop: Services, server: StrictStripe, clock: Clock, room: Mailroom
) -> None:
    pay_in(shop, server, 1)
    subscribe(shop)
    assert room.next()["Subject"] == "More is open to you at Ada Marsh’s presence"
    assert later(shop, clock, 31.5) == 1
    letter = room.next()
    assert letter["Subject"] == "Your subscription at Ada Marsh’s presence was not renewed"
    assert "/tiers\n" in text_of(letter)
    assert [later(shop, clock, 0.1) for _ in range(3)] == [0] * 3


def test_one_that_fails_again_a_month_later_is_told_again(shop: Services, server: StrictStripe, clock: Clock) -> None:
    pay_in(shop, server, 1)
    subscribe(shop)
    assert later(shop, clock, 31.5) == 1
    pay_in(shop, server, 1)
    assert later(shop, clock, 1.1) == 0
    assert later(shop, clock, 31) == 1


def test_one_that_was_ended_is_told_before_it_is_over(
    shop: Services, server: StrictStripe, clock: Clock, room: Mailroom
) -> None:
    pay_in(shop, server, 5)
    ident = subscribe(shop)
    room.next()
    assert shop.cards is not None
    shop.cards.subscriptions.cancel(ident)
    assert later(shop, clock, 20) == 0
    assert later(shop, clock, 8) == 1
    assert "presence ends on" in room.next()["Subject"]


def test_what_was_paid_before_its_letter_went_out_is_not_told(
    shop: Services, server: StrictStripe, clock: Clock
) -> None:
    pay_in(shop, server, 1)
    subscribe(shop)
    assert shop.cards is not None
    clock.ahead += 31.5 * DAY_SECONDS
    shop.cards.subscriptions.sweep()
    looks = shop.telling._looks
    assert looks.look() == 1
    pay_in(shop, server, 1)
    assert later(shop, clock, 1.1) == 0
