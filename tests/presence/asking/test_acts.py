"""A record, a walk along a set, something recommended: each of its own form, each from the notes and rows of a tier."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from knowledge import Recommending, Things
from presence.bootstrap import Services
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.presence.web.paying import ANN, CENT, give, open_shop
from tests.trusting import sign_in

SET = """---
title: Night ferry
date: 2015-06-20
kind: set
tier: public
---
We played on the upper deck until the coast guard called. Low Tide was meant as a joke.

[0:00:00] Zeno Obuya - Monday Dub [Lantern]
[0:07:30] Ada Marsh - Low Tide (Long Mix) [Dock]
[0:15:10] ID - ID
"""
RECORDS = """title,artist,date,label,catalogue number
Pilot Ladder,Ada Marsh,2019-03-04,Lantern,LAN 001
Heronshaw,Ada Marsh,2024-05-01,Lantern,LAN 002
"""
PIANO = "---\ntitle: The rented piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n"
CHAPEL = "---\ntitle: The chapel\ntier: circle\n---\nHeronshaw was recorded in a chapel.\n"


@pytest.fixture
def room(tmp_path: Path) -> Any:
    with open_node(tmp_path / "home") as services:
        notes = {"ferry.md": SET, "piano.md": PIANO, "chapel.md": CHAPEL}
        take_in(services, write_notes(tmp_path / "notes", notes), tier=None)
        yield services


def records(services: Services, folder: Path) -> None:
    take_in(services, write_notes(folder / "records", {"records.csv": RECORDS}), tier=0)


def ident_of(services: Services, kind: str, tier: int = 0) -> str:
    return next(thing.ident for thing in services.acts.things.every(tier) if thing.kind == kind)


def perform(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post("/api/questions", json=body)
    assert response.status_code == 201, response.text
    client.get(response.json()["events"])
    answer: dict[str, Any] = client.get(f"/api/questions/{response.json()['id']}").json()
    return answer


def test_a_walk_goes_along_the_set_with_what_her_notes_say(room: Services) -> None:
    with client_of(room) as client:
        answer = perform(client, act="set", thing=ident_of(room, "event"))
    said = [sentence["text"] for sentence in answer["sentences"]]
    assert answer["outcome"] == "answered"
    assert answer["question"].startswith("Talk me through")
    assert said == [
        "We played on the upper deck until the coast guard called.",
        "At 0:00:00, “Zeno Obuya – Monday Dub”.",
        "At 0:07:30, “Ada Marsh – Low Tide (Long Mix)”.",
        "Low Tide was meant as a joke.",
        "At 0:15:10, a piece that the list does not name.",
    ]
    assert {cited["kind"] for cited in answer["citations"]} == {"fact", "passage"}
    assert [cited["n"] for cited in answer["citations"]] == list(range(1, 6))


def test_a_walk_is_bought_once(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home", {"acts": {"set": {"price": "0.50", "buys": True}}}) as shop:
        take_in(shop, write_notes(tmp_path / "sets", {"ferry.md": SET}), tier=None)
        give(shop, ANN, 60)
        with client_of(shop) as client:
            sign_in(client, ANN)
            body = {"act": "set", "thing": ident_of(shop, "event")}
            offer = client.post("/api/offers", json=body).json()
            assert (offer["act"], offer["ceiling_micros"]) == ("set", 50 * CENT)
            assert perform(client, **body, offer_id=offer["offer_id"])["receipt"]["micros"] == 50 * CENT
            take_in(shop, write_notes(tmp_path / "more", {"a.md": PIANO.replace("Leeds", "York")}), tier=None)
            again = perform(client, **body)  # written anew: what it rests on has changed
            assert (again["outcome"], again["receipt"]) == ("answered", None)
            assert client.post("/api/offers", json=body).json()["ceiling_micros"] == 0
        assert shop.paying.wallets.open(ANN.did).gift == 10 * CENT


def test_a_record_is_told_from_its_rows_and_the_notes(room: Services, tmp_path: Path) -> None:
    records(room, tmp_path)
    thing = next(one for one in room.acts.things.every(0) if one.name == "Pilot Ladder")
    with client_of(room) as client:
        answer = perform(client, act="record", thing=thing.ident)
    assert (
        answer["sentences"][0]["text"] == "“Pilot Ladder” by Ada Marsh came out on 4 March 2019 on Lantern (LAN 001)."
    )
    assert "I wrote Pilot Ladder on a rented piano in Leeds." in answer["text"]
    assert "chapel" not in answer["text"]


@pytest.mark.parametrize("body", [{"act": "set"}, {"act": "record"}, {"act": "record", "question": "Pilot Ladder"}])
def test_an_act_about_a_thing_needs_one(room: Services, body: dict[str, str]) -> None:
    with client_of(room) as client:
        refused = client.post("/api/questions", json=body)
    assert refused.status_code == 422
    assert "thing" in refused.json()["detail"]


def test_a_thing_of_another_tier_or_kind_is_unknown(room: Services, tmp_path: Path) -> None:
    hidden = {"deck.md": SET.replace("public", "circle").replace("Night ferry", "Dawn ferry").replace("06-20", "06-21")}
    take_in(room, write_notes(tmp_path / "hidden", hidden), tier=None)
    above = next(one for one in room.acts.things.every(3) if "Dawn" in one.name)
    assert not any("Dawn" in one.name for one in room.acts.things.every(0))
    with client_of(room) as client:
        one = client.post("/api/questions", json={"act": "set", "thing": above.ident})
        two = client.post("/api/questions", json={"act": "set", "thing": "no-such-thing"})
        three = client.post("/api/questions", json={"act": "record", "thing": ident_of(room, "event")})
    assert [told.status_code for told in (one, two, three)] == [404, 404, 404]
    assert one.json()["detail"] == two.json()["detail"] == three.json()["detail"]


def test_something_is_recommended_with_its_reason(room: Services, tmp_path: Path) -> None:
    records(room, tmp_path)
    with client_of(room) as client:
        answer = perform(client, act="recommend", question="something with a piano")
        again = perform(client, act="recommend", question="another one", conversation=answer["conversation"])
    assert answer["recommended"]["name"] == "Pilot Ladder"
    assert "rented piano" in answer["text"]
    assert again["recommended"]["name"] != "Pilot Ladder"
    assert "Heronshaw" not in again["text"], "nothing that this tier may read speaks of it"


def test_an_anniversary_comes_first(room: Services, tmp_path: Path) -> None:
    records(room, tmp_path)
    things = Things(room.database.reader, room.search)
    pick = Recommending(things, room.search, lambda: datetime.date(2026, 6, 21)).pick("", 0)
    assert pick is not None
    assert pick.today is not None
    assert pick.thing.kind == "event"
    assert pick.today.text == "It was 11 years ago these days."
    on_the_day = Recommending(things, room.search, lambda: datetime.date(2027, 3, 4)).pick("", 0)
    assert on_the_day is not None
    assert on_the_day.today is not None
    assert (on_the_day.thing.name, on_the_day.today.text) == ("Pilot Ladder", "It was 8 years ago today.")


def test_nothing_to_recommend_is_no_recommendation(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as services, client_of(services) as client:
        assert perform(client, act="recommend")["outcome"] == "not_in_notes"
