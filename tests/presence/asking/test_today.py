"""What may be asked in a day, of one address, and in one conversation."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.app import create_app
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener
from presence.asking.question import Question
from presence.bootstrap import Services
from presence.errors import AddressUsedUp, ConversationFull, SentencesUsedUp
from presence.settings import AskingSettings, LimitsSettings
from presence.tables import client_days, questions
from tests.nodes import open_node, take_in
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier

ASKED = ("Where did you write Pilot Ladder?", "What happened on the night ferry?", "Who slept that week?")
ANN = key("ann")


@pytest.fixture(autouse=True)
def _not_at_midnight() -> None:
    """Begin after it rather than shortly before: what is used up of a day is there again then."""
    left = 24 * 3600 - time.time() % (24 * 3600)
    if left < 60:
        time.sleep(left)


@contextmanager
def node_with(folder: Path, material: Path, url: str | None = None, **limits: int) -> Iterator[Services]:
    turns = limits.pop("turns_max", 100)
    limits.setdefault("questions_per_minute", 10_000)
    asking, roomy = AskingSettings(turns_max=turns), LimitsSettings(**limits)
    with open_node(folder / "home", database_url=url, limits=roomy, asking=asking) as services:
        take_in(services, material, tier=None)
        yield services


def ask(services: Services, listener: Listener, text: str, conversation: str | None = None) -> str:
    opened = services.counter.open(Question(text, listener, conversation=conversation))
    if isinstance(opened, Ticket):
        services.desk.start(opened).result()
    return opened.ident


def client_at(services: Services, address: str) -> TestClient:
    return TestClient(create_app(services), base_url="http://localhost", client=(address, 1))


def sent(client: TestClient, text: str, **more: str) -> int:
    return client.post("/api/questions", json={"question": text, **more}).status_code


def test_sentences_of_a_day_are_counted_as_they_were_told(both: Services, material: Path) -> None:
    take_in(both, material, tier=None)
    both.people.terms.change(Tier.PUBLIC, sentences=1, sentences_per_day=2)
    listener = Listener("anon:1")
    for asked in ASKED[:2]:
        ask(both, listener, asked)
    with pytest.raises(SentencesUsedUp) as refused:
        ask(both, listener, ASKED[2])
    left = 24 * 3600 - time.time() % (24 * 3600)
    assert abs(refused.value.retry_after_s - left) < 60
    ask(both, Listener("anon:2"), ASKED[2])  # each has her own
    earlier = questions.update().values(created_at=questions.c.created_at - 24 * 3600)
    both.lane.run(lambda owner: owner.execute(earlier))
    ask(both, listener, ASKED[2])


def test_what_is_being_written_counts_as_long_as_it_may_become(both: Services, material: Path) -> None:
    take_in(both, material, tier=None)
    both.people.terms.change(Tier.PUBLIC, sentences=2, sentences_per_day=5)
    listener = Listener("anon:1")

    def hand_in(n: int) -> bool:
        try:
            both.counter.open(Question(f"{ASKED[0]} {n}", listener))
        except SentencesUsedUp:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(hand_in, range(12))) == 3


def test_an_answer_that_says_nothing_uses_nothing_up(told_node: Services) -> None:
    told_node.people.terms.change(Tier.PUBLIC, sentences_per_day=1)
    for n in range(3):
        ask(told_node, Listener("anon:1"), f"Xyzzy plugh quux {n}?")
    ask(told_node, Listener("anon:1"), ASKED[0])
    with pytest.raises(SentencesUsedUp):
        ask(told_node, Listener("anon:1"), ASKED[1])


def test_the_refusal_over_http_says_when(told_node: Services) -> None:
    told_node.people.terms.change(Tier.PUBLIC, sentences=1, sentences_per_day=1)
    client = client_at(told_node, "192.0.2.1")
    client.get(client.post("/api/questions", json={"question": ASKED[0]}).json()["events"])
    refused = client.post("/api/questions", json={"question": ASKED[1]})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 24 * 3600
    assert "1 sentences today" in refused.json()["detail"]
    page = client.get("/tiers", headers={"Accept": "text/html"})
    assert "1 sentence a day" in page.text


def test_strangers_of_one_address_share_its_day_however_they_change_their_names(
    tmp_path: Path, material: Path, database_url: str | None
) -> None:
    with node_with(tmp_path, material, database_url, people_per_address=2) as services:
        services.people.terms.change(Tier.PUBLIC, questions_per_day=2)
        artist = Artist(services.trust)
        # A new name each time: no cookie is kept.
        codes = [sent(client_at(services, f"2001:db8:1:2::{n:x}"), f"{ASKED[0]} {n}") for n in range(6)]
        assert codes == [201] * 4 + [429] * 2
        fresh = client_at(services, "2001:db8:1:2::9")
        sign_in(fresh, ANN)
        assert sent(fresh, ASKED[1]) == 429  # a key that nobody let in costs nothing either
        assert sent(client_at(services, "2001:db8:1:3::1"), ASKED[1]) == 201
        artist.grant(ANN.did, Tier.FOLLOWER)
        assert sent(fresh, ASKED[1]) == 201
        with services.database.records() as records:
            kept = records.execute(client_days.select()).all()
        assert sorted(row.questions for row in kept) == [1, 4]
        assert not any("2001" in row.client for row in kept)


def test_an_address_is_counted_only_for_its_day(tmp_path: Path, material: Path) -> None:
    with node_with(tmp_path, material, people_per_address=1) as services:
        services.people.terms.change(Tier.PUBLIC, questions_per_day=1)
        listener = [Listener(f"anon:{n}", client="a") for n in range(4)]
        ask(services, listener[0], ASKED[0])
        with pytest.raises(AddressUsedUp):
            ask(services, listener[1], ASKED[0])
        earlier = client_days.update().values(day=client_days.c.day - 1)
        services.lane.run(lambda owner: owner.execute(earlier))
        ask(services, listener[2], ASKED[0])
        with services.database.records() as records:
            assert len(records.execute(client_days.select()).all()) == 1


def test_a_question_that_was_refused_for_another_reason_is_not_counted(tmp_path: Path, material: Path) -> None:
    with node_with(tmp_path, material, people_per_address=1) as services:
        services.people.terms.change(Tier.PUBLIC, questions_per_day=1)
        client = client_at(services, "192.0.2.1")
        services.paying.pricing.write({"acts": {"ask": {"price": "0.02"}}})
        assert sent(client, ASKED[0]) == 402
        services.paying.pricing.write({})
        assert sent(client, ASKED[0]) == 201


def test_a_conversation_ends_and_another_one_begins(tmp_path: Path, material: Path, database_url: str | None) -> None:
    with node_with(tmp_path, material, database_url, turns_max=2) as services:
        listener = Listener("anon:1")
        first = ask(services, listener, ASKED[0])
        ask(services, listener, ASKED[1], first)
        with pytest.raises(ConversationFull):
            ask(services, listener, ASKED[2], first)
        ask(services, listener, ASKED[2])


def test_the_end_of_a_conversation_is_told_over_http(tmp_path: Path, material: Path) -> None:
    with node_with(tmp_path, material, turns_max=1) as services:
        client = client_at(services, "192.0.2.1")
        first = client.post("/api/questions", json={"question": ASKED[0]}).json()["id"]
        client.get(f"/api/questions/{first}/events")
        refused = client.post("/api/questions", json={"question": ASKED[1], "conversation": first})
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "1"
        assert "Begin another" in refused.json()["detail"]


def test_a_question_of_a_megabyte_is_refused_before_it_is_looked_at(told_node: Services) -> None:
    client = client_at(told_node, "192.0.2.1")
    assert sent(client, "a" * 1_000_000) == 413
    assert sent(client, "a" * 20_000) == 422
