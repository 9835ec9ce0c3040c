"""A collaborator's link: what she is named in, her word for it, and what it brought her."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from billing.splits import Party
from presence.bootstrap import Services
from presence.web.splits import part
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.trusting import sign_in

HTML = {"Accept": "text/html"}
Shared = tuple[Services, Party, str]


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Shared]:
    with open_shop(tmp_path / "home") as shop:
        party, word = shop.paying.splits.add_party("Zeno <Obuya>")
        shop.paying.splits.propose("node", {"artist": 6_667, party.ident: 3_333})
        yield shop, party, word


@pytest.fixture
def client(shared: Shared) -> Iterator[TestClient]:
    with client_of(shared[0]) as opened:
        yield opened


def words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def test_she_sees_what_she_is_named_in_and_agrees(client: TestClient, shared: Shared) -> None:
    _, _, word = shared
    page = client.get(f"/splits/{word}", headers=HTML)
    assert "Everything here: 33.33 % for you" in words(page.text)
    assert "Zeno &lt;Obuya&gt;" in page.text
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "same-origin")
    agreed = client.post(f"/splits/{word}/accept", data={"version": 1}, headers=HTML)
    assert "You have agreed. This is how it is divided now." in words(agreed.text)
    assert "/accept" not in agreed.text


def test_her_statement_is_exact(client: TestClient, shared: Shared) -> None:
    shop, party, word = shared
    shop.paying.splits.accept(party.ident, 1)
    give(shop, ANN, 100)
    with client_of(shop) as ann:
        sign_in(ann, ANN)
        for n in range(3):  # the very same words would be free
            ann.post("/ask", data={"question": ASKED + "?" * n, "max_price_micros": 5 * CENT})
    shown = words(client.get(f"/splits/{word}", headers=HTML).text)
    assert "$0.019998 is owed to you now" in shown


def test_agreements_are_replaced_and_ended(client: TestClient, shared: Shared) -> None:
    shop, party, word = shared
    splits = shop.paying.splits
    splits.accept(party.ident, 1)
    other, _ = splits.add_party("Ida")
    splits.propose("node", {"artist": 5_000, party.ident: 2_500, other.ident: 2_500})
    splits.accept(party.ident, 2)
    assert "It waits for the others." in words(client.get(f"/splits/{word}", headers=HTML).text)
    splits.accept(other.ident, 2)
    assert "A newer agreement has taken its place." in words(client.get(f"/splits/{word}", headers=HTML).text)
    splits.end("node")
    assert "This has ended." in words(client.get(f"/splits/{word}", headers=HTML).text)


def test_a_wrong_word_opens_nothing_and_a_new_one_ends_the_old(client: TestClient, shared: Shared) -> None:
    shop, party, word = shared
    assert client.get("/splits/guess", headers=HTML).status_code == 404
    assert client.get(f"/splits/{'x' * 65}", headers=HTML).status_code == 422
    assert client.post("/splits/guess/accept", data={"version": 1}).status_code == 404
    newer = shop.paying.splits.new_word(party.ident)
    assert client.get(f"/splits/{word}", headers=HTML).status_code == 404
    assert client.get(f"/splits/{newer}", headers=HTML).status_code == 200


def test_she_agrees_to_nothing_that_does_not_name_her(client: TestClient, shared: Shared) -> None:
    shop, _, word = shared
    other, _ = shop.paying.splits.add_party("Ida")
    version = shop.paying.splits.propose("node", {"artist": 5_000, other.ident: 5_000})
    assert client.post(f"/splits/{word}/accept", data={"version": version}).status_code == 422
    sent = client.post(f"/splits/{word}/accept", data={"version": 1}, headers={"Origin": "https://evil.example"})
    assert sent.status_code == 403


@pytest.mark.parametrize(
    ("share", "shown"), [(2_500, "25 %"), (1_250, "12.5 %"), (1, "0.01 %"), (9_999, "99.99 %"), (10_000, "everything")]
)
def test_parts_are_written_to_the_last_hundredth(share: int, shown: str) -> None:
    assert part(share) == shown
