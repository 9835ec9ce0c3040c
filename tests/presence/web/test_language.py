"""Tests of the language of pages: chosen at the foot of each, else the browser's, else the house's own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.presence.web.paying import give, open_shop
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier

FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.4"}
PAGE = {"Accept": "text/html"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    with open_node(tmp_path) as services:
        yield services


@pytest.fixture
def reader(house: Services) -> Iterator[TestClient]:
    with client_of(house) as client:
        yield client


def language_of(client: TestClient, path: str = "/", **headers: str) -> str:
    return one(client.get(path, headers=headers).text, "html")["lang"]


def one(page: str, selector: str) -> dict[str, str]:
    """Give the attributes of the one part of a page that a selector finds, with its text."""
    (found,) = BeautifulSoup(page, "html.parser").select(selector)
    return {**{name: str(value) for name, value in found.attrs.items()}, "text": found.text}


def test_pages_are_english_unless_the_browser_asks_for_french(reader: TestClient) -> None:
    assert language_of(reader) == "en"
    assert language_of(reader, **FRENCH) == "fr"
    assert language_of(reader, **{"Accept-Language": "de"}) == "en"


def test_what_was_chosen_at_the_foot_of_a_page_counts_more_than_the_browser_and_leads_back(reader: TestClient) -> None:
    page = reader.get("/search?q=night%20bus&page=1").text
    button = one(page, "footer form.languages button")
    assert (button["text"], button["lang"]) == ("Français", "fr")
    sent = {"next": one(page, "footer .languages [name=next]")["value"], button["name"]: button["value"]}
    answer = reader.post(one(page, "footer .languages")["action"], data=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=night%20bus&page=1")
    assert language_of(reader, **{"Accept-Language": "en"}) == "fr"
    assert one(reader.get("/").text, "footer form.languages button")["text"] == "English"
    reader.post("/language", data={"language": "xx", "next": "/"})
    assert language_of(reader) == "fr"


PLACES = ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example", "//[x", "//℀", "x", ""]


@pytest.mark.parametrize("place", PLACES)
def test_a_choice_leads_nowhere_else(reader: TestClient, place: str) -> None:
    answer = reader.post("/language", data={"language": "fr", "next": place}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_another_site_cannot_choose_for_her(reader: TestClient) -> None:
    answer = reader.post("/language", data={"language": "fr"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert language_of(reader) == "en"


def test_the_house_has_a_language_of_its_own(tmp_path: Path) -> None:
    with open_node(tmp_path, language="fr") as services, client_of(services) as client:
        assert language_of(client) == "fr"
        assert language_of(client, **{"Accept-Language": "en-GB"}) == "en"


def test_what_is_kept_on_the_way_is_kept_for_each_language(reader: TestClient) -> None:
    answer = reader.get("/", headers=FRENCH)
    assert answer.headers["content-language"] == "fr"
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["vary"].replace(" ", "").split(","))
    assert "Accept" in reader.get("/pricing", headers=PAGE).headers["vary"]
    assert "vary" not in reader.get("/api/node", headers=FRENCH).headers


def test_scripts_get_their_words_with_the_page_and_english_ones_need_none(reader: TestClient) -> None:
    assert "/words.js" not in reader.get("/").text
    source = one(reader.get("/", headers=FRENCH).text, "script[src^='/words.js']")["src"]
    script = reader.get(source)
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.text.startswith("globalThis.presenceWords = {")
    assert reader.get(source, headers={"If-None-Match": script.headers["etag"]}).status_code == 304
    assert reader.get("/words.js?language=../en").text == "globalThis.presenceWords = {};\n"


ENGLISH = re.compile(r"\b(the|and|your|you|paid|ask|with|is|are|this|not|what|here|free|key|who)\b", re.IGNORECASE)
NOTES = {
    "notes/nuit.md": "# Nuit à Lyon\n\nLe morceau est né dans un train de nuit. Il pleuvait sur les quais.\n",
    "notes/studio.md": "# Studio\n\nNous avons tout joué en une prise, un dimanche.\n",
}
QUOTED = (
    "script, style, textarea, q, blockquote, code, pre, kbd, .code-to-copy, .asked, .examples, .examples-of, .earlier"
)
FOR_ALL = ("/", "/tiers", "/pricing", "/wallet", "/people", "/follow", "/key", "/memory", "/telling", "/sign-in",
           "/search", "/search?q=train", "/sets", "/releases", "/history", "/offline", "/tip", "/operator", "/nothing",
           "/memory/leave", "/sources/none")  # fmt: skip


def english_in(page: str) -> list[str]:
    """Give what stands in English on a page, beside what is quoted and what people wrote."""
    soup = BeautifulSoup(page, "html.parser")
    for part in soup.select(f"{QUOTED}, [lang]:not(html)"):
        part.decompose()
    labels = [str(tag[name]) for name in ("aria-label", "placeholder", "title") for tag in soup.select(f"[{name}]")]
    told = [" ".join(text.split()) for text in soup.find_all(string=True)]
    return [text for text in (*told, *labels) if ENGLISH.search(text)]


@pytest.fixture
def noted(house: Services, tmp_path: Path) -> Services:
    take_in(house, write_notes(tmp_path / "matter", NOTES))
    return house


@pytest.mark.parametrize("path", FOR_ALL)
def test_a_page_in_french_holds_no_english(noted: Services, path: str) -> None:
    with client_of(noted) as reader:
        page = reader.get(path, headers={**FRENCH, **PAGE})
        assert page.headers["content-language"] == "fr"
        assert english_in(page.text) == []


def test_the_search_for_english_finds_it(noted: Services) -> None:
    with client_of(noted) as reader:
        assert english_in(reader.get("/tiers", headers=PAGE).text)


@pytest.mark.parametrize("question", ["Où est né le morceau du train de nuit ?", "Quelle couleur a la lune de Mars ?"])
def test_an_answer_stands_in_french_around_what_it_quotes(noted: Services, question: str) -> None:
    with client_of(noted) as reader:
        page = reader.post("/ask", data={"question": question}, headers={**FRENCH, **PAGE})
        assert page.status_code == 200
        assert english_in(page.text) == []
        assert "cité" in page.text or "notes" in page.text


def test_somebody_known_reads_her_pages_in_french(tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop, client_of(shop) as reader:
        ann = key("ann")
        Artist(shop.trust).grant(ann.did, Tier.FOLLOWER)
        give(shop, ann, 300)
        sign_in(reader, ann)
        for path in ("/wallet", "/people", "/memory", "/telling", "/follow", "/tiers", "/pricing", "/history", "/tip"):
            page = reader.get(path, headers={**FRENCH, **PAGE})
            assert page.status_code == 200
            assert english_in(page.text) == [], path


def test_a_refusal_is_said_in_the_language_of_the_page_and_to_programs_in_english(reader: TestClient) -> None:
    asked = {"question": "x" * 5_000}
    page = reader.post("/ask", data=asked, headers={**FRENCH, **PAGE})
    assert "Demandez-en moins à la fois." in page.text
    assert "5\N{NARROW NO-BREAK SPACE}000" in page.text
    assert "Ask for less at once." in reader.post("/api/questions", json=asked, headers=FRENCH).json()["detail"]
    plainly = {"Presence-Language": "fr"}
    assert "Demandez-en moins" in reader.post("/api/questions", json=asked, headers=plainly).json()["detail"]


def test_the_node_says_who_writes_in_the_language_that_is_asked_for(reader: TestClient) -> None:
    assert "word for word" in reader.get("/api/node", headers=FRENCH).json()["who_writes"]["sentence"]
    told = reader.get("/api/node", headers={"Presence-Language": "fr"}).json()["who_writes"]["sentence"]
    assert told.startswith("Les réponses sont citées mot pour mot.")
    assert not ENGLISH.search(told)
