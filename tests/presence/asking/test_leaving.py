"""A listener leaves at every moment there is: her money, what was set aside and her history are right each time."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from billing.audit import audit
from models import Limits, Prompt
from models.contracts import Usage
from presence.bootstrap import Services
from presence.paying.signatures import is_signed_by
from presence.settings import AskingSettings
from tests.nodes import client_of, take_in, write_notes
from tests.presence.web.paying import ANN, CENT, give, open_shop
from tests.trusting import sign_in

MORE = "---\ntitle: The keys\ntier: public\n---\nThe piano of Pilot Ladder had two dead keys. Pilot Ladder was slow.\n"
QUESTION = "Where did you write Pilot Ladder?"
SECONDS_MAX = 20


class Steps:
    """A writer that goes on only when it is told to: before its first word, after it, and before its end."""

    name = "steps"

    def __init__(self) -> None:
        self.reached = {moment: threading.Event() for moment in ("before", "middle", "end")}
        self.go = {moment: threading.Event() for moment in self.reached}

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        del limits, usage
        pointers = [f"[{sentence.number}] " for sentence in prompt.sentences[1:3]]
        for moment, piece in zip(self.reached, [*pointers, ""], strict=False):
            self.reached[moment].set()
            while not self.go[moment].wait(0.01):
                if stop.is_set():
                    return
            yield piece

    def close(self) -> None:
        for event in self.go.values():
            event.set()


@pytest.fixture
def writer() -> Steps:
    return Steps()


@pytest.fixture
def shop(tmp_path: Path, writer: Steps) -> Iterator[Services]:
    asking = AskingSettings(answers_at_once=1)
    with open_shop(tmp_path / "home", writer=writer, asking=asking) as services:
        take_in(services, write_notes(tmp_path / "more", {"keys.md": MORE}), tier=None)
        give(services, ANN, 10)
        yield services
        assert audit(services.database.snapshot, is_signed_by).wrong == ()


def ask(client: TestClient, question: str = QUESTION) -> str:
    response = client.post("/api/questions", json={"question": question, "max_price_micros": 2 * CENT})
    assert response.status_code == 201, response.text
    ident: str = response.json()["id"]
    return ident


def ended(services: Services, ident: str) -> dict[str, Any]:
    """Let everything end, and give the answer as its owner reads it afterwards."""
    for _ in range(SECONDS_MAX * 100):
        asked = services.desk.transcripts.find(ident)
        if asked is not None and asked.outcome is not None:
            break
        threading.Event().wait(0.01)
    with client_of(services) as client:
        sign_in(client, ANN)
        answer: dict[str, Any] = client.get(f"/api/questions/{ident}").json()
    return answer


def purse(services: Services) -> tuple[int, int]:
    wallet = services.paying.wallets.open(ANN.did)
    return wallet.gift, wallet.gift_held


def test_before_a_ticket_nothing_has_happened(shop: Services) -> None:
    with client_of(shop) as client:
        sign_in(client, ANN)
        client.post("/api/offers", json={"question": QUESTION})
    assert purse(shop) == (10 * CENT, 0)


@pytest.mark.parametrize("moment", ["before", "middle", "end"])
def test_who_only_hangs_up_finds_her_answer_and_has_paid_for_it(shop: Services, writer: Steps, moment: str) -> None:
    with client_of(shop) as client:
        sign_in(client, ANN)
        ident = ask(client)
        for one in writer.reached:
            assert writer.reached[one].wait(SECONDS_MAX)
            if one == moment:
                break
            writer.go[one].set()
        assert purse(shop)[1] == 2 * CENT
    writer.close()  # nobody listens any more; it is written to its end
    answer = ended(shop, ident)
    assert answer["outcome"] == "answered"
    assert len(answer["sentences"]) >= 2
    assert answer["receipt"]["micros"] == 2 * CENT
    assert purse(shop) == (8 * CENT, 0)


@pytest.mark.parametrize(("moment", "paid"), [("before", 0), ("middle", 2 * CENT), ("end", 2 * CENT)])
def test_who_stops_pays_from_the_writers_first_sentence_on(
    shop: Services, writer: Steps, moment: str, paid: int
) -> None:
    with client_of(shop) as client:
        sign_in(client, ANN)
        ident = ask(client)
        for one in writer.reached:
            assert writer.reached[one].wait(SECONDS_MAX)
            if one == moment:
                break
            writer.go[one].set()
        assert client.delete(f"/api/questions/{ident}").status_code == 202
        answer = ended(shop, ident)
    assert answer["outcome"] == "stopped"
    assert (answer["receipt"] or {"micros": 0})["micros"] == paid
    assert purse(shop) == (10 * CENT - paid, 0)


def test_who_stops_in_the_queue_pays_nothing(shop: Services, writer: Steps) -> None:
    with client_of(shop) as client:
        sign_in(client, ANN)
        first = ask(client)
        assert writer.reached["before"].wait(SECONDS_MAX)
        waiting = ask(client, "Was the piano of Pilot Ladder rented?")
        assert purse(shop)[1] == 4 * CENT
        assert client.delete(f"/api/questions/{waiting}").status_code == 202
        writer.close()
        assert ended(shop, first)["outcome"] == "answered"
        answer = ended(shop, waiting)
    assert (answer["outcome"], answer["receipt"], answer["sentences"]) == ("stopped", None, [])
    assert purse(shop) == (8 * CENT, 0)


def test_a_node_that_closes_in_the_middle_settles_by_the_rule(shop: Services, writer: Steps) -> None:
    with client_of(shop) as client:
        sign_in(client, ANN)
        ident = ask(client)
        assert writer.reached["before"].wait(SECONDS_MAX)
        writer.go["before"].set()
        assert writer.reached["middle"].wait(SECONDS_MAX)
    shop.desk.close()
    answer = ended(shop, ident)
    assert answer["outcome"] in ("stopped", "answered")
    assert answer["receipt"]["micros"] == 2 * CENT
    assert purse(shop) == (8 * CENT, 0)
