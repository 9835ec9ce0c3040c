"""A price that was offered is the listener's it was offered to, at the tier she had."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from presence.bootstrap import Services
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, BOB, CENT, give, open_shop
from tests.trusting import Artist, sign_in
from trustgraph import Tier

PRICES = {"acts": {"ask": {"price": "0.05", "tiers": {"circle": {"price": "0.01"}}}}}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home", PRICES) as opened:
        yield opened


def test_nobody_uses_the_offer_that_was_made_to_another_key(shop: Services) -> None:
    Artist(shop.trust).grant(ANN.did, Tier.CIRCLE)
    for who in (ANN, BOB):
        give(shop, who, 100)
    with client_of(shop) as ann, client_of(shop) as bob:
        sign_in(ann, ANN)
        sign_in(bob, BOB)
        offer = ann.post("/api/offers", json={"question": ASKED}).json()
        assert offer["price_micros"] == CENT
        body = {"question": ASKED, "offer_id": offer["offer_id"]}
        assert bob.post("/api/questions", json=body).status_code == 409
        assert ann.post("/api/questions", json=body).status_code == 201


def test_an_offer_ends_with_the_tier_that_it_was_made_for(shop: Services) -> None:
    artist = Artist(shop.trust)
    granted = artist.grant(ANN.did, Tier.CIRCLE).entry
    give(shop, ANN, 100)
    with client_of(shop) as ann:
        sign_in(ann, ANN)
        offer = ann.post("/api/offers", json={"question": ASKED}).json()
        artist.revoke(granted.event)
        body = {"question": ASKED, "offer_id": offer["offer_id"]}
        assert ann.post("/api/questions", json=body).status_code == 409


def test_a_paid_act_without_its_price_is_a_402_that_carries_the_offer(shop: Services) -> None:
    give(shop, ANN, 100)
    with client_of(shop) as ann:
        sign_in(ann, ANN)
        refused = ann.post("/api/questions", json={"question": ASKED})
        assert refused.status_code == 402
        assert refused.headers["content-type"] == "application/problem+json"
        told = refused.json()
        assert (told["offer"]["price_micros"], told["top_up"]) == (5 * CENT, "/wallet")
        body = {"question": ASKED, "offer_id": told["offer"]["offer_id"]}
        assert ann.post("/api/questions", json=body).status_code == 201
