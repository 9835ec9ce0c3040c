"""The inbox over HTTP: like questions together, answers that become notes, and what is put away."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of
from tests.trusting import Artist, key, operator_of, sign_in
from trustgraph import Tier

HTML = {"Accept": "text/html"}
ASKED = "Which football team do you support?"


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        operator_of(opened, told_node)
        yield opened


def forwarded(node: Services, question: str = ASKED, *, who: str = "", tier: Tier = Tier.PUBLIC) -> str:
    with client_of(node) as asker:
        if who:
            Artist(node.trust).grant(key(who).did, tier)
            sign_in(asker, key(who))
        opened = asker.post("/api/questions", json={"question": question}).json()
        asker.get(opened["events"])
        assert asker.post(f"/api/questions/{opened['id']}/forward", json={"with_name": bool(who)}).status_code == 200
        return str(opened["id"])


def test_like_questions_lie_together_with_how_many_and_from_where(told_node: Services, client: TestClient) -> None:
    assert "Nothing waits." in client.get("/studio/inbox", headers=HTML).text
    told_node.people.names.set(key("ann").did, "Ann <of> Hull")
    forwarded(told_node)
    assert "<b>1</b> time asked" in client.get("/studio/inbox", headers=HTML).text
    forwarded(told_node, who="ann", tier=Tier.CIRCLE)
    assert "<b>2</b> times asked what your notes did not answer" in client.get("/studio", headers=HTML).text
    page = client.get("/studio/inbox", headers=HTML).text
    assert page.count('<article class="panel"') == 1
    assert "<b>2</b> times asked" in page
    assert "Ann &lt;of&gt; Hull" in page
    assert "open to all: 1" in page


def test_an_answer_becomes_a_note_and_says_who_does_not_see_it(told_node: Services, client: TestClient) -> None:
    ident = forwarded(told_node)
    forwarded(told_node, who="ann", tier=Tier.CIRCLE)
    (group,) = told_node.inbox.groups()
    page = client.get(f"/studio/inbox/{group.ident}", headers=HTML).text
    assert [page.count("everybody who asked would see it"), page.count("1 of 2 who asked would not see it")] == [1, 3]
    assert page.count("2 of 2 who asked would not see it") == 1
    done = client.post(
        f"/studio/inbox/{group.ident}/answer", data={"text": "Hull City, since 1986.", "tier": "follower"}, headers=HTML
    )
    assert "1 of those who asked may not see it." in done.text
    note = re.search(r'href="/studio/notes/([^"]+)">Look at the note', done.text)
    assert note is not None
    opened = told_node.library.shelf.note(note[1])
    assert (opened.note.title, opened.note.tier, opened.note.speaker) == (ASKED, 1, "Ada Marsh")
    assert "Hull City" not in client.get(f"/answers/{ident}").text
    with client_of(told_node) as ann:
        sign_in(ann, key("ann"))
        again = ann.post("/api/questions", json={"question": ASKED}).json()
        ann.get(again["events"])
        assert "Hull City" in ann.get(f"/api/questions/{again['id']}").json()["text"]


@pytest.mark.parametrize("said", [{"text": "  \r\n", "tier": "public"}, {"text": "Hull <City>", "tier": "nobody"}])
def test_what_is_no_answer_is_not_lost_and_settles_nothing(
    told_node: Services, client: TestClient, said: dict[str, str]
) -> None:
    forwarded(told_node)
    (group,) = told_node.inbox.groups()
    refused = client.post(f"/studio/inbox/{group.ident}/answer", data=said, headers=HTML)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert ("Hull &lt;City&gt;" in refused.text) == ("Hull" in said["text"])
    assert len(told_node.inbox.groups()) == 1


def test_what_is_never_answered_is_put_away(told_node: Services, client: TestClient) -> None:
    forwarded(told_node)
    (group,) = told_node.inbox.groups()
    done = client.post(f"/studio/inbox/{group.ident}/put-away", headers=HTML)
    assert "Put away" in done.text
    assert told_node.inbox.groups() == []
    assert client.post(f"/studio/inbox/{group.ident}/put-away", headers=HTML).status_code == 404
    assert client.get(f"/studio/inbox/{group.ident}", headers=HTML).status_code == 404
