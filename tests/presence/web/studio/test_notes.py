"""The library over HTTP: found, opened, edited, moved, attributed, taken back, and what leaned on it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from sqlalchemy import insert, text

from knowledge.browsing import PAGE
from knowledge.noted import Note
from knowledge.tables import documents, imports
from presence.bootstrap import Services
from tests.nodes import client_of, take_in
from tests.trusting import operator_of

HTML = {"Accept": "text/html"}
ASKED = "Where did you write Pilot Ladder?"


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        operator_of(opened, told_node)
        yield opened


def named(node: Services, title: str) -> Note:
    return next(note for note in node.library.shelf.notes(away=True) if note.title == title)


def titles(page: str) -> list[str]:
    return re.findall(r'<a class="reach" href="/studio/notes/[^"]+">([^<]+)</a>', page)


def answered(node: Services, question: str = ASKED) -> str:
    with client_of(node) as stranger:
        opened = stranger.post("/api/questions", json={"question": question}).json()
        stranger.get(opened["events"])
        said: str = stranger.get(f"/api/questions/{opened['id']}").json()["text"]
        return said


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"The rented piano", "Night ferry", "What I told my friends", "A letter from Winnie"}),
        ({"tier": "circle"}, {"What I told my friends"}),
        ({"kind": "set"}, {"Night ferry"}),
        ({"speaker": "Winifred Marsh"}, {"A letter from Winnie"}),
        ({"words": "coast guard"}, {"Night ferry"}),
        ({"words": "rent pia"}, {"The rented piano"}),
        ({"words": "50%"}, set()),
        ({"words": "chapel", "tier": "public"}, set()),
        ({"away": "yes"}, set()),
    ],
)
def test_notes_are_narrowed(client: TestClient, asked: dict[str, str], found: set[str]) -> None:
    page = client.get("/studio/notes", params=asked, headers=HTML)
    assert page.status_code == 200
    assert set(titles(page.text)) == found


def test_many_notes_come_by_the_page(told_node: Services, client: TestClient) -> None:
    row = {"import_id": "many", "file_name": "m.md", "part": "", "sha256": "0" * 64, "format": "md", "kind": "note",
           "date": "", "speaker": "Ada Marsh", "licence": "", "tier": 0, "text": ""}  # fmt: skip
    many = [
        row | {"id": f"m{n}", "origin": f"/m/{n}", "title": f"Number {n:03}", "published_at": 4e9 + n}
        for n in range(2 * PAGE)
    ]
    told_node.lane.run(
        lambda owner: owner.execute(insert(imports).values(id="many", label="", created_at=1, published_at=1))
    )
    told_node.lane.run(lambda owner: owner.execute(insert(documents), many))
    first = client.get("/studio/notes?words=number", headers=HTML).text
    assert (titles(first)[0], len(titles(first))) == ("Number 099", PAGE)
    assert "100 found" in first
    after = re.search(r'rel="next" href="([^"]+)"', first)
    assert after is not None
    second = client.get(after[1].replace("&amp;", "&"), headers=HTML).text
    assert titles(second)[-1] == "Number 000"
    assert 'rel="next"' not in second
    assert titles(client.get("/studio/notes?words=number&page=99", headers=HTML).text) == titles(second)


def test_notes_of_one_moment_stand_by_the_alphabet_and_are_called_what_they_are(
    told_node: Services, client: TestClient
) -> None:
    row = {"import_id": "one", "file_name": "m.md", "part": "", "sha256": "0" * 64, "format": "md", "kind": "release",
           "date": "", "speaker": "Ada Marsh", "licence": "", "tier": 0, "text": "", "published_at": 4e9}  # fmt: skip
    both = [row | {"id": title, "origin": title, "title": title} for title in ("Zebra quay", "abbey quay")]
    told_node.lane.run(
        lambda owner: owner.execute(insert(imports).values(id="one", label="", created_at=1, published_at=1))
    )
    told_node.lane.run(lambda owner: owner.execute(insert(documents), both))
    page = client.get("/studio/notes?words=quay", headers=HTML).text
    assert titles(page) == ["abbey quay", "Zebra quay"]
    assert page.count('<td data-label="What it is">record</td>') == 2


def test_equal_questions_stand_once_with_how_often_and_when(told_node: Services, client: TestClient) -> None:
    for _ in range(3):
        answered(told_node)
    note = named(told_node, "The rented piano")
    page = client.get(f"/studio/notes/{note.ident}", headers=HTML).text
    assert page.count(f">{ASKED}</a>") == 1
    assert "asked 3 times, last on" in page


def test_an_edit_holds_at_once_and_the_old_words_are_kept(told_node: Services, client: TestClient) -> None:
    assert "rented piano in Leeds" in answered(told_node)
    note = named(told_node, "The rented piano")
    page = client.get(f"/studio/notes/{note.ident}", headers=HTML).text
    assert "I wrote Pilot Ladder on a rented piano in Leeds." in page
    assert ASKED in page
    text = "I wrote Pilot Ladder on a borrowed & mended organ in York.\r\n\r\nIt had no dead keys."
    done = client.post(f"/studio/notes/{note.ident}/edit", data={"text": text}, headers=HTML)
    assert "The new text stands" in done.text
    assert "1 answer leaned on what it does not say any more" in done.text
    assert (
        '<ins><span class="unseen">came: </span>I wrote Pilot Ladder on a borrowed &amp; mended organ in York.'
        in done.text
    )
    assert "<del><span" in done.text
    assert "organ in York" in answered(told_node)


def test_a_text_that_is_refused_is_not_lost(told_node: Services, client: TestClient) -> None:
    note = named(told_node, "The rented piano")
    told_node.library.shelf.retract(note.ident)
    refused = client.post(f"/studio/notes/{note.ident}/edit", data={"text": "My <long> words"}, headers=HTML)
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text
    long = {"text": "x" * 400_000}
    assert client.post("/studio/notes/nothing/edit", data=long, headers=HTML).status_code == 404
    assert client.post("/studio/why", data=long, headers=HTML).status_code == 413


def test_who_may_see_a_note_changes_at_once(told_node: Services, client: TestClient) -> None:
    note = named(told_node, "The rented piano")
    done = client.post(f"/studio/notes/{note.ident}/tier", data={"tier": "inner"}, headers=HTML)
    assert "from this moment on" in done.text
    assert "Leeds" not in answered(told_node)
    assert client.post(f"/studio/notes/{note.ident}/tier", data={"tier": "nobody"}).status_code == 422
    assert named(told_node, "The rented piano").tier == 4


def test_a_speaker_and_terms_are_kept_and_shown(told_node: Services, client: TestClient) -> None:
    note = named(told_node, "The rented piano")
    said = {"speaker": " Ruth  Marsh ", "licence": "CC BY 4.0"}
    done = client.post(f"/studio/notes/{note.ident}/words-by", data=said, headers=HTML)
    assert done.status_code == 200, done.text
    now = named(told_node, "The rented piano")
    assert (now.speaker, now.licence) == ("Ruth Marsh", "CC BY 4.0")
    with client_of(told_node) as stranger:
        opened = stranger.post("/api/questions", json={"question": ASKED}).json()
        stranger.get(opened["events"])
        cited = stranger.get(f"/api/questions/{opened['id']}").json()["citations"]
    assert {one["speaker"] for one in cited if one["title"] == "The rented piano"} == {"Ruth Marsh"}


def test_a_note_is_taken_back_and_shown_again(told_node: Services, client: TestClient) -> None:
    note = named(told_node, "The rented piano")
    done = client.post(f"/studio/notes/{note.ident}/retract", headers=HTML)
    assert "Taken back" in done.text
    assert "Leeds" not in answered(told_node)
    assert titles(client.get("/studio/notes?away=yes", headers=HTML).text) == ["The rented piano"]
    assert client.post(f"/studio/notes/{note.ident}/retract", headers=HTML).status_code == 409
    client.post(f"/studio/notes/{note.ident}/restore", headers=HTML)
    assert "Leeds" in answered(told_node)
    assert "The rented piano" not in titles(client.get("/studio/notes?away=yes", headers=HTML).text)


def test_an_edited_note_that_is_taken_back_is_away_once(told_node: Services, client: TestClient) -> None:
    note = named(told_node, "The rented piano")
    client.post(f"/studio/notes/{note.ident}/edit", data={"text": "Other words of mine stand here."})
    away = "/studio/notes?away=yes"
    assert titles(client.get(away, headers=HTML).text) == []
    client.post(f"/studio/notes/{named(told_node, 'The rented piano').ident}/retract")
    assert titles(client.get(away, headers=HTML).text) == ["The rented piano"]


NIGHT = """---
title: Kelp night
kind: set
date: 2019-07-14
venue: The Lamp Room
city: Skerrow
tier: public
---

