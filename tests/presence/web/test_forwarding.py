"""The button under an answer that is not there, and the same over the API."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of

TEAM = "Which football team do you follow?"


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        yield opened


def asked(client: TestClient, question: str = TEAM) -> str:
    return str(client.post("/ask", data={"question": question}).url.path).rsplit("/", 1)[1]


def test_nothing_is_sent_unless_the_button_is_pressed(client: TestClient, told_node: Services) -> None:
    page = client.post("/ask", data={"question": TEAM})
    assert "Ask her" in page.text
    assert "Leave my name out" in page.text
    assert told_node.inbox.groups() == []


def test_the_button_works_without_a_script_and_is_gone_after(client: TestClient, told_node: Services) -> None:
    ident = asked(client)
    page = client.post(f"/answers/{ident}/forward", data={"without_name": "true"})
    assert page.url.path == f"/answers/{ident}"
    assert "Ask her" not in page.text
    assert "Your question is with Ada Marsh" in page.text
    (group,) = told_node.inbox.groups()
    assert group.names == ()


def test_a_name_goes_when_the_box_is_cleared(client: TestClient, told_node: Services) -> None:
    client.post(f"/answers/{asked(client)}/forward", data={})
    (group,) = told_node.inbox.groups()
    assert len(group.names) == 1


def test_an_answer_has_no_such_button(client: TestClient) -> None:
    assert "Ask her" not in client.post("/ask", data={"question": "Where did you write Pilot Ladder?"}).text


def test_the_api_hands_on_once_however_often_it_is_called(client: TestClient, told_node: Services) -> None:
    ident = asked(client)
    first = client.post(f"/api/questions/{ident}/forward", json={"with_name": True})
    again = client.post(f"/api/questions/{ident}/forward", json={"with_name": True})
    assert (first.status_code, first.json()) == (200, {"id": ident, "forwarded": True, "with_name": True})
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(told_node.inbox.groups()[0].questions) == 1
    assert client.get(f"/api/questions/{ident}").json()["forwarded"] == {"state": "waiting"}


def test_the_api_refuses_what_is_answered_what_is_anothers_and_what_is_not(
    client: TestClient, told_node: Services
) -> None:
    answered = asked(client, "Where did you write Pilot Ladder?")
    assert client.post(f"/api/questions/{answered}/forward", json={"with_name": False}).status_code == 409
    ident = asked(client)
    with client_of(told_node) as other:
        assert other.post(f"/api/questions/{ident}/forward", json={"with_name": False}).status_code == 404
        assert other.post(f"/answers/{ident}/forward", data={}).status_code == 404
    assert client.post("/api/questions/nothing/forward", json={"with_name": False}).status_code == 404
    assert client.post(f"/api/questions/{ident}/forward", json={"with_name": 5, "x": 1}).status_code == 422


def test_another_site_cannot_press_the_button(client: TestClient, told_node: Services) -> None:
    ident = asked(client)
    refused = client.post(f"/answers/{ident}/forward", data={}, headers={"Origin": "https://elsewhere.example"})
    assert refused.status_code == 403
    assert told_node.inbox.groups() == []


def test_the_asker_is_told_when_there_is_an_answer(client: TestClient, told_node: Services) -> None:
    ident = asked(client)
    client.post(f"/answers/{ident}/forward", data={})
    (group,) = told_node.inbox.groups()
    told_node.inbox.answer(group.ident, "I follow Grimsby Town.", name="a.md", tier=0)
    page = client.get(f"/answers/{ident}").text
    assert "Ada Marsh has answered this since" in page
    link = client.get(f"/api/questions/{ident}").json()["forwarded"]["url"]
    assert "I follow Grimsby Town." in client.get(link).text
