"""What things cost is told to everybody: as a page, to programs, and beside the button."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.trusting import operator_of, sign_in

HTML = {"Accept": "text/html"}
PRICES = {
    "acts": {
        "ask": {
            "per_sentence": "0.005",
            "ceiling": "0.05",
            "tiers": {"circle": {"price": "0.01", "writers": {"quoting": {"price": "0"}}}},
        },
        "set": {"price": "0.50", "buys": True},
        "record": {"price": "0.05", "own_at": "0.50"},
    },
    "free": {"first": 1, "first_a_day": 9, "month": {"follower": 3}},
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home", PRICES) as opened:
        yield opened


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        yield opened


def words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def price(client: TestClient) -> str:
    return words(client.get("/pricing/mine").text)


def test_programs_read_the_whole_list(client: TestClient) -> None:
    told = client.get("/pricing").json()
    assert (told["version"], told["currency"]) == ("1", "usd")
    ask, whole, record = told["acts"]
    assert [(row["tier"], row["writer"], row["ceiling_micros"], row["shown"]) for row in ask["prices"]] == [
        (None, None, 5 * CENT, "$0.005 a sentence, $0.05 at most"),
        ("circle", None, CENT, "$0.01"),
        ("circle", "quoting", 0, "free"),
    ]
    assert (ask["offered"], whole["offered"], whole["buys"]) == (True, True, True)
    assert (record["own_at"], record["own_at_micros"]) == ("$0.50", 50 * CENT)
    assert told["free"] == {"first": 1, "first_per_client_a_day": 20, "first_a_day": 9, "month": {"follower": 3}}
    assert told["charging"]["free"]


def test_the_page_says_the_same_to_people(client: TestClient) -> None:
    page = client.get("/pricing", headers=HTML)
    shown = words(page.text)
    prices = (
        "$0.005 a sentence, $0.05 at most",
        "◕ circle",
        "notes, word for word",
        "it is yours",
        "The first answer of whoever",
    )
    for said in prices:
        assert said in shown
    for rule in ("at its first line, the best one, pays nothing", "What is not in the notes", "card processor"):
        assert rule in shown
    assert "micros" not in shown
    assert "100 %" not in shown
    assert page.headers["vary"].startswith("Accept, ")


def test_a_node_without_prices_says_that_it_is_free(told_node: Services) -> None:
    with client_of(told_node) as client:
        assert "Everything is free here" in client.get("/pricing", headers=HTML).text
        told = client.get("/pricing").json()
        assert (told["version"], told["acts"]) == ("free", [])


def test_beside_the_button_stands_what_the_next_question_costs(client: TestClient, shop: Services) -> None:
    assert price(client) == "Free The first answers are free."
    sign_in(client, ANN)
    give(shop, ANN, 100)
    assert "Free" in price(client)
    client.post("/ask", data={"question": ASKED})
    assert price(client).startswith("$0.005 a sentence, $0.05 at most")
    room = BeautifulSoup(client.get("/").text, "html.parser")
    assert [one["value"] for one in room.select("#asking [name=max_price_micros]")] == ["50000"]
    assert [one["value"] for one in room.select(".examples [name=max_price_micros]")] == ["50000"]


def test_a_plain_form_agrees_to_the_price_that_it_showed(client: TestClient, shop: Services) -> None:
    sign_in(client, ANN)
    give(shop, ANN, 100)
    client.post("/ask", data={"question": ASKED})
    other = f"{ASKED} Please."  # the very same words would be free
    refused = client.post("/ask", data={"question": other}, headers=HTML)
    assert refused.status_code == 402
    assert "This costs $0.05 at most now" in words(refused.text)
    page = client.post("/ask", data={"question": other, "max_price_micros": 5 * CENT}, headers=HTML)
    assert page.status_code == 200
    assert "Paid $0.005 of $0.05 set aside" in words(page.text)
    assert BeautifulSoup(page.text, "html.parser").select_one(".asking [name=max_price_micros]") is not None


def test_who_has_too_little_is_told_so_with_a_way_on(client: TestClient, shop: Services) -> None:
    give(shop, ANN, 1)
    sign_in(client, ANN)
    client.post("/ask", data={"question": ASKED})
    other = f"{ASKED} Please."  # the very same words would be free
    refused = client.post("/ask", data={"question": other, "max_price_micros": 5 * CENT}, headers=HTML)
    assert refused.status_code == 402
    shown = words(refused.text)
    assert "It may cost $0.05" in shown
    assert "Yours to spend on it $0.01" in shown
    assert BeautifulSoup(refused.text, "html.parser").select_one("a.button")["href"] == "/wallet"  # type: ignore[index]


def test_whose_presence_it_is_pays_nothing(client: TestClient, shop: Services) -> None:
    operator_of(client, shop)
    for _ in range(3):
        assert client.post("/ask", data={"question": ASKED}, headers=HTML).status_code == 200
    assert price(client) == "Free You are its operator."
