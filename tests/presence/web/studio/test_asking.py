"""The artist looks in and steps in over HTTP, with the listener on her side at the same time."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.sessions.bearer import Wanted
from presence.web.studio.asking import _stream
from tests.awaiting import awaited
from tests.nodes import client_of
from tests.presence.stepping_in.stage import Standing, ask, ended, open_stage, purse, until
from tests.presence.web.chatting import bearer_for
from tests.presence.web.paying import ANN, BOB, CENT
from tests.trusting import Artist, operator_of, sign_in
from trustgraph import Tier

HTML = {"Accept": "text/html"}
ASKING = "/studio/asking"


@pytest.fixture
def writer() -> Standing:
    return Standing()


@pytest.fixture
def node(tmp_path: Path, writer: Standing) -> Iterator[Services]:
    with open_stage(tmp_path / "home", writer) as services:
        yield services


@pytest.fixture
def ann(node: Services) -> Iterator[TestClient]:
    with client_of(node) as client:
        sign_in(client, ANN)
        yield client


@pytest.fixture
def studio(node: Services) -> Iterator[TestClient]:
    with client_of(node) as client:
        operator_of(client, node)
        yield client


def let_look_in(client: TestClient, may: str = "all", conversation: str | None = None) -> str:
    told = client.put("/api/looking-in", json={"may": may, "conversation": conversation})
    assert told.status_code == 200, told.text
    may_now: str = told.json()["may"]
    return may_now


def conversation_with_an_answer(client: TestClient, node: Services, writer: Standing) -> str:
    writer.go.set()
    ident: str = ask(client)["id"]
    ended(node, ident)
    return ident


def told(stream: str) -> list[tuple[str, dict[str, object]]]:
    blocks = [
        dict(line.split(": ", 1) for line in block.splitlines() if ": " in line) for block in stream.split("\n\n")
    ]
    return [(block["event"], json.loads(block["data"])) for block in blocks if "event" in block]


def test_listener_and_artist_at_the_same_time(
    node: Services, ann: TestClient, studio: TestClient, writer: Standing
) -> None:
    node.people.names.set(ANN.did, "Ann of Hull")
    assert "Ann of Hull" not in studio.get(ASKING, headers=HTML).text
    assert let_look_in(ann) == "all"
    assert "<b>0</b> people who let you look in" in studio.get("/studio", headers=HTML).text
    ident = ask(ann)["id"]
    assert writer.stands.wait(20)
    with ThreadPoolExecutor(1) as threads:
        stream = threads.submit(ann.get, f"/api/questions/{ident}/events")
        assert "<b>1</b> person who lets you look in" in studio.get("/studio", headers=HTML).text
        page = studio.get(ASKING, headers=HTML).text
        assert "Ann of Hull" in page
        assert "Where did you write Pilot Ladder?" in page
        taken = studio.post(f"{ASKING}/{ident}/take", headers=HTML)
        assert "You are in" in taken.text
        assert ann.get(f"/api/conversations/{ident}").json()["open"]["id"] == ident
        studio.post(f"{ASKING}/{ident}/say", data={"text": "It was <b>Leeds</b>.", "more": "yes"})
        studio.post(f"{ASKING}/{ident}/say", data={"text": "In March."})
        events = told(stream.result(20).text)
    kinds = [kind for kind, _ in events]
    assert kinds[-4:] == ["taken_over", "human", "human", "done"]
    assert "sentence" not in kinds[kinds.index("taken_over") :]
    line = dict(events[-3][1])
    line.pop("at")
    assert line == {"text": "It was <b>Leeds</b>.", "by": "Ada Marsh", "ai_generated": False}
    until(lambda: purse(node) == (10 * CENT, 0))
    after = told(ann.get(f"/api/questions/{ident}/events", headers={"Last-Event-ID": str(len(events) - 2)}).text)
    assert [kind for kind, _ in after] == ["human", "done"]  # a phone that was out of reach goes on where it was
    page = ann.get(f"/answers/{ident}", headers=HTML).text
    assert "It was &lt;b&gt;Leeds&lt;/b&gt;." in page
    hers = BeautifulSoup(page, "html.parser").select_one(".hers")
    assert hers is not None
    assert "Ada Marsh, herself" in hers.text
    assert hers.find_parent(class_="said") is None


def test_an_answer_of_hers_alone_is_no_machines(
    node: Services, ann: TestClient, studio: TestClient, writer: Standing
) -> None:
    let_look_in(ann)
    conversation = conversation_with_an_answer(ann, node, writer)
    studio.post(f"{ASKING}/{conversation}/take")
    ident = ask(ann, conversation, "And why there?", max_price_micros=0)["id"]
    waiting = ann.get(f"/answers/{ident}", headers=HTML).text
    assert "is here herself" in waiting
    assert 'class="from"' not in waiting  # nothing was written yet, by whomever
    studio.post(f"{ASKING}/{conversation}/say", data={"text": "The rent was low."})
    read = ann.get(f"/api/questions/{ident}")
    answer = read.json()
    assert (answer["ai_generated"], answer["writer"], answer["text"], answer["sentences"]) == (False, "herself", "", [])
    assert [(line["text"], line["ai_generated"]) for line in answer["human"]] == [("The rent was low.", False)]
    assert read.headers["AI-Disclosure"] == "mode=none"
    page = ann.get(f"/answers/{ident}", headers=HTML).text
    assert "No AI has a part in it" in page
    data = BeautifulSoup(page, "html.parser").select_one('script[type="application/ld+json"]')
    assert data is not None
    assert json.loads(data.text)["author"] == {"@type": "Person", "name": "Ada Marsh"}


def test_everything_works_by_plain_forms(node: Services, ann: TestClient, studio: TestClient, writer: Standing) -> None:
    conversation = conversation_with_an_answer(ann, node, writer)
    kept = ann.post("/looking-in", data={"may": "here", "conversation": conversation, "answer": conversation})
    assert "In this conversation" in BeautifulSoup(kept.text, "html.parser").select_one("[data-now]").text  # type: ignore[union-attr]
    assert "Step in" in studio.get(f"{ASKING}/{conversation}", headers=HTML).text
    studio.post(f"{ASKING}/{conversation}/take")
    empty = studio.post(f"{ASKING}/{conversation}/say", data={"text": " "}, headers=HTML)
    assert empty.status_code == 422
    assert "at least a word" in empty.text
    studio.post(f"{ASKING}/{conversation}/say", data={"text": "There is more to it."})
    page = ann.get(f"/answers/{conversation}", headers=HTML)
    assert "is in this conversation herself" in page.text
    link = BeautifulSoup(page.text, "html.parser").find("a", string="Go on reading")
    assert link is not None
    assert "There is more to it." in ann.get(str(link["href"]), headers=HTML).text
    waits = ann.post(
        "/ask", data={"question": "What more?", "conversation": conversation}, headers=HTML, follow_redirects=False
    ).headers["location"]
    assert 'http-equiv="refresh"' in ann.get(waits, headers=HTML).text
    enough = ann.post(f"{waits}/enough", headers=HTML)
    assert "Stopped." in enough.text
    back = studio.post(f"{ASKING}/{conversation}/hand-back", headers=HTML)
    assert "Step in" in back.text
    late = studio.post(f"{ASKING}/{conversation}/say", data={"text": "One more thing."}, headers=HTML)
    assert late.status_code == 409
    assert "One more thing." in late.text  # what was typed is kept
    assert purse(node) == (8 * CENT, 0)


def test_taking_it_back_closes_the_page_at_once(
    node: Services, ann: TestClient, studio: TestClient, writer: Standing
) -> None:
    let_look_in(ann)
    conversation = conversation_with_an_answer(ann, node, writer)
    studio.post(f"{ASKING}/{conversation}/take")
    assert let_look_in(ann, "no") == "no"
    assert "Pilot Ladder" not in studio.get(ASKING, headers=HTML).text
    for method, path in (("GET", ""), ("GET", "/turns"), ("POST", "/take"), ("POST", "/finish")):
        assert studio.request(method, f"{ASKING}/{conversation}{path}").status_code in (404, 409)
    assert studio.post(f"{ASKING}/{conversation}/say", data={"text": "Hello?"}).status_code == 404
    assert ann.get(f"/api/conversations/{conversation}").json() == {"may": "no", "is_hers": False, "begun": []}


def test_nobody_chooses_or_reads_for_somebody_else(
    node: Services, ann: TestClient, studio: TestClient, writer: Standing
) -> None:
    conversation = conversation_with_an_answer(ann, node, writer)
    with client_of(node) as bob:
        sign_in(bob, BOB)
        assert bob.get(f"/api/conversations/{conversation}").status_code == 404
        assert bob.put("/api/looking-in", json={"may": "here", "conversation": conversation}).status_code == 404
        assert bob.post(f"/answers/{conversation}/enough").status_code == 404
    _, program = node.bearers.make(ANN.did, Wanted("program", 3600, 4))
    with client_of(node) as by_program:
        headers = {"Authorization": f"Bearer {program}"}
        assert by_program.put("/api/looking-in", json={"may": "all"}, headers=headers).status_code == 403
    assert studio.get(f"{ASKING}/{conversation}").status_code == 404
    with client_of(node) as stranger:
        assert stranger.get(f"{ASKING}/events").status_code == 401


@pytest.mark.parametrize("stream", [True, False])
def test_a_program_hears_her_as_herself(
    node: Services, ann: TestClient, studio: TestClient, writer: Standing, *, stream: bool
) -> None:
    let_look_in(ann)
    conversation = conversation_with_an_answer(ann, node, writer)
    studio.post(f"{ASKING}/{conversation}/take")
    headers = {"Authorization": f"Bearer {bearer_for(node, ANN)}", "Presence-Conversation": conversation}
    with client_of(node) as program, ThreadPoolExecutor(1) as threads:
        body = {"model": "presence", "messages": [{"role": "user", "content": "And why?"}], "stream": stream}
        chat = threads.submit(program.post, "/v1/chat/completions", json=body, headers=headers)
        until(lambda: "open" in ann.get(f"/api/conversations/{conversation}").json())
        studio.post(f"{ASKING}/{conversation}/say", data={"text": "The rent was low."})
        said = chat.result(20)
    assert "Ada Marsh, herself: The rent was low." in said.text
    assert said.headers["AI-Disclosure"] == "mode=none"
    if not stream:
        whole = said.json()
        assert whole["ai_generated"] is False
        assert whole["presence"]["human"][0]["ai_generated"] is False


def test_what_she_wrote_becomes_a_note_without_what_she_was_asked(
    node: Services, ann: TestClient, studio: TestClient, writer: Standing
) -> None:
    let_look_in(ann)
    conversation = conversation_with_an_answer(ann, node, writer)
    studio.post(f"{ASKING}/{conversation}/take")
    ident = ask(ann, conversation, "What did my sister Zelda say to you?")["id"]
    studio.post(f"{ASKING}/{conversation}/say", data={"text": "---\ntier: public\n---\nThe harbour was frozen then."})
    assert "Keep what you wrote as a note" in studio.get(f"{ASKING}/{conversation}", headers=HTML).text
    kept = {"turn": ident, "tier": "circle"}
    page = studio.post(f"{ASKING}/{conversation}/note", data=kept, headers=HTML)
    assert page.status_code == 200
    assert "/studio/notes/" in str(page.url)
    assert "Zelda" not in page.text
    counts = [node.library.counts(tier).documents for tier in (2, 3)]
    assert counts[1] == counts[0] + 1
    studio.post(f"{ASKING}/{conversation}/note", data=kept)
    assert node.library.counts(3).documents == counts[1]
    for missing in ({"turn": conversation, "tier": "circle"}, {"turn": "x", "tier": "circle"}):
        assert studio.post(f"{ASKING}/{conversation}/note", data=missing).status_code == 404


def test_who_is_deleted_leaves_nothing_that_waits(
    node: Services, ann: TestClient, studio: TestClient, writer: Standing
) -> None:
    let_look_in(ann)
    conversation = conversation_with_an_answer(ann, node, writer)
    studio.post(f"{ASKING}/{conversation}/take")
    ident = ask(ann, conversation, "And why there?")["id"]
    assert ann.request("DELETE", "/api/me", json={"confirm": "delete me"}).status_code == 200
    assert node.desk.transcripts.find(ident) is None
    assert node.stepping_in.watched() == []
    assert node.stepping_in.chosen(ANN.did) == "no"
    assert node.stepping_in.look() == 1  # nobody is there to be held
    assert node.stepping_in.look() == 0


def test_a_downgrade_hides_what_she_wrote(
    node: Services, ann: TestClient, studio: TestClient, writer: Standing
) -> None:
    artist = Artist(node.trust)
    granted = artist.grant(ANN.did, Tier.CIRCLE)
    let_look_in(ann)
    conversation = conversation_with_an_answer(ann, node, writer)
    studio.post(f"{ASKING}/{conversation}/take")
    ident = ask(ann, conversation, "What is the new one called?")["id"]
    with ThreadPoolExecutor(1) as threads:
        stream = threads.submit(ann.get, f"/api/questions/{ident}/events")
        until(lambda: ident in node.news._watchers)
        artist.revoke(granted.entry.event)
        assert told(stream.result(20).text)[-1] == ("done", {"outcome": "revoked"})
    late = studio.post(f"{ASKING}/{conversation}/say", data={"text": "Heronshaw."}, headers=HTML)
    assert late.status_code == 409
    assert "would not reach her" in late.text
    for path in (f"/api/questions/{ident}", f"/answers/{ident}", f"/answers/{ident}/fragment"):
        read = ann.get(path)
        assert read.status_code == 403
        assert "Heronshaw" not in read.text


def test_the_lamp_is_seen_by_everybody_and_nothing_else_is(node: Services, studio: TestClient) -> None:
    with client_of(node) as stranger:
        assert stranger.get("/api/node").json()["artist_is_here"] is False
        studio.get(ASKING, headers=HTML)  # to be there lights nothing
        assert stranger.get("/api/node").json()["artist_is_here"] is False
        studio.post(f"{ASKING}/lamp", data={"lit": "yes"})
        assert stranger.get("/api/node").json()["artist_is_here"] is True
        assert 'id="lamp" class="lit">' in stranger.get("/", headers=HTML).text
        studio.post(f"{ASKING}/lamp", data={"lit": "no"})
        assert stranger.get("/api/node").json()["artist_is_here"] is False
        assert 'id="lamp" class="lit" hidden>' in stranger.get("/", headers=HTML).text


def test_the_studio_is_told_at_once_and_until_its_session_ends(
    node: Services, ann: TestClient, writer: Standing
) -> None:
    secret = node.operator.sign_in(node.operator.new_token())
    session = node.operator.session(secret)
    assert session is not None
    let_look_in(ann)

    async def heard() -> list[str]:
        found = []
        async for piece in _stream(node, session, lambda: False):
            found += [piece] if piece.startswith("event: changed") else []
            if len(found) == 1:
                conversation_with_an_answer(ann, node, writer)
            elif len(found) == 2:
                node.operator.sign_out(secret)
        return found

    first, second, *_ = awaited(heard())
    assert first != second
