"""Paying back from the studio: what is left goes to its card once; nobody's key is on the page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from billing.audit import audit
from presence.bootstrap import Services
from presence.paying.signatures import is_signed_by
from presence.people.names import code_of
from presence.settings import BillingSettings
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, BOB, CENT, give, open_shop
from tests.presence.web.studio.shop import HTML, ask, desk, words
from tests.strict_stripe import Manners, StrictStripe
from trustgraph import Key

PAGE = "/studio/refunds"
Shop = tuple[Services, StrictStripe]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with StrictStripe(manners=Manners(held=True)) as server:
        billing = BillingSettings(stripe_key=SecretStr(server.api_key), stripe_url=server.base_address)
        with open_shop(tmp_path / "home", billing=billing) as node:
            yield node, server


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    with client_of(shop[0]) as opened:
        yield desk(opened, shop[0])


def pays_in(shop: Shop, who: Key, cents: int) -> None:
    node, server = shop
    assert node.cards is not None
    payment = node.cards.cards.begin(who.did, cents, name="Wallet", back="http://localhost/wallet/back?to=/wallet")
    assert payment.url is not None
    session = payment.url.rsplit("/", 1)[1]
    server.pay(session)
    node.cards.cards.fulfil(session)


def test_what_is_left_goes_back_once(shop: Shop, client: TestClient) -> None:
    node, server = shop
    pays_in(shop, ANN, 300)
    pays_in(shop, BOB, 100)
    give(node, BOB, 50)
    ask(node, ANN, ASKED)
    node.people.names.set(ANN.did, "Ann <b>")
    page = client.get(PAGE, headers=HTML).text
    assert f"Ann <b> code {code_of(ANN.did)} $2.98" in words(page)
    assert f"no name code {code_of(BOB.did)} $1.00" in words(page), "what was given goes back to nobody"
    assert ANN.did not in page
    wallets = re.findall(r'name="wallet" value="(\w+)"', page)
    for said in ("It goes to the card", "Nothing was left there"):
        assert said in client.post(PAGE, data={"wallet": wallets[0]}, headers=HTML).text
    assert [one["amount"] for one in server.objects("refund")] == [298]
    left = node.paying.wallets.find(ANN.did)
    assert left is not None
    assert left.posted == 0
    assert "Ann" not in words(client.get(PAGE, headers=HTML).text)
    assert f"{100 * CENT}" not in page
    assert audit(node.database.snapshot, is_signed_by).wrong == ()


def test_a_wallet_that_nobody_has_changes_nothing(shop: Shop, client: TestClient) -> None:
    pays_in(shop, ANN, 300)
    for wallet in ("", "ff" * 12, ANN.did):
        assert "Nothing was left there" in client.post(PAGE, data={"wallet": wallet}, headers=HTML).text
    assert shop[1].objects("refund") == []


def test_without_cards_it_is_said(node: Services) -> None:
    with client_of(node) as client:
        at_desk = desk(client, node)
        assert "No cards are taken here" in at_desk.get(PAGE, headers=HTML).text
        assert at_desk.post(PAGE, data={"wallet": "x"}, headers=HTML).status_code == 404
