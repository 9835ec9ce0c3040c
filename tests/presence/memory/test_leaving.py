"""“Delete me”: afterwards nothing of hers is in any table or file, the money is as it was, and receipts hold."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import MetaData, func, select

from billing.tables import holds, ledger_entries
from presence.bootstrap import Services
from presence.paying.checking import checked
from presence.sessions.bearer import Wanted
from tests.mailing import USER, Mailroom, link_in, mailroom
from tests.nodes import client_of
from tests.presence.memory.people import ANN, BOB, HTML, agree, perform, remembered
from tests.presence.web.paying import ASKED, CENT, give, open_shop
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier

ADDRESS = "canary.quillfeather@example.org"
QUESTION = "Did the canary-zanzibarbarine sing on the rented piano?"
WORDS = "the canary-wollemipine pressing"
NAME = "Canary Thimblewick"
HERS = ("zanzibarbarine", "wollemipine", "quillfeather", "Thimblewick")


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as opened:
        yield opened


@pytest.fixture
def shop(tmp_path: Path, database_url: str | None, room: Mailroom) -> Iterator[Services]:
    url = SecretStr(room.url)
    with open_shop(tmp_path / "home", database_url=database_url, smtp_url=url, mail_from=USER) as opened:
        artist = Artist(opened.trust)
        for who in (ANN, BOB):
            give(opened, who, 100)
            artist.grant(who.did, Tier.FOLLOWER)
        yield opened


@pytest.fixture
def ann(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as client:
        sign_in(client, ANN)
        yield client


def live_here(client: TestClient, shop: Services, room: Mailroom) -> dict[str, Any]:
    """Leave a trace wherever one can; gives a paid answer."""
    agree(client)
    assert client.post("/api/memory/items", json={"kind": "owns", "name": WORDS}).status_code == 201
    client.put("/api/memory/shown", json={"shown": True})
    lost = perform(client, question=QUESTION, max_price_micros=2 * CENT)
    client.post(f"/answers/{lost['id']}/forward", data={}, headers=HTML)
    client.post(f"/answers/{lost['id']}/report", data={"words": WORDS}, headers=HTML)
    paid = perform(client, question=ASKED, max_price_micros=2 * CENT)
    assert paid["receipt"]["micros"] == 2 * CENT
    assert client.post(f"/answers/{paid['id']}/share", follow_redirects=False).status_code == 303
    client.post("/telling", data={"question_answered": "mail"})
    client.post("/telling/address", data={"email": ADDRESS})
    link = link_in(room.next()).partition("token=")[2]
    client.post("/telling/confirm", data={"token": link}, headers=HTML)
    client.post("/telling/address", data={"email": f"x{ADDRESS}"})  # one more that is not confirmed
    shop.people.names.set(ANN.did, NAME)
    shop.bearers.make(ANN.did, Wanted(NAME, 3600))
    return paid


def traces(shop: Services, words: tuple[str, ...] = HERS) -> list[str]:
    """Look for words in every row of every table, and in every file of the home."""
    found = []
    tables = MetaData()
    tables.reflect(shop.database.owner)
    with shop.database.records() as records:
        for table in tables.sorted_tables:
            rows = str(records.execute(select(table)).all())
            found += [f"{word} in {table.name}" for word in words if word.lower() in rows.lower()]
    for path in shop.settings.home.rglob("*"):
        if path.is_file():
            held = path.read_bytes().lower()
            found += [f"{word} in {path.name}" for word in words if word.lower().encode() in held]
    return found


def rows_of(shop: Services, did: str) -> set[str]:
    tables = MetaData()
    tables.reflect(shop.database.owner)
    with shop.database.records() as records:
        return {table.name for table in tables.sorted_tables if did in str(records.execute(select(table)).all())}


def test_nothing_of_hers_is_left_and_receipts_hold(ann: TestClient, shop: Services, room: Mailroom) -> None:
    paid = live_here(ann, shop, room)
    copy = ann.get(f"/receipts/{paid['receipt']['id']}.json").json()
    assert set(traces(shop)) >= {
        "zanzibarbarine in questions",
        "wollemipine in memory_items",
        "wollemipine in reports",
        "Thimblewick in people",
        "Thimblewick in bearer_keys",
    }
    with shop.database.records() as records:
        entries = records.execute(select(func.count()).select_from(ledger_entries)).scalar_one()
    wallet = shop.paying.wallets.find(ANN.did)
    response = ann.request("DELETE", "/api/me", json={"confirm": "delete me"})
    assert response.status_code == 200, response.text
    assert response.json()["deleted"] == {"questions": 2}
    assert traces(shop) == []
    assert rows_of(shop, ANN.did) <= {
        "wallets",
        "holds",
        "receipts",
        "ledger_transactions",
        "ledger_accounts",
        "ledger_entries",
        "trust_log",
        "trust_live",
    }
    with shop.database.records() as records:
        assert records.execute(select(func.count()).select_from(ledger_entries)).scalar_one() == entries
    assert shop.paying.wallets.find(ANN.did) == wallet
    assert checked(copy, key("presence").did, None)["micros"] == 2 * CENT
    assert ann.get("/api/me").json()["did"] is None
    assert shop.telling.addresses.of(ANN.did).confirmed is None
    sign_in(ann, ANN)  # her key is hers, and so is her money; of what was, nothing comes back
    assert ann.get("/api/memory").json() == {
        "agreed": False,
        "shown_to_artist": False,
        "items": [],
        "bought": [],
    }
    assert ann.get(f"/api/questions/{paid['id']}").status_code == 404
    assert ann.get(f"/receipts/{paid['receipt']['id']}.json").json()["payer_is"] == ANN.did


def test_others_keep_what_is_theirs(ann: TestClient, shop: Services) -> None:
    with client_of(shop) as bob:
        sign_in(bob, BOB)
        agree(bob)
        bob.post("/api/memory/items", json={"name": "barns"})
        answer = perform(bob, question=ASKED, max_price_micros=2 * CENT)
        agree(ann)
        perform(ann, question=ASKED, max_price_micros=2 * CENT)
        ann.request("DELETE", "/api/me", json={"confirm": "delete me"})
        assert remembered(bob, "liked") == ["barns"]
        assert bob.get(f"/api/questions/{answer['id']}").json() == answer


def test_it_has_to_be_meant_and_by_herself(ann: TestClient, shop: Services) -> None:
    agree(ann)
    answer = perform(ann, question=ASKED, max_price_micros=2 * CENT)
    assert ann.request("DELETE", "/api/me", json={}).status_code == 422
    assert ann.request("DELETE", "/api/me", json={"confirm": "yes"}).status_code == 422
    assert ann.post("/memory/leave", headers=HTML).status_code == 422
    _, secret = shop.bearers.make(ANN.did, Wanted("a program", 3600))
    with client_of(shop) as other:
        bearer = {"Authorization": f"Bearer {secret}"}
        body = {"confirm": "delete me"}
        assert other.request("DELETE", "/api/me", json=body, headers=bearer).status_code == 401
        assert other.request("DELETE", "/api/me", json=body).status_code == 401
        assert other.post("/memory/leave", data={"confirm": "yes"}).status_code == 401
    assert ann.get(f"/api/questions/{answer['id']}").status_code == 200


def test_by_page_with_one_confirmation_and_what_was_asked_before_the_key(shop: Services) -> None:
    with client_of(shop) as client:
        sign_in(client, ANN)
        client.request("DELETE", "/auth/session")
        client.post("/ask", data={"question": QUESTION, "max_price_micros": "0"})
        asked = client.post("/api/questions", json={"question": QUESTION, "max_price_micros": 2 * CENT})
        assert asked.status_code in (201, 402)
        sign_in(client, ANN)
        page = client.get("/memory/leave", headers=HTML).text
        assert "This stays" in page
        done = client.post("/memory/leave", data={"confirm": "yes"}, headers=HTML)
        assert done.status_code == 200
        assert "You are deleted here" in done.text
        assert client.get("/api/me").json()["did"] is None
    assert "zanzibarbarine" not in str(traces(shop))


def test_what_is_being_answered_is_settled_first(ann: TestClient, shop: Services) -> None:
    """An answer is held up as it settles its money: nothing is deleted before that is done."""
    began, may = threading.Event(), threading.Event()
    answering = shop.desk._answering
    capture = answering.holds.capture

    def held_up(*given: Any, **more: Any) -> Any:
        began.set()
        assert may.wait(20)
        return capture(*given, **more)

    answering.holds.capture = held_up  # type: ignore[method-assign]
    asked = ann.post("/api/questions", json={"question": ASKED, "max_price_micros": 2 * CENT}).json()
    assert began.wait(20)
    left: list[Any] = []
    leaving = threading.Thread(
        target=lambda: left.append(ann.request("DELETE", "/api/me", json={"confirm": "delete me"}))
    )
    leaving.start()
    leaving.join(0.5)
    assert shop.counter.transcripts.find(asked["id"]) is not None
    may.set()
    leaving.join(20)
    assert left[0].status_code == 200
    assert shop.counter.transcripts.find(asked["id"]) is None
    with shop.database.records() as records:
        assert list(records.execute(select(holds.c.state).where(holds.c.id == asked["id"])).scalars()) == ["captured"]
