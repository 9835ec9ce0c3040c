"""Tests of the studio in French: every page that links lead to, what is said of a deed, and what is refused."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.languages.catalogue import read_catalogue
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.presence.web.test_language import FRENCH, NOTES, PAGE, english_in
from tests.trusting import key, operator_of

NIGHT = "# Nuit à Lyon\n\n2019-06-20, Le Quai, Lyon\n\n1. Ada Marsh - Marée basse\n2. Ada Marsh - Quai Sud\n3. ?? zut\n"
QUESTION = "Où est né le morceau du train de nuit ?"
UNKNOWN = "Quelle couleur a la lune de Mars ?"
NO_PAGE = re.compile(r"\.(csv|svg)\b|/studio/backups/")
IDENT = re.compile(r"/(?=[\w-]*\d)[\w-]{12,}|/[0-9a-f]{8,}|=[^&]*")
AT_LEAST = 30
"""So many kinds of pages the links of the studio lead to."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = Path(tmp_path_factory.mktemp("french"))
    with open_node(folder / "home") as services:
        take_in(services, write_notes(folder / "matter", {**NOTES, "sets/2019-06-20 Nuit à Lyon.md": NIGHT}))
        with client_of(services) as listener:
            for question in (QUESTION, UNKNOWN):
                assert listener.post("/ask", data={"question": question}).status_code == 200
        yield services


@pytest.fixture
def studio(house: Services) -> Iterator[TestClient]:
    with client_of(house) as client:
        client.headers.update({**FRENCH, **PAGE})
        operator_of(client, house)
        yield client


@cache
def english_sentences() -> frozenset[str]:
    """Give what the catalogues say otherwise in French, of what stands alone on a page."""
    told = [message for domain in ("presence", "studio") for message in read_catalogue("fr", domain) if message.id]
    plain = {message.id: message.string for message in told if isinstance(message.id, str)}
    return frozenset(one for one, french in plain.items() if one != french and len(one) > 3)


def left_in_english(page: str) -> list[str]:
    """Give what a page says in English: sentences of the catalogues, and whatever holds an English word."""
    soup = BeautifulSoup(page, "html.parser")
    labels = [
        str(tag[name]) for name in ("aria-label", "placeholder", "title", "alt") for tag in soup.select(f"[{name}]")
    ]
    told = [" ".join(text.split()) for text in soup.find_all(string=True)]
    known = english_sentences()
    return [*english_in(page), *(text for text in (*told, *labels) if text in known)]


def linked(page: str, address: str) -> list[str]:
    soup = BeautifulSoup(page, "html.parser")
    found = [urljoin(address, str(link["href"])).partition("#")[0] for link in soup.select("main a[href]")]
    return [one for one in found if one.startswith("/studio") and not NO_PAGE.search(one)]


def test_every_page_that_links_lead_to_is_french(studio: TestClient) -> None:
    waiting, seen, english = ["/studio", "/studio/welcome/name"], set[str](), dict[str, list[str]]()
    while waiting:
        address = waiting.pop(0)
        if (kind := IDENT.sub("", address)) in seen:
            continue
        seen.add(kind)
        page = studio.get(address)
        assert page.status_code == 200, address
        assert BeautifulSoup(page.text, "html.parser").select_one("html[lang=fr] footer form.languages"), address
        if left := left_in_english(page.text):
            english[address] = left
        waiting += linked(page.text, address)
    assert len(seen) >= AT_LEAST, sorted(seen)
    assert english == {}


DEEDS = [
    ("/studio/notes/new", {"text": ""}),
    ("/studio/notes/new", {"text": "Un quai.", "date": "hier"}),
    ("/studio/notes/new", {"text": "Un quai.", "about": "Rien de tel"}),
    ("/studio/notes/new", {"text": "Sous la pluie, sur les quais.", "title": "La pluie", "tier": "public"}),
    ("/studio/played", {"tracklist": ""}),
    ("/studio/played", {"tracklist": "Ada Marsh - Quai Nord\n\nzut ??", "city": "Lyon", "date": "2020-02-01"}),
    ("/studio/bring-in/text", {"text": ""}),
    ("/studio/bring-in/text", {"text": "Un texte sur la mer, et sur le vent qui la pousse.", "title": "La mer"}),
    ("/studio/bring-in/address", {"address": "rien du tout"}),
    ("/studio/welcome/name", {"name": ""}),
    ("/studio/welcome/note", {"text": ""}),
    ("/studio/welcome/tracklist", {"tracklist": ""}),
    ("/studio/invites", {"people": "3", "hours": "12"}),
    ("/studio/people/let-in", {}),
    ("/studio/prices/free", {"version": "", "first": "beaucoup", "month": ["", "", "", "", ""]}),
    ("/studio/prices/supporter", {"version": "", "month": "cinq"}),
    ("/studio/splits", {"scope": "node", "party": ["artist"], "percent": ["90"]}),
    ("/studio/splits/people", {"name": ""}),
    ("/studio/quality/list", {"text": ""}),
    ("/studio/quality/run", {"tier": "public"}),
    ("/studio/elsewhere/sites", {"address": "zut"}),
    ("/studio/elsewhere/rooms", {"origin": "zut", "per_visitor": "trois", "per_day": "9"}),
    ("/studio/backups", {"passphrase": "a", "again": "b"}),
    ("/studio/backups", {"passphrase": "a", "again": "a"}),
    ("/studio/correct", {"question": QUESTION, "text": ""}),
    ("/studio/voice", {"voice": "strict", "tone": "Sec.", "look": "yes"}),
    ("/studio/health/look", {}),
]


@pytest.mark.parametrize(("path", "data"), DEEDS, ids=lambda one: one if isinstance(one, str) else "")
def test_what_is_said_of_a_deed_is_french(studio: TestClient, path: str, data: dict[str, str]) -> None:
    page = studio.post(path, data=data, follow_redirects=True)
    assert page.status_code in (200, 409, 422), page.text
    assert 'lang="fr"' in page.text
    assert left_in_english(page.text) == []


@pytest.mark.parametrize("question", [QUESTION, UNKNOWN, "Combien de fois ?"])
def test_why_an_answer_is_as_it_is_is_said_in_french(studio: TestClient, question: str) -> None:
    assert left_in_english(studio.get("/studio/why", params={"question": question}).text) == []
    assert left_in_english(studio.get("/studio/why", params={"question": question, "person": "zut"}).text) == []


def test_who_asks_to_follow_stands_on_a_french_page(studio: TestClient, house: Services) -> None:
    house.people.requests.ask(key("ann").did, name="Une amie", words="J’étais à Lyon.")
    page = studio.get("/studio/people").text
    assert "Une amie" in page
    assert left_in_english(page) == []


def test_the_search_for_english_finds_it(house: Services) -> None:
    with client_of(house) as studio:
        studio.headers.update(PAGE)
        operator_of(studio, house)
        assert left_in_english(studio.get("/studio/prices").text)
