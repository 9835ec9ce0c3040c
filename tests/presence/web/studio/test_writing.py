"""A note that is typed is kept for whom it is meant, at once; a night that was played is looked at first."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.trusting import operator_of

PIANO = "I wrote Pilot Ladder on a rented piano in Leeds."
FERRY = """---
title: Night ferry
date: 2015-06-20
kind: set
venue: Upper deck
---

[0:00:00] Zeno Obuya - Monday Dub
[0:07:30] Ada Marsh - Low Tide
[0:15:10] Kess - Ochre
"""


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


def notes(node: Services) -> list[tuple[str, str, int, str]]:
    return [(note.title, note.date, note.tier, note.speaker) for note in node.library.shelf.notes()]


def test_a_note_is_kept_for_whom_it_is_meant(node: Services, client: TestClient) -> None:
    data = {"title": "The rented piano", "text": PIANO, "date": "4 March 2019", "tier": "circle"}
    page = client.post("/studio/notes/new", data=data)
    assert page.status_code == 200
    assert "“The rented piano” is kept, for ◕ circle" in page.text
    assert notes(node) == [("The rented piano", "2019-03-04", 3, "Ada Marsh")]
    assert [node.library.counts(tier).documents for tier in (2, 3)] == [0, 1]


def test_what_says_nothing_of_who_may_see_it_is_hers_alone(node: Services, client: TestClient) -> None:
    client.post("/studio/notes/new", data={"text": PIANO})
    assert notes(node) == [(PIANO, "", 4, "Ada Marsh")]


def test_two_notes_of_one_title_stand_beside_each_other(node: Services, client: TestClient) -> None:
    for text in (PIANO, "The piano had two dead keys."):
        client.post("/studio/notes/new", data={"title": "Piano", "text": text, "tier": "public"})
    assert node.library.counts(0).documents == 2
    again = client.post("/studio/notes/new", data={"title": "Piano", "text": PIANO, "tier": "public"})
    assert again.status_code == 422
    assert "among your notes already" in again.text


def test_a_note_is_pinned_to_a_night_and_found_by_it(node: Services, client: TestClient, tmp_path: Path) -> None:
    take_in(node, write_notes(tmp_path / "in", {"ferry.md": FERRY}), tier=1)
    sheet = client.get("/studio/notes/new").text
    assert '<option value="2015-06-20 Night ferry">' in sheet
    data = {"text": "The coast guard called at four.", "about": "2015-06-20 Night ferry", "tier": "follower"}
    assert client.post("/studio/notes/new", data=data).status_code == 200
    assert ("Night ferry", "2015-06-20", 1) in [(title, date, tier) for title, date, tier, _ in notes(node)]
    text = next(n for n in node.library.shelf.notes() if n.kind == "note")
    assert "Night ferry" in node.library.shelf.note(text.ident).text


def test_nobody_learns_of_a_night_by_what_is_pinned_to_it(node: Services, client: TestClient, tmp_path: Path) -> None:
    take_in(node, write_notes(tmp_path / "in", {"ferry.md": FERRY}), tier=3)
    data = {"text": "The coast guard called.", "about": "2015-06-20 Night ferry", "tier": "public"}
    refused = client.post("/studio/notes/new", data=data)
    assert refused.status_code == 409
    assert "The coast guard called." in refused.text
    assert len(notes(node)) == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"text": " "}, "There is nothing in the note yet."),
        ({"date": "the other day"}, "This is no date."),
        ({"about": "Nobody knows this"}, "Nothing among your notes is called “Nobody knows this”."),
    ],
)
def test_what_was_typed_is_kept_when_it_is_refused(
    node: Services, client: TestClient, wrong: dict[str, str], why: str
) -> None:
    data = {"title": "A title", "text": PIANO, "tier": "follower", **wrong}
    refused = client.post("/studio/notes/new", data=data)
    assert refused.status_code == 422
    assert why in refused.text
    assert 'value="A title"' in refused.text
    assert re.search(r'<option value="follower" selected>', refused.text)
    assert notes(node) == []


def test_a_pasted_note_with_a_head_is_no_more_open_than_it_says(node: Services, client: TestClient) -> None:
    data = {"text": f"---\ntier: inner\n---\n{PIANO}", "title": "Piano", "tier": "public"}
    client.post("/studio/notes/new", data=data)
    assert notes(node) == [("Piano", "", 4, "Ada Marsh")]


def test_a_transcript_keeps_its_times(node: Services, client: TestClient) -> None:
    captions = "1\r\n00:00:01,000 --> 00:00:04,000\r\nThe ferry hums in B flat all night long.\r\n"
    client.post("/studio/notes/new", data={"text": captions, "title": "Talk", "date": "2019-03-04", "tier": "public"})
    assert [note.format for note in node.library.shelf.notes()] == ["subtitles"]


def test_a_night_is_looked_at_and_kept(node: Services, client: TestClient) -> None:
    tracks = "00:00 Zeno Obuya - Monday Dub\n03:10 Ada Marsh - Low Tide\n07:30 Kess - Ochre"
    data = {"date": "2024-05-01", "venue": "Dock", "city": "Leeds", "tracklist": tracks, "words": "It rained.",
            "tier": "public"}  # fmt: skip
    page = client.post("/studio/played", data=data)
    assert "1 set, 3 tracks" in page.text
    assert node.library.counts(4).sets == 0
    client.post(f"{page.url.path}/confirm")
    with node.database.reader(0) as reader:
        row = reader.exec_driver_sql("SELECT date, venue, city FROM events").one()
    assert tuple(row) == ("2024-05-01", "Dock", "Leeds")
    refused = client.post("/studio/played", data={**data, "tracklist": ""})
    assert (refused.status_code, "There is no track in it yet" in refused.text) == (422, True)
