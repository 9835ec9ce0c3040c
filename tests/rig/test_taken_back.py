"""What a listener was told while more was open to her is closed with it, also where nothing was cited."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of, open_node
from tests.rig.canaries import Canaries, take_in_up_to, write_persona
from tests.rig.listeners import Somebody, everybody
from tests.rig.printing_writer import PrintingWriter
from tests.rig.wandering import told_by
from tests.trusting import Artist

CANARIES = Canaries(1)
HTML = {"Accept": "text/html"}
FOLLOWERS_NIGHT = "2016"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Services]:
    write_persona(tmp_path / "home", CANARIES, 1)
    with open_node(tmp_path / "home", writer=PrintingWriter(CANARIES)) as opened:
        take_in_up_to(opened, tmp_path / "material", CANARIES, 1)
        yield opened


@pytest.fixture
def keys(node: Services) -> Iterator[tuple[Somebody, Somebody]]:
    """Two programs of one person: one reads what is for followers, the other what is open to all."""
    with everybody(node, Artist(node.trust), (0, 1)) as people:
        named = {somebody.name: somebody for somebody in people}
        yield named["program of tier 1"], named["program of tier 0"]


def asked(somebody: Somebody, **question: str) -> tuple[str, str]:
    """Ask, wait for the end, and give the id and all that was told."""
    client = somebody.client
    opened = client.post("/api/questions", json=question, headers=somebody.headers)
    assert opened.status_code == 201, opened.text
    client.get(opened.json()["events"], headers=somebody.headers)
    answer = client.get(f"/api/questions/{opened.json()['id']}", headers=somebody.headers)
    return opened.json()["id"], told_by(answer)


def read_as(somebody: Somebody, ident: str) -> list[tuple[int, list[str]]]:
    paths = [f"/api/questions/{ident}", f"/api/questions/{ident}/events", f"/answers/{ident}",
             f"/answers/{ident}/fragment"]  # fmt: skip
    given = [somebody.client.get(path, headers=somebody.headers | HTML) for path in paths]
    return [(answer.status_code, CANARIES.above(0, told_by(answer))) for answer in given]


def thing_of(client: TestClient, somebody: Somebody, words: str) -> str:
    """Find the id of the night that an answer leads to."""
    _, told = asked(somebody, question=words)
    place = told.split("/rows/")[1].split('"')[0].split("#")[0]
    assert client.get(f"/rows/{place}", headers=somebody.headers).status_code == 200
    return place


def test_the_nearest_notes_are_closed_with_the_notes(keys: tuple[Somebody, Somebody]) -> None:
    high, low = keys
    ident, told = asked(high, question="What did you play at Long Pier?")
    assert "not_in_notes" in told
    assert {"set title of follower", "no answer of follower"} <= set(CANARIES.above(0, told))
    assert read_as(low, ident) == [(403, [])] * 4


def test_a_refusal_in_the_words_of_a_tier_is_closed_with_the_tier(keys: tuple[Somebody, Somebody]) -> None:
    high, low = keys
    ident, told = asked(high, question="What is in the pantry of the lighthouse?")
    assert CANARIES.above(0, told) == ["refusal of follower"]
    assert read_as(low, ident) == [(403, [])] * 4


def test_the_name_of_a_night_is_closed_with_the_night(keys: tuple[Somebody, Somebody]) -> None:
    high, low = keys
    night = thing_of(high.client, high, f"Where were you on 1 September {FOLLOWERS_NIGHT}?")
    ident, told = asked(high, act="set", thing=night)
    assert "row venue of follower" in CANARIES.above(0, told)
    assert read_as(low, ident) == [(403, [])] * 4


def test_what_is_open_to_all_stays_open(keys: tuple[Somebody, Somebody], node: Services) -> None:
    _, low = keys
    ident, _ = asked(low, question="What did you play at Long Pier?")
    assert [status for status, _ in read_as(low, ident)] == [200] * 4
    with client_of(node) as stranger:
        assert stranger.get(f"/api/questions/{ident}").status_code == 404
