"""The API of asking over HTTP: shapes, refusals, ownership, resuming."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of

QUESTION = "Where did you write Pilot Ladder?"


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        yield opened


def ask(client: TestClient, question: str = QUESTION, **more: Any) -> dict[str, Any]:
    response = client.post("/api/questions", json={"question": question, **more})
    assert response.status_code == 201, response.text
    ticket: dict[str, Any] = response.json()
    return ticket


def events(client: TestClient, ticket: dict[str, Any], after: int = 0) -> list[tuple[int, str, dict[str, Any]]]:
    headers = {"Last-Event-ID": str(after)} if after else {}
    with client.stream("GET", ticket["events"], headers=headers) as stream:
        assert stream.status_code == 200
        text = "".join(stream.iter_text())
    return [(int(fields["id"]), fields["event"], json.loads(fields["data"])) for fields in told(text)]


def told(text: str) -> list[dict[str, str]]:
    """The fields of each event of a stream."""
    blocks = [block.splitlines() for block in text.split("\n\n")]
    fields = [dict(line.split(": ", 1) for line in block if not line.startswith(":")) for block in blocks]
    return [one for one in fields if "event" in one]


def asked_in_one(client: TestClient, **body: Any) -> tuple[httpx2.Response, dict[str, Any], list[dict[str, str]]]:
    """Ask, and read the answer out of the same response."""
    sent = {"question": QUESTION, **body}
    response = client.post("/api/questions", json=sent, headers={"Accept": "text/event-stream"})
    assert response.status_code == 201, response.text
    first, *more = told(response.text)
    assert (first["event"], "id" in first) == ("ticket", False)
    return response, json.loads(first["data"]), more


def test_who_accepts_a_stream_reads_the_answer_out_of_the_response_to_her_question(client: TestClient) -> None:
    response, ticket, streamed = asked_in_one(client)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["location"] == f"/api/questions/{ticket['id']}"
    assert "httponly" in response.headers["set-cookie"].lower()
    assert streamed[-1]["event"] == "done"
    assert [(int(one["id"]), one["event"], json.loads(one["data"])) for one in streamed] == events(client, ticket)
    assert response.headers["ai-disclosure"] == client.get(ticket["events"]).headers["ai-disclosure"]
    assert set(ticket) == set(ask(client, "Who played on Pilot Ladder?"))


def test_a_key_that_was_sent_before_gives_the_same_answer_in_one(client: TestClient) -> None:
    _, first, streamed = asked_in_one(client, idempotency_key="k")
    _, second, again = asked_in_one(client, idempotency_key="k")
    assert (second["id"], again) == (first["id"], streamed)


def test_a_question_that_is_refused_is_refused_before_any_stream(client: TestClient) -> None:
    wanted = {"Accept": "text/event-stream"}
    response = client.post("/api/questions", json={"question": ""}, headers=wanted)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")


def test_an_offer_names_the_price_before_asking(client: TestClient) -> None:
    offer = client.post("/api/offers", json={"question": QUESTION}).json()
    assert (offer["act"], offer["price_micros"], offer["ceiling_micros"], offer["tier"]) == ("ask", 0, 0, 0)
    assert offer["free_because"]
    assert ask(client, offer_id=offer["offer_id"])["price_micros"] == 0


def test_an_offer_for_another_question_is_refused(client: TestClient) -> None:
    offer = client.post("/api/offers", json={"question": "Something else?"}).json()
    response = client.post("/api/questions", json={"question": QUESTION, "offer_id": offer["offer_id"]})
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"


def test_the_stream_ends_with_done_and_can_be_resumed_anywhere(client: TestClient) -> None:
    ticket = ask(client)
    whole = events(client, ticket)
    assert whole[0][1] == "status"
    assert whole[-1][1:] == ("done", {"outcome": "answered"})
    assert [seq for seq, _, _ in whole] == list(range(1, len(whole) + 1))
    for cut in range(1, len(whole)):
        assert events(client, ticket, after=cut) == whole[cut:]


def test_the_answer_has_the_shape_that_programs_rely_on(client: TestClient) -> None:
    ticket = ask(client)
    events(client, ticket)
    answer = client.get(f"/api/questions/{ticket['id']}").json()
    assert set(answer) == {
        "id", "question", "act", "conversation", "outcome", "text", "sentences", "citations", "ai_generated", "writer",
        "receipt", "digital_source_type", "disclosure",
    }  # fmt: skip
    assert answer["ai_generated"] is True
    cited = {citation["n"] for citation in answer["citations"]}
    assert {n for sentence in answer["sentences"] for n in sentence["citations"]} == cited
    assert set(answer["citations"][0]) == {
        "n", "kind", "title", "speaker", "date", "locator", "quote", "url", "tier",
    }  # fmt: skip


def test_another_listener_sees_nothing_of_it(client: TestClient, told_node: Services) -> None:
    ticket = ask(client)
    with client_of(told_node) as other:
        assert other.get(f"/api/questions/{ticket['id']}").status_code == 404
        assert other.get(ticket["events"]).status_code == 404
        assert other.delete(f"/api/questions/{ticket['id']}").status_code == 404
        assert other.get(f"/answers/{ticket['id']}").status_code == 404


def test_the_cookie_that_owns_a_question_is_out_of_reach_of_scripts(client: TestClient) -> None:
    response = client.post("/api/questions", json={"question": QUESTION})
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_repeated_key_is_the_same_ticket_and_another_body_is_refused(client: TestClient) -> None:
    client.post("/api/questions", json={"question": "First, for the cookie?"})
    first = ask(client, idempotency_key="k")
    assert ask(client, idempotency_key="k")["id"] == first["id"]
    response = client.post("/api/questions", json={"question": "Another?", "idempotency_key": "k"})
    assert response.status_code == 409


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"question": ""}, "no words"),
        ({"question": "\x00\x01"}, "no words"),
        ({"question": "a" * 100_000}, "100,000 characters"),
        ({}, "question"),
        ({"question": 5}, "question"),
        ({"question": "Who?", "price": 1}, "price"),
        ({"question": "Who?", "act": "mixtape"}, "mixtape"),
        ({"question": "Who?", "max_price_micros": -1}, "max_price_micros"),
    ],
    ids=["empty", "control", "100 kB", "missing", "number", "unknown field", "unknown act", "negative cap"],
)
def test_a_bad_question_is_refused_with_a_sentence(client: TestClient, body: dict[str, Any], says: str) -> None:
    response = client.post("/api/questions", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.json()["detail"]


def test_a_body_that_is_no_json_is_refused(client: TestClient) -> None:
    response = client.post("/api/questions", content=b"\xff{", headers={"Content-Type": "application/json"})
    assert response.status_code == 422


def test_a_huge_body_is_refused_whether_it_says_its_size_or_not(client: TestClient) -> None:
    declared = client.post("/api/questions", json={"question": "a" * 400_000})
    assert declared.status_code == 413

    def endless() -> Iterator[bytes]:
        yield b'{"question": "'
        for _ in range(40):
            yield b"a" * 10_000
        yield b'"}'

    streamed = client.post("/api/questions", content=endless(), headers={"Content-Type": "application/json"})
    assert streamed.status_code == 413


def test_a_full_house_says_when_to_come_back(told_node: Services, client: TestClient) -> None:
    taken = [told_node.counter.places.take(f"t{n}") for n in range(told_node.settings.models.places_max)]
    response = client.post("/api/questions", json={"question": QUESTION})
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    for place in taken:
        told_node.counter.places.give_back(place)


def test_stopping_what_has_ended_changes_nothing(client: TestClient) -> None:
    ticket = ask(client)
    events(client, ticket)
    assert client.delete(f"/api/questions/{ticket['id']}").status_code == 202
    assert client.get(f"/api/questions/{ticket['id']}").json()["outcome"] == "answered"


@pytest.mark.parametrize("seen", ["the last", "99999"])
def test_who_has_seen_the_end_gets_an_end_and_no_endless_stream(client: TestClient, seen: str) -> None:
    ticket = ask(client)
    last = max(int(line[4:]) for line in client.get(ticket["events"]).text.splitlines() if line.startswith("id: "))
    headers = {"Last-Event-ID": str(last) if seen == "the last" else seen}
    with ThreadPoolExecutor(1) as threads:
        again = threads.submit(client.get, ticket["events"], headers=headers)
        assert (again.result(20).status_code, again.result(20).text) == (204, "")


@pytest.mark.parametrize("seen", ["3517447295002006460634759168", "-1", "one"])
def test_an_event_that_cannot_be_is_refused(client: TestClient, seen: str) -> None:
    ticket = ask(client)
    events(client, ticket)
    assert client.get(ticket["events"], headers={"Last-Event-ID": seen}).status_code == 422
