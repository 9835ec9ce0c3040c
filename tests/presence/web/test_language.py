"""Tests of the language of pages: chosen at the foot of each, else the browser's, else the house's own."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of, open_node

FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.4"}
PAGE = {"Accept": "text/html"}


@pytest.fixture
def house(tmp_path: Path):
    with open_node(tmp_path) as services:
        yield services


@pytest.fixture
def reader(house: Services):
    with client_of(house) as client:
        yield client


def language_of(client: TestClient, path: str = "/", **headers: str) -> str:
    return str(BeautifulSoup(client.get(path, headers=headers).text, "html.parser").html["lang"])


def test_pages_are_english_unless_the_browser_asks_for_french(reader: TestClient) -> None:
    assert language_of(reader) == "en"
    assert language_of(reader, **FRENCH) == "fr"
    assert language_of(reader, **{"Accept-Language": "de"}) == "en"


def test_what_was_chosen_at_the_foot_of_a_page_counts_more_than_the_browser_and_leads_back(reader: TestClient) -> None:
    page = BeautifulSoup(reader.get("/search?q=night%20bus&page=1").text, "html.parser")
    form = page.select_one("footer form.languages")
    assert form is not None
    button = form.button
    assert (button.text, button["lang"]) == ("Français", "fr")
    sent = {"next": form.select_one("[name=next]")["value"], button["name"]: button["value"]}
    answer = reader.post(form["action"], data=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=night%20bus&page=1")
    assert language_of(reader, **{"Accept-Language": "en"}) == "fr"
    back = BeautifulSoup(reader.get("/").text, "html.parser").select_one("footer form.languages button")
    assert back.text == "English"
    reader.post("/language", data={"language": "xx", "next": "/"})
    assert language_of(reader) == "fr"


PLACES = ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example", "x", ""]


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
    page = BeautifulSoup(reader.get("/", headers=FRENCH).text, "html.parser")
    source = page.select_one("script[src^='/words.js']")["src"]
    script = reader.get(source)
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.text.startswith("globalThis.presenceWords = {")
    assert reader.get(source, headers={"If-None-Match": script.headers["etag"]}).status_code == 304
    assert reader.get("/words.js?language=../en").text == "globalThis.presenceWords = {};\n"
