"""The room on pages of others: only on the artist's list, only what is open to all, so much a day, labelled."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from httpx2 import Response

from presence.bootstrap import Services
from presence.settings import LimitsSettings
from presence.sites import EmbedSites
from presence.sites.embedding import EmbedSite
from presence.web.disclosure import label
from tests.nodes import ARTIST, client_of, open_node, take_in, write_notes
from tests.presence.web.paying import open_shop

SITE = "https://blog.example"
QUESTION = "Where did you write Pilot Ladder?"
QUOTE = "I wrote Pilot Ladder on a rented piano in Leeds."


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    told_node.sites.embeds.add(SITE, per_visitor=3, per_day=5)
    with client_of(told_node) as opened:
        yield opened


def page(response: Response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def pass_of(client: TestClient, site: str = SITE) -> str:
    response = client.get("/embed", params={"site": site})
    assert response.status_code == 200
    return str(page(response).select(".asking input[name=pass]")[0]["value"])


def ask(client: TestClient, question: str = QUESTION, **more: Any) -> Response:
    return client.post("/embed/ask", data={"pass": pass_of(client), "question": question, **more})


def ancestors(response: Response) -> str:
    found = re.search(r"frame-ancestors ([^;]*)", response.headers["content-security-policy"])
    assert found is not None
    return found[1]


def test_a_question_is_answered_with_its_source(client: TestClient) -> None:
    soup = page(ask(client))
    assert soup.select(".answer q")[0].get_text() == QUOTE
    chip = soup.select(".answer .chip")[0]
    assert (chip["target"], chip["rel"]) == ("_blank", ["noopener"])
    assert client.get(str(chip["href"])).status_code == 200


def test_the_label_stands_in_it_and_names_its_regions(client: TestClient) -> None:
    for response in (client.get("/embed", params={"site": SITE}), ask(client), ask(client, "")):
        soup = page(response)
        assert soup.select(".ai-label")[0].get_text() == label(ARTIST)
        assert label(ARTIST) in str(soup.select("[role=log]")[0]["aria-label"])
        assert label(ARTIST) in str(soup.select("main")[0]["aria-label"])


def test_answers_there_carry_the_mark_for_machines(client: TestClient) -> None:
    assert ask(client).headers["AI-Disclosure"] == 'mode=ai-modified, model="quoting"'


def test_a_browser_is_told_to_show_it_on_that_site_alone(client: TestClient) -> None:
    for response in (client.get("/embed", params={"site": SITE}), ask(client), ask(client, "?")):
        assert ancestors(response) == SITE


@pytest.mark.parametrize(
    "site", ["https://evil.example", "http://blog.example", "https://blog.example:8443", "https://blog.example/", ""]
)
def test_no_other_site_gets_it(client: TestClient, site: str) -> None:
    response = client.get("/embed", params={"site": site})
    assert response.status_code == 403
    assert ancestors(response) == "'none'"
    assert "pass" not in response.text


@pytest.mark.parametrize("path", ["/", "/tiers", "/wallet", "/answers/none"])
def test_no_other_page_can_be_framed(client: TestClient, path: str) -> None:
    assert ancestors(client.get(path, headers={"Accept": "text/html"})) == "'none'"


def test_a_site_that_was_removed_gets_nothing_more(client: TestClient, told_node: Services) -> None:
    given = pass_of(client)
    told_node.sites.embeds.remove(SITE)
    refused = client.post("/embed/ask", data={"pass": given, "question": QUESTION})
    assert refused.status_code == 403
    assert QUOTE not in refused.text


@pytest.mark.parametrize("given", ["", "x", "a.b", "é.é", "." * 50, "AAAA.AAAA"])
def test_a_pass_that_is_not_ours_opens_nothing(client: TestClient, given: str) -> None:
    refused = client.post("/embed/ask", data={"pass": given, "question": QUESTION})
    assert refused.status_code == 403
    assert QUOTE not in refused.text


def test_no_pass_of_one_site_can_be_made_into_one_of_another(client: TestClient, told_node: Services) -> None:
    told_node.sites.embeds.add("https://other.example")
    mine, others = pass_of(client), pass_of(client, "https://other.example")
    mixed = f"{others.partition('.')[0]}.{mine.partition('.')[2]}"
    assert client.post("/embed/ask", data={"pass": mixed, "question": QUESTION}).status_code == 403


def test_a_page_that_was_open_for_long_asks_once_more(told_node: Services) -> None:
    clock = [1_000_000.0]
    sites = EmbedSites(told_node.database, told_node.lane, lambda: b"k" * 32, lambda: clock[0])
    site = sites.add(SITE)
    given = sites.make_pass(site)
    assert sites.read_pass(given) == (site, False)
    clock[0] += 15 * 60
    assert sites.read_pass(given) == (site, True)


def test_what_is_over_is_shown_in_the_frame_with_a_new_pass(client: TestClient, told_node: Services) -> None:
    old = EmbedSites(told_node.database, told_node.lane, told_node.sites.embeds._secret, lambda: 1_000.0)
    response = client.post("/embed/ask", data={"pass": old.make_pass(EmbedSite(SITE)), "question": QUESTION})
    assert (response.status_code, ancestors(response)) == (403, SITE)
    soup = page(response)
    assert soup.select("textarea")[0].get_text() == QUESTION
    given = soup.select(".asking input[name=pass]")[0]["value"]
    again = client.post("/embed/ask", data={"pass": given, "question": QUESTION})
    assert QUOTE in again.text


def test_a_visitor_asks_so_often_a_day(client: TestClient) -> None:
    assert [ask(client, f"{QUESTION} {n}").status_code for n in range(4)] == [200, 200, 200, 429]
    response = ask(client, "And where else?")
    assert int(response.headers["retry-after"]) > 0
    assert "questions today" in page(response).select(".notice, .nothing")[0].get_text()
    assert ancestors(response) == SITE


def test_a_site_asks_so_often_a_day_whoever_asks(told_node: Services) -> None:
    told_node.sites.embeds.add(SITE, per_visitor=3, per_day=2)
    told_node.sites.embeds.add("https://other.example")
    with client_of(told_node) as client:
        assert [ask(client, f"{QUESTION} {n}").status_code for n in range(3)] == [200, 200, 429]
        assert "from this site today" in page(ask(client, "And where else?")).select(".nothing")[0].get_text()
        given = pass_of(client, "https://other.example")
        assert client.post("/embed/ask", data={"pass": given, "question": QUESTION}).status_code == 200


def test_nobody_reads_more_there_than_a_stranger(client: TestClient, told_node: Services) -> None:
    """Cookies of the operator come along where the site is of the same domain; they count for nothing."""
    client.post("/operator", data={"token": told_node.operator.new_token()})
    client.post("/operator/preview", data={"tier": "inner"})
    assert "Heronshaw" in client.post("/ask", data={"question": "What is the working title?"}).text
    response = ask(client, "What is the working title of the next record?")
    assert "Heronshaw" not in response.text
    assert "You look through the eyes" not in response.text
    assert "set-cookie" not in response.headers


def test_nothing_is_paid_from_there(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home") as node, client_of(node) as client:
        node.sites.embeds.add(SITE)
        response = ask(client)
    assert (response.status_code, ancestors(response)) == (402, SITE)
    assert "nothing can be paid from here" in page(response).select(".nothing")[0].get_text()
    assert QUOTE not in response.text


def test_the_first_answers_that_are_free_are_so_there_too(tmp_path: Path) -> None:
    prices = {"acts": {"ask": {"price": "0.02"}}, "free": {"first": 1}}
    with open_shop(tmp_path / "home", prices) as node, client_of(node) as client:
        node.sites.embeds.add(SITE)
        first, second = ask(client), ask(client, "Where did you write the song Pilot Ladder?")
    assert (first.status_code, second.status_code) == (200, 402)
    assert QUOTE in first.text


def test_an_answer_is_only_for_who_asked_it(client: TestClient, told_node: Services) -> None:
    ident = client.post("/ask", data={"question": QUESTION}, follow_redirects=False).headers["location"][9:]
    response = client.post("/embed/answer", data={"pass": pass_of(client), "answer": ident})
    assert response.status_code == 404
    assert QUOTE not in response.text


def test_an_answer_can_be_looked_at_again(client: TestClient) -> None:
    asked = page(ask(client, scripts="yes"))
    again = asked.select(".again")
    if again:  # not written within the short wait
        fields = {str(one["name"]): str(one["value"]) for one in again[0].select("input")}
        asked = page(client.post("/embed/answer", data=fields))
    assert asked.select(".answer h1")[0].get_text() == QUESTION


@pytest.mark.parametrize("hostile", ['"><script>x()</script>', "</textarea><b id=out>", "{{ 7*7 }}"])
def test_nothing_of_the_address_becomes_markup(client: TestClient, hostile: str) -> None:
    soup = page(client.get("/embed", params={"site": SITE, "question": hostile}))
    assert soup.select("textarea")[0].get_text() == hostile
    assert not soup.select("#out")
    assert [one.get("src") for one in soup.select("script")] == ["/static/embed-room.js"]


def test_the_script_may_be_used_from_elsewhere(client: TestClient) -> None:
    response = client.get("/embed.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert f"{ARTIST}’s room cannot be shown on this page." in response.text
    french = client.get("/embed.js", headers={"Accept-Language": "fr"})
    assert f"Le salon d’{ARTIST} ne peut pas" in french.text


def test_questions_from_elsewhere_keep_within_the_limits_of_their_address(tmp_path: Path) -> None:
    with open_node(tmp_path / "home", limits=LimitsSettings(questions_per_minute=1)) as services:
        take_in(services, write_notes(tmp_path / "notes", {"a.md": "I sing."}))
        services.sites.embeds.add(SITE)
        with client_of(services) as client:
            assert [ask(client).status_code for _ in range(2)] == [200, 429]
            assert ancestors(ask(client)) == SITE