It rained on the roof.

01. Basin - Low Water
02. Basin - Slack Tide
03. Juna Tidewell - Neap
04. Wrackline - Bell Buoy
"""


@pytest.mark.parametrize("is_there", [True, False], ids=["file there", "file gone"])
def test_a_word_is_changed_and_the_night_stays_what_it_was(
    client: TestClient, told_node: Services, tmp_path: Path, is_there: bool
) -> None:
    (tmp_path / "brought").mkdir()
    brought = tmp_path / "brought" / "kelp.md"
    brought.write_text(NIGHT, encoding="utf-8")
    take_in(told_node, brought.parent)
    if not is_there:
        brought.unlink()
    address, was = f"/studio/notes/{named(told_node, 'Kelp night').ident}", stated(told_node)
    page = BeautifulSoup(client.get(address, headers=HTML).text, "html.parser")
    fields = {name: field.text for name in ("head", "text") if (field := page.select_one(f"textarea#{name}"))}
    assert ("venue: The Lamp Room" in fields.get("head", ""), "---" in fields["text"]) == (is_there, False)
    # A browser leaves out the first line end of a field, and sends the others as two signs.
    sent = {name: field[1:].replace("\n", "\r\n") for name, field in fields.items()}
    if is_there:
        assert "Nothing changed" in client.post(f"{address}/edit", data=sent).text
    edited = client.post(f"{address}/edit", data={**sent, "text": sent["text"].replace("rained", "poured")})
    assert "The new text stands" in edited.text
    assert "poured" in answered(told_node, "What did it do on the roof at the Kelp night?")
    assert stated(told_node) == was
    assert was == [("Kelp night", "2019-07-14", "The Lamp Room", "Skerrow"), ("4",)]


def stated(node: Services) -> list[tuple[str, ...]]:
    """What is known of the night, and how many rows its list has."""
    night = "SELECT title, date, venue, city FROM events WHERE title = 'Kelp night' AND document_id = :note"
    rows = "SELECT count(*) FROM set_items WHERE document_id = :note"
    with node.database.records() as records:
        note = {"note": named(node, "Kelp night").ident}
        events = [tuple(row) for row in records.execute(text(night), note)]
        return [*events, (str(records.execute(text(rows), note).scalar()),)]
