"""Prices in the studio: typed in cents, each change a new list, and what was promised keeps its price."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from billing import Currency, Wanted, price_list
from presence.bootstrap import Services
from presence.paying.price_table import Row, Table, read, table_of
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.presence.web.studio.shop import HTML, desk, seen, words
from tests.trusting import sign_in

PAGE = "/studio/prices"
USD = Currency("usd")
EMPTY = {"tier": "", "writer": "", "price": "", "each": "", "most": ""}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home") as node:
        yield node


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        yield desk(opened, shop)


def form(*rows: dict[str, str], version: str = "1", **more: str) -> dict[str, Any]:
    """Fill the form of an act in, row by row."""
    columns = {name: [(EMPTY | row)[name] for row in rows] for name in EMPTY}
    return {"version": version, **columns, **more}


def micros(shop: Services, tier: int, writer: str, act: str = "ask") -> tuple[int, int]:
    offer = shop.paying.pricing.offer(Wanted(act, tier, writer, ANN.did))
    return offer.ceiling_micros, offer.per_sentence_micros


def test_an_act_is_priced_by_tier_and_writer(shop: Services, client: TestClient) -> None:
    typed = form(
        {"price": "2.5"},
        {"writer": "llama", "each": "0.25", "most": "3"},
        {"tier": "circle", "writer": "llama", "price": "0"},
        {"tier": "circle", "price": "1"},
        {},
    )
    page = words(client.post(f"{PAGE}/ask", data=typed, headers=HTML).text)
    assert "Kept. It holds from now on" in page
    assert "$0.0025 a sentence, $0.03 at most" in page
    assert micros(shop, 0, "quoting") == (25_000, 0)
    assert micros(shop, 0, "llama:x") == (30_000, 2_500)
    assert micros(shop, 3, "llama:x") == (0, 0)
    assert micros(shop, 3, "remote:x") == (10_000, 0)
    fields = seen(client.get(f"{PAGE}/ask", headers=HTML).text).select("[name=price], [name=each], [name=most]")
    assert [field["value"] for field in fields] == [
        "2.5", "", "", "", "0.25", "3", "1", "", "", "0", "", ""
    ]  # fmt: skip


def test_a_comma_may_stand_for_the_point(shop: Services, client: TestClient) -> None:
    client.post(f"{PAGE}/ask", data=form({"price": "2,5"}, {"writer": "llama", "each": "0,25", "most": "3"}))
    assert micros(shop, 0, "quoting") == (25_000, 0)
    assert micros(shop, 0, "llama:x") == (30_000, 2_500)
    version = str(shop.paying.pricing.current()[0])
    client.post(f"{PAGE}/supporter", data={"version": version, "month": "5,50"})
    _, prices = shop.paying.pricing.current()
    assert prices.supporter is not None
    assert prices.supporter.month == "5.50"
    doubtful = client.post(f"{PAGE}/ask", data=form({"price": "1,000"}, version=str(int(version) + 1)), headers=HTML)
    assert (doubtful.status_code, "is no amount" in doubtful.text) == (422, True)


def test_what_was_promised_keeps_its_price(shop: Services, client: TestClient) -> None:
    give(shop, ANN, 100)
    with client_of(shop) as ann:
        sign_in(ann, ANN)
        offer = ann.post("/api/offers", json={"question": ASKED}).json()
        client.post(f"{PAGE}/ask", data=form({"price": "50"}))
        assert micros(shop, 0, "quoting") == (50 * CENT, 0)
        asked = {"question": ASKED, "offer_id": offer["offer_id"]}
        ident = ann.post("/api/questions", json=asked, headers={"Idempotency-Key": "once"}).json()["id"]
        assert "receipt" in ann.get(f"/api/questions/{ident}/events").text
    (receipt,) = shop.paying.receipts.of_owner(ANN.did)
    assert (receipt.said["micros"], receipt.said["prices"]) == (2 * CENT, "1")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"price": "2 cents"}], "is no amount"),
        ([{"price": "0.00001"}], "at most 4 after it"),
        ([{"price": "1", "each": "1", "most": "2"}], "Either one price, or one for each sentence"),
        ([{"each": "1"}], "needs the most that an answer may cost"),
        ([{"each": "3", "most": "2"}], "The most is at least the price of one sentence."),
        ([{"tier": "circle", "price": "1"}], "Say also what it costs everybody"),
        ([{"price": "1"}, {"tier": "inner", "writer": "llama", "price": "1"}], "what it costs them by any writer"),
        ([{"price": "1"}, {"price": "2"}], "There is a price for these already"),
    ],
)
def test_what_cannot_be_is_said_at_its_row_and_what_was_typed_stays(
    shop: Services, client: TestClient, rows: list[dict[str, str]], sentence: str
) -> None:
    refused = client.post(f"{PAGE}/ask", data=form(*rows), headers=HTML)
    assert refused.status_code == 422
    page = seen(refused.text)
    assert sentence in " ".join(one.get_text() for one in page.select("fieldset .odd"))
    kept = [field["value"] for field in page.select("[name=price]")]
    assert kept == [row.get("price", "") for row in rows]
    assert shop.paying.pricing.current()[0] == "1"


def test_a_field_names_the_unit_in_which_it_is_read(shop: Services, client: TestClient) -> None:
    page = seen(client.get(f"{PAGE}/record", headers=HTML).text)
    for field in page.select("[name=price], [name=each], [name=most], [name=own_at]"):
        (label,) = page.select(f"label[for={field['id']}]")
        assert label.get_text().endswith(" (cents)")
    assert "Price 1" not in page.get_text()
    more = seen(client.post(f"{PAGE}/record", data=form({"price": "7"}, more="yes"), headers=HTML).text)
    assert [one.get_text() for one in more.select("legend")][:2] == ["Price 1", "Price 2"]


def test_a_row_is_added_without_a_script_and_an_act_made_free(shop: Services, client: TestClient) -> None:
    more = client.post(f"{PAGE}/ask", data=form({"price": "7"}, more="yes"), headers=HTML)
    assert [field["value"] for field in seen(more.text).select("[name=price]")] == ["7", ""]
    assert shop.paying.pricing.current()[0] == "1"
    assert "Free for everybody." in client.post(f"{PAGE}/ask", data=form({}), headers=HTML).text
    assert micros(shop, 0, "quoting") == (0, 0)
    assert client.get(f"{PAGE}/dance", headers=HTML).status_code == 422


def test_nothing_is_said_to_stand_or_to_be_free_that_is_not(shop: Services, client: TestClient) -> None:
    shop.paying.pricing.write(shop.paying.pricing.current()[1].model_dump() | {"supporter": None}, after="1")
    page = seen(client.get(PAGE, headers=HTML).text)
    panel = page.select("[aria-labelledby=supporter-title]")[0]
    assert not panel.select("[placeholder]")
    assert all("USD" in label.get_text() for label in panel.select("label"))
    assert "The prices stand already." not in panel.get_text()
    for act in page.select("[aria-labelledby^=act-]"):
        assert not ("cannot be asked for yet" in act.get_text() and "Free for everybody." in act.get_text())
    assert "Free for everybody." in page.get_text()
    asked = {"version": "2", "month": "5", "year": "", "gift": ""}
    refused = client.post(f"{PAGE}/supporter", data=asked | {"month": "five"}, headers=HTML).text
    assert "The prices stand already." not in refused
    client.post(f"{PAGE}/supporter", data=asked)
    assert shop.cards is None
    assert "The prices stand already." in client.get(PAGE, headers=HTML).text


def test_a_list_that_was_changed_meanwhile_is_not_written_over(shop: Services, client: TestClient) -> None:
    client.post(f"{PAGE}/ask", data=form({"price": "3"}))
    late = client.post(f"{PAGE}/record", data=form({"price": "9"}, version="1", own_at="60", buys="yes"), headers=HTML)
    assert (late.status_code, "The prices were changed meanwhile." in late.text) == (422, True)
    assert seen(late.text).select("#own_at")[0]["value"] == "60"
    assert micros(shop, 0, "quoting", "record") == (0, 0)
    client.post(f"{PAGE}/record", data=form({"price": "9"}, version="2", own_at="60", buys="yes"))
    record = shop.paying.pricing.current()[1].acts["record"]
    assert (record.price, record.own_at, record.buys) == ("0.09", "0.60", True)
    assert micros(shop, 0, "quoting") == (3 * CENT, 0), "the other act is as it was"


def test_free_answers_and_subscriptions_are_set(shop: Services, client: TestClient) -> None:
    free = {
        "version": "1",
        "first": "3",
        "first_per_client_a_day": "5",
        "first_a_day": "",
        "month": ["", "", "10", "", "40"],
    }
    assert "Kept." in client.post(f"{PAGE}/free", data=free, headers=HTML).text
    prices = shop.paying.pricing.current()[1]
    assert (prices.free.first, prices.free.first_per_client_a_day, prices.free.first_a_day) == (3, 5, 0)
    assert prices.free.month == {"supporter": 10, "inner": 40}
    wrong = client.post(f"{PAGE}/free", data=free | {"version": "2", "first": "many"}, headers=HTML)
    assert (wrong.status_code, "is no number of answers" in wrong.text) == (422, True)
    assert seen(wrong.text).select("#first")[0]["value"] == "many"
    assert seen(wrong.text).select("#month_inner")[0]["value"] == "40"
    paid = {"version": "2", "month": "5", "year": "48.00", "gift": "1"}
    assert "Kept." in client.post(f"{PAGE}/supporter", data=paid, headers=HTML).text
    offered = shop.paying.pricing.current()[1].supporter
    assert offered is not None
    assert (offered.month, offered.year, offered.gift) == ("5.00", "48.00", "1.00")
    for amounts, sentence in (
        ({"month": "5.005"}, "A card pays whole cents"),
        ({"month": "five"}, "is no amount"),
        ({"month": "", "year": "", "gift": "1"}, "A credit comes with"),
    ):
        refused = client.post(f"{PAGE}/supporter", data=paid | {"version": "3"} | amounts, headers=HTML)
        assert (refused.status_code, sentence in refused.text) == (422, True)
    assert shop.paying.pricing.current()[0] == "3"
    history = seen(client.get(PAGE, headers=HTML).text).select("#history-title ~ details summary")
    assert [one.get_text(strip=True).partition(",")[0] for one in history] == ["List 3", "List 2", "List 1"]
    assert "it holds now" in history[0].get_text()


@pytest.mark.parametrize(
    "act",
    [
        {"price": "0.02"},
        {"per_sentence": "0.0001", "ceiling": "1.00", "own_at": "0.60"},
        {"price": "0.50", "buys": True, "writers": {"llama": {"price": "0.123456"}, "another": {"price": "0.00"}}},
        {"price": "1.00", "tiers": {"inner": {"price": "0.00", "writers": {"remote": {"price": "12.00"}}}}},
    ],
)
def test_a_table_says_what_the_list_says_and_back(act: dict[str, Any]) -> None:
    kept = price_list({"acts": {"record": act}}).acts["record"]
    found = read(table_of(kept, USD), USD)
    assert found.table.is_right
    assert price_list({"acts": {"record": found.act or {}}}).acts["record"] == kept


def test_a_currency_without_cents_is_typed_as_it_is() -> None:
    yen = Currency("jpy")
    assert read(Table((Row(price="3"), Row(tier="circle", price="0.5"))), yen).act == {
        "price": "3",
        "tiers": {"circle": {"price": "0.5"}},
    }
    assert (USD.minor_written(USD.parsed_minor("0.0001")), yen.minor_written(3_500_000)) == ("0.0001", "3.5")
