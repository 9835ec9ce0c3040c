"""That an AI answers is said everywhere, and nothing switches it off."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.web.disclosure import (
    DISCLOSURE_HEADERS,
    MODEL_SOURCE,
    QUOTING_SOURCE,
    disclosed,
    disclosure_headers,
    how_written,
    label,
    written_by,
)
from presence.web.pages import FOLDER
from tests.nodes import ARTIST, client_of

LABEL = f"AI, answering from {ARTIST}’s notes — not {ARTIST}"
TEMPLATES = sorted((FOLDER / "templates").glob("[!_]*.html"))
QUESTION = "Where did you write Pilot Ladder?"


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        yield opened


def asked(client: TestClient) -> str:
    response = client.post("/ask", data={"question": QUESTION}, follow_redirects=False)
    return response.headers["location"].rpartition("/")[2]


def test_the_label_says_what_answers_and_who_it_is_not() -> None:
    assert label(ARTIST) == LABEL


def test_a_language_model_is_named_in_the_header() -> None:
    assert disclosure_headers("llama:small") == {"AI-Disclosure": 'mode=machine-generated, model="llama:small"'}


def test_quoting_is_told_as_what_it_is() -> None:
    assert disclosure_headers("quoting") == {"AI-Disclosure": 'mode=ai-modified, model="quoting"'}
    assert "No language model wrote it" in how_written("quoting", ARTIST)


def test_listeners_read_who_writes_in_their_words() -> None:
    assert written_by("quoting", ARTIST) == f"{ARTIST}’s notes, word for word"
    assert written_by("remote", ARTIST) == "a language model elsewhere"
    assert written_by("herself", ARTIST) == ARTIST
    assert written_by("llama:small", ARTIST) == "llama:small"


def test_an_unknown_writer_carries_the_stronger_mark() -> None:
    assert DISCLOSURE_HEADERS["AI-Disclosure"] == "mode=machine-generated"
    assert disclosed("", ARTIST)["digital_source_type"] == MODEL_SOURCE
    assert disclosed("quoting", ARTIST)["digital_source_type"] == QUOTING_SOURCE


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\r\nSet-Cookie: x=1", "sängerin"])
def test_no_name_of_a_model_breaks_the_header(name: str) -> None:
    value = disclosure_headers(name)["AI-Disclosure"]
    assert value.isascii()
    assert value.isprintable()
    quoted = value.partition('model="')[2]
    assert quoted.endswith('"')
    assert quoted.replace("\\\\", "").replace('\\"', "").count('"') == 1


def pages_of(client: TestClient) -> Iterator[tuple[str, BeautifulSoup]]:
    """Give every page that this client is shown, refusals too, whatever its route is called."""
    paths = [path for path, does in client.get("/api/openapi.json").json()["paths"].items() if "get" in does]
    for path in sorted(paths):
        if path.endswith("/events"):
            continue  # streams, which do not end
        response = client.get(re.sub(r"\{[^}]*\}", "none", path), headers={"Accept": "text/html"})
        if response.headers.get("content-type", "").startswith("text/html"):
            yield path, BeautifulSoup(response.text, "html.parser")


def unlabelled(client: TestClient) -> list[str]:
    shown = [(path, soup) for path, soup in pages_of(client) if soup.body is not None]  # parts of pages have none
    assert len(shown) > 20
    return [path for path, soup in shown if not any(LABEL in one.get_text() for one in soup.select(".ai-label"))]


def test_every_page_carries_the_label(client: TestClient) -> None:
    assert unlabelled(client) == []


def test_so_does_every_page_of_the_operator(client: TestClient, told_node: Services) -> None:
    client.post("/operator", data={"token": told_node.operator.new_token()})
    assert "Your way in" in client.get("/").text
    assert unlabelled(client) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_no_template_goes_without_it(template: Path) -> None:
    text = template.read_text()
    assert text.startswith('{% extends "base.html" %}') or '<p class="ai-label">{{ ai_label }}</p>' in text


def test_no_template_can_leave_the_label_of_the_base_out() -> None:
    before, found, _ = (
        (FOLDER / "templates" / "base.html").read_text().partition('<p class="ai-label">{{ ai_label }}</p>')
    )
    assert found
    for opens, ends in (("{% block ", "{% endblock"), ("{% if ", "{% endif")):
        assert before.count(opens) == before.count(ends)


def test_no_stylesheet_hides_it() -> None:
    rules = re.findall(r"([^{}]*)\{([^{}]*)\}", (FOLDER / "static" / "house.css").read_text())
    hiding = [
        names for names, body in rules if re.search(r"display:\s*none|visibility:\s*hidden|opacity:\s*0[; ]", body)
    ]
    assert hiding
    assert not [names for names in hiding if re.search(r"ai-label|\.from\b|sleeve|\bheader\b", names)]


def test_the_regions_of_answers_are_named_by_it(client: TestClient) -> None:
    room = BeautifulSoup(client.get("/").text, "html.parser")
    assert LABEL in str(room.select("[role=log]")[0]["aria-label"])
    answer = BeautifulSoup(client.get(f"/answers/{asked(client)}").text, "html.parser")
    assert LABEL in str(answer.select("article.answer")[0]["aria-label"])


def test_every_answer_begins_with_how_it_was_written(client: TestClient) -> None:
    ident = asked(client)
    for path in (f"/answers/{ident}", f"/answers/{ident}/fragment"):
        soup = BeautifulSoup(client.get(path).text, "html.parser")
        assert soup.select(".from")[0].get_text() == how_written("quoting", ARTIST)


@pytest.mark.parametrize("question", ["What colour is the harbour seal?", "Hello?"])
def test_an_answer_that_quotes_nothing_does_not_say_that_it_does(client: TestClient, question: str) -> None:
    led = client.post("/ask", data={"question": question}, follow_redirects=False)
    ident = led.headers["location"].rpartition("/")[2]
    answer = client.get(f"/api/questions/{ident}").json()
    assert answer["citations"] == []
    said = how_written("quoting", ARTIST, quotes=False)
    assert "quotes" not in said
    assert "No language model wrote it" in said
    assert answer["disclosure"] == said
    soup = BeautifulSoup(client.get(f"/answers/{ident}").text, "html.parser")
    assert soup.select(".from")[0].get_text() == said


@pytest.mark.parametrize(
    "path", ["/answers/{}", "/answers/{}/fragment", "/api/questions/{}", "/api/questions/{}/events"]
)
def test_an_answer_carries_the_header_by_every_way(client: TestClient, path: str) -> None:
    response = client.get(path.format(asked(client)))
    assert response.status_code == 200
    assert response.headers["AI-Disclosure"] == 'mode=ai-modified, model="quoting"'


def test_the_json_of_an_answer_says_it(client: TestClient) -> None:
    answer = client.get(f"/api/questions/{asked(client)}").json()
    assert answer["ai_generated"] is True
    assert answer["writer"] == "quoting"
    assert answer["digital_source_type"] == QUOTING_SOURCE
    assert answer["disclosure"] == how_written("quoting", ARTIST)


def test_the_page_of_an_answer_says_it_to_machines(client: TestClient) -> None:
    soup = BeautifulSoup(client.get(f"/answers/{asked(client)}").text, "html.parser")
    said = json.loads(soup.select('script[type="application/ld+json"]')[0].get_text())
    assert said["digitalSourceType"] == QUOTING_SOURCE
    assert said["creditText"] == how_written("quoting", ARTIST)
    assert said["text"] == "I wrote Pilot Ladder on a rented piano in Leeds."


def test_no_question_breaks_out_of_what_machines_read(client: TestClient) -> None:
    client.post("/ask", data={"question": "Pilot Ladder </script><script>alert(1)</script>"}, follow_redirects=False)
    page = client.post("/ask", data={"question": "Pilot Ladder </script><b id=out>"}).text
    assert not BeautifulSoup(page, "html.parser").select("#out")
