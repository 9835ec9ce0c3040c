"""A refusal for want of money says what it costs, what is in the wallet and what to do, wherever it is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.local.deeds import DEEDS
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.trusting import sign_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home") as made:
        yield made


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        yield opened


def told(client: TestClient, **body: object) -> str:
    refused = client.post("/api/questions", json={"question": ASKED, **body})
    assert refused.status_code == 402
    assert refused.json()["top_up"] == "/wallet"
    return str(refused.json()["detail"])


def shown(client: TestClient, **form: object) -> str:
    refused = client.post("/ask", data={"question": ASKED, **form}, headers=HTML)
    assert refused.status_code == 402
    return " ".join(BeautifulSoup(refused.text, "html.parser").get_text(" ").split())


def test_a_price_that_was_not_agreed(client: TestClient, shop: Services) -> None:
    sign_in(client, ANN)
    empty = "This costs $0.02 at most now; there is nothing in your wallet yet. Pay in first, then ask again."
    assert told(client) == empty
    assert empty in shown(client)
    give(shop, ANN, 1)
    assert "$0.01 is yours to spend. Pay in first" in told(client)
    give(shop, ANN, 100)
    assert "This costs $0.02 at most now; $1.01 is yours to spend. Ask again if you agree" in told(client)
    assert "Ask again if you agree: the price stands beside the button" in shown(client)


def test_a_wallet_with_too_little(client: TestClient, shop: Services) -> None:
    give(shop, ANN, 1)
    sign_in(client, ANN)
    sentence = "It may cost $0.02, and $0.01 is yours to spend. Pay in at your wallet, then ask again."
    assert sentence in told(client, max_price_micros=2 * CENT)
    assert sentence in shown(client, max_price_micros=2 * CENT)


def test_who_has_no_wallet(client: TestClient) -> None:
    sentence = (
        "there is nothing in your wallet yet. It may cost $0.02. Pay in at your wallet, then ask again. "
        "If you have no key yet"
    )
    assert sentence in told(client, max_price_micros=2 * CENT)
    sign_in(client, ANN)  # a key alone is no wallet, and she is not told to make one
    assert sentence in told(client, max_price_micros=2 * CENT)


def test_a_limit_of_her_own_and_a_wallet_that_is_closed(client: TestClient, shop: Services) -> None:
    sign_in(client, ANN)
    wallet = shop.paying.wallets.open(ANN.did)
    shop.paying.wallets.freeze(wallet.ident, "A payment is being looked into.")
    assert "your wallet is closed while" in told(client)
    assert "Your wallet says why it is closed" in told(client, max_price_micros=2 * CENT)


def test_whose_presence_it_is_asks_at_the_terminal_for_nothing(shop: Services) -> None:
    heard: list[dict[str, object]] = []
    assert DEEDS["ask"](shop, {"question": ASKED, "as": "public"}, heard.append) == 0
    assert "detail" not in heard[-1]
