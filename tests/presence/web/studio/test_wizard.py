"""The first steps: each works by itself, is left and resumed, and opens nothing that was not chosen."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.bringing.welcome import STEPS
from tests.nodes import client_of, open_node
from tests.trusting import operator_of

TRACKS = [f"{minute:02d}:00 Artist {minute} - Piece {minute}" for minute in range(19)]
LIST = "\n".join([*TRACKS[:7], "?? the one with the bells", *TRACKS[7:]])


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Services]:
    with open_node(tmp_path / "home") as services:
        yield services


@pytest.fixture
def client(node: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr("presence.web.studio.bringing_in.WAIT_SECONDS", 60.0)  # a machine may be busy
    with client_of(node) as opened:
        operator_of(opened, node)
        opened.headers["Accept"] = "text/html"
        yield opened


def documents(node: Services) -> list[tuple[str, int]]:
    return sorted((note.title, note.tier) for note in node.library.shelf.notes())


def test_an_empty_home_leads_to_the_first_steps(node: Services, client: TestClient) -> None:
    assert 'href="/studio/welcome"' in client.get("/studio").text
    assert client.get("/studio/welcome").url.path == "/studio/welcome/name"
    for step in STEPS:
        client.post(f"/studio/welcome/{step}/skip" if step != "open" else "/studio/welcome/open")
    assert 'href="/studio/welcome"' not in client.get("/studio").text
    assert client.get("/studio/welcome").url.path == "/studio/welcome/open"


def test_a_name_and_a_line_are_kept(node: Services, client: TestClient) -> None:
    refused = client.post("/studio/welcome/name", data={"name": " ", "about": "I play records"})
    assert (refused.status_code, "I play records" in refused.text) == (422, True)
    told = {"name": 'Ada "the Tide" Marsh', "about": "I play records by the harbour"}
    assert client.post("/studio/welcome/name", data=told).url.path == "/studio/welcome/tracklist"
    assert tomllib.loads(node.home.settings_file.read_text())["artist_name"] == told["name"]
    assert documents(node) == [(f"About {told['name']}", 0)]
    assert "I play records by the harbour." in client.get("/studio/welcome/name").text
    client.post("/studio/welcome/name", data={**told, "about": "I play records in Leeds."})
    assert len(documents(node)) == 1


def test_a_name_holds_at_once_and_her_notes_stay_hers(node: Services, client: TestClient) -> None:
    client.post("/studio/welcome/name", data={"name": "Ada", "about": "I play records."})
    client.post("/studio/welcome/note", data={"title": "Piano", "text": "Two dead keys.", "tier": "public"})
    client.post("/studio/welcome/name", data={"name": "Ada of the Tide", "about": "I play records."})
    assert "Ask Ada of the Tide’s notes" in client.get("/").text
    notes = node.library.shelf.notes()
    assert {note.speaker for note in notes} == {"Ada of the Tide"}
    assert documents(node) == [("About Ada of the Tide", 0), ("Piano", 0)]


def test_a_name_that_is_set_where_the_house_is_started_is_not_changed_here(
    node: Services, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESENCE_ARTIST_NAME", "Ada Marsh")
    refused = client.post("/studio/welcome/name", data={"name": "Somebody", "about": ""})
    assert refused.status_code == 422
    assert "Change it there." in refused.text
    assert "Ask Ada Marsh’s notes" in client.get("/").text


def test_a_list_of_twenty_lines_is_nineteen_tracks_and_one_to_check(node: Services, client: TestClient) -> None:
    page = client.post("/studio/welcome/tracklist", data={"tracklist": LIST, "date": "2024-05-01", "tier": "public"})
    assert "1 set, 19 tracks, 1 line not understood" in page.text
    assert "1 line to check" in page.text
    kept = client.post(f"{page.url.path}/confirm")
    assert kept.url.path == "/studio/welcome/note"
    assert node.library.counts(0).sets == 1


def test_a_note_is_open_to_those_whom_she_chose(node: Services, client: TestClient) -> None:
    data = {"title": "Piano", "text": "The piano had two dead keys.", "tier": "circle"}
    assert client.post("/studio/welcome/note", data=data).url.path == "/studio/welcome/questions"
    assert documents(node) == [("Piano", 3)]


def test_ten_questions_come_of_what_is_here_and_answers_become_notes(node: Services, client: TestClient) -> None:
    page = client.post("/studio/welcome/tracklist", data={"tracklist": LIST, "venue": "Dock", "tier": "public"})
    client.post(f"{page.url.path}/confirm")
    asked = re.findall(r'name="(asked-\d+)" value="([^"]+)"', client.get("/studio/welcome/questions").text)
    questions = dict(asked)
    assert len(questions) == 10
    assert any("Dock" in question for question in questions.values())
    answers = {"answer-1": "It rained all night long.", "answer-4": "By my grandmother, who sang.", "answer-5": " "}
    done = client.post("/studio/welcome/questions", data={**questions, **answers, "tier": "follower"})
    assert done.url.path == "/studio/welcome/open"
    now = dict(documents(node))
    assert (now[questions["asked-1"]], now[questions["asked-4"]], len(now)) == (1, 1, 3)
    left = client.get("/studio/welcome/questions").text
    assert f'value="{questions["asked-1"]}"' not in left


def test_the_last_step_says_what_is_open_and_shows_the_link(node: Services, client: TestClient) -> None:
    for title, tier in (("Open", "public"), ("Mine", "inner")):
        client.post("/studio/notes/new", data={"title": title, "text": f"{title} words stand here.", "tier": tier})
    page = client.get("/studio/welcome/open").text
    assert "1 of 2 notes, sets and records are open to all" in page
    assert node.origins.first in page
    assert "from this machine only" in page
    drawn = client.get("/studio/welcome/link.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert b"<svg" in drawn.content
    stranger = client.post("/operator/preview", data={"tier": "public"})
    assert re.search(r"<b>1</b> notes?<", stranger.text)
    assert client.get("/studio/welcome/nothing").status_code == 422
