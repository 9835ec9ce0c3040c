"""A wallet is its owner's: what there is, her limits, what came and went; practice credit in a demo alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from pydantic import SecretStr

from presence.bootstrap import Services
from presence.settings import BillingSettings
from presence.web.wallet import LINES_MAX
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, BOB, CENT, give, open_shop
from tests.trusting import sign_in

HTML = {"Accept": "text/html"}
BLOG = "https://blog.example"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        sign_in(opened, ANN)
        yield opened


def words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def ask(client: TestClient) -> int:
    return client.post("/ask", data={"question": ASKED, "max_price_micros": 5 * CENT}).status_code


def test_who_is_not_known_is_told_how_to_get_a_wallet(shop: Services) -> None:
    with client_of(shop) as stranger:
        page = stranger.get("/wallet", headers=HTML)
        assert page.status_code == 200
        assert 'href="/key"' in page.text
        assert stranger.get("/api/wallet").status_code == 401
        assert stranger.post("/wallet/limits", data={"day": "5"}).status_code == 401


def test_an_empty_wallet_is_a_page_too(client: TestClient) -> None:
    page = client.get("/wallet", headers=HTML)
    assert "Yours to spend $0.00" in words(page.text)
    assert page.headers["cache-control"] == "no-store"
    assert client.get("/api/wallet").json()["available_micros"] == 0


def test_what_was_given_is_shown_with_its_end_and_what_it_went_for(client: TestClient, shop: Services) -> None:
    give(shop, ANN, 100, until=4_102_444_800_000)
    assert ask(client) == 200
    shown = words(client.get("/wallet", headers=HTML).text)
    assert "Yours to spend $0.98" in shown
    assert "until 1 January 2100 $0.98" in shown
    assert "Given to you" in shown
    assert "Paid for an answer" in shown
    assert "−$0.02" in shown
    told = client.get("/api/wallet").json()
    assert (told["balance_micros"], told["gift_micros"], told["set_aside_micros"]) == (0, 98 * CENT, 0)
    assert told["gift_expires_at"] == 4_102_444_800
    assert [(line["kind"], line["micros"]) for line in told["statement"]] == [
        ("capture", -2 * CENT),
        ("gift", 100 * CENT),
    ]
    assert client.get(told["receipts"][0]["url"]).status_code == 200


def test_fields_for_money_name_their_currency(client: TestClient, shop: Services) -> None:
    code = shop.paying.currency.code.upper()
    for path in ("/wallet", "/tip"):
        page = BeautifulSoup(client.get(path, headers=HTML).text, "html.parser")
        fields = page.select("main input[inputmode=decimal]")
        assert fields
        for field in fields:
            (label,) = page.select(f"label[for={field['id']}]")
            assert f"({code})" in label.get_text()


def test_limits_are_kept_as_they_are_written(client: TestClient, shop: Services) -> None:
    page = client.post("/wallet/limits", data={"day": "5.00", "month": " 12.5 "}, headers=HTML).text
    soup = BeautifulSoup(page, "html.parser")
    assert [soup.select_one(f"#{name}")["value"] for name in ("day", "month")] == ["5.00", "12.50"]  # type: ignore[index]
    client.post("/wallet/limits", data={"day": "", "month": "0.015"})
    wallet = shop.paying.wallets.find(ANN.did)
    assert wallet is not None
    assert (wallet.day_max, wallet.month_max) == (None, 15_000)
    for wrong in ("five", "-1", "1,000", "0", "1e3"):
        assert client.post("/wallet/limits", data={"day": wrong}).status_code == 422


def test_a_closed_wallet_says_so(client: TestClient, shop: Services) -> None:
    give(shop, ANN, 100)
    wallet = shop.paying.wallets.find(ANN.did)
    assert wallet is not None
    shop.paying.wallets.freeze(wallet.ident, "A payment is disputed.")
    assert "A payment is disputed." in client.get("/wallet", headers=HTML).text
    assert client.get("/api/wallet").json()["closed"] is True
    assert ask(client) == 402


def test_programs_see_it_and_rooms_in_other_pages_do_not(client: TestClient, shop: Services) -> None:
    give(shop, ANN, 7)
    made = client.post("/api/keys", json={"label": "script", "days": 1}).json()
    room = client.post("/api/keys/embed", json={"origin": BLOG}).json()
    with client_of(shop) as elsewhere:
        program = {"Authorization": f"Bearer {made['secret']}"}
        assert elsewhere.get("/api/wallet", headers=program).json()["available_micros"] == 7 * CENT
        assert elsewhere.post("/wallet/limits", data={"day": "1"}, headers=program).status_code == 401
        embed = {"Authorization": f"Bearer {room['secret']}", "Origin": BLOG}
        assert elsewhere.get("/api/wallet", headers=embed).status_code == 401


def test_nobody_sees_the_wallet_of_another(client: TestClient, shop: Services) -> None:
    give(shop, ANN, 100)
    with client_of(shop) as other:
        sign_in(other, BOB)
        assert "$1.00" not in other.get("/wallet", headers=HTML).text


def test_a_form_from_another_site_changes_nothing(client: TestClient) -> None:
    told = client.post("/wallet/limits", data={"day": "1"}, headers={"Origin": "https://evil.example"})
    assert told.status_code == 403


def test_beside_cards_there_is_no_practice_money(tmp_path: Path) -> None:
    secrets = {"stripe_key": SecretStr("sk_test_1"), "stripe_webhook_secret": SecretStr("whsec_1")}
    billing = BillingSettings(practice=True, stripe_url="http://127.0.0.1:9", **secrets)
    with open_shop(tmp_path / "home", billing=billing) as shop, client_of(shop) as fan:
        sign_in(fan, ANN)
        assert fan.post("/wallet/practice").status_code == 404


def test_practice_credit_is_given_once_and_only_where_money_is_not_real(client: TestClient, tmp_path: Path) -> None:
    assert client.post("/wallet/practice").status_code == 404
    assert "ractice" not in client.get("/wallet", headers=HTML).text
    with open_shop(tmp_path / "demo", billing=BillingSettings(practice=True)) as demo, client_of(demo) as fan:
        assert fan.post("/wallet/practice").status_code == 401
        sign_in(fan, ANN)
        page = fan.get("/wallet", headers=HTML).text
        assert "Practice credit: $5.00" in words(page)
        assert "It is worth nothing" in words(page)
        for _ in range(2):
            page = fan.post("/wallet/practice", headers=HTML).text
        assert "Yours to spend $5.00" in words(page)
        assert 'action="/wallet/practice"' not in page


def test_of_many_movements_the_newest_are_shown_and_the_others_counted(client: TestClient, shop: Services) -> None:
    for cents in range(1, LINES_MAX + 5):
        give(shop, ANN, cents)
    assert ask(client) == 200
    page = BeautifulSoup(client.get("/wallet", headers=HTML).text, "html.parser")
    lines = [line.get_text(" ", strip=True) for line in page.select("table.sums tbody tr")]
    assert len(lines) == LINES_MAX
    assert lines[0].startswith("Paid for an answer")
    assert "+$2.04" in lines[1]
    assert "5 older ones are left out" in words(str(page))
    paid = page.select_one("table.sums tbody a")
    assert paid is not None
    assert ASKED in client.get(f"{paid['href']}.json").json()["question_is"]
