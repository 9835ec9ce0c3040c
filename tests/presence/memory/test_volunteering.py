"""“Before you leave, have you heard this?”: once a day, where she agreed, from her tier, and never paid for."""

import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.presence.memory.people import ANN, HTML, agree, perform, remembered
from tests.trusting import Artist
from trustgraph import Tier

PIANO = "Where did you write Pilot Ladder?"
FERRY = "Where did you play until the coast guard called?"
BARN = "Where did you write Saltmarsh?"


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
