"""What is remembered: with consent alone, as far as her tier goes, for nobody else, and hers to change."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from sqlalchemy import text

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.memory import items as memory_items
from presence.sessions.bearer import Wanted
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.presence.memory.people import (
    ANN,
    BOB,
    HTML,
    NOTES,
    RECORDS,
    agree,
    perform,
    remembered,
    soon,
    thing,
)
from tests.presence.web.paying import CENT, give, open_shop
from tests.trusting import Artist, sign_in
from trustgraph import Tier

NOTHING = {"agreed": False, "shown_to_artist": False, "items": [], "bought": []}
PIANO = "Where did you write Pilot Ladder?"


def test_nothing_is_remembered_before_she_says_so(ann: TestClient, room: Services) -> None:
    answer = perform(ann, question=PIANO)
    perform(ann, act="record", thing=thing(room, "Pilot Ladder"))
    assert perform(ann, act="recommend")["recommended"]["name"]
    assert ann.post("/api/memory/items", json={"answer": answer["id"]}).status_code == 409
    assert ann.post("/api/memory/items", json={"name": "dub"}).status_code == 409
    led = ann.post("/memory/like", data={"answer": answer["id"]}, headers=HTML)
    assert led.url.path == "/memory"
    assert "Remember what I like" in led.text
    assert ann.get("/api/memory").json() == NOTHING


def test_what_she_asks_about_is_remembered_by_its_title(ann: TestClient, room: Services) -> None:
    agree(ann)
    perform(ann, question=PIANO)
    assert soon(ann, "asked") == ["The rented piano"]
    assert PIANO not in ann.get("/api/memory").text
    perform(ann, act="recommend")
    assert len(remembered(ann, "told")) == 2  # one beside the answer, and this one


def test_one_press_likes_an_answer_or_a_thing(ann: TestClient, room: Services) -> None:
    agree(ann)
    answer = perform(ann, question=PIANO)
    page = BeautifulSoup(ann.get(f"/answers/{answer['id']}", headers=HTML).text, "html.parser")
    (button,) = page.select("form[action='/memory/like'] button")
    ann.post("/memory/like", data={str(button["name"]): str(button["value"])}, headers=HTML)
    ident = thing(room, "Saltmarsh")
    page = BeautifulSoup(ann.get(f"/rows/{ident}", headers=HTML).text, "html.parser")
    assert len(page.select("form[action='/memory/like'] button")) == 2
    ann.post("/memory/like", data={"thing": ident, "kind": "liked"}, headers=HTML)
    ann.post("/memory/like", data={"thing": ident, "kind": "liked"}, headers=HTML)
    ann.post("/memory/like", data={"thing": ident, "kind": "owns"}, headers=HTML)
    assert sorted(remembered(ann, "liked")) == ["Saltmarsh", "The rented piano"]
    assert remembered(ann, "owns") == ["Saltmarsh"]


def test_strangers_see_no_button_and_have_no_memory(room: Services, artist: Artist) -> None:
    with client_of(room) as stranger:
        answer = perform(stranger, question=PIANO)
        assert "/memory/like" not in stranger.get(f"/answers/{answer['id']}", headers=HTML).text
        assert "Of you nothing is" in stranger.get("/memory", headers=HTML).text
        assert stranger.get("/api/memory").status_code == 401
        assert stranger.post("/memory/agree").status_code == 401


def test_what_she_likes_and_was_told_of_chooses_what_is_recommended(ann: TestClient, room: Services) -> None:
    for liked, name in (
        ("a rented piano in Leeds", "Pilot Ladder"),
        ("the lamps went out in the cellar", "Quartermain"),
    ):
        agree(ann)
        ann.post("/api/memory/items", json={"name": liked})
        assert name in perform(ann, act="recommend")["recommended"]["name"]
        ann.put("/api/memory", json={"agreed": False})
    agree(ann)
    named = [perform(ann, act="recommend")["recommended"]["name"] for _ in range(3)]
    assert len(set(named)) == 3


def test_a_repeat_stays_free_whatever_is_remembered_meanwhile(ann: TestClient, room: Services) -> None:
    agree(ann)
    first = perform(ann, question=PIANO)
    ann.post("/api/memory/items", json={"name": "barns"})
    assert perform(ann, question=PIANO)["id"] == first["id"]


def test_a_lower_tier_hides_and_a_higher_one_shows_again(
    ann: TestClient, room: Services, artist: Artist, grants: dict[str, Any]
) -> None:
    agree(ann)
    night = thing(room, "Cellar of the Quartermain")
    assert ann.post("/api/memory/items", json={"thing": night}).status_code == 201
    chapel = perform(ann, question="What was recorded in a chapel on Ebba?")
    assert ann.post("/api/memory/items", json={"answer": chapel["id"]}).status_code == 201
    ann.post("/api/memory/items", json={"name": "cellars"})
    hidden = remembered(ann, "liked")
    assert len(hidden) == 3
    artist.revoke(grants[ANN.did].entry.event)
    artist.grant(ANN.did, Tier.FOLLOWER)
    assert remembered(ann, "liked") == ["cellars"]
    for way in ("/memory", "/memory/copy.json", "/api/memory"):
        said = ann.get(way, headers=HTML).text
        assert "Quartermain" not in said
        assert "chapel" not in said
    ident = next(item.ident for item in room.memory.items(ANN.did, 4) if "Quartermain" in item.name)
    assert ann.delete(f"/api/memory/items/{ident}").status_code == 404
    assert ann.put(f"/api/memory/items/{ident}", json={"words": "mine"}).status_code == 404
    artist.grant(ANN.did, Tier.CIRCLE)
    assert remembered(ann, "liked") == hidden


def test_a_note_that_rises_takes_what_was_remembered_with_it(
    ann: TestClient, room: Services, artist: Artist, grants: dict[str, Any]
) -> None:
    artist.revoke(grants[ANN.did].entry.event)
    artist.grant(ANN.did, Tier.FOLLOWER)
    agree(ann)
    answer = perform(ann, question=PIANO)
    ann.post("/api/memory/items", json={"answer": answer["id"]})
    assert remembered(ann, "liked") == ["The rented piano"]
    (note,) = [one for one in room.library.shelf.notes() if one.title == "The rented piano"]
    room.library.shelf.retier(note.ident, 3)
    assert "The rented piano" not in ann.get("/api/memory").text


def test_terms_that_remember_nothing_hold_at_once(ann: TestClient, room: Services) -> None:
    agree(ann)
    ann.post("/api/memory/items", json={"name": "a rented piano in Leeds"})
    room.people.terms.change(Tier.CIRCLE, remembers=False)
    perform(ann, act="recommend")
    assert remembered(ann, "told") == []
    assert ann.post("/api/memory/items", json={"name": "dub"}).status_code == 409
    shown = BeautifulSoup(ann.get("/memory", headers=HTML).text, "html.parser")
    assert "nothing is remembered" in shown.get_text()
    assert not shown.select("form[action='/memory/items'], form[action='/memory/agree'], #told-title")
    assert shown.select("#liked-title, form[action='/memory/forget']")  # and what was before is hers to mend
    night = ann.get(f"/sets/{thing(room, 'Night ferry')}", headers=HTML).text
    assert "/memory/like" not in night
    assert remembered(ann, "liked") == ["a rented piano in Leeds"]  # and she can have it forgotten


def test_every_item_can_be_changed_and_forgotten_and_all_of_them(ann: TestClient, room: Services) -> None:
    agree(ann)
    ann.post("/memory/items", data={"kind": "owns", "name": "Saltmarsh, the first pressing"})
    item = ann.get("/api/memory").json()["items"][0]
    ann.post(f"/memory/items/{item['id']}", data={"words": "with the <misprint>"})
    page = ann.get("/memory", headers=HTML).text
    assert "with the &lt;misprint&gt;" in page
    assert ann.post("/memory/items", data={"name": " "}).status_code == 422
    file = ann.get("/memory/copy.json")
    assert file.headers["content-disposition"].startswith("attachment")
    assert json.loads(file.text)["items"][0]["words"] == "with the <misprint>"
    ann.post(f"/memory/items/{item['id']}/remove")
    assert ann.get("/api/memory").json()["items"] == []
    ann.post("/memory/items", data={"name": "dub"})
    ann.post("/memory/forget")
    assert ann.get("/api/memory").json() == NOTHING
    agree(ann)
    assert ann.get("/api/memory").json()["items"] == []


def test_nobody_reaches_the_memory_of_another(ann: TestClient, bob: TestClient, room: Services) -> None:
    agree(ann)
    agree(bob)
    item = ann.post("/api/memory/items", json={"name": "barns"}).json()["items"][0]
    assert bob.get("/api/memory").json()["items"] == []
    assert bob.delete(f"/api/memory/items/{item['id']}").status_code == 404
    assert bob.post(f"/memory/items/{item['id']}", data={"words": "mine"}).status_code == 404
    assert remembered(ann, "liked") == ["barns"]
    _, secret = room.bearers.make(ANN.did, Wanted("a program", 3600))
    with client_of(room) as program:
        bearer = {"Authorization": f"Bearer {secret}"}
        assert program.get("/api/memory", headers=bearer).status_code == 401
        assert program.delete(f"/api/memory/items/{item['id']}", headers=bearer).status_code == 401


def test_what_she_bought_is_told_from_the_books(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home", {"acts": {"set": {"price": "0.50", "buys": True}}}) as shop:
        take_in(shop, write_notes(tmp_path / "sets", {"ferry.md": NOTES["ferry.md"]}), tier=None)
        give(shop, ANN, 60)
        with client_of(shop) as client:
            sign_in(client, ANN)
            perform(client, act="set", thing=thing(shop, "Night ferry"), max_price_micros=50 * CENT)
            assert [one["kind"] for one in client.get("/api/memory").json()["bought"]] == ["event"]
            assert "What you bought here" in client.get("/memory", headers=HTML).text


def test_the_oldest_goes_when_there_is_no_more_room(
    ann: TestClient, room: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_items, "ITEMS_MAX", 3)
    agree(ann)
    for name in ("one", "two", "three", "four"):
        ann.post("/api/memory/items", json={"name": name})
    assert len(remembered(ann, "liked")) == 3


@pytest.mark.parametrize("others_remember", [False, True])
def test_what_others_let_remember_changes_nothing(tmp_path: Path, others_remember: bool) -> None:
    """What Bob is answered is the same to the byte in a room in which Ann has let everything be remembered."""
    said = [_told_to_bob(tmp_path / name, remember) for name, remember in (("a", False), ("b", others_remember))]
    assert said[0] == said[1]


def _told_to_bob(folder: Path, ann_remembers: bool) -> list[str]:
    folder.mkdir()
    with open_node(folder / "home") as services:
        take_in(services, write_notes(folder / "notes", NOTES), tier=None)
        take_in(services, write_notes(folder / "records", {"records.csv": RECORDS}), tier=0)
        Artist(services.trust)
        with client_of(services) as ann, client_of(services) as bob:
            sign_in(ann, ANN)
            sign_in(bob, BOB)
            for who in (ann, bob):
                if ann_remembers or who is bob:
                    services.people.terms.change(Tier.PUBLIC, remembers=True)
                    agree(who)
            if ann_remembers:
                ann.post("/api/memory/items", json={"name": "a rented piano in Leeds"})
                for _ in range(3):
                    perform(ann, act="recommend")
            answers = [perform(bob, act="recommend"), perform(bob, question=PIANO), perform(bob, act="recommend")]
    return [
        json.dumps([answer["question"], [one["text"] for one in answer["sentences"]], answer["writer"]])
        for answer in answers
    ]


def test_what_is_noted_a_moment_after_she_had_it_forgotten_is_not_kept(room: Services) -> None:
    noted = memory_items.Noted(memory_items.Kind.LIKED, "one", "dub")
    room.memory.agree(ANN.did)
    room.memory.forget(ANN.did)
    assert room.lane.run(lambda owner: memory_items.keep(owner, ANN.did, noted, 0)) is None
    assert room.memory.items(ANN.did, 4) == []


def _refuse(services: Services, table: str, which: str) -> None:
    """Have the database refuse to write such rows from now on."""
    refuse = f"CREATE TRIGGER refused BEFORE INSERT ON {table} WHEN {which} BEGIN SELECT RAISE(ABORT, 'no'); END"
    services.lane.run(lambda owner: owner.exec_driver_sql(refuse))


def _allow(services: Services) -> None:
    services.lane.run(lambda owner: owner.exec_driver_sql("DROP TRIGGER refused"))


@pytest.fixture
def ann_on_sqlite(tmp_path: Path) -> Iterator[tuple[TestClient, Services]]:
    with open_node(tmp_path / "home") as services:
        take_in(services, write_notes(tmp_path / "records", {"records.csv": RECORDS}), tier=0)
        take_in(services, write_notes(tmp_path / "notes", NOTES), tier=None)
        Artist(services.trust).grant(ANN.did, Tier.CIRCLE)
        with client_of(services) as ann:
            sign_in(ann, ANN)
            agree(ann)
            yield ann, services


def test_what_a_failed_answer_would_have_named_was_not_told(ann_on_sqlite: tuple[TestClient, Services]) -> None:
    ann, services = ann_on_sqlite
    _refuse(services, "answer_events", "NEW.kind = 'done' AND NEW.body LIKE '%answered%'")
    assert perform(ann, act="recommend")["outcome"] == "failed"
    assert remembered(ann, "told") == []
    _allow(services)
    named = perform(ann, act="recommend")["recommended"]["name"]
    assert remembered(ann, "told") == [named]


def test_an_answer_does_not_hang_on_what_is_remembered_of_it(ann_on_sqlite: tuple[TestClient, Services]) -> None:
    ann, services = ann_on_sqlite
    _refuse(services, "memory_items", "NEW.kind = 'told'")
    answer = perform(ann, act="recommend")
    assert (answer["outcome"], remembered(ann, "told")) == ("answered", [])
    assert answer["recommended"]["name"]


def test_nor_on_who_agreed_to_it(ann_on_sqlite: tuple[TestClient, Services]) -> None:
    _, services = ann_on_sqlite
    (named, *_) = services.acts.things.every(3)
    note = services.memory.recommended(Listener(ANN.did, did=ANN.did), named)
    services.lane.run(lambda owner: owner.execute(text("ALTER TABLE memory_agreements RENAME TO away")))
    assert services.lane.run(note) is None
    services.lane.run(lambda owner: owner.execute(text("ALTER TABLE away RENAME TO memory_agreements")))
    assert services.memory.items(ANN.did, 3) == []
    services.lane.run(note)
    assert [item.name for item in services.memory.items(ANN.did, 3)] == [named.name]
