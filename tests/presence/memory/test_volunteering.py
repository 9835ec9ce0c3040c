"""“Before you leave, have you heard this?”: once a day, where she agreed, from her tier, and never paid for."""

import time
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.sessions.bearer import Wanted
from tests.nodes import client_of
from tests.presence.memory.people import ANN, HTML, agree, perform, remembered
from tests.presence.web.chatting import bearer_for, chat_with
from tests.presence.web.speaking import AGES, call, structured, text_of
from tests.trusting import Artist
from trustgraph import Tier

PIANO = "Where did you write Pilot Ladder?"
FERRY = "Where did you play until the coast guard called?"
BARN = "Where did you write Saltmarsh?"
BLOG = "https://blog.example"


@pytest.fixture
def clock(room: Services) -> dict[str, float]:
    """The memory's clock, which stands until a test says otherwise."""
    now = {"at": time.time()}
    object.__setattr__(room.memory, "now", lambda: now["at"])
    return now


def test_nothing_is_named_to_who_has_not_agreed(clock: dict[str, float], ann: TestClient) -> None:
    assert "before_you_leave" not in perform(ann, question=PIANO)


def test_a_thing_and_its_source_are_named_once_a_day(clock: dict[str, float], ann: TestClient, room: Services) -> None:
    agree(ann)
    first = perform(ann, question=PIANO)
    named = first["before_you_leave"]
    assert ann.get(named["url"]).status_code == 200
    assert ann.get(named["source"]["url"]).status_code == 200
    assert remembered(ann, "told") == [named["name"]]
    assert named["name"] not in " ".join(sentence["text"] for sentence in first["sentences"])
    page = ann.get(f"/answers/{first['id']}", headers=HTML).text
    assert "Before you leave, have you heard this?" in page
    assert "before_you_leave" not in perform(ann, question=FERRY)
    assert ann.get(f"/api/questions/{first['id']}").json()["before_you_leave"] == named
    clock["at"] = (clock["at"] // 86400 + 1) * 86400
    assert perform(ann, question=BARN)["before_you_leave"]["name"] != named["name"]


def test_it_is_from_her_tier_and_hides_with_it(
    clock: dict[str, float], ann: TestClient, room: Services, artist: Artist, grants: dict[str, Any]
) -> None:
    agree(ann)
    ann.post("/api/memory/items", json={"name": "the lamps went out in the cellar"})
    answer = perform(ann, question=PIANO)
    assert "Quartermain" in answer["before_you_leave"]["name"]
    artist.revoke(grants[ANN.did].entry.event)
    artist.grant(ANN.did, Tier.FOLLOWER)
    lower = ann.get(f"/api/questions/{answer['id']}")
    assert lower.status_code == 200
    assert "Quartermain" not in lower.text
    assert "Quartermain" not in ann.get(f"/answers/{answer['id']}", headers=HTML).text


def in_openais_shape(services: Services, question: str, **more: Any) -> list[dict[str, Any]]:
    """Ask as a program of hers does; gives what is told beside the answer, chunk by chunk where it is a stream."""
    with chat_with(services, bearer_for(services, ANN)) as chat:
        asked: Any = [{"role": "user", "content": question}]
        answer = chat.chat.completions.create(model="presence", messages=asked, **more)
        told = [*answer] if more.get("stream") else [answer]
    return [one.model_extra["presence"] for one in told if "presence" in (one.model_extra or {})]


@pytest.mark.parametrize("stream", [False, True])
def test_a_program_in_openais_shape_is_told_once_a_day(
    clock: dict[str, float], ann: TestClient, room: Services, stream: bool
) -> None:
    assert "before_you_leave" not in in_openais_shape(room, PIANO, stream=stream)[-1]
    agree(ann)
    [told] = in_openais_shape(room, FERRY, stream=stream)
    named = told["before_you_leave"]
    assert named["source"]["url"].startswith("http://localhost:8765/sources/")
    assert ann.get(named["url"]).status_code == 200
    assert remembered(ann, "told") == [named["name"]]
    [again] = in_openais_shape(room, BARN, stream=stream)
    assert "before_you_leave" not in again
    clock["at"] = (clock["at"] // 86400 + 1) * 86400
    [next_day] = in_openais_shape(room, "Where did you write Saltmarsh, again?", stream=stream)
    assert next_day["before_you_leave"]["name"] != named["name"]


@pytest.mark.parametrize("age", AGES)
def test_an_agent_is_told_once_a_day(clock: dict[str, float], ann: TestClient, room: Services, age: str) -> None:
    secret = bearer_for(room, ANN)
    assert "before_you_leave" not in structured(call(room, "ask", secret, age=age, question=PIANO))
    agree(ann)
    result = call(room, "ask", secret, age=age, question=FERRY)
    named = structured(result)["before_you_leave"]
    assert ann.get(named["url"]).status_code == 200
    assert ann.get(named["source"]["url"]).status_code == 200
    assert named["url"] not in text_of(result)  # it is no part of the answer
    assert remembered(ann, "told") == [named["name"]]
    assert "before_you_leave" not in structured(call(room, "ask", secret, age=age, question=BARN))


def test_a_program_is_told_from_its_own_tier(clock: dict[str, float], ann: TestClient, room: Services) -> None:
    agree(ann)
    ann.post("/api/memory/items", json={"name": "the lamps went out in the cellar"})
    room.people.terms.change(Tier.FOLLOWER, remembers=True)
    low = structured(call(room, "ask", bearer_for(room, ANN, tier=Tier.FOLLOWER), question=PIANO))
    assert "Quartermain" not in low["before_you_leave"]["name"]


def test_who_gives_her_agreement_back_is_named_nothing(
    clock: dict[str, float], ann: TestClient, room: Services
) -> None:
    agree(ann)
    ann.put("/api/memory", json={"agreed": False})
    assert "before_you_leave" not in structured(call(room, "ask", bearer_for(room, ANN), question=PIANO))
    assert "before_you_leave" not in in_openais_shape(room, FERRY)[0]


def test_a_room_on_another_site_names_nothing(clock: dict[str, float], ann: TestClient, room: Services) -> None:
    """Whoever reads there is not who agreed: neither in the frame nor with the key of an embedded page."""
    agree(ann)
    room.sites.embeds.add(BLOG, per_visitor=3, per_day=5)
    page = ann.get("/embed", params={"site": BLOG}).text
    given = str(BeautifulSoup(page, "html.parser").select(".asking input[name=pass]")[0]["value"])
    shown = ann.post("/embed/ask", data={"pass": given, "question": PIANO})
    assert "Pilot Ladder on a rented piano" in shown.text
    assert "Before you leave" not in shown.text
    _, secret = room.bearers.make(ANN.did, Wanted("a room", 900, origin=BLOG))
    with client_of(room) as embedded:
        embedded.headers.update({"Authorization": f"Bearer {secret}", "Origin": BLOG})
        assert "before_you_leave" not in perform(embedded, question=FERRY)
    assert remembered(ann, "told") == []
