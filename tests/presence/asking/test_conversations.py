"""What was said before: carried on, hidden after a downgrade, never repeated when it is stale, never anybody else's."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models import Prompt
from models.contracts import Limits, Usage
from presence.asking.repeats import FREE_BECAUSE
from presence.bootstrap import Services
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier

PIANO = "Who lent the piano for Pilot Ladder?"
NOTES = {
    "piano.md": "---\ntitle: The rented piano\ntier: public\n---\nPilot Ladder has a piano that Winnie lent us. "
    "The piano of Pilot Ladder came back with two dead keys.\n",
    "chapel.md": "---\ntitle: The chapel\ntier: circle\n---\nHeronshaw was recorded in a chapel. "
    "The chapel of Heronshaw had no roof.\n",
}


class Listens:
    """Points at the first sentence and keeps every prompt that it was given."""

    name = "listens"

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []

    def write(self, prompt: Prompt, limits: Limits, stop: Any, usage: Usage | None = None) -> Any:
        del limits, stop, usage
        self.prompts.append(prompt)
        yield "[1] [2]"

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def writer() -> Listens:
    return Listens()


@pytest.fixture
def room(tmp_path: Path, database_url: str | None, writer: Listens) -> Any:
    with open_node(tmp_path / "home", database_url=database_url, writer=writer) as services:
        take_in(services, write_notes(tmp_path / "notes", NOTES), tier=None)
        yield services


def ask(client: TestClient, question: str, **more: Any) -> dict[str, Any]:
    """Ask, wait, and give the ticket with its answer."""
    response = client.post("/api/questions", json={"question": question, **more})
    assert response.status_code == 201, response.text
    ticket = response.json()
    client.get(ticket["events"])
    return {**ticket, "answer": client.get(f"/api/questions/{ticket['id']}").json()}


def test_a_question_goes_on_from_the_one_before(room: Services, writer: Listens) -> None:
    with client_of(room) as client:
        first = ask(client, PIANO)
        alone = ask(client, "And what about the keys?")
        after = ask(client, "And what about the keys?", conversation=first["conversation"])
    assert first["conversation"] == first["id"] != alone["conversation"]
    assert after["conversation"] == first["id"]
    assert "dead keys" in after["answer"]["text"]
    assert [turn.answer for turn in writer.prompts[-1].turns] == [first["answer"]["text"]]
    assert writer.prompts[-1].conversation == first["id"]
    assert writer.prompts[0].turns == ()


def test_a_repeat_is_free_until_something_changes(room: Services, tmp_path: Path, writer: Listens) -> None:
    with client_of(room) as client:
        first = ask(client, PIANO)
        again = ask(client, f"  {PIANO}  ")
        assert (again["id"], again["price_micros"]) == (first["id"], 0)
        assert "asked this before" in again["free_because"]
        assert len(writer.prompts) == 1
        changed = {"more.md": "---\ntitle: More\ntier: public\n---\nThe piano of Pilot Ladder was white.\n"}
        take_in(room, write_notes(tmp_path / "more", changed), tier=None)
        assert ask(client, PIANO)["id"] != first["id"]
    with client_of(room) as other:
        assert ask(other, PIANO)["id"] != first["id"], "nobody else's answer"


def test_what_changes_above_a_tier_changes_nothing_below(room: Services, tmp_path: Path) -> None:
    with client_of(room) as client:
        first = ask(client, PIANO)
        above = {"more.md": "---\ntitle: More\ntier: circle\n---\nThe piano of Pilot Ladder was white.\n"}
        take_in(room, write_notes(tmp_path / "more", above), tier=None)
        assert ask(client, PIANO)["id"] == first["id"]


def test_and_after_that_is_never_a_stale_repeat(room: Services) -> None:
    with client_of(room) as client:
        first = ask(client, PIANO)
        one = ask(client, "And the keys?", conversation=first["conversation"])
        two = ask(client, "And the keys?", conversation=first["conversation"])
        assert len({first["id"], one["id"], two["id"]}) == 3


def test_a_conversation_of_somebody_else_is_none(room: Services) -> None:
    with client_of(room) as client:
        first = ask(client, PIANO)
    with client_of(room) as other:
        told = other.post("/api/questions", json={"question": "And?", "conversation": first["conversation"]})
        never = other.post("/api/questions", json={"question": "And?", "conversation": "no-such-conversation"})
    assert told.status_code == never.status_code == 404
    assert told.json()["detail"] == never.json()["detail"]


def test_what_was_said_above_a_tier_is_hidden_after_a_downgrade(room: Services, writer: Listens) -> None:
    artist = Artist(room.trust)
    granted = artist.grant(key("ann").did, Tier.CIRCLE)
    with client_of(room) as client:
        sign_in(client, key("ann"))
        first = ask(client, "Where was Heronshaw recorded?")
        second = ask(client, PIANO, conversation=first["conversation"])
        assert "chapel" in first["answer"]["text"]
        artist.revoke(granted.entry.event)
        third = ask(client, "And the keys of the piano of Pilot Ladder?", conversation=first["conversation"])
        assert len(writer.prompts) == 3
        said = [turn.answer + turn.user for turn in writer.prompts[-1].turns]
        assert client.get(f"/api/questions/{first['id']}").status_code == 403
        assert client.get(f"/api/questions/{second['id']}").status_code == 403, (
            "the writer had the chapel before its eyes"
        )
    assert not any("chapel" in one.lower() or "heronshaw" in one.lower() for one in said)
    assert "chapel" not in third["answer"]["text"]


def test_a_repeat_is_offered_free_and_only_where_it_is_one(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home") as shop, client_of(shop) as client:
        give(shop, ANN, 10)
        sign_in(client, ANN)
        first = ask(client, ASKED, max_price_micros=2 * CENT)
        assert first["answer"]["receipt"]["micros"] == 2 * CENT
        offer = client.post("/api/offers", json={"question": ASKED}).json()
        assert (offer["ceiling_micros"], offer["free_because"]) == (0, FREE_BECAUSE)
        elsewhere = {"question": ASKED, "conversation": first["conversation"], "offer_id": offer["offer_id"]}
        assert client.post("/api/questions", json=elsewhere).status_code == 409
        assert ask(client, ASKED, offer_id=offer["offer_id"])["id"] == first["id"]
        assert shop.paying.wallets.open(ANN.did).gift == 8 * CENT
