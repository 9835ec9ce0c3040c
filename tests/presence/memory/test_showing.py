"""The artist sees what somebody likes only while that one lets her, and never anything else of it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of
from tests.presence.memory.people import HTML, agree, perform, thing
from tests.trusting import Artist, operator_of


@pytest.fixture
def studio(room: Services, artist: Artist) -> Iterator[TestClient]:
    with client_of(room) as client:
        operator_of(client, room)
        yield client


def test_nothing_is_seen_before_she_says_so_and_nothing_after_she_takes_it_back(
    ann: TestClient, bob: TestClient, studio: TestClient, room: Services
) -> None:
    for who in (ann, bob):
        agree(who)
        who.post("/api/memory/items", json={"thing": thing(room, "Pilot Ladder")})
        who.post("/api/memory/items", json={"kind": "owns", "name": "a rare white label"})
        perform(who, act="recommend")
    assert studio.get("/api/studio/likes").json() == {"people": []}
    assert "Nobody so far" in studio.get("/studio/likes", headers=HTML).text
    assert "Let Ada Marsh see what I like" in ann.get("/memory", headers=HTML).text
    ann.post("/memory/show", data={"shown": "yes"})
    (only,) = studio.get("/api/studio/likes").json()["people"]
    assert [like["name"] for like in only["likes"]] == ["Pilot Ladder"]
    page = studio.get("/studio/likes", headers=HTML).text
    assert "Pilot Ladder" in page
    assert "white label" not in page
    ann.post("/memory/show", data={"shown": "no"})
    assert studio.get("/api/studio/likes").json() == {"people": []}
    assert bob.put("/api/memory/shown", json={"shown": True}).json() == {"shown": True}
    bob.put("/api/memory", json={"agreed": False})
    agree(bob)
    assert bob.get("/api/memory").json()["shown_to_artist"] is False


def test_only_who_agreed_can_show_it_and_only_the_artist_looks(ann: TestClient, bob: TestClient) -> None:
    assert ann.put("/api/memory/shown", json={"shown": True}).status_code == 409
    agree(ann)
    assert ann.put("/api/memory/shown", json={"shown": True}).status_code == 200
    for way in ("/api/studio/likes", "/studio/likes"):
        assert bob.get(way).status_code == 401
        assert ann.get(way).status_code == 401
