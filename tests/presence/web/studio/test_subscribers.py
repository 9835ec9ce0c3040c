"""Subscribers in the studio: by name or code, with what ends and what failed; nobody's key is on the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Connection, update

from billing.cards.tables import metadata
from presence.bootstrap import Services
from presence.people.names import code_of
from presence.settings import BillingSettings
from tests.nodes import client_of
from tests.presence.web.paying import ANN, BOB, CENT, open_shop
from tests.presence.web.studio.shop import HTML, desk, seen, top_up, words
from tests.strict_stripe import Manners, StrictStripe
from tests.trusting import key
from trustgraph import Key

PAGE = "/studio/subscribers"
PRICES = {"supporter": {"month": "5.00", "year": "48.00"}}
CAT = key("cat")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with StrictStripe(manners=Manners(held=True)) as server:
        billing = BillingSettings(stripe_key=SecretStr(server.api_key), stripe_url=server.base_address)
        with open_shop(tmp_path / "home", PRICES, ("presence", "till"), billing=billing) as node:
            yield node


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        yield desk(opened, shop)


def subscribe(shop: Services, who: Key, every: str, cents: int) -> str:
    assert shop.cards is not None
    top_up(shop, who, cents)
    return shop.cards.subscriptions.begin_from_wallet(who.did, every, cents * CENT).ident


def stands(shop: Services, ident: str, state: str) -> None:
    """Let a subscription stand as the processor, or the clock, says."""
    table = metadata.tables["subscriptions"]

    def put(owner: Connection) -> None:
        owner.execute(update(table).where(table.c.id == ident).values(state=state))

    shop.lane.run(put)


def under(html: str, ident: str) -> str:
    section = seen(html).select_one(f'[aria-labelledby="{ident}"]')
    return "" if section is None else " ".join(section.get_text(" ").split())


def test_each_stands_where_it_belongs(shop: Services, client: TestClient) -> None:
    assert shop.cards is not None
    shop.people.names.set(ANN.did, "Ann")
    monthly, yearly = subscribe(shop, ANN, "month", 500), subscribe(shop, BOB, "year", 4_800)
    page = client.get(PAGE, headers=HTML).text
    assert "2 subscribe now 1 by the month: $5.00 a month 1 by the year: $48.00 a year" in words(page)
    assert "Ann" in under(page, "live-title")
    assert f"no name code {code_of(BOB.did)}" in under(page, "live-title")
    assert under(page, "live-title").count("renews") == 2
    assert ANN.did not in page
    assert BOB.did not in page
    shop.cards.subscriptions.cancel(yearly)
    stands(shop, monthly, "past_due")
    page = client.get(PAGE, headers=HTML).text
    assert "failed; it is tried again" in under(page, "failed-title")
    assert "she ended it: runs out" in under(page, "live-title")
    stands(shop, monthly, "canceled")
    page = client.get(PAGE, headers=HTML).text
    assert under(page, "failed-title") == ""
    assert "over since" in under(page, "over-title")
    assert "1 subscribe now" in words(page)


def test_who_left_the_payment_page_is_no_subscriber(shop: Services, client: TestClient) -> None:
    assert shop.cards is not None
    shop.cards.subscriptions.begin(CAT.did, "month", 500, name="Supporter", back="http://localhost:8765/tiers")
    page = words(client.get(PAGE, headers=HTML).text)
    assert "0 subscribe now" in page
    assert code_of(CAT.did) not in page


def test_without_cards_it_is_said(node: Services) -> None:
    with client_of(node) as client:
        assert "No cards are taken here" in desk(client, node).get(PAGE, headers=HTML).text
