"""What a program may spend of its owner's wallet: so much a day, counted when money is set aside."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from presence.bootstrap import Services
from presence.sessions.bearer import Wanted
from tests.nodes import client_of, open_node
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.trusting import sign_in

BLOG = "https://blog.example"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home") as opened:
        give(opened, ANN, 100)
        yield opened


@pytest.fixture
def owner(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as client:
        sign_in(client, ANN)
        yield client


def made(owner: TestClient, **how: Any) -> dict[str, str]:
    response = owner.post("/api/keys", json={"label": "my script", "days": 7, **how})
    assert response.status_code == 201, response.text
    assert response.json()["spend_micros_per_day"] == how.get("spend_micros_per_day")
    return {"Authorization": f"Bearer {response.json()['secret']}"}


_again = itertools.count(1)


def asked(shop: Services, headers: dict[str, str]) -> int:
    """Ask in other words each time: the very same question would be free."""
    with client_of(shop) as program:
        body = {"question": ASKED + "?" * next(_again), "max_price_micros": 5 * CENT}
        response = program.post("/api/questions", json=body, headers=headers)
        return response.status_code


def test_a_key_spends_what_its_owner_allowed_and_not_more(shop: Services, owner: TestClient) -> None:
    program, other = made(owner, spend_micros_per_day=5 * CENT), made(owner)
    assert [asked(shop, program) for _ in range(3)] == [201, 201, 402]
    assert asked(shop, other) == 201
    assert asked(shop, made(owner, spend_micros_per_day=2 * CENT)) == 201


def test_a_refusal_says_what_is_left(shop: Services, owner: TestClient) -> None:
    headers = made(owner, spend_micros_per_day=CENT)
    with client_of(shop) as program:
        told = program.post("/api/questions", json={"question": ASKED, "max_price_micros": 5 * CENT}, headers=headers)
    assert told.status_code == 402
    assert (told.json()["needed_micros"], told.json()["available_micros"]) == (2 * CENT, CENT)
    assert "in this way" in told.json()["detail"]


def test_an_embedded_room_spends_nothing_unless_it_is_said(shop: Services, owner: TestClient) -> None:
    for more, status in (({}, 402), ({"spend_micros_per_day": 2 * CENT}, 201)):
        key = owner.post("/api/keys/embed", json={"origin": BLOG, **more}).json()
        assert asked(shop, {"Authorization": f"Bearer {key['secret']}", "Origin": BLOG}) == status


def test_an_allowance_is_an_amount(owner: TestClient) -> None:
    for wrong in (-1, 0.5, "much", 2**53):
        told = owner.post("/api/keys", json={"label": "x", "days": 1, "spend_micros_per_day": wrong})
        assert told.status_code == 422


def test_keys_of_an_earlier_home_have_no_allowance(tmp_path: Path) -> None:
    with open_node(tmp_path / "old") as node:
        _, secret = node.bearers.make(ANN.did, Wanted("old", 3600))
        with node.database.owner.connect().execution_options(writes=True) as owner, owner.begin():
            owner.execute(text("ALTER TABLE bearer_keys DROP COLUMN spend_micros_per_day"))
            owner.execute(text("UPDATE alembic_version SET version_num = '0008'"))
    with open_node(tmp_path / "old") as node:
        assert node.bearers.find(secret, None).spend_micros_per_day is None
