"""A receipt is for who paid: as a page, and as a copy that holds without the node."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from billing import check_receipt
from billing.checking import check_published
from billing.errors import ReceiptWrong
from billing.receipt_log import LogProofWrong, read_verifier_key
from presence.bootstrap import Services
from presence.paying.signatures import is_signed_by, is_signed_by_key
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, BOB, CENT, give, open_shop
from tests.trusting import key, sign_in

HTML = {"Accept": "text/html"}
BLOG = "https://blog.example"
PRESENCE = key("presence").did


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home") as opened:
        give(opened, ANN, 100)
        yield opened


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        sign_in(opened, ANN)
        yield opened


def words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def paid(client: TestClient) -> str:
    """Ask, pay, and give the address of the receipt as the answer's page links to it."""
    page = client.post("/ask", data={"question": ASKED, "max_price_micros": 5 * CENT}, headers=HTML)
    link = BeautifulSoup(page.text, "html.parser").select_one(".paid a")
    assert link is not None
    return str(link["href"])


def larger(log: dict[str, str]) -> None:
    log["checkpoint"] = log["checkpoint"].replace("\n1\n", "\n2\n")


def test_an_answer_leads_to_its_receipt(client: TestClient, shop: Services) -> None:
    address = paid(client)
    shown = words(client.get(address, headers=HTML).text)
    assert "Paid $0.02" in shown
    assert ASKED in shown
    assert "$0.02 of it had been given to you" in shown
    assert "Ada Marsh $0.02" in shown
    assert "presence receipt verify" in shown
    assert "is put into the public log soon" in shown
    shop.paying.keep_books()
    assert "as number 1" in words(client.get(address, headers=HTML).text)


def test_the_copy_holds_offline_with_what_it_hides(client: TestClient, shop: Services) -> None:
    address = paid(client)
    shop.paying.keep_books()
    kept = client.get(f"{address}.json")
    assert "attachment" in kept.headers["content-disposition"]
    copy = kept.json()
    assert client.get(address).json() == copy
    assert (copy["payer_is"], copy["question_is"]) == (ANN.did, ASKED)
    said = check_receipt(copy, PRESENCE, is_signed_by)
    assert said["micros"] == 2 * CENT
    line = client.get("/log/key").text.strip()
    checkpoint = check_published(copy, read_verifier_key(line), is_signed_by_key)
    assert (checkpoint.size, checkpoint.origin) == (1, said["node"])


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda copy: copy["log"]["proof"].append("00" * 32), LogProofWrong),
        (lambda copy: copy["log"]["proof"].append("zz"), LogProofWrong),
        (lambda copy: copy["log"].update(leaf=1), LogProofWrong),
        (lambda copy: copy["log"].update(leaf="0"), ReceiptWrong),
        (lambda copy: larger(copy["log"]), LogProofWrong),
        (lambda copy: copy["receipt"].update(micros=1), LogProofWrong),
        (lambda copy: copy.update(signature="A" * 88), LogProofWrong),
        (lambda copy: copy.pop("log"), ReceiptWrong),
    ],
)
def test_a_copy_that_was_changed_is_not_in_the_log(
    client: TestClient, shop: Services, change: Any, refusal: type[Exception]
) -> None:
    address = paid(client)
    shop.paying.keep_books()
    copy = client.get(address).json()
    line = client.get("/log/key").text.strip()
    change(copy)
    with pytest.raises(refusal):
        check_published(copy, read_verifier_key(line), is_signed_by_key)


def test_nobody_else_reads_it(client: TestClient, shop: Services) -> None:
    address = paid(client)
    with client_of(shop) as other:
        for path in (address, f"{address}.json"):
            assert other.get(path, headers=HTML).status_code == 404
        sign_in(other, BOB)
        assert other.get(address, headers=HTML).status_code == 404
    assert client.get("/receipts/nothing").status_code == 404


def test_who_reads_an_embedded_room_reads_no_receipt_of_its_owner(client: TestClient, shop: Services) -> None:
    address = paid(client)
    body = {"origin": BLOG, "spend_micros_per_day": 10 * CENT}
    secret = client.post("/api/keys/embed", json=body).json()["secret"]
    with client_of(shop) as elsewhere:
        room = {"Authorization": f"Bearer {secret}", "Origin": BLOG}
        asked = elsewhere.post("/api/questions", json={"question": ASKED, "max_price_micros": 2 * CENT}, headers=room)
        with elsewhere.stream("GET", asked.json()["events"], headers=room) as events:
            told = events.read().decode()
        assert elsewhere.get(address, headers=room).status_code == 404
        other = json.loads(told.split("event: receipt\ndata: ")[1].split("\n")[0])["id"]
        assert elsewhere.get(f"/receipts/{other}", headers=room).status_code == 404
    assert "question_is" not in client.get(f"/receipts/{other}").json()


def test_parties_are_named_and_never_numbered(client: TestClient, shop: Services) -> None:
    party, _ = shop.paying.splits.add_party("Zeno Obuya")
    version = shop.paying.splits.propose("node", {"artist": 7_500, party.ident: 2_500})
    shop.paying.splits.accept(party.ident, version)
    shown = words(client.get(paid(client), headers=HTML).text)
    assert "Zeno Obuya $0.005" in shown
    assert party.ident not in shown.replace(party.name, "").split("Your copy")[0]
