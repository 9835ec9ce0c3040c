"""How the presence is found: from what is open to everybody, whoever asks, and equal with and without the rest."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.settings import DiscoverySettings
from presence.web.discovery import handle_of
from tests.nodes import ARTIST, client_of, open_node, take_in, write_notes

ADDRESS = "https://ada.example"
PATHS = (
    "/feed.xml",
    "/llms.txt",
    "/robots.txt",
    "/.well-known/agent-card.json",
    "/.well-known/agent.json",
    "/.well-known/webfinger?resource=acct:ada-marsh@ada.example",
)
PIANO = "---\ntitle: The rented piano\ndate: 2019-03-04\ntier: public\n---\nI wrote Pilot Ladder in Leeds."
GATED = "---\ntitle: Canary Heronshaw\ntier: {}\n---\nThe canary title is Heronshaw."
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Services]:
    with open_node(tmp_path / "home", public_url=ADDRESS) as services:
        take_in(services, write_notes(tmp_path / "first", {"piano.md": PIANO}), tier=None)
        yield services


@pytest.fixture
def client(node: Services) -> Iterator[TestClient]:
    with client_of(node) as opened:
        yield opened


def titles(client: TestClient) -> list[str | None]:
    root = ElementTree.fromstring(client.get("/feed.xml").content)
    return [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]


@pytest.mark.parametrize("tier", ["follower", "supporter", "circle", "inner"])
def test_what_is_found_is_the_same_without_all_that_is_not_open(
    client: TestClient, node: Services, tmp_path: Path, tier: str
) -> None:
    before = [client.get(path).content for path in PATHS]
    take_in(node, write_notes(tmp_path / "gated", {"gated.md": GATED.format(tier)}), tier=None)
    assert [client.get(path).content for path in PATHS] == before


def test_who_may_read_more_is_told_no_more(client: TestClient, node: Services, tmp_path: Path) -> None:
    take_in(node, write_notes(tmp_path / "gated", {"gated.md": GATED.format("circle")}), tier=None)
    stranger = [client.get(path).content for path in PATHS]
    client.post("/operator", data={"token": node.operator.new_token()})
    client.post("/operator/preview", data={"tier": "inner"})
    assert "2 notes" in BeautifulSoup(client.get("/").text, "html.parser").get_text()
    assert [client.get(path).content for path in PATHS] == stranger


def test_the_feed_is_one_that_readers_read(client: TestClient) -> None:
    response = client.get("/feed.xml")
    assert response.headers["content-type"].startswith("application/atom+xml")
    told = feedparser.parse(response.content)
    assert not told.bozo
    assert told.version == "atom10"
    entry = told.entries[0]
    assert (entry.title, entry.author) == ("The rented piano", ARTIST)
    assert entry.summary == "I wrote Pilot Ladder in Leeds."
    assert client.get(entry.link.removeprefix(ADDRESS)).status_code == 200


def test_a_new_note_comes_first(client: TestClient, node: Services, tmp_path: Path) -> None:
    assert titles(client) == ["The rented piano"]
    take_in(node, write_notes(tmp_path / "more", {"ferry.md": "---\ntitle: Night ferry\n---\nWe sailed."}))
    assert titles(client) == ["Night ferry", "The rented piano"]


def test_a_note_that_was_taken_back_goes(client: TestClient, node: Services, tmp_path: Path) -> None:
    taken = take_in(node, write_notes(tmp_path / "more", {"ferry.md": "---\ntitle: Night ferry\n---\nWe sailed."}))
    tag = client.get("/feed.xml").headers["etag"]
    node.library.shelf.undo(taken.import_id)
    assert titles(client) == ["The rented piano"]
    assert client.get("/feed.xml", headers={"If-None-Match": tag}).status_code == 200


def test_an_unchanged_feed_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/feed.xml").headers["etag"]
    again = client.get("/feed.xml", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")


def test_words_by_others_are_quoted_briefly(client: TestClient, node: Services, tmp_path: Path) -> None:
    long = "---\ntitle: A letter\nspeaker: Winifred Marsh\n---\n" + "The tide books stood in the pantry. " * 20
    take_in(node, write_notes(tmp_path / "more", {"letter.md": long}))
    entry = feedparser.parse(client.get("/feed.xml").content).entries[0]
    assert entry.author == "Winifred Marsh"
    assert len(entry.summary) < 300


def test_no_title_breaks_the_feed(client: TestClient, node: Services, tmp_path: Path) -> None:
    text = "---\ntitle: 'Tea & ]]> cake'\n---\nA & B < C."
    take_in(node, write_notes(tmp_path / "more", {"odd.md": text}))
    assert "Tea & ]]> cake" in titles(client)


def test_the_first_page_leads_to_the_feed(client: TestClient) -> None:
    soup = BeautifulSoup(client.get("/").text, "html.parser")
    assert soup.select('link[rel="alternate"][type="application/atom+xml"]')[0]["href"] == "/feed.xml"


def test_the_first_page_says_to_machines_whose_it_is(client: TestClient) -> None:
    soup = BeautifulSoup(client.get("/").text, "html.parser")
    told = json.loads(soup.select('script[type="application/ld+json"]')[0].get_text())
    assert (told["@type"], told["name"], told["url"]) == ("MusicGroup", ARTIST, f"{ADDRESS}/")
    assert told["sameAs"] == []


@pytest.mark.parametrize(
    "resource",
    ["acct:ada-marsh@ada.example", "acct:Presence@ADA.example", "https://ada.example", "https://ada.example/"],
)
def test_a_name_leads_to_key_and_page(client: TestClient, node: Services, resource: str) -> None:
    response = client.get("/.well-known/webfinger", params={"resource": resource})
    assert response.headers["content-type"] == "application/jrd+json"
    assert response.headers["access-control-allow-origin"] == "*"
    told = response.json()
    assert told["subject"] == resource
    links = {link["rel"]: link["href"] for link in told["links"]}
    assert links["http://webfinger.net/rel/profile-page"] == f"{ADDRESS}/"
    assert links["alternate"] == f"{ADDRESS}/feed.xml"
    if node.node_keys.presence is not None:
        assert links["https://w3id.org/security#verificationMethod"] == node.node_keys.presence.did


def test_only_the_links_that_are_asked_for_are_told(client: TestClient) -> None:
    asked = {"resource": "acct:ada-marsh@ada.example", "rel": ["alternate", "avatar"]}
    assert [one["rel"] for one in client.get("/.well-known/webfinger", params=asked).json()["links"]] == ["alternate"]


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        ("", 400),
        ("acct:winnie@ada.example", 404),
        ("acct:ada-marsh@other.example", 404),
        ("https://other.example", 404),
    ],
)
def test_nobody_else_is_here(client: TestClient, resource: str, status: int) -> None:
    response = client.get("/.well-known/webfinger", params={"resource": resource})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_the_card_names_only_what_is_there(client: TestClient) -> None:
    card = client.get("/.well-known/agent-card.json").json()
    assert client.get("/.well-known/agent.json").json() == card
    for field in ("name", "description", "version", "capabilities", "skills", "defaultInputModes", "securitySchemes"):
        assert card[field]
    for interface in card["supportedInterfaces"]:
        path = interface["url"].removeprefix(ADDRESS)
        assert client.post(path, json={}).status_code not in (404, 405)


def test_robots_keep_out_of_what_is_somebodys_own(client: TestClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert {"Disallow: /answers/", "Disallow: /api/", "Disallow: /wallet", "User-agent: GPTBot"} <= set(lines)
    assert "Content-Usage: train-ai=n" in lines


def test_the_artist_may_let_models_be_trained(tmp_path: Path) -> None:
    with open_node(tmp_path, discovery=DiscoverySettings(ai_training=True)) as services, client_of(services) as client:
        text = client.get("/robots.txt").text
    assert "GPTBot" not in text
    assert "Content-Usage: train-ai=y" in text


def test_titles_are_no_markdown(client: TestClient, node: Services, tmp_path: Path) -> None:
    text = "---\ntitle: 'A](https://evil.example) # b'\n---\nA word."
    take_in(node, write_notes(tmp_path / "more", {"odd.md": text}))
    lines = [line for line in client.get("/llms.txt").text.splitlines() if "evil" in line]
    assert len(lines) == 1
    assert lines[0].startswith("- [A https://evil.example b](https://ada.example/sources/")


@pytest.mark.parametrize(("artist", "handle"), [("Ada Marsh", "ada-marsh"), ("Sängerin & Söhne", "sangerin-sohne")])
def test_a_handle_is_made_of_the_name(artist: str, handle: str) -> None:
    assert handle_of(artist) == handle
