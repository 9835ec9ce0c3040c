"""What was answered, over HTTP: which answers hold no more, and one put right by a note of the artist."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of
from tests.trusting import Artist, key, operator_of, sign_in
from trustgraph import Tier

HTML = {"Accept": "text/html"}
ASKED = "Where did you write Pilot Ladder?"
SECRET = "What is the working title of the next record?"
RIGHT = "I wrote Pilot Ladder in a boathouse in <Whitby>, and nowhere else."


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        operator_of(opened, told_node)
        yield opened


@pytest.fixture
def listener(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        yield opened


def ask(listener: TestClient, question: str = ASKED) -> str:
    opened = listener.post("/api/questions", json={"question": question}).json()
    listener.get(opened["events"])
    ident: str = opened["id"]
    return ident


def test_an_answer_that_holds_no_more_is_found(told_node: Services, client: TestClient, listener: TestClient) -> None:
    ident = ask(listener)
    assert "holds" in client.get("/studio/answers", headers=HTML).text
    assert "Every answer still holds." in client.get("/studio/answers?stale=yes", headers=HTML).text
    note = next(one for one in told_node.library.shelf.notes() if one.title == "The rented piano")
    told_node.library.shelf.retract(note.ident)
    page = client.get("/studio/answers?stale=yes", headers=HTML).text
    assert f'href="/studio/answers/{ident}"' in page
    assert "does not say this any more" in client.get(f"/studio/answers/{ident}", headers=HTML).text


def test_an_answer_is_put_right_and_the_next_one_leans_on_it(
    told_node: Services, client: TestClient, listener: TestClient
) -> None:
    ident = ask(listener)
    page = client.get(f"/studio/answers/{ident}", headers=HTML).text
    assert "rented piano in Leeds" in page
    said = {"text": RIGHT, "tier": "public", "told": "yes"}
    done = client.post(f"/studio/answers/{ident}/correct", data=said, headers=HTML).text
    assert "Your words are a note now" in done
    found = re.search(r'href="/studio/notes/([^"]+)">Look at the note', done)
    assert found is not None
    note = told_node.library.shelf.note(found[1]).note
    assert (note.title, note.tier, note.speaker, note.taken_in_by) == (ASKED, 0, "Ada Marsh", "correction")
    assert "boathouse" in listener.get(f"/api/questions/{ask(listener)}").json()["text"].split(".")[0]
    assert listener.get(f"/api/questions/{ident}").json()["forwarded"]["state"] == "answered"
    client.post(f"/studio/answers/{ident}/correct", data=said | {"text": "Whitby it is, in the boathouse."})
    corrections = [one for one in told_node.library.shelf.notes() if one.taken_in_by == "correction"]
    assert len(corrections) == 1


def test_who_asked_learns_nothing_of_what_lies_above_her(
    told_node: Services, client: TestClient, listener: TestClient
) -> None:
    ident = ask(listener)
    before = listener.get(f"/api/questions/{ident}").content
    client.post(f"/studio/answers/{ident}/correct", data={"text": RIGHT, "tier": "inner", "told": "yes"})
    assert listener.get(f"/api/questions/{ident}").content == before
    untold = ask(listener, "Who kept the dead keys of the piano?")
    client.post(f"/studio/answers/{untold}/correct", data={"text": RIGHT, "tier": "public"})
    assert "forwarded" not in listener.get(f"/api/questions/{untold}").json()


def test_a_reported_answer_is_put_right_and_its_reporter_told(
    told_node: Services, client: TestClient, listener: TestClient
) -> None:
    ident = ask(listener)
    listener.post(f"/api/questions/{ident}/report", json={"reason": "wrong", "words": "It was Whitby"})
    assert f'href="/studio/answers/{ident}"' in client.get("/studio/reports", headers=HTML).text
    assert "It was Whitby" in client.get(f"/studio/answers/{ident}", headers=HTML).text
    said = {"text": RIGHT, "tier": "public", "because": "You are right."}
    client.post(f"/studio/answers/{ident}/correct", data=said)
    reported = listener.get(f"/api/questions/{ident}").json()["reported"]
    assert (reported["state"], reported["closed_because"]) == ("closed", "You are right.")


def test_what_nobody_showed_her_is_not_shown(told_node: Services, client: TestClient, listener: TestClient) -> None:
    ident = ask(listener, "Which football team do you support?")
    assert client.get(f"/studio/answers/{ident}", headers=HTML).status_code == 404
    assert "football" not in client.get("/studio/answers", headers=HTML).text
    assert client.post(f"/studio/answers/{ident}/correct", data={"text": "x", "tier": "public"}).status_code == 404


def test_a_tried_answer_is_put_right_and_nothing_typed_is_lost(told_node: Services, client: TestClient) -> None:
    begun = client.post(
        "/studio/correct/begin", data={"question": SECRET, "text": "Old words", "tier": "circle"}, headers=HTML
    )
    assert 'value="circle" selected' in begun.text
    assert "Old words" in begun.text
    for wrong in ({"tier": "nobody"}, {"text": " ... "}, {"question": "  "}):
        said = {"question": SECRET, "text": "Kept <words>", "tier": "circle"} | wrong
        refused = client.post("/studio/correct", data=said, headers=HTML)
        assert refused.status_code == 422
        assert ("Kept &lt;words&gt;" in refused.text) == ("text" not in wrong)
    done = client.post(
        "/studio/correct", data={"question": SECRET, "text": "It is called Tern.", "tier": "circle"}, headers=HTML
    )
    assert "It is called Tern." in done.text
    assert "Tern" in told_node.trying.answer(SECRET, 3).text
    assert "Tern" not in told_node.trying.answer(SECRET, 2).text


def test_the_tier_of_a_correction_is_at_first_that_of_its_sources(
    told_node: Services, client: TestClient, listener: TestClient
) -> None:
    Artist(told_node.trust).grant(key("ann").did, Tier.INNER)
    sign_in(listener, key("ann"))
    page = client.get(f"/studio/answers/{ask(listener, SECRET)}", headers=HTML).text
    assert 'value="circle" selected' in page
