"""What a listener asked: hers alone, newest first, with its price; closed without a word after a downgrade."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import insert

from presence.asking.history import PAGE
from presence.bootstrap import Services
from presence.tables import questions
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier

HTML = {"Accept": "text/html"}
NOTES = {
    "piano.md": "---\ntitle: The rented piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n",
    "chapel.md": "---\ntitle: The chapel\ntier: circle\n---\nHeronshaw was recorded in a chapel in Wharfedale.\n",
}
GATED = "Where was Heronshaw recorded?"


@pytest.fixture
def room(tmp_path: Path, database_url: str | None) -> Iterator[Services]:
    with open_node(tmp_path / "home", database_url=database_url) as services:
        take_in(services, write_notes(tmp_path / "notes", NOTES), tier=None)
        yield services


def words(html: str) -> str:
    main = BeautifulSoup(html, "html.parser").select_one("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def test_without_a_key_the_browser_finds_its_own_questions_and_nobody_elses(room: Services) -> None:
    with client_of(room) as client, client_of(room) as other:
        empty = client.get("/history", headers=HTML)
        assert "You have asked nothing here yet" in words(empty.text)
        assert empty.headers["cache-control"] == "no-store"
        client.post("/ask", data={"question": ASKED})
        client.post("/ask", data={"question": "What did the ferry cost?"})
        page = words(client.get("/history", headers=HTML).text)
        assert page.index("What did the ferry cost?") < page.index(ASKED)
        assert "Free Not in the notes" in page
        assert "asked nothing" in words(other.get("/history", headers=HTML).text)


def test_what_is_closed_since_keeps_its_day_and_loses_its_words(room: Services) -> None:
    artist = Artist(room.trust)
    granted = artist.grant(key("ann").did, Tier.CIRCLE)
    with client_of(room) as client:
        sign_in(client, key("ann"))
        client.post("/ask", data={"question": ASKED})
        client.post("/ask", data={"question": GATED})
        assert GATED in client.get("/history", headers=HTML).text
        assert "chapel in Wharfedale" in client.get("/history/copy.json").text
        artist.revoke(granted.entry.event)
        after, copy = client.get("/history", headers=HTML).text, client.get("/history/copy.json")
    assert "This is not open to you any more" in words(after)
    assert "Heronshaw" not in after + copy.text
    assert "chapel" not in after + copy.text
    told = copy.json()
    assert [one["open"] for one in told] == [False, True]
    assert set(told[0]) == {"id", "asked_at", "open", "paid_micros"}


def test_what_was_paid_stands_beside_it_with_the_receipt(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home") as shop, client_of(shop) as client:
        sign_in(client, ANN)
        give(shop, ANN, 10)
        client.post("/ask", data={"question": ASKED, "max_price_micros": 5 * CENT})
        page = client.get("/history", headers=HTML).text
        assert "Paid $0.02" in words(page)
        link = BeautifulSoup(page, "html.parser").select_one('main a[href^="/receipts/"]')
        assert link is not None
        assert client.get(str(link["href"]), headers=HTML).status_code == 200
        wallet = BeautifulSoup(client.get("/wallet", headers=HTML).text, "html.parser")
        assert [one.get_text() for one in wallet.select(".nearest .note")][:1] == [ASKED]
        told = client.get("/history/copy.json").json()
    assert [(one["question"], one["paid_micros"]) for one in told] == [(ASKED, 2 * CENT)]
    assert "rented piano" in told[0]["answer"]


def test_many_are_turned_page_by_page(room: Services) -> None:
    Artist(room.trust)
    did = key("ann").did
    base = {"listener": did, "act": "ask", "tier": 0, "sources_tier": 0, "price_micros": 0, "body_sha256": ""}
    rows = [
        {**base, "id": f"q{n:03}", "question": f"Question {n:03}?", "writer": "quotes", "outcome": "answered",
         "created_at": 1_700_000_000.0 + n, "conversation": f"q{n:03}"}
        for n in range(2 * PAGE + 1)
    ]  # fmt: skip
    room.lane.run(lambda owner: owner.execute(insert(questions), rows))
    with client_of(room) as client:
        sign_in(client, key("ann"))
        pages = [client.get(f"/history?page={number}", headers=HTML).text for number in (1, 2, 3, 99)]
    found = [[a.get_text() for a in BeautifulSoup(page, "html.parser").select(".shelf a")] for page in pages]
    assert [len(one) for one in found] == [PAGE, PAGE, 1, 1]
    assert found[0][0] == f"Question {2 * PAGE:03}?"
    assert found[2] == found[3] == ["Question 000?"]
    assert len({name for one in found[:3] for name in one}) == 2 * PAGE + 1


def test_a_room_elsewhere_has_no_history_since_all_who_read_there_have_one_name(room: Services) -> None:
    Artist(room.trust)
    with client_of(room) as client:
        sign_in(client, ANN)
        made = client.post("/api/keys/embed", json={"origin": "https://blog.example"})
        assert made.status_code == 201, made.text
    with client_of(room) as elsewhere:
        sent = {"Authorization": f"Bearer {made.json()['secret']}", "Origin": "https://blog.example"}
        assert elsewhere.get("/history", headers=sent).status_code == 401
        assert elsewhere.get("/history/copy.json", headers=sent).status_code == 401
