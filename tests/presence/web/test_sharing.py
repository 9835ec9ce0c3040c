"""Links that are sent on: pictures of what all may read, and answers without what she asked or what is gated."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.web.drawing import HEIGHT, KEPT, WIDTH, Picture, can_draw, drawn
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier

HTML = {"Accept": "text/html"}
NOTES = {
    "piano.md": "---\ntitle: The rented piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n",
    "chapel.md": "---\ntitle: The chapel\ntier: circle\n---\nHeronshaw was recorded in a chapel in Wharfedale.\n",
    "ferry.md": "---\ntitle: Night ferry\ndate: 2015-06-20\nkind: set\ntier: public\nvenue: MS Ragna\ncity: Holm\n---\n"
    "We played on the upper deck.\n\n[0:00:00] Zeno Obuya - Monday Dub [Lantern]\n",
}
ASKED = "Where did you write Pilot Ladder?"
GATED = "Where was Heronshaw recorded?"


@pytest.fixture
def room(tmp_path: Path, database_url: str | None) -> Iterator[Services]:
    with open_node(tmp_path / "home", database_url=database_url) as services:
        take_in(services, write_notes(tmp_path / "notes", NOTES), tier=None)
        Artist(services.trust).grant(key("ann").did, Tier.CIRCLE)
        yield services


@pytest.fixture
def ann(room: Services) -> Iterator[TestClient]:
    with client_of(room) as client:
        sign_in(client, key("ann"))
        yield client


@pytest.fixture
def stranger(room: Services) -> Iterator[TestClient]:
    with client_of(room) as client:
        yield client


def shared(client: TestClient, question: str) -> tuple[str, str]:
    """Ask and share; give the answer's page and the path of the link."""
    page = client.post("/ask", data={"question": question}, follow_redirects=False).headers["location"]
    done = client.post(f"{page}/share", follow_redirects=False)
    assert done.status_code == 303, done.text
    link = BeautifulSoup(client.get(page, headers=HTML).text, "html.parser").select_one(".share input")
    assert link is not None
    return page, "/shared/" + str(link["value"]).rpartition("/")[2]


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">LL", png[16:24])
    return width, height


def test_a_stranger_reads_the_open_lines_and_never_what_was_asked(ann: TestClient, stranger: TestClient) -> None:
    _, link = shared(ann, ASKED)
    page = stranger.get(link, headers=HTML)
    assert "rented piano in Leeds" in page.text
    assert ASKED not in page.text
    assert page.headers["x-robots-tag"] == "noindex"
    picture = BeautifulSoup(page.text, "html.parser").select_one('meta[property="og:image"]')
    assert picture is not None
    assert str(picture["content"]).endswith(f"{link}/card.png")


def test_of_what_rests_on_more_nothing_is_told_but_its_kind(ann: TestClient, stranger: TestClient) -> None:
    _, gated = shared(ann, GATED)
    _, other = shared(ann, "Which chapel was Heronshaw recorded in?")
    page, its_picture = stranger.get(gated, headers=HTML).text, stranger.get(f"{gated}/card.png").content
    for word in ("chapel", "Heronshaw", "Wharfedale"):
        assert word not in page
    assert its_picture == stranger.get(f"{other}/card.png").content, "a picture of another gated answer is the same"
    assert ann.get(f"{gated}/card.png").content == its_picture, "whoever looks"


def test_what_closes_later_closes_there_too(room: Services, ann: TestClient, stranger: TestClient) -> None:
    _, link = shared(ann, ASKED)
    before = stranger.get(f"{link}/card.png")
    note = next(one for one in room.library.shelf.notes() if one.title == "The rented piano")
    room.library.shelf.retract(note.ident)
    after = stranger.get(link, headers=HTML)
    assert "rented piano" not in after.text
    assert stranger.get(f"{link}/card.png").headers["etag"] != before.headers["etag"]


def test_a_link_can_be_taken_back_by_her_alone(ann: TestClient, stranger: TestClient) -> None:
    page, link = shared(ann, ASKED)
    assert stranger.post(f"{page}/share/end").status_code == 404
    assert stranger.post(f"{page}/share").status_code == 404
    assert stranger.get(link).status_code == 200
    assert ann.post(f"{page}/share/end", follow_redirects=False).status_code == 303
    assert stranger.get(link, headers=HTML).status_code == 404
    assert stranger.get(f"{link}/card.png").status_code == 404
    assert stranger.get("/shared/" + "a" * 43).status_code == 404


def test_the_room_and_open_nights_have_pictures_that_are_kept(stranger: TestClient) -> None:
    for page in ("/", str(_link(stranger, "/sets", ".shelf a"))):
        head = BeautifulSoup(stranger.get(page, headers=HTML).text, "html.parser")
        told = {str(tag.get("property") or tag.get("name")): str(tag.get("content")) for tag in head.select("meta")}
        assert told["twitter:card"] == "summary_large_image"
        assert (told["og:image:width"], told["og:image:height"]) == (str(WIDTH), str(HEIGHT))
        assert told["og:image:alt"]
        path = "/" + told["og:image"].split("/", 3)[3]
        assert path == ("/card.png" if page == "/" else f"{page}/card.png")
        picture = stranger.get(path)
        assert picture.headers["content-type"] == "image/png"
        assert size_of(picture.content) == (WIDTH, HEIGHT)
        assert len(picture.content) < 100_000
        again = stranger.get(path, headers={"If-None-Match": picture.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_a_gated_night_has_no_picture(room: Services, ann: TestClient, stranger: TestClient, tmp_path: Path) -> None:
    night = NOTES["ferry.md"].replace("2015-06-20", "2020-02-29").replace("MS Ragna", "Cellar")
    gated = {"cellar.md": night.replace("tier: public", "tier: circle")}
    take_in(room, write_notes(tmp_path / "gated", gated), tier=None)
    page = next(
        str(link["href"])
        for link in BeautifulSoup(ann.get("/sets", headers=HTML).text, "html.parser").select(".shelf a")
        if "Cellar" in link.get_text()
    )
    told, never = stranger.get(f"{page}/card.png"), stranger.get("/sets/never-was-any/card.png")
    assert told.status_code == never.status_code == 404
    assert told.json()["detail"] == never.json()["detail"]
    assert ann.get(f"{page}/card.png").status_code == 404
    assert '/card.png"' in ann.get(page, headers=HTML).text
    assert f"{page}/card.png" not in ann.get(page, headers=HTML).text


def test_the_same_words_make_the_same_bytes_and_odd_ones_no_boxes() -> None:
    plain = Picture("Björk", "“Ложка” and Ωμέγα", "below", "label")
    first = drawn(plain)
    drawn.cache_clear()
    assert drawn(plain) == first
    assert can_draw("Łódź, Ωμέγα, Ложка 🎉")
    assert not can_draw("東京")
    assert drawn(Picture("Björk", "東京", "", "")) == drawn(Picture("Björk", "", "", ""))
    assert drawn(Picture("Björk", "go 🎉", "", "")) == drawn(Picture("Björk", "go ", "", ""))
    assert len(drawn(Picture("a" * 5_000, "w " * 5_000, "b" * 5_000, "c" * 5_000))) < 100_000
    assert drawn.cache_info().maxsize == KEPT


def _link(client: TestClient, page: str, which: str) -> str:
    found = BeautifulSoup(client.get(page, headers=HTML).text, "html.parser").select_one(which)
    assert found is not None
    return str(found["href"])
